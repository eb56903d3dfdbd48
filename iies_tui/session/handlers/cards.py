"""Cards: check a request, issue its cards and send them on their way."""

from __future__ import annotations

from pathlib import Path

from iies_tui.domain.errors import IiesError
from iies_tui.domain.options import sheets
from iies_tui.domain.pages import FaxFile, fax_cover, fax_file, page_choice
from iies_tui.issuance.cards.issue import IssuedCard
from iies_tui.issuance.keys.sign_on import SignedOnIssuer
from iies_tui.session import protocol, to_protocol as infos
from iies_tui.session.handlers.state import DRAFT, Room, Table, entry_of, options_of
from iies_tui.session.protocol.frames import Call


class CardHandlers:
    """One method a request."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def table(self) -> Table:
        """The requests answered here."""
        return dict(
            [
                protocol.Check.by(self._check),
                protocol.Issue.by(self._issue),
            ]
        )

    def _check(self, call: Call[protocol.Check]) -> protocol.Checked:
        issuer, body = self._room.signed_on(), call.body
        pages = page_choice(options_of(issuer), body.layout, body.information)
        services = self._room.services
        examined = services.issue.check(issuer, body.request, pages)
        return infos.checked(examined, services.issue.facts(issuer, examined))

    def _issue(self, call: Call[protocol.Issue]) -> protocol.Issued:
        issuer, services, wanted = self._room.signed_on(), self._room.services, call.body
        chosen = options_of(issuer)
        folder = Path(wanted.folder or chosen.get("folder") or services.terminal.folder)
        services.save.folder.check(folder)
        cover = fax_cover(chosen, wanted.fax_cover) and bool(wanted.fax_to)
        kind = fax_file(chosen, wanted=wanted.tiff, asked=wanted.fax_file)
        kind = kind if wanted.fax_sheet or wanted.tiff or wanted.fax_file else None
        if wanted.queue:
            services.deliver.preflight(wanted.queue, wanted.fax_to, anyway=wanted.anyway)
        issued, errors = self._seal(issuer, call, with_fax=kind is not None)
        cards = []
        for number, one in enumerate(issued):
            call.progress("delivering", number, len(issued))
            saved: dict[str, Path] = {}
            try:
                saved = self._save(issuer, one, folder, wanted, kind)
            except IiesError as error:
                # The card is sealed: it is told, with what its delivery lacks, never lost.
                errors.append(_lacking(one, error))
            try:
                if wanted.queue:
                    self._print(issuer, one, wanted, cover=cover)
            except IiesError as error:
                errors.append(_lacking(one, error))
            entry = entry_of(issuer, one.card.serial)
            cards.append(infos.card(entry, saved=saved, trail_seq=one.trail_seq))
        call.progress("delivering", len(issued), len(issued))
        return protocol.Issued(cards, errors)

    def _seal(
        self, issuer: SignedOnIssuer, call: Call[protocol.Issue], *, with_fax: bool
    ) -> tuple[list[IssuedCard], list[protocol.ProblemInfo]]:
        """What was sealed before the machine failed is delivered, and the failure told."""
        issued: list[IssuedCard] = []
        try:
            wanted = call.body
            sealing = self._room.services.issue(
                issuer,
                wanted.request,
                call.progress,
                fax_sheet=wanted.fax_sheet or with_fax or bool(wanted.fax_to),
                pages=page_choice(options_of(issuer), wanted.layout, wanted.information),
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

    def _print(
        self, issuer: SignedOnIssuer, issued: IssuedCard, wanted: protocol.Issue, *, cover: bool
    ) -> None:
        services, serial = self._room.services, issued.card.serial
        document = (issued.fax if wanted.fax_to else None) or issued.page
        covered = b""
        if cover:
            covered = services.again.covered_fax(entry_of(issuer, serial), wanted.fax_to)
        copies = 1 if wanted.fax_to else sheets(options_of(issuer)) or 1
        services.deliver.print_card(
            issuer,
            serial,
            document.pdf,
            wanted.queue,
            copies=copies,
            fax_to=wanted.fax_to,
            covered=covered,
        )

    def _save(
        self,
        issuer: SignedOnIssuer,
        issued: IssuedCard,
        folder: Path,
        wanted: protocol.Issue,
        kind: FaxFile | None,
    ) -> dict[str, Path]:
        files = {".pdf": issued.page.pdf}
        if wanted.fax_sheet and issued.fax:
            files["-fax.pdf"] = issued.fax.pdf
        if kind is not None and issued.fax:
            files["-fax.tiff"] = self._room.services.fax_file(issued.fax.pdf, kind)
        return self._room.services.save(
            issuer, issued.card.serial, folder, files, paper_follows=bool(wanted.queue)
        )


def _lacking(issued: IssuedCard, error: IiesError) -> protocol.ProblemInfo:
    params = {**error.params, "serial": issued.card.serial}
    return protocol.ProblemInfo(field="", code=error.code, params=params)
