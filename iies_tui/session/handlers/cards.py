"""Cards: check a request, issue its cards and send them on their way."""

from __future__ import annotations

from iies_tui.domain.errors import IiesError, Refused
from iies_tui.domain.options import Options
from iies_tui.issuance.cards.issue import Correction, IssuedCard
from iies_tui.issuance.delivery.hand_out import Order, ToFolder
from iies_tui.issuance.keys.sign_on import SignedOnIssuer
from iies_tui.issuance.options import options_of
from iies_tui.session import protocol, to_protocol
from iies_tui.session.handlers.state import DRAFT, SessionState, Table, fax_file, folder_of, printer
from iies_tui.session.protocol.frames import Call


class CardHandlers:
    def __init__(self, session: SessionState) -> None:
        self._session = session

    def table(self) -> Table:
        return dict(
            [
                protocol.Check.by(self._check),
                protocol.Issue.by(self._issue),
            ]
        )

    def _check(self, call: Call[protocol.Check]) -> protocol.Checked:
        issuer, body = self._session.signed_on(), call.body
        pages = options_of(issuer.register).pages(body.layout, body.information)
        services = self._session.services
        examined = services.issue.check(issuer, body.request, pages, body.corrects)
        return to_protocol.checked(examined, services.issue.facts(issuer, examined))

    def _issue(self, call: Call[protocol.Issue]) -> protocol.Issued:
        issuer, hand_out, wanted = (
            self._session.signed_on(),
            self._session.services.hand_out,
            call.body,
        )
        if wanted.corrects and wanted.corrects != self._session.correcting:
            raise Refused("pin_needed")
        order = self._order(options_of(issuer.register), wanted)
        hand_out.check(order)
        issued, errors = self._seal(issuer, call, with_fax=order.saves_fax or order.faxes)
        cards = []
        for number, one in enumerate(issued):
            call.progress("delivering", number, len(issued))
            out = hand_out.issued(issuer, one, order)
            errors += [_lacking(one, error) for error in out.failures]
            cards.append(to_protocol.card(out.entry, saved=out.saved, trail_seq=one.trail_seq))
        call.progress("delivering", len(issued), len(issued))
        return protocol.Issued(cards, errors)

    def _correction(self, issuer: SignedOnIssuer, serial: str) -> Correction | None:
        void_card = self._session.services.void_card
        return Correction(serial, lambda: void_card.withdraw(issuer, serial)) if serial else None

    def _order(self, options: Options, wanted: protocol.Issue) -> Order:
        folder = ToFolder(
            folder_of(self._session, options, wanted.folder),
            fax_sheet=wanted.fax_sheet,
            fax_file=fax_file(options, wanted),
        )
        return Order(folder, printer(options, wanted) if wanted.queue else None)

    def _seal(
        self, issuer: SignedOnIssuer, call: Call[protocol.Issue], *, with_fax: bool
    ) -> tuple[list[IssuedCard], list[protocol.ProblemInfo]]:
        """What was sealed before the machine failed is delivered, and the failure told."""
        issued: list[IssuedCard] = []
        try:
            wanted = call.body
            sealing = self._session.services.issue(
                issuer,
                wanted.request,
                call.progress,
                fax_sheet=with_fax,
                pages=options_of(issuer.register).pages(wanted.layout, wanted.information),
                corrects=self._correction(issuer, wanted.corrects),
            )
            for one in sealing:
                if wanted.drafted and not issued:
                    issuer.register.set_setting(DRAFT, None)
                issued.append(one)
        except IiesError as error:
            if not issued:
                raise
            return issued, [
                protocol.ProblemInfo(field="", code=error.code, params=dict(error.params))
            ]
        return issued, []


def _lacking(issued: IssuedCard, error: IiesError) -> protocol.ProblemInfo:
    params = {**error.params, "serial": issued.card.serial}
    return protocol.ProblemInfo(field="", code=error.code, params=params)
