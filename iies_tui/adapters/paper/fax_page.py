"""The fax sheet: the card 3 in high, the large bar code, the words for DMV; and its cover page."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from iies_tui.adapters.paper import geometry as g
from iies_tui.adapters.paper.cells import show_date
from iies_tui.adapters.paper.face import draw_face, statements
from iies_tui.adapters.paper.fit import Style, fit
from iies_tui.adapters.paper.fonts import BOLD, MONO, SANS
from iies_tui.adapters.paper.layout import FAX_FACE, FAX_STATEMENTS
from iies_tui.adapters.paper.pen import Pen
from iies_tui.adapters.paper.placed import symbol_for
from iies_tui.domain.card import Mode, SealedCard
from iies_tui.issuance.ports.paper import Box
from iies_tui.text import words

_STRIP = 34.0
"""Least height between the fax sheet's card and its symbol, for words (12 mm)."""


def draw_sheet(canvas: Canvas, page: int, card: SealedCard) -> Box:
    """The whole sheet; where its symbol stands."""
    size, page_top = g.FAX_SYMBOL, g.PAGE_HEIGHT - g.MARGIN
    pen = Pen(canvas, g.MARGIN, page_top)
    _draw_card(pen, card)
    _draw_words(_beside(canvas), card)
    room = g.PAGE_HEIGHT - 2 * g.MARGIN - g.FAX_CARD_HEIGHT - _STRIP
    symbol, row = symbol_for(card.digits, size, room)
    height = symbol.rows * row
    top = g.PAGE_HEIGHT - 2 * g.MARGIN - height
    _draw_strip(pen, card, top)
    left = (g.PART_WIDTH - symbol.width * size.module) / 2
    pen.symbol(left, top, symbol, size, row)
    return pen.symbol_box(page, left, top, symbol, size, row)


def check_sheet(canvas: Canvas, card: SealedCard) -> None:
    """All but the symbol. Refused as the drawing would be."""
    _draw_card(Pen(canvas, g.MARGIN, g.PAGE_HEIGHT - g.MARGIN), card)
    _draw_words(_beside(canvas), card)


def draw_cover(canvas: Canvas, card: SealedCard, number: str) -> None:
    """To whom, from whom, what and how many pages: nothing of the card but its serial."""
    pen = Pen(canvas, g.MARGIN, g.PAGE_HEIGHT - g.MARGIN)
    y = pen.heading(0, 0, words("paper.cover_heading"), 26) + 6
    pen.rule(0, y, g.PART_WIDTH, 1.4)
    agency = card.agency
    who = [line for line in (agency.name, *agency.address) if line.strip()]
    if agency.telephone:
        who.append(words("paper.telephone", telephone=agency.telephone))
    rows = (
        ("paper.cover_to", (number,)),
        ("paper.cover_from", tuple(who) or (card.facts.license,)),
        ("paper.cover_about", (words("paper.cover_subject"), card.serial)),
        ("paper.cover_date", (show_date(card.facts.current),)),
        ("paper.cover_pages", (words("paper.cover_count"),)),
    )
    y += 16
    for label, lines in rows:
        pen.text(0, y + 11, words(label), BOLD, 11)
        y = pen.prose(90, y, (g.PART_WIDTH - 90, 90), lines, Style(SANS, 13, 8)) + 12
    pen.rule(0, y, g.PART_WIDTH)
    text = tuple(words("paper.cover_note").splitlines())
    pen.prose(0, y + 14, (g.PART_WIDTH, 200), text, Style(SANS, 12, 8))
    bottom = g.PAGE_HEIGHT - 2 * g.MARGIN
    pen.text(0, bottom - 6, words("paper.goes_with", serial=card.serial), SANS, 8)


def _beside(canvas: Canvas) -> Pen:
    """The column right of the sheet's card."""
    return Pen(canvas, g.MARGIN + g.FAX_CARD_WIDTH + 12, g.PAGE_HEIGHT - g.MARGIN)


def _draw_card(pen: Pen, card: SealedCard) -> None:
    layout = FAX_FACE
    y = draw_face(pen, card, layout)
    text = (" ".join((*statements("card"), words("paper.see_bar_code"))),)
    room = layout.height - y - 7
    pen.prose(layout.padding, y + 4, (layout.inner, room), text, FAX_STATEMENTS)


def _draw_words(pen: Pen, card: SealedCard) -> None:
    """The column beside the card: what customer, DMV and sender need to be told."""
    width = g.PART_WIDTH - g.FAX_CARD_WIDTH - 12
    y = pen.heading(0, 0, words("paper.fax_heading"), 16) + 3
    pen.rule(0, y, width, 1.4)
    y += 5
    style = Style(SANS, 9.5, 7)
    for heading, text in (
        ("paper.fax_bring_heading", statements("fax")),
        ("paper.fax_dmv_heading", (words("paper.fax_dmv"),)),
        ("paper.fax_sender_heading", (words("paper.fax_sender"),)),
    ):
        y = pen.heading(0, y, words(heading), 9.5) + 1
        y = pen.prose(0, y, (width, g.FAX_CARD_HEIGHT - y), text, style) + 5


def _draw_strip(pen: Pen, card: SealedCard, below: float) -> None:
    """The line of words over the large bar code, which tells whose it is."""
    baseline = below - 10
    pen.text(0, baseline, words("paper.fax_bar_code"), BOLD, 12)
    pen.text_centred(g.PART_WIDTH / 2, baseline, card.serial, MONO, 11)
    if card.mode is not Mode.LIVE:
        text = words("paper.specimen")
        fitted = fit((text,), Style(BOLD, 10, 6), 190, 12, "mode")
        pen.text_right(g.PART_WIDTH, baseline, text, BOLD, fitted.size)
