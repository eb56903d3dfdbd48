"""The rows' Merkle tree derived again, and every signed note held against it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from iies_tui.domain import note
from iies_tui.domain.bundle import Bundle
from iies_tui.domain.merkle import Tree
from iies_tui.domain.trail import Event, Note, TrailRow

Verify = Callable[[bytes, bytes, bytes], bool]
"""``verify(public, signature, message)`` of Ed25519."""


@dataclass(frozen=True, slots=True)
class SignedTree:
    """``nodes`` as stored, (row, node); ``notes`` in the order of their rows; ``kept``: notes that
    were kept elsewhere, in any order."""

    nodes: Iterable[tuple[int, bytes]] = ()
    notes: Iterable[Note] = ()
    kept: Iterable[note.SignedHead] = ()


class TreeAudit:
    """Follows the rows one by one; each call gives the codes of what is wrong there."""

    def __init__(self, signed: SignedTree, bundle: Bundle | None, verify: Verify) -> None:
        self.count = 0
        """Notes looked at."""
        self._tree = Tree()
        self._first, self._epoch = b"", b""
        self._bundle, self._verify = bundle, verify
        self._nodes, self._notes = iter(signed.nodes), iter(signed.notes)
        self._node, self._note = next(self._nodes, None), next(self._notes, None)
        self._kept: dict[int, list[note.SignedHead]] = {}
        for one in signed.kept:
            self._kept.setdefault(one.head.size, []).append(one)

    def follow(self, row: TrailRow, data: bytes, *, specimen: bool) -> Iterator[tuple[int, str]]:
        """(row, code) of each fault at this row. ``data`` are its exact bytes.

        ``specimen``: it seals one, which an issuer that no bundle lists may make.
        """
        node = self._tree.add(data)
        self._first = self._first or row.hash
        if row.event is Event.EPOCH:
            epoch = row.details.get("epoch")
            self._epoch = epoch if isinstance(epoch, bytes) and len(epoch) == 5 else b""
        if not self._stored(row.seq, node):
            yield row.seq, "tree"
        noted = False
        while self._note is not None and self._note.seq <= row.seq:
            noted = noted or self._note.seq == row.seq
            if code := self._fault(self._note, row.seq, specimen=specimen):
                yield self._note.seq, code
            self._note = next(self._notes, None)
        if row.event is Event.SEALED and row.version > 1 and not noted:
            yield row.seq, "note_missing"
        for one in self._kept.pop(row.seq, ()):
            if one.head != self._head() or self._forged(one):
                yield row.seq, "kept_note"

    def end(self) -> Iterator[tuple[int, str]]:
        """Notes beyond the last row that was followed."""
        while self._note is not None:
            self.count += 1
            yield self._note.seq, "note"
            self._note = next(self._notes, None)
        for size in sorted(self._kept):
            yield size, "kept_note"

    def _stored(self, seq: int, node: bytes) -> bool:
        """False where the stored tree says another node for this row; it may say none."""
        while self._node is not None and self._node[0] < seq:
            self._node = next(self._nodes, None)
        return self._node is None or self._node[0] != seq or self._node[1] == node

    def _head(self) -> note.TreeHead:
        """What a note over the rows so far states."""
        origin = note.origin(self._first, self._epoch)
        return note.TreeHead(origin, self._tree.size, self._tree.root())

    def _fault(self, stored: Note, seq: int, *, specimen: bool) -> str:
        self.count += 1
        try:
            signed = note.parse(stored.signed)
        except ValueError:
            return "note"
        if stored.seq != seq or signed.head != self._head():
            return "note"
        listed = self._bundle.issuer_by_kid(stored.kid) if self._bundle else None
        if listed is None:
            return "" if specimen else "note_unknown_key"
        return "" if signed.is_of(listed[1].public, self._verify) else "note"

    def _forged(self, signed: note.SignedHead) -> bool:
        """True where the bundle lists the key that the note names, and it did not sign."""
        keys = (
            [key for issuer in self._bundle.issuers for key in issuer.keys] if self._bundle else []
        )
        named = [
            one for one in keys if note.key_id(signed.head.origin, one.public) == signed.key_id
        ]
        return bool(named) and not any(signed.is_of(one.public, self._verify) for one in named)
