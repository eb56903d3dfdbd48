"""Each message once or asked about, whatever dies, before and after every record and every act."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from iies_tui.domain import mail
from iies_tui.domain.delivery import State
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.mail import Answer, MailState, Outcome, Result
from iies_tui.domain.trail import Event
from iies_tui.issuance.delivery.outbox import OutboxSteps
from iies_tui.issuance.ports.records import RegisterEntry
from tests.support import samples
from tests.support.fakes import (
    Edges,
    FakeClock,
    FakeIssuer,
    FakeOutbox,
    FakeRegister,
    FakeTrail,
    Killed,
)
from tests.support.mail_samples import NOW, entry

CARD = samples.sealed()
ID = "0123456789abcdef"


@dataclass
class Office:
    """One card in the register, one message in its outbox."""

    edges: Edges = field(default_factory=Edges)
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.trail = FakeTrail(self.clock, self.edges)
        register = FakeRegister(self.edges, outbox=FakeOutbox(self.edges))
        register.entries[CARD.serial] = RegisterEntry(CARD, State.SAVED)
        self.issuer = FakeIssuer(register=register)
        self.steps = OutboxSteps(self.trail, self.clock)
        self.mailbox: list[str] = []
        self.box = register.outbox
        self.box.entries[ID] = entry(serial=CARD.serial)
        self.box.messages[ID] = b"a message"

    def state(self) -> MailState:
        return self.box.entries[ID].state

    def put(self, state: MailState, **changes: Any) -> None:
        self.box.entries[ID] = replace(self.box.entries[ID], state=state, **changes)

    def attempt(self, outcome: Outcome = Outcome(Result.SENT)) -> None:  # noqa: B008 (frozen)
        """As the outbox_sender does it, with a server that takes what it is given."""
        taken = self.steps.take(self.issuer)
        if taken is None:
            return
        assert taken.message == b"a message"
        if self.steps.hand_over(self.issuer, taken.entry.id):
            self.edges.before()
            self.mailbox.append(taken.entry.id)
            self.edges.after()
            self.steps.finish(self.issuer, taken.entry.id, outcome)


def number_of_edges() -> int:
    office = Office()
    office.attempt()
    assert office.state() is MailState.SENT
    return office.edges.count


EDGES = number_of_edges()


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("edge", range(1, EDGES + 1))
def test_killed_at_any_edge_a_message_is_out_once_or_asked_about(edge: int, where: str) -> None:
    office = Office(edges=Edges(**{f"kill_{where}": edge}))
    with pytest.raises(Killed):
        office.attempt()
    asked = 0
    for _ in range(3):  # the next sign-ons
        office.steps.settle(office.issuer)
        office.attempt()
        if office.state() is MailState.DOUBTFUL:
            asked += 1
            there = ID in office.mailbox
            office.steps.answer(office.issuer, ID, Answer.ARRIVED if there else Answer.AGAIN)
    assert office.state() is MailState.SENT
    assert office.mailbox == [ID]
    assert asked <= 1


def test_only_the_moment_after_the_end_of_the_data_is_asked_about() -> None:
    asked = []
    for edge in range(1, EDGES + 1):
        office = Office(edges=Edges(kill_before=edge))
        with pytest.raises(Killed):
            office.attempt()
        office.steps.settle(office.issuer)
        asked.append(office.state() is MailState.DOUBTFUL)
    # trail and register of SENDING, of HANDING, the act, trail and register of SENT
    assert asked == [False, False, False, False, True, True, True]


@pytest.mark.parametrize("state", mail.MOVING)
def test_what_is_from_before_a_restore_is_asked_about(state: MailState) -> None:
    office = Office()
    office.put(state)
    office.clock.pass_seconds(60)
    office.trail.begin_epoch(7)
    office.steps.settle(office.issuer)
    assert office.state() is MailState.DOUBTFUL
    office.steps.answer(office.issuer, ID, Answer.AGAIN)
    office.steps.settle(office.issuer)
    office.attempt()
    assert office.state() is MailState.SENT


def test_every_step_is_in_the_trail_before_the_act_and_names_nobody() -> None:
    office = Office()
    office.attempt()
    rows = office.trail.of_kind(Event.MAIL)
    assert [row.details["state"] for row in rows] == ["SENDING", "HANDING", "SENT"]
    assert all(row.details["mail"] == ID and row.clerk == "JQD" for row in rows)
    assert "jane" not in repr(office.trail.chain)
    assert "customer.example" not in repr(office.trail.chain)


def test_a_server_that_says_later_is_asked_again_with_growing_waits_and_then_the_clerk() -> None:
    office = Office()
    waits = []
    while office.state() is MailState.QUEUED:
        office.attempt(Outcome(Result.LATER, "server_later", "450 greylisted"))
        found = office.steps.next_due(office.issuer)
        if found is not None:
            waits.append(found)
            office.clock.pass_seconds(found - 1)
            assert office.steps.take(office.issuer) is None, "before its time"
            office.clock.pass_seconds(1)
    assert office.state() is MailState.STALLED
    assert waits == [60 * number for number in mail.WAITS]
    last = office.box.entries[ID]
    assert (last.attempts, last.reason, last.detail) == (8, "server_later", "450 greylisted")
    office.steps.answer(office.issuer, ID, Answer.AGAIN)
    office.attempt()
    assert office.state() is MailState.SENT


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (Result.NEVER, MailState.REFUSED),
        (Result.FAULT, MailState.STALLED),
        (Result.DOUBTFUL, MailState.DOUBTFUL),
        (Result.LATER, MailState.QUEUED),
    ],
)
def test_what_comes_of_an_attempt(result: Result, state: MailState) -> None:
    office = Office()
    office.attempt(Outcome(result, "policy", "554 no"))
    assert office.state() is state
    assert office.box.message(ID), "it may go again"


def test_a_fault_of_the_settings_stops_all_that_waits() -> None:
    office = Office()
    office.box.add(entry(id="b" * 16, serial=CARD.serial), b"another")
    office.attempt(Outcome(Result.FAULT, "wrong_password"))
    assert [one.state for one in office.box.entries.values()] == [MailState.STALLED] * 2
    assert office.steps.take(office.issuer) is None


def test_a_clock_that_was_moved_back_holds_nothing_up() -> None:
    office = Office()
    office.put(MailState.QUEUED, due=NOW.replace(year=2031))
    assert office.steps.next_due(office.issuer) == 7200
    assert office.steps.take(office.issuer) is not None


@pytest.mark.parametrize("state", [MailState.QUEUED, MailState.SENDING, MailState.REFUSED])
def test_taken_back_it_does_not_go(state: MailState) -> None:
    office = Office()
    office.put(state)
    office.steps.answer(office.issuer, ID, Answer.CANCEL)
    assert office.state() is MailState.CANCELLED
    assert not office.steps.hand_over(office.issuer, ID)
    office.steps.finish(office.issuer, ID, Outcome(Result.STOPPED))
    assert office.state() is MailState.CANCELLED
    assert office.box.message(ID) == b""


def test_a_void_cards_message_is_not_sent() -> None:
    office = Office()
    void = replace(office.issuer.register.entries[CARD.serial], state=State.VOID)
    taken = office.steps.take(office.issuer)
    assert taken is not None
    office.issuer.register.entries[CARD.serial] = void
    assert not office.steps.hand_over(office.issuer, ID)
    office.steps.finish(office.issuer, ID, Outcome(Result.STOPPED, "taken_back"))
    assert office.state() is MailState.CANCELLED
    office.put(MailState.QUEUED)
    assert office.steps.take(office.issuer) is None
    assert office.state() is MailState.CANCELLED
    office.put(MailState.REFUSED)
    with pytest.raises(Refused, match="is_void"):
        office.steps.answer(office.issuer, ID, Answer.AGAIN)


@pytest.mark.parametrize("state", list(MailState))
def test_withdrawn_before_a_card_is_made_void(state: MailState) -> None:
    office = Office()
    office.put(state)
    office.steps.withdraw(office.issuer, CARD.serial)
    gone = {MailState.QUEUED, MailState.SENDING, MailState.REFUSED, MailState.STALLED}
    assert office.state() is (MailState.CANCELLED if state in gone else state)


@pytest.mark.parametrize("state", [MailState.SENT, MailState.HANDING, MailState.CANCELLED])
@pytest.mark.parametrize("answer", list(Answer))
def test_no_answer_where_nothing_is_asked(state: MailState, answer: Answer) -> None:
    office = Office()
    office.put(state)
    with pytest.raises(Refused, match="mail_not_asked"):
        office.steps.answer(office.issuer, ID, answer)
    with pytest.raises(Refused, match="no_such_mail"):
        office.steps.answer(office.issuer, "f" * 16, answer)


def test_records_that_cannot_be_written_end_no_data() -> None:
    office = Office()
    taken = office.steps.take(office.issuer)
    assert taken is not None
    office.trail.failure = MachineFailed("disk_full", path="x")
    with pytest.raises(MachineFailed):
        office.steps.hand_over(office.issuer, ID)
    assert office.state() is MailState.SENDING, "safe to send again"


def test_a_wrong_step_is_a_program_error() -> None:
    office = Office()
    office.put(MailState.SENDING)
    with pytest.raises(MachineFailed, match="wrong_step"):
        office.steps.finish(office.issuer, ID, Outcome(Result.SENT))  # never from SENDING
