"""The trail: the chain as bytes, what it refuses, a crash in a commit, a reader and a writer."""

from __future__ import annotations

import hashlib
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import given, strategies as st

from iies_tui.adapters.encoding import cbor as canonical, ed25519
from iies_tui.adapters.records import trail
from iies_tui.adapters.records.trail import TrailFile
from iies_tui.adapters.records.trail_row import decode, encode
from iies_tui.domain.errors import MachineFailed
from iies_tui.domain.merkle import Tree, leaf
from iies_tui.domain.note import TreeHead, origin, parse
from iies_tui.domain.serial import Serial
from iies_tui.domain.trail import GENESIS, Checkpoint, Detail, Event, Note, TrailRow
from tests.support.fakes import FakeClock
from tests.support.places import DOCS

SERIAL = "WBHY7ST1-000001-V"
SALT = bytes(range(16))


def marked(row: TrailRow) -> Checkpoint:
    """A checkpoint that is none."""
    return Checkpoint(row.seq, bytes(8), b"signed")


def noted(head: TreeHead) -> Note:
    """A note that says its head and is signed by nobody."""
    return Note(head.size, bytes(8), head.text)


def begin(trail: TrailFile) -> TrailRow:
    """The epoch that stands before any card."""
    return trail.append(Event.EPOCH, "terminal", {"epoch": bytes(5)})


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def made(tmp_path: Path, clock: FakeClock) -> TrailFile:
    return TrailFile(tmp_path / "trail.db", clock)


def reader(tmp_path: Path) -> TrailFile:
    return TrailFile(tmp_path / "trail.db", FakeClock(), read_only=True)


@pytest.mark.parametrize(("mark", "salt"), [("row", SALT), ("old row", b"")])
def test_the_rows_in_the_docs_byte_for_byte(mark: str, salt: bytes) -> None:
    text = (DOCS / "trail.md").read_text().split(f"<!-- the locked {mark} -->")[1]
    parts = text.split("```")[1].splitlines()
    documented = bytes.fromhex("".join(line.partition("#")[0] for line in parts))
    digest = bytes.fromhex(text.split("its SHA-256: `")[1].split("`")[0])
    data, row = encode(
        1, GENESIS, datetime(2026, 11, 22, 15, 0, tzinfo=UTC), Event.INTENT, "PC-123456", "JQD",
        {"serial": SERIAL, "mode": 1, "kid": bytes(range(8))}, salt,
    )  # fmt: skip
    assert data == documented
    assert row.hash == digest == hashlib.sha256(documented).digest()


def test_the_note_in_the_docs_byte_for_byte() -> None:
    """Over the one documented row, by the key of RFC 8032's first test vector."""
    documented = (DOCS / "trail.md").read_text("utf-8").split("<!-- the locked note -->")[1]
    found = parse(documented.split("```\n")[1].encode())
    data, row = encode(
        1, GENESIS, datetime(2026, 11, 22, 15, 0, tzinfo=UTC), Event.INTENT, "PC-123456", "JQD",
        {"serial": SERIAL, "mode": 1, "kid": bytes(range(8))}, SALT,
    )  # fmt: skip
    epoch = Serial.parse(SERIAL).epoch.to_bytes(5, "big")
    assert found.head == TreeHead(origin(row.hash, epoch), 1, leaf(data))
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    assert found.is_of(public, ed25519.verify)


def test_the_docs_name_every_event() -> None:
    text = (DOCS / "trail.md").read_text()
    assert [event for event in Event if f"`{event.value}`" not in text] == []


def test_each_row_names_the_one_before(made: TrailFile, tmp_path: Path) -> None:
    rows = [made.append(Event.SIGNED_ON, "PC-1", {"n": number}) for number in range(5)]
    assert [row.previous for row in rows] == [GENESIS, *[row.hash for row in rows[:-1]]]
    assert list(reader(tmp_path).rows()) == rows
    assert list(reader(tmp_path).rows(since=4)) == rows[3:]
    assert made.head() == reader(tmp_path).head() == rows[-1]


def test_it_goes_on_where_it_was(made: TrailFile, tmp_path: Path, clock: FakeClock) -> None:
    first = made.append(Event.SIGNED_ON, "PC-1", {})
    made.close()
    assert TrailFile(tmp_path / "trail.db", clock).append(
        Event.SIGNED_ON, "PC-1", {}
    ).previous == first.hash  # fmt: skip


def test_a_clock_set_back_is_said_once_before_the_first_row_under_it(
    made: TrailFile, clock: FakeClock
) -> None:
    made.append(Event.SIGNED_ON, "PC-1", {})
    clock.wall -= timedelta(seconds=100)
    made.append(Event.SIGNED_ON, "PC-1", {})  # somebody keeps the clock right
    clock.wall -= timedelta(days=1)
    made.append(Event.SIGNED_ON, "PC-1", {})
    made.append(Event.SIGNED_ON, "PC-1", {})
    events = [row.event.value for row in made.rows()]
    assert events == ["signed_on", "signed_on", "clock_alarm", "signed_on", "signed_on"]
    alarm = made.last(Event.CLOCK_ALARM)
    assert alarm is not None and alarm.details == {"seconds_back": 86_400}


def test_found_by_serial_and_kind(made: TrailFile) -> None:
    intent = made.append(Event.INTENT, "PC-1", {"serial": SERIAL})
    assert made.open_intents() == (intent,)
    assert made.last(Event.INTENT) == intent
    assert made.last(Event.SEALED) is None
    assert made.find_serial(Event.SEALED, SERIAL) is None
    sealed = made.append(Event.SEALED, "PC-1", {"serial": SERIAL})
    assert made.find_serial(Event.SEALED, SERIAL) == sealed
    assert made.open_intents() == ()


def test_row_checkpoint_and_note_are_one(made: TrailFile, tmp_path: Path) -> None:
    first = begin(made)
    row = made.append_checkpointed(Event.SEALED, "PC-1", {}, "", marked, noted)
    tree = Tree()
    for _, data in made.records():
        tree.add(data)
    head = TreeHead(origin(first.hash, bytes(5)), 2, tree.root())
    for one in made, reader(tmp_path):
        assert list(one.checkpoints()) == [Checkpoint(row.seq, bytes(8), b"signed")]
        assert list(one.notes()) == [Note(2, bytes(8), head.text)]


def test_the_log_s_name_changes_with_the_epoch(made: TrailFile) -> None:
    first = begin(made)
    made.append_checkpointed(Event.SEALED, "PC-1", {}, "", marked, noted)
    made.append(Event.EPOCH, "terminal", {"epoch": b"12345"})
    made.append_checkpointed(Event.SEALED, "PC-1", {}, "", marked, noted)
    names = [one.signed.decode().splitlines()[0] for one in made.notes()]
    assert names == [origin(first.hash, bytes(5)), origin(first.hash, b"12345")]


def test_without_an_epoch_there_is_no_note(made: TrailFile) -> None:
    with pytest.raises(MachineFailed, match="trail_damaged"):
        made.append_checkpointed(Event.SEALED, "PC-1", {}, "", marked, noted)
    assert list(made.rows()) == []


@pytest.mark.parametrize("which", ["checkpoint", "note"])
def test_a_signature_that_fails_takes_its_row_with_it_and_stops(
    made: TrailFile, which: str, tmp_path: Path, clock: FakeClock
) -> None:
    def fails(_: object) -> Any:
        raise MachineFailed("no_key")

    begin(made)
    sign: dict[str, Any] = {"checkpoint": marked, "note": noted, which: fails}
    with pytest.raises(MachineFailed, match="no_key"):
        made.append_checkpointed(Event.SEALED, "PC-1", {}, "", **sign)
    assert [row.event for row in made.rows()] == [Event.EPOCH]
    assert (list(made.checkpoints()), list(made.notes()), len(list(made.nodes()))) == ([], [], 1)
    with pytest.raises(MachineFailed, match="trail_stopped"):
        made.append(Event.SIGNED_ON, "PC-1", {})
    made.close()
    again = TrailFile(tmp_path / "trail.db", clock)
    again.append_checkpointed(Event.SEALED, "PC-1", {}, "", marked, noted)
    assert len(list(again.notes())) == 1


def test_a_row_too_long_is_refused_and_nothing_stops(made: TrailFile) -> None:
    with pytest.raises(MachineFailed, match="trail_row_too_long"):
        made.append(Event.SIGNED_ON, "PC-1", {"x": "y" * 5000})
    made.append(Event.SIGNED_ON, "PC-1", {})


@pytest.mark.parametrize("statement", ["UPDATE trail SET serial = ''", "DELETE FROM trail",
                                       "DELETE FROM checkpoint", "DELETE FROM note",
                                       "UPDATE note SET kid = ''"])  # fmt: skip
def test_nothing_is_changed_through_our_own_mistake(
    made: TrailFile, tmp_path: Path, statement: str
) -> None:
    begin(made)
    made.append_checkpointed(Event.SEALED, "PC-1", {}, "", marked, noted)
    with pytest.raises(apsw.ConstraintError):
        apsw.Connection(str(tmp_path / "trail.db")).execute(statement)


def test_a_reader_writes_nothing(made: TrailFile, tmp_path: Path) -> None:
    with pytest.raises(MachineFailed):
        reader(tmp_path).append(Event.SIGNED_ON, "PC-1", {})


@pytest.mark.parametrize("data", [None, b""])
def test_no_trail_is_told(tmp_path: Path, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / "trail.db").write_bytes(data)
    with pytest.raises(MachineFailed, match="no_trail"):
        reader(tmp_path)


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "trail.db").write_bytes(b"not a database at all" * 300)
    with pytest.raises(MachineFailed, match="database_damaged"):
        reader(tmp_path)


def test_the_file_is_private(made: TrailFile, tmp_path: Path) -> None:
    assert (tmp_path / "trail.db").stat().st_mode & 0o777 == 0o600


def test_a_reader_in_the_middle_stops_no_commit(
    made: TrailFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``trail verify`` on a terminal at work: the writer goes on, the reader tells one moment."""
    monkeypatch.setattr(trail, "BATCH", 2)
    begin(made)
    for number in range(8):
        made.append(Event.SIGNED_ON, "PC-1", {"n": number})
    reading = reader(tmp_path)
    rows = reading.rows()
    next(rows)
    made.append_checkpointed(Event.SEALED, "PC-1", {}, "", marked, noted)
    assert len(list(rows)) == 8
    assert len(list(reading.columns())) == len(list(reading.nodes())) == 9
    assert (list(reading.checkpoints()), list(reading.notes())) == ([], [])


def test_a_crash_inside_a_commit_is_rolled_back_by_a_reader_too(
    made: TrailFile, tmp_path: Path
) -> None:
    made.append(Event.SIGNED_ON, "PC-1", {})
    made.close()
    pid = os.fork()
    if pid == 0:
        dying = apsw.Connection(str(tmp_path / "trail.db"))
        dying.pragma("cache_size", 1)
        dying.execute("BEGIN IMMEDIATE")
        for number in range(2, 400):
            values = (number, bytes(900), bytes(32), "x", "")
            dying.execute("INSERT INTO trail VALUES (?, ?, ?, ?, ?)", values)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    assert (tmp_path / "trail.db-journal").stat().st_size > 0
    assert [row.seq for row in reader(tmp_path).rows()] == [1]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
details = st.dictionaries(
    texts, st.one_of(texts, st.binary(max_size=32), st.integers(-(2**63), 2**63 - 1)), max_size=5
)


@given(
    st.integers(1, 2**40), st.binary(min_size=32, max_size=32),
    st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(list(Event)), texts, texts, details, st.sampled_from([b"", SALT]),
)  # fmt: skip
def test_rows_there_and_back(
    seq: int,
    previous: bytes,
    time: datetime,
    event: Event,
    actor: str,
    clerk: str,
    facts: dict[str, Detail],
    salt: bytes,
) -> None:
    time = time.replace(microsecond=0)
    data, row = encode(seq, previous, time, event, actor, clerk, facts, salt)
    assert decode(data, row.hash) == row
    assert row.version == (2 if salt else 1)
    with pytest.raises(MachineFailed, match="trail_damaged"):
        decode(data, bytes(32))


@given(st.binary(max_size=200))
def test_any_bytes_are_damage_or_a_row(data: bytes) -> None:
    try:
        row = decode(data, hashlib.sha256(data).digest())
    except MachineFailed as error:
        assert error.code == "trail_damaged"
    else:
        again, _ = encode(
            row.seq,
            row.previous,
            row.time,
            row.event,
            row.actor,
            row.clerk,
            row.details,
            row.salt,
        )
        assert again == data


GOOD: dict[int, object] = {
    1: 2,
    2: 1,
    3: bytes(32),
    4: 0,
    5: "intent",
    6: "a",
    7: "",
    8: {},
    9: SALT,
}
NO_SALT = {label: value for label, value in GOOD.items() if label != 9}


@pytest.mark.parametrize("form", [GOOD, {**NO_SALT, 1: 1}])
def test_a_row_of_either_version_is_one(form: dict[int, object]) -> None:
    data = canonical.encode(form)
    assert decode(data, hashlib.sha256(data).digest()).version == form[1]


OTHER: list[dict[int, object]] = [
    {1: 1}, {1: 3}, {1: 0}, {9: b""}, {9: SALT[:-1]}, {9: SALT + b"x"}, {9: "x" * 16}, {9: 16},
    {10: 0}, {2: "1"}, {3: 0}, {4: 2**63}, {4: -(2**63)}, {5: "no such event"}, {6: 1}, {7: None},
    {8: []}, {8: {"x": None}}, {8: {"x": True}}, {8: {1: "x"}}, {8: {"x": ["y"]}},
]  # fmt: skip


@pytest.mark.parametrize("form", [
    *({**GOOD, **change} for change in OTHER),
    NO_SALT, {**NO_SALT, 10: SALT}, {**NO_SALT, 1: 1, 9: b""}, {**NO_SALT, 1: 1, 10: b""},
])  # fmt: skip
def test_a_row_of_another_form_is_damage(form: dict[int, object]) -> None:
    data = canonical.encode(form)
    with pytest.raises(MachineFailed, match="trail_damaged"):
        decode(data, hashlib.sha256(data).digest())


def test_no_two_rows_have_the_same_salt_and_all_are_of_version_2(made: TrailFile) -> None:
    for _ in range(50):
        made.append(Event.SIGNED_ON, "PC-1", {})
    salts = {row.salt for row in made.rows()}
    assert len(salts) == 50 and {len(salt) for salt in salts} == {16}
