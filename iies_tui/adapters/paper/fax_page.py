"""The fax sheet: the card 3 in high, the large bar code, the words for DMV."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from iies_tui.adapters.paper import geometry as g
from iies_tui.adapters.paper.face import draw_face
from iies_tui.adapters.paper.fit import Style, fit
from iies_tui.adapters.paper.fonts import BOLD, MONO, SANS
from iies_tui.adapters.paper.inputs import FaxSheet
from iies_tui.adapters.paper.layout import FAX_FACE, FAX_STATEMENTS
from iies_tui.adapters.paper.pen import Pen
from iies_tui.adapters.paper.placed import symbol_for
from iies_tui.issuance.ports.paper import Box

_STRIP = 34.0
"""Least height between the fax sheet's card and its symbol, for words (12 mm)."""


def draw_sheet(canvas: Canvas, page: int, said: FaxSheet, digits: str) -> Box:
    """The whole sheet; where its symbol stands."""
    size, page_top = g.FAX_SYMBOL, g.PAGE_HEIGHT - g.MARGIN
    pen = Pen(canvas, g.MARGIN, page_top)
    _draw_card(pen, said)
    _draw_beside(canvas, said)
    room = g.PAGE_HEIGHT - 2 * g.MARGIN - g.FAX_CARD_HEIGHT - _STRIP
    symbol, row = symbol_for(digits, size, room)
    height = symbol.rows * row
    top = g.PAGE_HEIGHT - 2 * g.MARGIN - height
    _draw_strip(pen, said, top)
    left = (g.PART_WIDTH - symbol.width * size.module) / 2
    pen.symbol(left, top, symbol, size, row)
    return pen.symbol_box(page, left, top, symbol, size, row)


def check_sheet(canvas: Canvas, said: FaxSheet) -> None:
    """All but the symbol. Refused as the drawing would be."""
    _draw_card(Pen(canvas, g.MARGIN, g.PAGE_HEIGHT - g.MARGIN), said)
    _draw_beside(canvas, said)


def _draw_card(pen: Pen, said: FaxSheet) -> None:
    layout = FAX_FACE
    y = draw_face(pen, said.face, layout)
    room = layout.height - y - 7
    pen.prose(layout.padding, y + 4, (layout.inner, room), said.statements, FAX_STATEMENTS)


def _draw_beside(canvas: Canvas, said: FaxSheet) -> None:
    """The column right of the card: what customer, DMV and sender need to be told."""
    pen = Pen(canvas, g.MARGIN + g.FAX_CARD_WIDTH + 12, g.PAGE_HEIGHT - g.MARGIN)
    width = g.PART_WIDTH - g.FAX_CARD_WIDTH - 12
    y = pen.heading(0, 0, said.heading, 16) + 3
    pen.rule(0, y, width, 1.4)
    y += 5
    style = Style(SANS, 9.5, 7)
    for heading, text in said.beside:
        y = pen.heading(0, y, heading, 9.5) + 1
        y = pen.prose(0, y, (width, g.FAX_CARD_HEIGHT - y), text, style) + 5


def _draw_strip(pen: Pen, said: FaxSheet, below: float) -> None:
    """The line of words over the large bar code, which tells whose it is."""
    baseline = below - 10
    pen.text(0, baseline, said.bar_code, BOLD, 12)
    pen.text_centered(g.PART_WIDTH / 2, baseline, said.serial, MONO, 11)
    if text := said.face.specimen:
        fitted = fit((text,), Style(BOLD, 10, 6), 190, 12, "mode")
        pen.text_right(g.PART_WIDTH, baseline, text, BOLD, fitted.size)
