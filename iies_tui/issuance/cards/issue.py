"""The issue of cards: check, announce, seal, draw, read back, record.

The order is the point. The *intent* row is committed first and its hash goes into the envelope, so
that a card out in the world pins the trail. Drawing and reading back come before the *sealed* row,
so that a card whose bar code cannot be read is VOID and was never a card; so is one that was to be
LIVE and that a verifier would not take. Only after the sealed row
is anything saved, printed or mailed, and that is ``deliver``'s work.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TypedDict

from iies_tui.domain import face, new_york, note, trail_details
from iies_tui.domain.bundle import Bundle
from iies_tui.domain.card import Agency, CardFacts, Layout, Mode, SealedCard
from iies_tui.domain.dates import Limits
from iies_tui.domain.delivery import State
from iies_tui.domain.drawing import LAYOUT
from iies_tui.domain.envelope import Envelope, FaceMatch, Stamp, Verdict
from iies_tui.domain.errors import IiesError, MachineFailed, Problem, Refused
from iies_tui.domain.findings import Collector, Findings
from iies_tui.domain.issuer import Standing
from iies_tui.domain.pages import PageChoice
from iies_tui.domain.request import Examined, examine, facts as facts_of
from iies_tui.domain.trail import Event
from iies_tui.domain.vehicle import check_known_make
from iies_tui.issuance.cards.interrupted import void, voided
from iies_tui.issuance.cards.serials import Serials
from iies_tui.issuance.checking.verify import Verify
from iies_tui.issuance.clock_guard import guard
from iies_tui.issuance.keys.sign_on import SignedOnIssuer, standing
from iies_tui.issuance.options import options_of
from iies_tui.issuance.ports.barcode import BarcodeProfile, SymbolReader
from iies_tui.issuance.ports.machine import Chance, Clock
from iies_tui.issuance.ports.paper import Document, Paper
from iies_tui.issuance.ports.records import RegisterEntry, Trail
from iies_tui.issuance.ports.trust import InstalledBundle, InsurerList, VehicleCatalog

READ_BACK_DPI = (203, 300)
"""A label printer's and an office printer's dots an inch, both in one bit."""

FACE_WORDS = 4
"""How many of the root's words stand on a card's face."""

SAME_VIN = 50
"""How many cards of one VIN are looked at for a repeated issue, the newest first."""


class _Look(TypedDict):
    """The office's choices, as ``SealedCard`` has them."""

    layout: Layout
    information: str


Progress = Callable[[str, int, int], None]
"""``progress(step, done, total)``."""


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """A card in the register, with the exact bytes that may leave; ``fax`` where it was wanted."""

    card: SealedCard
    page: Document
    fax: Document | None
    trail_seq: int


@dataclass(frozen=True, slots=True)
class Correction:
    """The card that the first one of a request takes the place of.

    ``withdraw`` takes its jobs and e-mails back and gives its entry as it stands then; Refused
    where it is void, or may still print behind our back.
    """

    serial: str
    withdraw: Callable[[], RegisterEntry]


@dataclass(frozen=True, slots=True)
class IssueCards:
    trail: Trail
    trust: InstalledBundle
    insurers: Callable[[], InsurerList]
    profile: BarcodeProfile
    paper: Paper
    reader: SymbolReader
    serials: Serials
    clock: Clock
    chance: Chance
    limits: Limits
    vehicles: VehicleCatalog
    information: Callable[[], str]
    """The text for the policyholder, as it stands now."""

    def check(
        self,
        issuer: SignedOnIssuer,
        data: object,
        pages: PageChoice | None = None,
        corrects: str = "",
    ) -> Examined:
        """A decoded request file (``docs/commands.md``): all that must be put right, at once.

        ``pages``: what is chosen for this request, the issuer's Options where None. ``corrects``:
        the serial of the card that it corrects, which is no card issued already.

        Where the rules have nothing to say, bar code and paper are asked whether it fits, so that
        no serial is spent on a card that cannot be drawn.
        """
        examined = examine(
            data,
            insurer=self.insurers().by_icc,
            license=issuer.license,
            today=self._today(),
            limits=self.limits,
        )
        if unfit := self._unfit(issuer, examined, pages):
            findings = examined.findings + Findings(unfit)
            return replace(examined, request=None, findings=findings)
        notes = self._known_makes(examined) + self._issued_already(issuer, examined, corrects)
        return replace(examined, findings=examined.findings + Findings(notes=notes))

    def _known_makes(self, examined: Examined) -> tuple[Problem, ...]:
        """A note for each vehicle whose make is not the one that the catalog has for its VIN."""
        found = Collector()
        for number, one in enumerate(examined.request.vehicles if examined.request else ()):
            known = self.vehicles.look_up(one.vin, one.year)
            if known is not None:
                check_known_make(found, f"vehicles[{number}].make", one.make, known.make)
        return found.findings().notes

    def _issued_already(
        self, issuer: SignedOnIssuer, examined: Examined, corrects: str
    ) -> tuple[Problem, ...]:
        """A note for each vehicle whose card for this policy and term is out and not void."""
        request = examined.request
        if request is None:
            return ()
        term = (request.icc, request.policy, request.effective, request.expiration)
        found = Collector()
        for number, vehicle in enumerate(request.vehicles):
            for entry in issuer.register.search(vehicle.vin, SAME_VIN):
                old = entry.card.facts
                same = (old.icc, old.policy, old.effective, old.expiration) == term
                same = same and old.vehicle is not None and old.vehicle.vin == vehicle.vin
                if same and entry.state is not State.VOID and entry.card.serial != corrects:
                    field = f"vehicles[{number}].vin"
                    found.note(field, "issued_already", serial=entry.card.serial)
                    break
        return found.findings().notes

    def _unfit(
        self, issuer: SignedOnIssuer, examined: Examined, pages: PageChoice | None
    ) -> tuple[Problem, ...]:
        if examined.request is None or examined.insurer is None:
            return ()
        agency = options_of(issuer.register).agency
        look = self._look(issuer, pages)
        found: list[Problem] = []
        today = self._today()
        for facts in facts_of(examined.request, issuer.license, examined.insurer, today):
            try:
                self.profile.check_claims(facts)
                self.paper.check(replace(_stand_in(facts, agency), **look))
            except Refused as error:
                if not error.problems:
                    raise  # nothing that the clerk typed: the office's text for the policyholder
                found += [problem for problem in error.problems if problem not in found]
        return tuple(found)

    def _look(self, issuer: SignedOnIssuer, pages: PageChoice | None) -> _Look:
        """What of a card is the office's choice; the text is read once a request."""
        chosen = pages or options_of(issuer.register).pages()
        return {
            "layout": chosen.layout,
            "information": self.information() if chosen.information else "",
        }

    def __call__(
        self,
        issuer: SignedOnIssuer,
        data: object,
        progress: Progress,
        *,
        fax_sheet: bool = True,
        batch: str = "",
        pages: PageChoice | None = None,
        corrects: Correction | None = None,
    ) -> Iterator[IssuedCard]:
        """Seal every card of the request, in order, each when it is asked for.

        ``batch`` names the row of a batch that the card is for, and stays in the register. The
        card that the first one ``corrects`` becomes VOID in the transaction that seals it.

        Raise Refused where a rule, the clock or the bundle forbids it (nothing was sealed), and
        MachineFailed where the machine did; cards sealed before that stand in the register.
        """
        bundle = self.trust.installed()
        if bundle is None:
            raise Refused("no_bundle")
        guard(self.clock, bundle, self.trail, issuer.clock_offset)
        examined = self.check(issuer, data, pages, corrects.serial if corrects else "")
        if examined.request is None:
            raise Refused("request_refused", examined.findings.problems)
        cards = self.facts(issuer, examined)
        fleet = examined.request.fleet
        vehicles = fleet.vehicles if fleet else 1
        look = self._look(issuer, pages)
        mode = standing(issuer, bundle, self.clock)
        old = corrects.withdraw() if corrects else None
        for number, facts in enumerate(cards):
            progress("sealing", number, len(cards))
            yield self._issue(issuer, bundle, mode, facts, fax_sheet, batch, look, vehicles, old)
            if old is not None:
                issuer.register.update(replace(old, state=State.VOID))
                old = None
        progress("sealing", len(cards), len(cards))

    def _today(self) -> date:
        return new_york.day_of(self.clock.now())

    def facts(self, issuer: SignedOnIssuer, examined: Examined) -> tuple[CardFacts, ...]:
        """What the cards of a request will state, one a vehicle; none where it is refused."""
        if examined.request is None or examined.insurer is None:
            return ()
        return facts_of(examined.request, issuer.license, examined.insurer, self._today())

    def _issue(
        self,
        issuer: SignedOnIssuer,
        bundle: Bundle,
        mode: Standing,
        facts: CardFacts,
        fax_sheet: bool,
        batch: str,
        look: _Look,
        vehicles: int,
        old: RegisterEntry | None,
    ) -> IssuedCard:
        serial = self.serials.next()
        intent = self.trail.append(
            Event.INTENT,
            issuer.license,
            {"serial": str(serial), "kid": issuer.keys.kid, "mode": int(mode.mode)},
            issuer.clerk,
        )
        self.serials.remember(intent)
        try:
            # The issued-at's own day, also for what waited past midnight.
            facts = replace(facts, current=new_york.day_of(intent.time))
            code = face.check_code(int.from_bytes(self.chance(8), "big") >> 14)
            unsealed = SealedCard(
                facts=facts,
                serial=str(serial),
                check_code=code,
                mode=mode.mode,
                mode_reason=mode.reason.value,
                issued_at=intent.time,
                digits="",
                authority=bundle.authority,
                root_words=" ".join(bundle.root_words.split()[:FACE_WORDS]),
                agency=options_of(issuer.register).agency,
                **look,
            )
            stamp = Stamp(
                issued_at=intent.time,
                serial=serial,
                mode=mode.mode,
                intent=intent.hash[:16],
                face=face.Face.of(facts, str(serial)).digest(code),
                drawn=self.paper.drawn(unsealed),
            )
            envelope = self.profile.seal(facts, stamp, issuer.keys, bundle.recipients[0])
            card = replace(unsealed, digits=self.profile.digits(envelope))
            self._judge(card)
            page = self.paper.card_page([card])
            fax = self.paper.fax_sheet(card) if fax_sheet else None
            for document in filter(None, (page, fax)):
                read_back(self.reader, card, document)
            entry = RegisterEntry(
                card=card,
                state=State.SEALED,
                pdf_hash=hashlib.sha256(page.pdf).digest(),
                fax_hash=hashlib.sha256(fax.pdf).digest() if fax else b"",
                batch=batch,
            )
            issuer.register.add(entry)
        except IiesError as error:
            # Where not even that can be recorded, the next start does it; the reason is told.
            with contextlib.suppress(MachineFailed):
                void(self.trail, intent, error.code)
            raise
        return IssuedCard(card, page, fax, self._seal(issuer, entry, envelope, vehicles, old))

    def _judge(self, card: SealedCard) -> None:
        """What leaves as LIVE is GENUINE: to the verifier's own rules, with the installed bundle.

        A card that is not is never turned into a specimen, for somebody asked for a card. Raise
        Refused ``not_genuine`` with the verifier's reason.
        """
        if card.mode is not Mode.LIVE:
            return
        verify = Verify(self.profile, self.trust.installed(), self.clock)
        printed = ((face.Face.of(card.facts, card.serial), card.check_code),)
        report = verify.symbol(card.serial, 1, card.digits, printed)
        if report.verdict is not Verdict.GENUINE or report.face is not FaceMatch.MATCH:
            differs = report.verdict is Verdict.GENUINE
            reason = "face_differs" if differs else report.reason
            raise Refused("not_genuine", (Problem("", reason),))

    def _seal(
        self,
        issuer: SignedOnIssuer,
        entry: RegisterEntry,
        envelope: Envelope,
        vehicles: int,
        old: RegisterEntry | None,
    ) -> int:
        """The sealed row, which is what makes it a card, with the VOID row of the ``old`` one.

        A crash between the register row and this one leaves an intent without a seal; recovery
        makes both VOID.
        """
        details = trail_details.sealed(
            entry.card.facts,
            serial=entry.card.serial,
            vehicles=vehicles,
            layout=envelope.stamp.drawn.layout if envelope.stamp.drawn else LAYOUT,
            envelope=hashlib.sha256(envelope.encoded).digest(),
            pdf=entry.pdf_hash,
            fax=entry.fax_hash,
            replaces=old.card.serial if old else "",
        )
        row = self.trail.append_checkpointed(
            Event.SEALED,
            issuer.license,
            details,
            issuer.clerk,
            lambda sealed: self.profile.sign_checkpoint(sealed, issuer.keys),
            lambda head: note.sign(head, issuer.keys),
            {Event.VOID: voided(old, entry.card.serial)} if old else {},
        )
        return row.seq


def _stand_in(facts: CardFacts, agency: Agency) -> SealedCard:
    """A card as large as it will be, for the layout alone; it is never drawn out."""
    return SealedCard(
        facts=facts,
        serial="00000000-000000-0",
        check_code="0000000000",
        mode=Mode.SPECIMEN,
        mode_reason="",
        issued_at=datetime.fromtimestamp(0, UTC),
        digits="",
        authority="",
        root_words="",
        agency=agency,
    )


def read_back(reader: SymbolReader, card: SealedCard, document: Document) -> None:
    """What cannot be read from the exact bytes is not printed.

    Raise MachineFailed ``read_back_failed``.
    """
    for dpi in READ_BACK_DPI:
        found = reader.read_back(document, dpi)
        if not found or any(text != card.digits for text in found):
            raise MachineFailed("read_back_failed", dpi=dpi)
