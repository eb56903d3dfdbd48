"""Delivery of cards that are in the register: print, save, void, the clerk's word, a test page."""

from __future__ import annotations

import time

from iies_tui.domain.delivery import VOID_REASONS, JobState, State
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.trail import TERMINAL
from iies_tui.issuance.delivery import job_states as judge
from iies_tui.issuance.delivery.deliver import Delivered
from iies_tui.issuance.delivery.hand_out import Order, ToFolder
from iies_tui.issuance.keys.sign_on import SignedOnIssuer
from iies_tui.issuance.options import options_of
from iies_tui.session import protocol, to_protocol as infos
from iies_tui.session.handlers.state import (
    Room,
    Table,
    entry_of,
    fax_file,
    folder_of,
    printer,
    prove,
    told,
)
from iies_tui.session.protocol.frames import Call

TEST_SECONDS = 5.0
TEST_EVERY = 0.25
"""How long a test page is watched, and how often, before it is told how it stands."""


class DeliveryHandlers:
    """One method a request."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def table(self) -> Table:
        """The requests answered here."""
        return dict(
            [
                protocol.Watch.by(self._watch),
                protocol.Print.by(self._print),
                protocol.PrintNow.by(self._print_now),
                protocol.Withdraw.by(self._withdraw),
                protocol.Answer.by(self._answer),
                protocol.HandOver.by(self._hand_over),
                protocol.Save.by(self._save),
                protocol.Void.by(self._void),
                protocol.Reissue.by(self._reissue),
                protocol.TestPage.by(self._test_page),
            ]
        )

    def _watch(self, call: Call[protocol.Watch]) -> protocol.CardState:
        return told(self._room.services.deliver.watch(self._room.signed_on(), call.body.serial))

    def _print_now(self, call: Call[protocol.PrintNow]) -> protocol.CardState:
        return told(self._room.services.deliver.print_now(self._room.signed_on(), call.body.serial))

    def _withdraw(self, call: Call[protocol.Withdraw]) -> protocol.CardState:
        return told(self._room.services.deliver.withdraw(self._room.signed_on(), call.body.serial))

    def _answer(self, call: Call[protocol.Answer]) -> protocol.CardState:
        issuer, body = self._room.signed_on(), call.body
        return told(self._room.services.deliver.answer(issuer, body.serial, body.printed))

    def _hand_over(self, call: Call[protocol.HandOver]) -> protocol.CardState:
        return told(self._room.services.deliver.hand_over(self._room.signed_on(), call.body.serial))

    def _print(self, call: Call[protocol.Print]) -> protocol.CardState:
        options = options_of(self._room.signed_on().register)
        return self._once_more(call, Order(printer=printer(options, call.body)))

    def _save(self, call: Call[protocol.Save]) -> protocol.CardState:
        options, body = options_of(self._room.signed_on().register), call.body
        folder = folder_of(self._room, options, body.folder)
        to_folder = ToFolder(folder, fax_sheet=body.fax_sheet, fax_file=fax_file(options, body))
        return self._once_more(call, Order(to_folder))

    def _once_more(
        self, call: Call[protocol.Print] | Call[protocol.Save], order: Order
    ) -> protocol.CardState:
        issuer = self._room.signed_on()
        out = self._room.services.hand_out.once_more(
            issuer, call.body.serial, order, lambda: prove(self._room, issuer, call)
        )
        return protocol.CardState(infos.card(out.entry, saved=out.saved, reasons=[*out.reasons]))

    def _void(self, call: Call[protocol.Void]) -> protocol.CardState:
        issuer, body = self._room.signed_on(), call.body
        if entry_of(issuer, body.serial).state is State.VOID:
            raise Refused("is_void", serial=body.serial)
        return told(self._make_void(issuer, call))

    def _make_void(
        self, issuer: SignedOnIssuer, call: Call[protocol.Void] | Call[protocol.Reissue]
    ) -> Delivered:
        body = call.body
        if body.reason not in VOID_REASONS:
            raise Refused("void_reason", reasons=", ".join(VOID_REASONS))
        prove(self._room, issuer, call)
        self._room.services.send_mail.steps.withdraw(issuer, body.serial)
        return self._room.services.deliver.void(issuer, body.serial, body.reason)

    def _reissue(self, call: Call[protocol.Reissue]) -> protocol.Reissued:
        issuer = self._room.signed_on()
        entry = entry_of(issuer, call.body.serial)
        if entry.state is not State.VOID:
            self._make_void(issuer, call)
        entry = entry_of(issuer, call.body.serial)
        return protocol.Reissued(infos.card(entry), infos.request_of(entry.card.facts))

    def _test_page(self, call: Call[protocol.TestPage]) -> protocol.Tested:
        services, queue = self._room.services, call.body.queue
        actor = self._room.issuer.license if self._room.issuer else TERMINAL
        status = services.deliver.test_page(queue, services.test_page(), actor)
        end = services.clock.boot() + TEST_SECONDS
        while services.clock.boot() < end:
            if status.state not in (JobState.PENDING, JobState.PRINTING) or judge.BLOCKING & set(
                status.reasons
            ):
                break
            time.sleep(TEST_EVERY)
            status = services.printer.status(queue, status.job)
        if status.state is JobState.NOT_FOUND:
            raise MachineFailed("cups_failed", status=0)
        done = status.state is JobState.COMPLETED
        running = status.state in (JobState.PENDING, JobState.PRINTING)
        blocked = judge.BLOCKING & set(status.reasons) or status.printer_stopped
        state = State.COMPLETED if done else State.BLOCKED if blocked else State.RELEASED
        if not done and not running:
            state = State.BLOCKED
        return protocol.Tested(status.job, state.value, list(status.reasons))
