"""Serials: never twice, a new epoch where the machine or the count says so."""

from __future__ import annotations

from pathlib import Path

from iies_tui.domain.serial import MAX_COUNTER, Serial
from iies_tui.domain.trail import GENESIS, Event
from iies_tui.issuance.cards.serials import Serials
from tests.support.fakes import FakeMemory, FakeTrail
from tests.support.office import Office


def counting() -> object:
    numbers = iter(range(1, 100))
    return lambda size: next(numbers).to_bytes(size, "big")


def serials(
    trail: FakeTrail, machine: bytes = b"machine1", memory: FakeMemory | None = None
) -> Serials:
    return Serials(trail, counting(), machine, memory or FakeMemory())  # type: ignore[arg-type]


def announce(trail: FakeTrail, serial: Serial) -> Serial:
    trail.append(Event.INTENT, "PC-1", {"serial": str(serial)})
    return serial


def test_the_first_start_begins_an_epoch_and_the_next_does_not() -> None:
    trail = FakeTrail()
    found = serials(trail)
    found.begin()
    found.begin()
    (row,) = trail.rows()
    assert row.details == {
        "epoch": bytes((0, 0, 0, 0, 1)), "machine": b"machine1", "reason": "first",
        "old_head": GENESIS,
    }  # fmt: skip


def test_one_after_the_other_void_or_not() -> None:
    trail = FakeTrail()
    found = serials(trail)
    found.begin()
    assert [announce(trail, found.next()).counter for _ in range(3)] == [1, 2, 3]
    trail.append(Event.VOID, "terminal", {"serial": str(Serial(1, 3))})
    assert found.next() == Serial(1, 4)


def test_asked_without_an_announcement_it_is_the_same() -> None:
    found = serials(FakeTrail())
    found.begin()
    assert found.next() == found.next()


def test_another_machine_is_another_epoch_that_names_the_old_head() -> None:
    trail = FakeTrail()
    found = serials(trail)
    found.begin()
    announce(trail, found.next())
    head = trail.head()
    moved = Serials(trail, lambda size: bytes((9,)) * size, b"machine2", FakeMemory())
    moved.begin()
    assert trail.chain[-1].details["reason"] == "machine"
    assert trail.chain[-1].details["old_head"] == head.hash  # type: ignore[union-attr]
    assert moved.next() == Serial(int.from_bytes(bytes((9,)) * 5, "big"), 1)


def test_a_full_epoch_is_followed_by_another() -> None:
    trail = FakeTrail()
    found = serials(trail)
    found.begin()
    announce(trail, Serial(1, MAX_COUNTER))
    assert found.next() == Serial(2, 1)
    assert trail.chain[-1].details["reason"] == "full"


def test_on_the_real_trail_they_go_on_after_a_restart(tmp_path: Path) -> None:
    office = Office(tmp_path)
    first = office.serials.next()
    office.trail.append(Event.INTENT, "PC-1", {"serial": str(first)})
    office.trail._inner.close()
    office.open()
    assert office.serials.next() == Serial(first.epoch, 2)


def test_an_older_trail_put_back_begins_an_epoch_and_says_so() -> None:
    memory, before, after = FakeMemory(), FakeTrail(), FakeTrail()
    for trail in (before, after):
        memory.head = None
        serials(trail, memory=memory).begin()
    found = serials(after, memory=memory)
    spent = found.next()
    found.remember(after.append(Event.INTENT, "PC-1", {"serial": str(spent)}))
    put_back = Serials(before, lambda size: bytes((7,)) * size, b"machine1", memory)
    put_back.begin()
    assert put_back.next() != spent
    events = [row.event for row in before.rows()]
    assert events[-2:] == [Event.COUNTER_ALARM, Event.EPOCH]
    put_back.begin()  # and only once
    assert [row.event for row in before.rows()] == events


def test_a_lost_memory_begins_an_epoch() -> None:
    trail = FakeTrail()
    found = serials(trail)
    found.begin()
    serials(trail, memory=FakeMemory()).begin()
    assert trail.last(Event.EPOCH).details["reason"] == "restored"  # type: ignore[union-attr]
