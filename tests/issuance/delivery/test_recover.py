"""What is open from before: every state and answer, and a kill at every edge of a delivery."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import replace

import pytest

from iies_tui.domain.delivery import JobState, JobStatus, State
from iies_tui.domain.errors import MachineFailed
from iies_tui.domain.serial import Serial
from iies_tui.issuance.delivery.deliver import Deliver, Delivered
from iies_tui.issuance.delivery.recover import OLD_EPOCH, OPEN, Recover
from iies_tui.issuance.ports.records import RegisterEntry
from tests.support.fakes import (
    Edges,
    FakeClock,
    FakeIssuer,
    FakePrinter,
    FakeRegister,
    FakeTrail,
    Killed,
)
from tests.support.samples import sealed

CARD = sealed()
SERIAL = CARD.serial
EPOCH = Serial.parse(SERIAL).epoch
PDF = b"%PDF-1.4 card"


class Desk:
    def __init__(self, edges: Edges | None = None, epoch: int = EPOCH) -> None:
        self.edges = edges or Edges()
        self.clock = FakeClock()
        self.issuer = FakeIssuer(register=FakeRegister(Edges()))
        self.trail = FakeTrail(self.clock, Edges())
        self.trail.begin_epoch(epoch)
        self.printer = FakePrinter(self.edges)
        self.issuer.register.edges = self.trail.edges = self.edges
        self.issuer.register.entries[SERIAL] = RegisterEntry(CARD, State.SEALED)
        self.restart()

    def restart(self) -> None:
        """A new process over the same register, trail and CUPS."""
        self.deliver = Deliver(self.trail, self.printer, self.clock)
        self.recover = Recover(self.deliver, self.trail)

    def put(self, state: State, job: int = 1) -> None:
        self.issuer.register.entries[SERIAL] = RegisterEntry(CARD, state, queue="FRONT", job=job)

    def recovered(self) -> Delivered:
        (found,) = self.recover(self.issuer)
        return found


# Register state × what CUPS says of job 1 → state after recovery. "-x" means the job had begun.
TABLE: dict[State, dict[str, State]] = {
    State.SUBMITTING: {
        "not_found": State.SEALED,
        "held": State.SEALED,
        "pending": State.RELEASED,
        "printing-x": State.RELEASED,
        "stopped": State.BLOCKED,
        "canceled": State.SEALED,
        "canceled-x": State.UNKNOWN,
        "aborted": State.SEALED,
        "aborted-x": State.UNKNOWN,
        "completed-x": State.COMPLETED,
    },
    State.HELD: {
        "not_found": State.SEALED,
        "held": State.HELD,
        "pending": State.RELEASED,
        "printing-x": State.RELEASED,
        "stopped": State.BLOCKED,
        "canceled": State.SEALED,
        "canceled-x": State.UNKNOWN,
        "aborted": State.SEALED,
        "aborted-x": State.UNKNOWN,
        "completed-x": State.COMPLETED,
    },
    State.RELEASED: {
        "not_found": State.UNKNOWN,
        "held": State.BLOCKED,
        "pending": State.RELEASED,
        "printing-x": State.RELEASED,
        "stopped": State.BLOCKED,
        "canceled": State.UNKNOWN,
        "canceled-x": State.UNKNOWN,
        "aborted": State.UNKNOWN,
        "aborted-x": State.UNKNOWN,
        "completed-x": State.COMPLETED,
    },
}
TABLE[State.BLOCKED] = TABLE[State.RELEASED]
TABLE[State.UNKNOWN] = dict.fromkeys(TABLE[State.RELEASED], State.UNKNOWN) | {
    "completed-x": State.COMPLETED
}


@pytest.mark.parametrize(
    ("before", "answer", "after"),
    [(before, *pair) for before, answers in TABLE.items() for pair in answers.items()],
)
def test_every_state_and_every_answer(before: State, answer: str, after: State) -> None:
    desk = Desk()
    desk.put(before, job=0 if before is State.SUBMITTING else 1)
    name, _, started = answer.partition("-")
    if name != "not_found":
        desk.printer.jobs[1] = JobStatus(1, JobState(name), title=SERIAL, started=bool(started))
        desk.printer.data[1] = PDF
    assert desk.recovered().entry.state is after
    assert desk.printer.printed == []
    if before is State.SUBMITTING and answer == "held":
        assert desk.printer.jobs[1].state is JobState.CANCELED


@pytest.mark.parametrize("state", [State.SEALED, State.COMPLETED])
def test_what_cups_cannot_change_is_shown_without_asking_it(state: State) -> None:
    desk = Desk()
    desk.put(state)
    desk.printer.failure = MachineFailed("cups_down")
    assert desk.recovered() == Delivered(desk.issuer.register.entries[SERIAL])


@pytest.mark.parametrize("state", sorted(set(State) - set(OPEN)))
def test_what_is_over_is_not_shown(state: State) -> None:
    desk = Desk()
    desk.put(state)
    assert desk.recover(desk.issuer) == ()


@pytest.mark.parametrize("code", ["cups_down", "cups_hangs"])
def test_without_cups_the_cards_stand_as_they_stood_and_it_is_asked_once(code: str) -> None:
    desk = Desk()
    cards = [replace(CARD, serial=str(Serial(EPOCH, number))) for number in (1, 2, 3)]
    desk.issuer.register.entries = {
        card.serial: RegisterEntry(card, State.RELEASED, "FRONT", 5) for card in cards
    }
    calls = []

    def status(queue: str, job: int) -> JobStatus:
        calls.append(job)
        raise MachineFailed(code)

    desk.printer.status = status  # type: ignore[method-assign]
    found = desk.recover(desk.issuer)
    assert [one.failure for one in found] == [code] * 3
    assert {one.entry.state for one in found} == {State.RELEASED}
    assert len(calls) == 1


def test_a_failing_disk_is_not_taken_for_cups() -> None:
    desk = Desk()
    desk.put(State.SUBMITTING, job=0)
    desk.trail.failure = MachineFailed("disk_full")
    with pytest.raises(MachineFailed, match="disk_full"):
        desk.recover(desk.issuer)


@pytest.mark.parametrize(
    "state", [State.SUBMITTING, State.HELD, State.RELEASED, State.BLOCKED, State.UNKNOWN]
)
def test_cards_of_another_epoch_are_asked_about_and_their_jobs_left_alone(state: State) -> None:
    desk = Desk(epoch=EPOCH ^ 1)
    desk.put(state)
    desk.printer.jobs[1] = JobStatus(1, JobState.HELD, title=SERIAL)
    found = desk.recovered()
    assert (found.entry.state, found.reasons) == (State.UNKNOWN, (OLD_EPOCH,))
    assert desk.printer.jobs[1].state is JobState.HELD


def test_recovering_again_changes_nothing() -> None:
    for before, answer in itertools.product(TABLE, ("not_found", "held", "canceled-x")):
        desk = Desk()
        desk.put(before)
        name, _, started = answer.partition("-")
        if name != "not_found":
            desk.printer.jobs[1] = JobStatus(1, JobState(name), title=SERIAL, started=bool(started))
        first = desk.recovered()
        rows = len(desk.trail.chain)
        assert desk.recovered().entry == first.entry
        assert len(desk.trail.chain) == rows


def _edges_of_a_delivery() -> int:
    desk = Desk()
    desk.deliver.print_card(desk.issuer, SERIAL, PDF, "FRONT")
    desk.deliver.watch(desk.issuer, SERIAL)
    return desk.edges.count


EDGES = _edges_of_a_delivery()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("edge", range(1, EDGES + 1))
@pytest.mark.parametrize("second", range(6))
def test_killed_at_every_edge_a_card_prints_once_or_is_asked_about(
    edge: int, after: bool, second: int
) -> None:
    """Killed in the delivery, and killed again in the recovery (``second`` > 0); then the clerk
    prints what is said to be unprinted and lets go what is held: never two, never none unasked."""
    desk = Desk(Edges(kill_after=edge) if after else Edges(kill_before=edge))
    with pytest.raises(Killed):
        desk.deliver.print_card(desk.issuer, SERIAL, PDF, "FRONT")
        desk.deliver.watch(desk.issuer, SERIAL)
    desk.edges.kill_before = desk.edges.kill_after = 0
    if second:
        desk.edges.kill_after = desk.edges.count + second
        desk.restart()
        with contextlib.suppress(Killed):
            desk.recovered()
        desk.edges.kill_after = 0
    desk.restart()
    found = desk.recovered()
    match found.entry.state:
        case State.SEALED:
            assert desk.printer.printed == []
            desk.deliver.print_card(desk.issuer, SERIAL, PDF, "FRONT")
        case State.HELD | State.BLOCKED:
            assert desk.printer.printed == []
            desk.deliver.print_now(desk.issuer, SERIAL)
        case state:
            assert state in (State.RELEASED, State.COMPLETED)
    assert desk.deliver.watch(desk.issuer, SERIAL).entry.state is State.COMPLETED
    assert desk.printer.printed == [(SERIAL, PDF)]
