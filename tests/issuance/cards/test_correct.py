"""A corrected card: the old one is VOID in the very transaction that seals the new one.

Whatever dies in between, exactly one of the two is a card.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iies_tui.bootstrap.records import judges, records_of
from iies_tui.domain.delivery import JobState, State
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.trail import Event
from iies_tui.issuance.cards.interrupted import void_open_intents, void_unsealed
from iies_tui.issuance.cards.issue import Correction
from iies_tui.issuance.checking.audit import audit
from iies_tui.issuance.delivery.deliver import Deliver
from iies_tui.issuance.delivery.outbox import OutboxSteps
from iies_tui.issuance.delivery.void_card import VoidCard
from iies_tui.issuance.keys.sign_on import SignedOnIssuer
from tests.support.fakes import FakePrinter, Killed
from tests.support.office import ready
from tests.support.terminal import REQUEST

RIGHT = {**REQUEST, "policy": "PA-7654321-02"}


def nothing(*_: object) -> None:
    """Progress that nobody watches."""


class Desk:
    """An office with one card, whose job is on hold in the print queue."""

    def __init__(self, home: Path) -> None:
        self.office, self.issuer = ready(home)
        self.printer = FakePrinter()
        (one,) = self.office.issue(self.issuer, REQUEST, nothing)
        self.old = one.card.serial
        job = self.printer.submit_held("FRONT", self.old, one.page.pdf, 1)
        entry = self.entry(self.old)
        self.issuer.register.update(replace(entry, state=State.HELD, queue="FRONT", job=job))
        self.job = job

    def entry(self, serial: str) -> Any:
        return self.issuer.register.get(serial)

    def withdraw(self) -> Any:
        trail, clock = self.office.trail, self.office.clock
        void_card = VoidCard(Deliver(trail, self.printer, clock), OutboxSteps(trail, clock))
        return void_card.withdraw(self.issuer, self.old)

    def correct(self, request: Any = RIGHT) -> list[Any]:
        correction = Correction(self.old, self.withdraw)
        return list(self.office.issue(self.issuer, request, nothing, corrects=correction))

    def start_again(self) -> SignedOnIssuer:
        """Another process over the same records."""
        self.issuer.register.close()
        self.office.trail._inner.close()
        self.office.open()
        void_open_intents(self.office.trail)
        self.issuer = self.office.signed_on()
        void_unsealed(self.issuer, self.office.trail)
        return self.issuer


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_one_transaction_and_each_row_names_the_other(desk: Desk) -> None:
    (new,) = desk.correct()
    void, sealed = list(desk.office.trail.rows())[-2:]
    assert (void.event, sealed.event) == (Event.VOID, Event.SEALED)
    assert (void.details["serial"], sealed.details["replaces"]) == (desk.old, desk.old)
    assert (sealed.details["serial"], void.details["replaced_by"]) == (new.card.serial,) * 2
    assert void.details["reason"] == "correction"
    assert desk.printer.jobs[desk.job].state is JobState.CANCELED, "canceled before the seal"
    assert desk.entry(desk.old).state is State.VOID
    assert desk.entry(new.card.serial).state is State.SEALED
    found = audit(records_of(desk.office.trail), desk.office.trust.bundle, judges())
    assert (found.faults, found.cards, found.void, found.pinned) == ((), 2, 1, found.rows)


DEATHS = [
    *(("profile", call) for call in ("seal", "sign_checkpoint")),
    *(("paper", call) for call in ("card_page", "drawn")),
    *(("reader", "read_back"), ("register", "add"), ("register", "update")),
    *(("trail", call) for call in ("append", "append_checkpointed")),
    *(("printer", call) for call in ("kill_before", "kill_after")),
]


@pytest.mark.parametrize(("port", "call"), DEATHS)
@pytest.mark.parametrize(
    "end", [Killed(), MachineFailed("disk_full", path="")], ids=["death", "failure"]
)
def test_whatever_ends_it_exactly_one_of_the_two_is_a_card(
    desk: Desk, port: str, call: str, end: BaseException
) -> None:
    if port == "printer":
        if isinstance(end, MachineFailed):
            desk.printer.failure = MachineFailed("cups_failed", status=0)
        else:
            setattr(desk.printer.edges, call, desk.printer.edges.count + 1)
    else:
        target: Any = desk.issuer.register if port == "register" else getattr(desk.office, port)
        target.fails[call] = end
    with pytest.raises((Killed, MachineFailed)):
        desk.correct()
    desk.start_again()
    trail = desk.office.trail
    cards = {one.card.serial for one in desk.issuer.register.search("", 10)
             if one.state is not State.VOID}  # fmt: skip
    sealed = {str(row.details["serial"]) for row in trail.of_kind(Event.SEALED)}
    void = {str(row.details["serial"]) for row in trail.of_kind(Event.VOID)}
    assert cards == sealed - void
    assert len(cards) == 1
    assert (desk.old in cards) == (call != "update"), "void only where the new one was sealed"
    found = audit(records_of(trail), desk.office.trust.bundle, judges())
    assert found.faults == ()


def test_nothing_is_withdrawn_for_a_request_that_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="request_refused"):
        desk.correct({**RIGHT, "icc": "058"})
    assert desk.printer.jobs[desk.job].state is JobState.HELD
    assert desk.entry(desk.old).state is State.HELD


def test_a_void_card_is_not_corrected_again(desk: Desk) -> None:
    desk.correct()
    with pytest.raises(Refused, match="is_void"):
        desk.correct()
    assert len(desk.office.trail.of_kind(Event.SEALED)) == 2


def test_the_card_that_is_corrected_is_no_card_issued_already(desk: Desk) -> None:
    check = desk.office.issue.check

    def codes(corrects: str) -> list[str]:
        return [one.code for one in check(desk.issuer, REQUEST, None, corrects).findings.notes]

    assert "issued_already" in codes("")
    assert "issued_already" not in codes(desk.old)


def test_only_the_first_card_of_a_request_takes_its_place(desk: Desk) -> None:
    other = {"year": 1989, "make": "MCIND", "vin": "1M8GDM9AXKP042788"}
    first, second = desk.correct({**RIGHT, "vehicles": [*RIGHT["vehicles"], other]})
    rows = [desk.office.trail.find_serial(Event.SEALED, one.card.serial) for one in (first, second)]
    assert [row.details["replaces"] for row in rows] == [desk.old, ""]
    assert len(desk.office.trail.of_kind(Event.VOID)) == 1


def test_the_register_follows_a_void_row_that_it_did_not_live_to_write(desk: Desk) -> None:
    """Also of a card that was made void by itself."""
    register: Any = desk.issuer.register
    register.fails["update"] = Killed()
    deliver = Deliver(desk.office.trail, desk.printer, desk.office.clock)
    with pytest.raises(Killed):
        deliver.void(desk.issuer, desk.old, "other")
    desk.start_again()
    assert desk.entry(desk.old).state is State.VOID
