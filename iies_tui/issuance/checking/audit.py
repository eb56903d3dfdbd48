"""The trail examined from end to end: is the chain whole, and does it say what it must?

What this proves and what not is in docs/trail.md: rows up to the last checkpoint are pinned by the
issuer's signature, rows up to any card out in the world by that card; rows after both are not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from iies_tui.domain.bundle import Bundle
from iies_tui.domain.card import Mode
from iies_tui.domain.errors import MachineFailed
from iies_tui.domain.trail import GENESIS, Checkpoint, Event, TrailRow
from iies_tui.domain.trail_details import fits
from iies_tui.issuance.checking.audit_tree import SignedTree, TreeAudit, Verify


@dataclass(frozen=True, slots=True)
class Fault:
    """``code`` has words in ``fault.<code>``; ``seq`` is the row where it shows.

    One of a card in hand shows in no row (0) but in a file, ``source``, under a ``serial``.
    """

    seq: int
    code: str
    source: str = ""
    serial: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """What a symbol of a card in hand says; no ``serial`` where no symbol of ours was read."""

    source: str
    serial: str = ""
    intent: bytes = b""


@dataclass(frozen=True, slots=True)
class Announced:
    """A card in hand whose intent is this chain's row ``seq``."""

    source: str
    serial: str
    seq: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found. ``head`` is the last row's hash, ``pinned`` the last checkpoint's row,
    ``waived`` how many cards had a rule waived (``domain.waived``)."""

    rows: int
    head: bytes
    cards: int
    void: int
    checkpoints: int
    pinned: int
    faults: tuple[Fault, ...]
    announced: tuple[Announced, ...] = ()
    notes: int = 0
    waived: int = 0


@dataclass(frozen=True, slots=True)
class Records:
    """What a trail holds, each part read once, in the order of its rows.

    ``rows`` with their exact bytes; ``columns``: (seq, event, serial) as the look-ups have them.
    """

    rows: Iterable[tuple[TrailRow, bytes]]
    columns: Iterator[tuple[int, str, str]]
    checkpoints: Iterable[Checkpoint]
    tree: SignedTree


@dataclass(frozen=True, slots=True)
class Judges:
    """``checkpoint(checkpoint, row hash, public key)``; ``signature`` is Ed25519's ``verify``."""

    checkpoint: Callable[[Checkpoint, bytes, bytes], bool]
    signature: Verify


@dataclass(slots=True)
class _State:
    expected: bytes = GENESIS
    rows: int = 0
    version: int = 1
    hashes: dict[int, bytes] = field(default_factory=dict)
    intents: dict[str, TrailRow] = field(default_factory=dict)
    specimens: set[str] = field(default_factory=set)
    ended: dict[str, Event] = field(default_factory=dict)
    sealed: dict[str, int] = field(default_factory=dict)
    waived: int = 0
    faults: list[Fault] = field(default_factory=list)


def audit(
    records: Records, bundle: Bundle | None, judges: Judges, pins: Iterable[Pin] = ()
) -> Audit:
    """Examine everything once. ``pins``: of cards in hand, whose intents the chain must have."""
    state, tree = _State(), TreeAudit(records.tree, bundle, judges.signature)
    try:
        for row, data in records.rows:
            _examine(state, row)
            found, said = next(records.columns, (0, "", "")), str(row.details.get("serial", ""))
            if found != (row.seq, row.event.value, said):
                state.faults.append(Fault(row.seq, "columns"))
            specimen = row.event is Event.SEALED and said in state.specimens
            state.faults += [Fault(*one) for one in tree.follow(row, data, specimen=specimen)]
    except MachineFailed as error:
        if error.code != "trail_damaged":
            raise
        state.faults.append(Fault(state.rows + 1, "damaged"))
    count, pinned = _checkpoints(state, records.checkpoints, bundle, judges.checkpoint)
    state.faults += [Fault(*one) for one in tree.end()]
    announced = tuple(_announced(state, pins))
    return Audit(
        rows=state.rows,
        head=state.expected,
        cards=len(state.sealed),
        void=sum(1 for event in state.ended.values() if event is Event.VOID),
        checkpoints=count,
        pinned=pinned,
        faults=tuple(state.faults),
        announced=announced,
        notes=tree.count,
        waived=state.waived,
    )


def _announced(state: _State, pins: Iterable[Pin]) -> Iterator[Announced]:
    """Each card once, however many symbols of it a file holds; the others become faults."""
    for pin in dict.fromkeys(pins):
        row = state.intents.get(pin.serial)
        if not pin.serial:
            state.faults.append(Fault(0, "card_not_read", pin.source))
        elif row is None or row.hash[:16] != pin.intent:
            state.faults.append(Fault(0, "card_not_in_trail", pin.source, pin.serial))
        else:
            yield Announced(pin.source, pin.serial, row.seq)


def _examine(state: _State, row: TrailRow) -> None:
    if row.seq != state.rows + 1:
        state.faults.append(Fault(row.seq, "gap"))
    if row.previous != state.expected:
        state.faults.append(Fault(row.seq, "chain"))
    if row.version < state.version:
        state.faults.append(Fault(row.seq, "version_back"))
    if not fits(row):
        state.faults.append(Fault(row.seq, "details"))
    state.rows, state.expected = row.seq, row.hash
    state.version = max(state.version, row.version)
    state.hashes[row.seq] = row.hash
    serial = str(row.details.get("serial", ""))
    if row.event is Event.EPOCH and row.details.get("old_head") != row.previous:
        state.faults.append(Fault(row.seq, "epoch"))
    if row.event is Event.INTENT:
        if serial in state.intents:
            state.faults.append(Fault(row.seq, "serial_twice"))
        state.intents[serial] = row
        if row.details.get("mode") == Mode.SPECIMEN:
            state.specimens.add(serial)
    elif row.event is Event.SEALED:
        if serial not in state.intents or serial in state.sealed or serial in state.ended:
            state.faults.append(Fault(row.seq, "sealed_without_intent"))
        state.sealed[serial] = row.seq
        state.waived += bool(row.details.get("waived"))
    elif row.event is Event.VOID:
        if serial not in state.intents:
            state.faults.append(Fault(row.seq, "void_without_intent"))
        state.ended[serial] = row.event
    elif (
        row.event in (Event.DELIVERY, Event.HANDED_OVER, Event.REPRINT, Event.MAIL)
        and "serial" in row.details  # a test page is of no card
        and serial not in state.sealed
    ):
        state.faults.append(Fault(row.seq, "delivered_unsealed"))


def _checkpoints(
    state: _State,
    checkpoints: Iterable[Checkpoint],
    bundle: Bundle | None,
    authentic: Callable[[Checkpoint, bytes, bytes], bool],
) -> tuple[int, int]:
    """(how many, the last one's row that is proven).

    A key that no bundle lists cannot be judged. That is as it should be under a specimen, which
    an unlisted issuer may make, and a fault under any other card.
    """
    count, pinned = 0, 0
    unsigned = {seq: serial for serial, seq in state.sealed.items()}
    for one in checkpoints:
        count += 1
        serial = unsigned.pop(one.seq, None)
        listed = bundle.issuer_by_kid(one.kid) if bundle else None
        known = state.hashes.get(one.seq)
        if listed is None and serial in state.specimens:
            continue
        if listed is None:
            state.faults.append(Fault(one.seq, "checkpoint_unknown_key"))
        elif known is None or not authentic(one, known, listed[1].public):
            state.faults.append(Fault(one.seq, "checkpoint"))
        else:
            pinned = max(pinned, one.seq)
    state.faults += [Fault(seq, "checkpoint_missing") for seq in unsigned]
    return count, pinned
