"""The Merkle tree over a list of entries, as RFC 9162 section 2.1.1 (and RFC 6962) hashes it.

A leaf is ``SHA-256(0x00 ‖ entry)``, an inner node ``SHA-256(0x01 ‖ left ‖ right)``: the first byte
keeps a node from being passed off as an entry. The left half of ``n`` leaves is the largest power
of two below ``n``, so that a tree that grows only ever gains nodes: none that is complete changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").digest()
"""The root of no entries."""


def leaf(entry: bytes) -> bytes:
    """An entry's hash."""
    return hashlib.sha256(b"\x00" + entry).digest()


def inner(left: bytes, right: bytes) -> bytes:
    """The hash above two."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows by one entry at a time, in the roots of its complete subtrees alone.

    ``size`` entries have one such *peak* for each bit set in ``size``, the largest first: of 13
    entries the roots over entries 1 to 8, 9 to 12, and 13. Twenty hashes stand for a million.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """Raise ValueError where the peaks are not as many as ``size`` has."""
        if size < 0 or size.bit_count() != len(peaks):
            raise ValueError("not the peaks of that size")
        self.size = size
        self._peaks = list(peaks)

    def add(self, entry: bytes) -> bytes:
        """Append an entry; give the root of the largest complete subtree that it ends.

        Kept by the entry's number, these are all that ``peaks_of`` needs to go on from any size.
        """
        node, above = leaf(entry), self.size
        while above & 1:
            node, above = inner(self._peaks.pop(), node), above >> 1
        self._peaks.append(node)
        self.size += 1
        return node

    def root(self) -> bytes:
        """The hash over all entries so far."""
        if not self._peaks:
            return EMPTY
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = inner(peak, root)
        return root


def peaks_of(size: int) -> tuple[int, ...]:
    """The entries (numbered from 1) that end the peaks of a tree of that size: 8, 12, 13 of 13."""
    found: list[int] = []
    while size:
        found.append(size)
        size &= size - 1
    return tuple(reversed(found))
