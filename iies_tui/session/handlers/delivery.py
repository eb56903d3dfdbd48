"""Delivery of cards that are in the register: print, save, void, the clerk's word, a test page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from iies_tui.domain.delivery import JobStatus
from iies_tui.domain.trail import TERMINAL
from iies_tui.issuance.delivery import job_states
from iies_tui.issuance.delivery.hand_out import Order, ToFolder
from iies_tui.issuance.keys.sign_on import SignedOnIssuer
from iies_tui.issuance.options import options_of
from iies_tui.session import protocol, to_protocol
from iies_tui.session.handlers.state import (
    SessionState,
    Table,
    fax_file,
    folder_of,
    printer,
    prove,
    told,
)
from iies_tui.session.protocol.frames import Call


class DeliveryHandlers:
    def __init__(self, session: SessionState) -> None:
        self._session = session

    def table(self) -> Table:
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
                protocol.WatchTestPage.by(self._watch_test_page),
            ]
        )

    def _watch(self, call: Call[protocol.Watch]) -> protocol.CardState:
        return told(
            self._session.services.deliver.watch(self._session.signed_on(), call.body.serial)
        )

    def _print_now(self, call: Call[protocol.PrintNow]) -> protocol.CardState:
        return told(
            self._session.services.deliver.print_now(self._session.signed_on(), call.body.serial)
        )

    def _withdraw(self, call: Call[protocol.Withdraw]) -> protocol.CardState:
        return told(
            self._session.services.deliver.withdraw(self._session.signed_on(), call.body.serial)
        )

    def _answer(self, call: Call[protocol.Answer]) -> protocol.CardState:
        issuer, body = self._session.signed_on(), call.body
        return told(self._session.services.deliver.answer(issuer, body.serial, body.printed))

    def _hand_over(self, call: Call[protocol.HandOver]) -> protocol.CardState:
        return told(
            self._session.services.deliver.hand_over(self._session.signed_on(), call.body.serial)
        )

    def _print(self, call: Call[protocol.Print]) -> protocol.CardState:
        options = options_of(self._session.signed_on().register)
        return self._once_more(call, Order(printer=printer(options, call.body)))

    def _save(self, call: Call[protocol.Save]) -> protocol.CardState:
        options, body = options_of(self._session.signed_on().register), call.body
        folder = folder_of(self._session, options, body.folder)
        to_folder = ToFolder(folder, fax_sheet=body.fax_sheet, fax_file=fax_file(options, body))
        return self._once_more(call, Order(to_folder))

    def _once_more(
        self, call: Call[protocol.Print] | Call[protocol.Save], order: Order
    ) -> protocol.CardState:
        issuer = self._session.signed_on()
        out = self._session.services.hand_out.once_more(
            issuer, call.body.serial, order, self._proof(issuer, call)
        )
        return protocol.CardState(
            to_protocol.card(out.entry, saved=out.saved, reasons=[*out.reasons])
        )

    def _proof(self, issuer: SignedOnIssuer, call: Call[Any]) -> Callable[[], None]:
        return lambda: prove(self._session, issuer, call)

    def _void(self, call: Call[protocol.Void]) -> protocol.CardState:
        issuer, body = self._session.signed_on(), call.body
        void_card, proof = self._session.services.void_card, self._proof(issuer, call)
        return told(void_card(issuer, body.serial, body.reason, proof))

    def _reissue(self, call: Call[protocol.Reissue]) -> protocol.Reissued:
        issuer, body = self._session.signed_on(), call.body
        void_card, proof = self._session.services.void_card, self._proof(issuer, call)
        entry = void_card.to_correct(issuer, body.serial, proof)
        self._session.correcting = body.serial
        return protocol.Reissued(to_protocol.card(entry), to_protocol.request_of(entry.card.facts))

    def _test_page(self, call: Call[protocol.TestPage]) -> protocol.Tested:
        services, queue = self._session.services, call.body.queue
        actor = self._session.issuer.license if self._session.issuer else TERMINAL
        return _tested(services.deliver.test_page(queue, services.test_page(), actor))

    def _watch_test_page(self, call: Call[protocol.WatchTestPage]) -> protocol.Tested:
        deliver, body = self._session.services.deliver, call.body
        return _tested(deliver.watch_test_page(body.queue, body.job))


def _tested(status: JobStatus) -> protocol.Tested:
    return protocol.Tested(status.job, job_states.of_test_page(status).value, list(status.reasons))
