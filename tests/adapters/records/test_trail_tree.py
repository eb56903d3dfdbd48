"""The stored tree: always the rows', whatever happened to it, and a trail from before it."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from iies_tui.adapters.records.trail import TrailFile
from iies_tui.adapters.records.trail_row import encode
from iies_tui.domain.merkle import Tree
from iies_tui.domain.note import TreeHead
from iies_tui.domain.trail import GENESIS, Checkpoint, Event, Note
from tests.support.fakes import FakeClock

OLD = """
CREATE TABLE trail (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL, hash BLOB NOT NULL,
  event TEXT NOT NULL, serial TEXT NOT NULL) STRICT;
CREATE TABLE checkpoint (seq INTEGER PRIMARY KEY REFERENCES trail(seq), kid BLOB NOT NULL,
  signed BLOB NOT NULL) STRICT;
"""
"""The tables of a terminal that wrote rows of version 1."""


def old_trail(path: Path, rows: int) -> None:
    """``rows`` rows of version 1, the first an epoch."""
    database, previous = apsw.Connection(str(path)), GENESIS
    database.execute(OLD)
    for seq in range(1, rows + 1):
        event = Event.EPOCH if seq == 1 else Event.SIGNED_ON
        data, row = encode(seq, previous, datetime(2026, 11, 22, tzinfo=UTC), event, "terminal", "",
                           {"epoch": bytes(5)} if seq == 1 else {"n": seq})  # fmt: skip
        values = (seq, data, row.hash, event.value, "")
        database.execute("INSERT INTO trail VALUES (?, ?, ?, ?, ?)", values)
        previous = row.hash
    database.close()
    path.chmod(0o600)


def opened(path: Path) -> TrailFile:
    return TrailFile(path, FakeClock())


def head_of(trail: TrailFile) -> TreeHead:
    """What the next card's note states."""
    seen: list[TreeHead] = []

    def note(head: TreeHead) -> Note:
        seen.append(head)
        return Note(head.size, bytes(8), head.text)

    row = trail.append_checkpointed(
        Event.SEALED, "PC-1", {}, "", lambda row: Checkpoint(row.seq, bytes(8), b""), note
    )
    assert seen[0].size == row.seq
    return seen[0]


def derived(trail: TrailFile) -> tuple[list[tuple[int, bytes]], bytes]:
    """Nodes and root from the rows alone."""
    tree = Tree()
    nodes = [(row.seq, tree.add(data)) for row, data in trail.records()]
    return nodes, tree.root()


def check(trail: TrailFile) -> None:
    """A card's note and the stored nodes are what the rows give."""
    head, (nodes, root) = head_of(trail), derived(trail)
    assert head.root == root
    assert list(trail.nodes()) == nodes


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(parts=st.lists(st.integers(0, 12), min_size=1, max_size=4))
def test_over_any_number_of_starts(tmp_path: Path, parts: list[int]) -> None:
    path = tmp_path / "trail.db"
    path.unlink(missing_ok=True)
    trail = opened(path)
    trail.append(Event.EPOCH, "terminal", {"epoch": bytes(5)})
    for part in parts:
        for number in range(part):
            trail.append(Event.SIGNED_ON, "PC-1", {"n": number})
        trail.close()
        trail = opened(path)
        check(trail)
    trail.close()


@pytest.mark.parametrize("rows", [1, 2, 7, 8, 1500])
def test_a_trail_of_version_1_goes_on_in_version_2(tmp_path: Path, rows: int) -> None:
    old_trail(tmp_path / "trail.db", rows)
    reading = TrailFile(tmp_path / "trail.db", FakeClock(), read_only=True)
    assert len(list(reading.rows())) == rows
    assert not [*reading.notes(), *reading.nodes(), *reading.checkpoints()]
    reading.close()
    trail = opened(tmp_path / "trail.db")
    check(trail)
    versions = [row.version for row in trail.rows()]
    assert versions == [1] * rows + [2]


@pytest.mark.parametrize("harm", [
    "DELETE FROM tree", "DELETE FROM tree WHERE seq > 5", "DELETE FROM tree WHERE seq = 8",
    "INSERT INTO tree VALUES (99, zeroblob(32))", "UPDATE tree SET node = x'00' WHERE seq = 12",
    "DROP TABLE tree",
])  # fmt: skip
def test_what_is_gone_from_it_is_derived_again(tmp_path: Path, harm: str) -> None:
    trail = opened(tmp_path / "trail.db")
    trail.append(Event.EPOCH, "terminal", {"epoch": bytes(5)})
    for number in range(12):
        trail.append(Event.SIGNED_ON, "PC-1", {"n": number})
    trail.close()
    database = apsw.Connection(str(tmp_path / "trail.db"))
    database.execute(harm)
    database.close()
    check(opened(tmp_path / "trail.db"))


@pytest.mark.parametrize("at", range(1, 40, 3))
def test_killed_while_it_appends_it_is_the_rows_tree_again(tmp_path: Path, at: int) -> None:
    """SIGKILL inside the transaction of row ``at``, its node written and not committed."""
    path = tmp_path / "trail.db"
    opened(path).close()
    pid = os.fork()
    if pid == 0:
        trail = opened(path)
        trail.append(Event.EPOCH, "terminal", {"epoch": bytes(5)})
        for number in range(at):
            trail.append(Event.SIGNED_ON, "PC-1", {"n": number})
        trail.append_checkpointed(
            Event.SEALED, "PC-1", {}, "", lambda row: Checkpoint(row.seq, bytes(8), b""),
            lambda _: os.kill(os.getpid(), signal.SIGKILL),  # type: ignore[arg-type, return-value]
        )  # fmt: skip
        os._exit(1)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    trail = opened(path)
    nodes, _ = derived(trail)
    assert len(nodes) == at + 1 and list(trail.nodes()) == nodes
    assert list(trail.notes()) == []
    check(trail)
