"""The steps of a delivery, over fakes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from iies_tui.domain.delivery import ALLOWED, JobState, State
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.trail import Event
from iies_tui.issuance.delivery.deliver import STALL_SECONDS, Deliver
from iies_tui.issuance.ports.records import RegisterEntry
from iies_tui.text import words
from tests.support.fakes import Edges, FakeClock, FakeIssuer, FakePrinter, FakeRegister, FakeTrail
from tests.support.samples import sealed

CARD = sealed()
SERIAL = CARD.serial
PDF = b"%PDF-1.4 card"


@dataclass
class Counter:
    """A desk: register, trail and printer, and the use case over them."""

    edges: Edges = field(default_factory=Edges)
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.issuer = FakeIssuer(register=FakeRegister(self.edges))
        self.trail = FakeTrail(self.clock, self.edges)
        self.printer = FakePrinter(self.edges)
        self.deliver = Deliver(self.trail, self.printer, self.clock)
        self.put(State.SEALED)

    def put(self, state: State, job: int = 0) -> None:
        queue = "FRONT" if job else ""
        self.issuer.register.entries[SERIAL] = RegisterEntry(CARD, state, queue=queue, job=job)

    def held_job(self) -> int:
        """A held job of the card's name, as an earlier submission left it."""
        return self.printer.submit_held("FRONT", SERIAL, PDF, 1)

    @property
    def entry(self) -> RegisterEntry:
        return self.issuer.register.entries[SERIAL]

    def steps(self) -> list[object]:
        return [row.details.get("state") for row in self.trail.chain if "state" in row.details]

    def print(self, **options: Any) -> State:
        return self.deliver.print_card(self.issuer, SERIAL, PDF, "FRONT", **options).entry.state


@pytest.fixture
def counter() -> Counter:
    return Counter()


def test_a_card_is_printed_and_handed_over(counter: Counter) -> None:
    assert counter.print() is State.RELEASED
    assert counter.deliver.watch(counter.issuer, SERIAL).entry.state is State.COMPLETED
    assert counter.deliver.hand_over(counter.issuer, SERIAL).entry.state is State.HANDED_OVER
    assert counter.printer.printed == [(SERIAL, PDF)]
    assert counter.steps() == ["SUBMITTING", "HELD", "RELEASED", "COMPLETED", "HANDED_OVER"]
    assert counter.trail.chain[-1].event is Event.HANDED_OVER
    assert counter.trail.chain[-1].clerk == "JQD"


def test_a_queue_that_changes_pages_is_refused_with_its_setting(counter: Counter) -> None:
    counter.printer.settings = ("page-label=DRAFT", "foo=bar")
    for act in (
        lambda: counter.deliver.preflight("FRONT"),
        lambda: counter.deliver.preflight("FRONT", anyway=True),
        counter.print,
        lambda: counter.deliver.test_page("FRONT", PDF, "PC-1"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "queue_setting"
        assert refused.value.params == {"queue": "FRONT", "setting": "page-label=DRAFT"}
        told = words("error.queue_setting", **refused.value.params)
        assert "FRONT" in told and "page-label=DRAFT" in told
    assert (counter.entry.state, counter.steps()) == (State.SEALED, [])
    assert counter.printer.jobs == {}


def test_every_step_is_in_the_trail_before_the_register_and_the_act(counter: Counter) -> None:
    seen: list[tuple[str, str]] = []
    register, printer, trail = counter.issuer.register, counter.printer, counter.trail
    append, update = trail.append, register.update
    submit, release = printer.submit_held, printer.release

    def spy(name: str, call):  # type: ignore[no-untyped-def]
        def spied(*arguments: object, **named: object) -> object:
            seen.append((name, str(counter.entry.state)))
            return call(*arguments, **named)

        return spied

    trail.append = spy("trail", append)  # type: ignore[method-assign]
    register.update = spy("register", update)  # type: ignore[method-assign]
    printer.submit_held = spy("submit", submit)  # type: ignore[method-assign]
    printer.release = spy("release", release)  # type: ignore[method-assign]
    counter.print()
    assert seen == [
        ("trail", "SEALED"),
        ("register", "SEALED"),
        ("submit", "SUBMITTING"),
        ("trail", "SUBMITTING"),
        ("register", "SUBMITTING"),
        ("trail", "HELD"),
        ("register", "HELD"),
        ("release", "RELEASED"),
    ]


def test_no_name_and_no_policy_in_the_trail(counter: Counter) -> None:
    counter.print()
    counter.deliver.watch(counter.issuer, SERIAL)
    text = repr([row.details for row in counter.trail.chain])
    for personal in (*CARD.facts.names, CARD.facts.policy, *CARD.facts.address):
        assert personal not in text


def test_unknown_queue_changes_nothing(counter: Counter) -> None:
    with pytest.raises(Refused) as refused:
        counter.deliver.print_card(counter.issuer, SERIAL, PDF, "BACK")
    assert (refused.value.code, refused.value.params) == ("no_such_queue", {"queue": "BACK"})
    assert counter.entry.state is State.SEALED
    assert counter.trail.chain == []


def test_a_queue_that_vanishes_in_between_leaves_the_card_sealed(counter: Counter) -> None:
    submit = counter.printer.submit_held

    def vanish(queue: str, title: str, pdf: bytes, copies: int, fax_to: str = "") -> int:
        counter.printer.names = ()
        return submit(queue, title, pdf, copies)

    counter.printer.submit_held = vanish  # type: ignore[method-assign]
    with pytest.raises(Refused, match="no_such_queue"):
        counter.print()
    assert counter.entry.state is State.SEALED
    assert counter.steps() == ["SUBMITTING", "SEALED"]


def test_closed_queue(counter: Counter) -> None:
    counter.printer.accepting = False
    with pytest.raises(Refused, match="queue_closed"):
        counter.print()


def test_cups_down_before_anything(counter: Counter) -> None:
    counter.printer.failure = MachineFailed("cups_down")
    with pytest.raises(MachineFailed, match="cups_down"):
        counter.print()
    assert counter.entry.state is State.SEALED


def test_a_failing_trail_stops_the_act(counter: Counter) -> None:
    counter.trail.failure = MachineFailed("disk_full")
    with pytest.raises(MachineFailed, match="disk_full"):
        counter.print()
    assert counter.printer.jobs == {}
    assert counter.entry.state is State.SEALED


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.HELD, "on_its_way"),
        (State.RELEASED, "on_its_way"),
        (State.BLOCKED, "on_its_way"),
        (State.COMPLETED, "already_printed"),
        (State.HANDED_OVER, "already_printed"),
        (State.UNKNOWN, "ask_first"),
        (State.VOID, "is_void"),
    ],
)
def test_what_may_not_be_printed(counter: Counter, state: State, code: str) -> None:
    counter.put(state, job=3)
    with pytest.raises(Refused, match=code):
        counter.print()
    assert counter.printer.jobs == {}
    assert counter.entry.state is state


@pytest.mark.parametrize("state", [State.COMPLETED, State.HANDED_OVER])
def test_a_reprint_is_counted_and_has_the_same_bytes(counter: Counter, state: State) -> None:
    counter.print()
    counter.deliver.watch(counter.issuer, SERIAL)
    if state is State.HANDED_OVER:
        counter.deliver.hand_over(counter.issuer, SERIAL)
    with pytest.raises(Refused, match="pdf_differs"):
        counter.deliver.print_card(counter.issuer, SERIAL, b"another", "FRONT", reprint=True)
    assert counter.print(reprint=True) is State.RELEASED
    assert counter.entry.reprints == 1
    row = counter.trail.last(Event.REPRINT)
    assert row is not None and row.details["reprint"] == 1
    assert counter.printer.printed == [(SERIAL, PDF), (SERIAL, PDF)]


def test_no_such_card(counter: Counter) -> None:
    for act in (counter.deliver.watch, counter.deliver.hand_over, counter.deliver.withdraw):
        with pytest.raises(Refused, match="no_such_card"):
            act(counter.issuer, "7K3M9QXD-000123-X")


def test_blocked_and_free_again(counter: Counter) -> None:
    counter.printer.prints = False
    counter.print()
    counter.printer.reasons = ("media-empty",)
    watched = counter.deliver.watch(counter.issuer, SERIAL)
    assert (watched.entry.state, watched.reasons) == (State.BLOCKED, ("media-empty",))
    assert counter.trail.chain[-1].details["why"] == "media-empty"
    rows = len(counter.trail.chain)
    counter.deliver.watch(counter.issuer, SERIAL)
    assert len(counter.trail.chain) == rows
    counter.printer.reasons = ()
    assert counter.deliver.watch(counter.issuer, SERIAL).entry.state is State.RELEASED
    counter.printer.print_pending()
    assert counter.deliver.watch(counter.issuer, SERIAL).entry.state is State.COMPLETED


def test_stall_timer(counter: Counter) -> None:
    counter.printer.prints = False
    counter.print()
    assert counter.deliver.watch(counter.issuer, SERIAL).entry.state is State.RELEASED
    counter.clock.pass_seconds(STALL_SECONDS - 1)
    assert counter.deliver.watch(counter.issuer, SERIAL).entry.state is State.RELEASED
    counter.clock.pass_seconds(1)
    watched = counter.deliver.watch(counter.issuer, SERIAL)
    assert (watched.entry.state, watched.reasons) == (State.BLOCKED, ("stalled",))
    counter.printer.set_state(1, JobState.PRINTING, started=True)
    assert counter.deliver.watch(counter.issuer, SERIAL).entry.state is State.RELEASED


def test_a_job_that_cups_began_again_may_have_come_out_twice(counter: Counter) -> None:
    counter.printer.prints = False
    counter.print()
    job = counter.printer.jobs[1]
    for began, state in ((100, State.RELEASED), (160, State.BLOCKED)):
        counter.printer.jobs[1] = replace(job, state=JobState.PRINTING, started=True, began=began)
        assert counter.deliver.watch(counter.issuer, SERIAL).entry.state is state
    counter.printer.jobs[1] = replace(job, state=JobState.COMPLETED, started=True, began=160)
    watched = counter.deliver.watch(counter.issuer, SERIAL)
    assert (watched.entry.state, watched.reasons) == (State.COMPLETED, ("job-retried",))
    assert counter.trail.chain[-1].details["why"] == "job-retried"


def test_cups_down_while_watching_changes_nothing(counter: Counter) -> None:
    counter.print()
    counter.printer.failure = MachineFailed("cups_down")
    with pytest.raises(MachineFailed, match="cups_down"):
        counter.deliver.watch(counter.issuer, SERIAL)
    assert counter.entry.state is State.RELEASED


def test_a_job_gone_before_its_release_is_asked_about(counter: Counter) -> None:
    release = counter.printer.release

    def gone(job: int) -> None:
        counter.printer.jobs.clear()
        release(job)

    counter.printer.release = gone  # type: ignore[method-assign]
    assert counter.print() is State.UNKNOWN


@pytest.mark.parametrize("state", list(State))
def test_hand_over_in_every_state(counter: Counter, state: State) -> None:
    counter.put(state, job=1)
    if state is State.HANDED_OVER or State.HANDED_OVER in ALLOWED[state]:
        assert counter.deliver.hand_over(counter.issuer, SERIAL).entry.state is State.HANDED_OVER
    else:
        with pytest.raises(Refused, match="not_printed"):
            counter.deliver.hand_over(counter.issuer, SERIAL)
        assert counter.entry.state is state


def test_print_now_needs_a_held_job(counter: Counter) -> None:
    job = counter.held_job()
    counter.put(State.HELD, job)
    assert counter.deliver.print_now(counter.issuer, SERIAL).entry.state is State.RELEASED
    assert counter.printer.printed == [(SERIAL, PDF)]
    with pytest.raises(Refused, match="not_held"):
        counter.deliver.print_now(counter.issuer, SERIAL)
    assert counter.printer.printed == [(SERIAL, PDF)]


def test_withdraw_a_held_job_is_unprinted(counter: Counter) -> None:
    counter.put(State.HELD, counter.held_job())
    assert counter.deliver.withdraw(counter.issuer, SERIAL).entry.state is State.SEALED
    assert counter.printer.jobs[1].state is JobState.CANCELED


def test_withdraw_a_released_job_is_asked_about(counter: Counter) -> None:
    counter.printer.prints = False
    counter.print()
    assert counter.deliver.withdraw(counter.issuer, SERIAL).entry.state is State.UNKNOWN
    assert counter.deliver.answer(counter.issuer, SERIAL, printed=False).entry.state is State.SEALED
    assert counter.trail.chain[-1].details["said"] == "not printed"
    counter.printer.prints = True
    assert counter.print() is State.RELEASED
    assert [title for title, _ in counter.printer.printed] == [SERIAL]


def test_withdraw_too_late(counter: Counter) -> None:
    counter.print()
    assert counter.deliver.withdraw(counter.issuer, SERIAL).entry.state is State.COMPLETED


def test_answer_printed(counter: Counter) -> None:
    counter.put(State.UNKNOWN, job=9)
    answered = counter.deliver.answer(counter.issuer, SERIAL, printed=True)
    assert answered.entry.state is State.HANDED_OVER


def test_answer_is_only_for_what_was_asked(counter: Counter) -> None:
    for state in set(State) - {State.UNKNOWN}:
        counter.put(state)
        with pytest.raises(Refused, match="not_asked"):
            counter.deliver.answer(counter.issuer, SERIAL, printed=False)


def test_answer_not_printed_cancels_what_may_still_print(counter: Counter) -> None:
    job = counter.held_job()
    counter.printer.set_state(job, JobState.PENDING)
    counter.put(State.UNKNOWN, job)
    assert counter.deliver.answer(counter.issuer, SERIAL, printed=False).entry.state is State.SEALED
    assert counter.printer.jobs[job].state is JobState.CANCELED


def test_answer_not_printed_while_the_job_cannot_be_cancelled(counter: Counter) -> None:
    job = counter.held_job()
    counter.put(State.UNKNOWN, job)

    def stuck(job: int) -> None:
        raise Refused("no_such_job", job=job)

    counter.printer.cancel = stuck  # type: ignore[method-assign]
    with pytest.raises(Refused, match="job_still_there"):
        counter.deliver.answer(counter.issuer, SERIAL, printed=False)
    assert counter.entry.state is State.UNKNOWN


def test_a_step_that_is_not_allowed_is_no_step(counter: Counter) -> None:
    with pytest.raises(MachineFailed, match="wrong_step"):
        counter.deliver.step(counter.issuer, counter.entry, State.COMPLETED)
    assert counter.trail.chain == []


def test_only_a_test_pages_own_job_is_watched_as_one(counter: Counter) -> None:
    status = counter.deliver.test_page("FRONT", PDF, "terminal")
    watched = counter.deliver.watch_test_page("FRONT", status.job)
    assert watched.state is JobState.COMPLETED
    for job in (counter.held_job(), 99):
        with pytest.raises(MachineFailed, match="cups_failed"):
            counter.deliver.watch_test_page("FRONT", job)
