"""Cards: check a request, issue its cards and send them on their way."""

from __future__ import annotations

from pathlib import Path

from iies_tui.domain import options
from iies_tui.domain.errors import IiesError
from iies_tui.issuance.issue import IssuedCard
from iies_tui.issuance.sign_on import SignedOnIssuer
from iies_tui.session import infos, protocol
from iies_tui.session.handlers.room import Call, Handler, Room, entry_of, options_of


class CardHandlers:
    """One method a request."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def table(self) -> dict[type, Handler]:
        """The requests answered here."""
        return {
            protocol.Check: self._check,
            protocol.Issue: self._issue,
        }

    def _check(self, call: Call) -> protocol.Checked:
        findings = self._room.services.issue.check(
            self._room.signed_on(), call.body.request
        ).findings
        return protocol.Checked(
            [infos.problem(one) for one in findings.problems],
            [infos.problem(one) for one in findings.notes],
        )

    def _issue(self, call: Call) -> protocol.Issued:
        issuer, services, wanted = self._room.signed_on(), self._room.services, call.body
        chosen = options_of(issuer)
        folder = Path(wanted.folder or chosen.get("folder") or services.terminal.folder)
        copies = options.pages(chosen) or 1
        services.save.folder.check(folder)
        if wanted.queue:
            services.deliver.preflight(wanted.queue, wanted.fax_to, anyway=wanted.anyway)
        issued, errors = self._seal(issuer, call)
        cards = []
        for number, one in enumerate(issued):
            call.progress("delivering", number, len(issued))
            saved: dict[str, Path] = {}
            try:
                saved = self._save(issuer, one, folder, wanted)
            except IiesError as error:
                # The card is sealed: it is told, with what its delivery lacks, never lost.
                errors.append(_lacking(one, error))
            try:
                if wanted.queue:
                    document = (one.fax if wanted.fax_to else None) or one.page
                    services.deliver.print_card(
                        issuer,
                        one.card.serial,
                        document.pdf,
                        wanted.queue,
                        copies=1 if wanted.fax_to else copies,
                        fax_to=wanted.fax_to,
                    )
            except IiesError as error:
                errors.append(_lacking(one, error))
            entry = entry_of(issuer, one.card.serial)
            cards.append(infos.card(entry, saved=saved, trail_seq=one.trail_seq))
        call.progress("delivering", len(issued), len(issued))
        return protocol.Issued(cards, errors)

    def _seal(
        self, issuer: SignedOnIssuer, call: Call
    ) -> tuple[list[IssuedCard], list[protocol.ProblemInfo]]:
        """What was sealed before the machine failed is delivered, and the failure told."""
        issued: list[IssuedCard] = []
        try:
            wanted = call.body
            sealing = self._room.services.issue(
                issuer,
                wanted.request,
                call.progress,
                fax_sheet=wanted.fax_sheet or wanted.tiff or bool(wanted.fax_to),
            )
            for one in sealing:
                issued.append(one)
        except IiesError as error:
            if not issued:
                raise
            return issued, [protocol.ProblemInfo("", error.code, dict(error.params))]
        return issued, []

    def _save(
        self, issuer: SignedOnIssuer, issued: IssuedCard, folder: Path, wanted: protocol.Issue
    ) -> dict[str, Path]:
        files = {".pdf": issued.page.pdf}
        if wanted.fax_sheet and issued.fax:
            files["-fax.pdf"] = issued.fax.pdf
        if wanted.tiff and issued.fax:
            files["-fax.tiff"] = self._room.services.fax_tiff(issued.fax.pdf)
        return self._room.services.save(
            issuer, issued.card.serial, folder, files, paper_follows=bool(wanted.queue)
        )


def _lacking(issued: IssuedCard, error: IiesError) -> protocol.ProblemInfo:
    params = {**error.params, "serial": issued.card.serial}
    return protocol.ProblemInfo("", error.code, params)
