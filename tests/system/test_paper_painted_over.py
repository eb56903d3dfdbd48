"""A page that is painted over between drawing and sending is refused by the read-back.

The program's own use cases on a training terminal, with an adapter of the paper's that paints a
white box over the symbol's middle before the page is handed on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from iies_tui import bootstrap
from iies_tui.adapters.paper import LetterPaper
from iies_tui.domain.card import SealedCard
from iies_tui.domain.delivery import State
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.trail import Event
from iies_tui.issuance.cards.draw_again import DrawAgain
from iies_tui.issuance.cards.issue import IssuedCard
from iies_tui.issuance.keys.sign_on import SignedOnIssuer
from iies_tui.issuance.ports.paper import Document
from iies_tui.session.services import Services
from tests.support.cups_fixture import PrivateCups
from tests.support.terminal import REQUEST, Terminal


class PaintedOver(LetterPaper):
    """What LetterPaper draws, with a white box over each card's symbol."""

    def card_page(self, cards: Sequence[SealedCard]) -> Document:
        return painted(super().card_page(cards))


def painted(document: Document) -> Document:
    import pypdfium2.raw as raw

    pdf = pypdfium2.PdfDocument(document.pdf)
    for box in document.symbols:
        page = pdf[box.page]
        wide, high = box.right - box.left, box.top - box.bottom
        white = raw.FPDFPageObj_CreateNewRect(box.left + wide * 0.3, box.bottom, wide * 0.4, high)
        raw.FPDFPageObj_SetFillColor(white, 255, 255, 255, 255)
        raw.FPDFPath_SetDrawMode(white, raw.FPDF_FILLMODE_ALTERNATE, 0)
        raw.FPDFPage_InsertObject(page, white)
        page.gen_content()
    out = BytesIO()
    pdf.save(out)
    return replace(document, pdf=out.getvalue())


@pytest.fixture
def desk(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Services, SignedOnIssuer]]:
    for name, value in terminal.environment.items():
        if name.startswith("XDG_") or name == "HOME":
            monkeypatch.setenv(name, value)
    services = bootstrap.services(Path(terminal.state))
    issuer = services.sign_on(terminal.license, bytearray(terminal.made["pin"].encode()), None, "")
    yield services, issuer
    services.lock.release()


def issue(services: Services, issuer: SignedOnIssuer) -> IssuedCard:
    (card,) = services.issue(issuer, REQUEST, lambda *_: None)
    return card


def test_painted_over_before_the_seal_there_is_no_card(
    private_cups: PrivateCups, desk: tuple[Services, SignedOnIssuer]
) -> None:
    services, issuer = desk
    painting = replace(services, issue=replace(services.issue, paper=PaintedOver("1")))
    with pytest.raises(MachineFailed, match="read_back_failed"):
        issue(painting, issuer)
    assert services.trail.last(Event.VOID) is not None
    assert services.trail.last(Event.SEALED) is None
    assert private_cups.printed() == []


def test_painted_over_before_a_reprint_or_on_its_way_nothing_is_sent(
    private_cups: PrivateCups, desk: tuple[Services, SignedOnIssuer]
) -> None:
    services, issuer = desk
    private_cups.add_queue("FRONT")
    one = issue(services, issuer)
    entry = issuer.register.get(one.card.serial)
    assert entry is not None
    painting = DrawAgain(PaintedOver("1"), services.hand_out.again.reader)
    with pytest.raises(MachineFailed, match="read_back_failed"):
        painting.page(entry)
    with pytest.raises(Refused, match="pdf_differs"):
        pdf = painted(one.page).pdf
        services.deliver.print_card(issuer, one.card.serial, pdf, "FRONT")
    entry = issuer.register.get(one.card.serial)
    assert entry is not None and entry.state is State.SEALED
    assert services.printer.jobs_named(one.card.serial) == ()
    assert services.hand_out.again.page(entry) == one.page.pdf
