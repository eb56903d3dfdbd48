"""A card made void: only after the PIN, its e-mail withdrawn first, and once."""

from __future__ import annotations

from typing import Any

import pytest

from iies_tui.domain.delivery import VOID_REASONS, State
from iies_tui.domain.errors import Refused
from iies_tui.domain.mail import MailState
from iies_tui.issuance.delivery.deliver import Deliver
from iies_tui.issuance.delivery.outbox import OutboxSteps
from iies_tui.issuance.delivery.void_card import VoidCard
from iies_tui.issuance.ports.records import RegisterEntry
from tests.support import samples
from tests.support.fakes import (
    FakeClock,
    FakeIssuer,
    FakeOutbox,
    FakePrinter,
    FakeRegister,
    FakeTrail,
)
from tests.support.mail_samples import entry

CARD = samples.sealed()
ID = "0123456789abcdef"
REASON = next(iter(VOID_REASONS))


class Office:
    def __init__(self) -> None:
        clock = FakeClock()
        trail: Any = FakeTrail(clock)
        self.register = FakeRegister(outbox=FakeOutbox())
        self.register.entries[CARD.serial] = RegisterEntry(CARD, State.SAVED)
        self.register.outbox.entries[ID] = entry(serial=CARD.serial)
        self.issuer: Any = FakeIssuer(register=self.register)
        printer: Any = FakePrinter()
        self.void_card = VoidCard(Deliver(trail, printer, clock), OutboxSteps(trail, clock))
        self.proofs = 0

    def prove(self) -> None:
        self.proofs += 1

    @property
    def state(self) -> State:
        return self.register.entries[CARD.serial].state


def wrong_pin() -> None:
    raise Refused("sign_on_failed")


def test_a_void_card_is_void_and_its_message_is_withdrawn() -> None:
    office = Office()
    delivered = office.void_card(office.issuer, CARD.serial, REASON, office.prove)
    assert delivered.entry.state is office.state is State.VOID
    assert office.register.outbox.entries[ID].state is MailState.CANCELLED
    assert office.proofs == 1


@pytest.mark.parametrize(
    ("serial", "reason", "prove", "code"),
    [
        (CARD.serial, REASON, wrong_pin, "sign_on_failed"),
        (CARD.serial, "for no reason", wrong_pin, "void_reason"),
        ("IIES-0000", REASON, wrong_pin, "no_such_card"),
    ],
)
def test_what_is_refused_changes_nothing(serial: str, reason: str, prove: Any, code: str) -> None:
    office = Office()
    with pytest.raises(Refused) as refused:
        office.void_card(office.issuer, serial, reason, prove)
    assert refused.value.code == code
    assert office.state is State.SAVED
    assert office.register.outbox.entries[ID].state is MailState.QUEUED


def test_to_correct_asks_for_the_pin_and_changes_nothing() -> None:
    office = Office()
    first = office.void_card.to_correct(office.issuer, CARD.serial, office.prove)
    assert (first.state, office.state, office.proofs) == (State.SAVED, State.SAVED, 1)
    assert office.register.outbox.entries[ID].state is MailState.QUEUED
    with pytest.raises(Refused, match="sign_on_failed"):
        office.void_card.to_correct(office.issuer, CARD.serial, wrong_pin)


def test_a_void_card_is_refused_to_be_voided_but_taken_to_be_corrected_without_a_pin() -> None:
    office = Office()
    office.void_card(office.issuer, CARD.serial, REASON, office.prove)
    again = office.void_card.to_correct(office.issuer, CARD.serial, wrong_pin)
    assert again.card == CARD and office.proofs == 1
    with pytest.raises(Refused, match="is_void"):
        office.void_card.withdraw(office.issuer, CARD.serial)
    with pytest.raises(Refused, match="is_void"):
        office.void_card(office.issuer, CARD.serial, REASON, office.prove)


def test_what_is_withdrawn_stays_a_card() -> None:
    office = Office()
    entry_ = office.void_card.withdraw(office.issuer, CARD.serial)
    assert (entry_.state, office.state) == (State.SAVED, State.SAVED)
    assert office.register.outbox.entries[ID].state is MailState.CANCELLED
