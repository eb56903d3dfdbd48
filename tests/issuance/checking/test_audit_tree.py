"""The audit of a real trail file: every byte of every row, every note and node, is looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings, strategies as st

from iies_tui.adapters.barcode.profile_open import OpenProfile
from iies_tui.adapters.records.trail import TrailFile
from iies_tui.adapters.records.trail_row import decode
from iies_tui.bootstrap.records import judges, records_of
from iies_tui.domain import note, trail_details
from iies_tui.domain.serial import Serial
from iies_tui.domain.trail import GENESIS, Checkpoint, Event, Note, TrailRow
from iies_tui.issuance.checking.audit import Audit, Records, audit
from iies_tui.issuance.checking.audit_tree import SignedTree
from tests.support import trust_samples
from tests.support.fakes import FakeClock

KEYS, BUNDLE = trust_samples.issuer_keys(), trust_samples.bundle()
SIGNED = 10
"""The last row of ``made``, which a card's note covers."""


def card(trail: TrailFile, number: int) -> None:
    serial = str(Serial(0, number))
    trail.append(Event.INTENT, "PC-123456", {"serial": serial, "kid": KEYS.kid, "mode": 1})
    details = trail_details.sealed(
        trust_samples.facts(), serial=serial, vehicles=1, layout=1, envelope=bytes(32),
        pdf=bytes(32), fax=b"",
    )  # fmt: skip
    trail.append_checkpointed(
        Event.SEALED, "PC-123456", details, "",
        lambda row: OpenProfile().sign_checkpoint(row, KEYS), lambda head: note.sign(head, KEYS),
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole trail: four cards, the last row sealed."""
    path = tmp_path_factory.mktemp("trail") / "trail.db"
    trail = TrailFile(path, FakeClock())
    trail.append(Event.EPOCH, "terminal", {"epoch": bytes(5), "machine": bytes(8),
                                           "reason": "first", "old_head": GENESIS})  # fmt: skip
    for number in range(1, 5):
        card(trail, number)
        if number == 2:
            trail.append(
                Event.DELIVERY, "PC-123456", {"serial": str(Serial(0, 2)), "state": "SAVED"}
            )
    trail.close()
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    """A copy to be harmed."""
    copy = tmp_path / "trail.db"
    copy.write_bytes(made.read_bytes())
    return copy


def examined(path: Path, *kept: note.SignedHead) -> Audit:
    trail = TrailFile(path, FakeClock(), read_only=True)
    try:
        return audit(records_of(trail, kept), BUNDLE, judges())
    finally:
        trail.close()


def faults(path: Path, *kept: note.SignedHead) -> set[tuple[int, str]]:
    return {(fault.seq, fault.code) for fault in examined(path, *kept).faults}


def harm(path: Path, statement: str, values: tuple[apsw.SQLiteValue, ...] = ()) -> None:
    """As somebody who has the file: the triggers go first."""
    database = apsw.Connection(str(path))
    for table, act in [
        (t, a) for t in ("trail", "checkpoint", "note") for a in ("update", "delete")
    ]:
        database.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}")
    database.execute(statement, values)
    database.close()


Everything = tuple[list[bytes], list[Checkpoint], list[Note], list[tuple[int, bytes]]]


@pytest.fixture(scope="module")
def everything(made: Path) -> Everything:
    """What the file holds: rows, checkpoints, notes, nodes."""
    trail = TrailFile(made, FakeClock(), read_only=True)
    rows = [data for _, data in trail.records()]
    found = rows, list(trail.checkpoints()), list(trail.notes()), list(trail.nodes())
    trail.close()
    return found


def bent_faults(everything: Everything, seq: int, place: int, bit: int) -> set[tuple[int, str]]:
    """With one bit of one row changed, and the hash beside it as whoever changes it would do."""
    data, checkpoints, notes, nodes = everything
    bent = bytearray(data[seq - 1])
    bent[place % len(bent)] ^= 1 << bit
    changed = [*data[: seq - 1], bytes(bent), *data[seq:]]

    def rows() -> Iterator[tuple[TrailRow, bytes]]:
        for one in changed:
            yield decode(one, hashlib.sha256(one).digest()), one

    def columns() -> Iterator[tuple[int, str, str]]:
        for row, _ in rows():
            yield row.seq, row.event.value, str(row.details.get("serial", ""))

    records = Records(rows(), columns(), checkpoints, SignedTree(nodes, notes))
    return {(fault.seq, fault.code) for fault in audit(records, BUNDLE, judges()).faults}


def test_a_whole_one(made: Path) -> None:
    found = examined(made)
    assert found.faults == ()
    assert (found.rows, found.cards, found.checkpoints, found.notes) == (SIGNED, 4, 4, 4)
    assert found.pinned == SIGNED


def test_a_changed_bit_of_every_row_is_found_wherever_it_is(everything: Everything) -> None:
    """By the note that covers the row, and by the stored tree, whatever else tells."""
    for seq, data in enumerate(everything[0], 1):
        for place in range(0, len(data), 5):
            found = bent_faults(everything, seq, place, (place + seq) % 8)
            damaged = any(code == "damaged" for _, code in found)
            assert (SIGNED, "note") in found, (seq, place)
            assert damaged or (seq, "tree") in found, (seq, place)


@settings(max_examples=60, deadline=None)
@given(seq=st.integers(1, SIGNED), place=st.integers(0, 2**16), bit=st.integers(0, 7))
def test_so_is_any_bit(everything: Everything, seq: int, place: int, bit: int) -> None:
    assert (SIGNED, "note") in bent_faults(everything, seq, place, bit)


@pytest.mark.parametrize("seq", range(1, SIGNED + 1))
def test_every_node_of_the_stored_tree_is_compared(path: Path, seq: int) -> None:
    harm(path, "UPDATE tree SET node = ? WHERE seq = ?", (bytes(32), seq))
    assert faults(path) == {(seq, "tree")}


def test_a_stored_tree_that_is_not_there_is_no_fault(path: Path) -> None:
    harm(path, "DELETE FROM tree WHERE seq > 3")
    assert faults(path) == set()


@pytest.mark.parametrize(("statement", "found"), [
    ("DELETE FROM note", {(seq, "note_missing") for seq in (3, 5, 8, 10)}),
    ("DELETE FROM note WHERE seq = 5", {(5, "note_missing")}),
    ("UPDATE note SET signed = x'' WHERE seq = 5", {(5, "note")}),
    ("UPDATE note SET kid = x'0000000000000000' WHERE seq = 5", {(5, "note_unknown_key")}),
    ("UPDATE note SET seq = 4 WHERE seq = 3", {(4, "note"), (3, "note_missing")}),
    ("UPDATE note SET signed = (SELECT signed FROM note WHERE seq = 3) WHERE seq = 5",
     {(5, "note")}),
])  # fmt: skip
def test_notes_that_are_gone_or_others(
    path: Path, statement: str, found: set[tuple[int, str]]
) -> None:
    harm(path, statement)
    assert faults(path) == found


def test_a_note_that_was_kept_tells_of_a_trail_signed_again(path: Path, tmp_path: Path) -> None:
    """The licensee has KEY and PIN, and can make another whole trail; not under an old note."""
    database = apsw.Connection(str(path))
    text = database.execute("SELECT signed FROM note WHERE seq = 5").fetchone()
    database.close()
    assert text is not None and isinstance(text[0], bytes)
    kept = note.parse(text[0])
    assert faults(path, kept) == set()
    again = TrailFile(tmp_path / "again.db", FakeClock())
    again.append(Event.EPOCH, "terminal", {"epoch": bytes(5), "machine": bytes(8),
                                           "reason": "first", "old_head": GENESIS})  # fmt: skip
    for number in range(1, 5):
        card(again, number)
    again.close()
    assert faults(tmp_path / "again.db") == set()
    assert faults(tmp_path / "again.db", kept) == {(5, "kept_note")}
    harm(path, "DELETE FROM note WHERE seq > 3")
    harm(path, "DELETE FROM checkpoint WHERE seq > 3")
    harm(path, "DELETE FROM trail WHERE seq > 3")
    harm(path, "DELETE FROM tree WHERE seq > 3")
    assert faults(path) == set()
    assert faults(path, kept) == {(5, "kept_note")}
