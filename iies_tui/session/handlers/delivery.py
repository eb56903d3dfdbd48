"""Delivery of cards that are in the register: print, save, void, the clerk's word, a test page."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from iies_tui.domain.delivery import VOID_REASONS, JobState, State
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.options import sheets
from iies_tui.domain.pages import fax_cover, fax_file
from iies_tui.domain.trail import TERMINAL
from iies_tui.issuance.delivery import job_states as judge
from iies_tui.issuance.delivery.deliver import PRINTED, Delivered
from iies_tui.issuance.keys.sign_on import SignedOnIssuer
from iies_tui.issuance.ports.records import RegisterEntry
from iies_tui.session import protocol, to_protocol as infos
from iies_tui.session.handlers.state import (
    Room,
    Table,
    entry_of,
    options_of,
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
        issuer, services, body = self._room.signed_on(), self._room.services, call.body
        entry = entry_of(issuer, body.serial)
        services.deliver.preflight(body.queue, body.fax_to, anyway=body.anyway)
        draw = services.again.fax if body.fax_to else services.again.page
        pdf, covered = draw(entry), b""
        if body.fax_to and fax_cover(options_of(issuer), body.fax_cover):
            covered = services.again.covered_fax(entry, body.fax_to)
        entry = self._ready_for_another(issuer, entry, call)
        reprint = entry.state in PRINTED
        once = reprint or bool(body.fax_to)
        return told(
            services.deliver.print_card(
                issuer,
                body.serial,
                pdf,
                body.queue,
                copies=1 if once else sheets(options_of(issuer)) or 1,
                reprint=reprint,
                fax_to=body.fax_to,
                covered=covered,
            )
        )

    def _save(self, call: Call[protocol.Save]) -> protocol.CardState:
        issuer, services, body = self._room.signed_on(), self._room.services, call.body
        entry = entry_of(issuer, body.serial)
        if entry.state is State.VOID:
            raise Refused("is_void", serial=body.serial)
        own = options_of(issuer).get("folder")
        folder = Path(body.folder or own or services.terminal.folder)
        services.save.folder.check(folder)
        files = {".pdf": services.again.page(entry)}
        kind = None
        if body.fax_sheet or body.tiff or body.fax_file:
            kind = fax_file(options_of(issuer), wanted=body.tiff, asked=body.fax_file)
        if body.fax_sheet or kind is not None:
            fax = services.again.fax(entry)
            files |= {"-fax.pdf": fax} if body.fax_sheet else {}
            files |= {"-fax.tiff": services.fax_file(fax, kind)} if kind is not None else {}
        self._ready_for_another(issuer, entry, call)
        saved = services.save(issuer, body.serial, folder, files)
        return protocol.CardState(infos.card(entry_of(issuer, body.serial), saved=saved))

    def _ready_for_another(
        self, issuer: SignedOnIssuer, entry: RegisterEntry, call: Call[Any]
    ) -> RegisterEntry:
        """Its waiting job is taken back; where there is paper already, the PIN is asked again."""
        entry = self._room.services.deliver.take_back(issuer, entry.card.serial)
        if entry.state in PRINTED:
            prove(self._room, issuer, call)
        return entry

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
