"""A page that is no card: are the margins kept, is it printed at 100 %, does a bar code read?"""

from __future__ import annotations

from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from iies_tui.adapters.paper import geometry as g
from iies_tui.adapters.paper.canvas import new_canvas
from iies_tui.adapters.paper.fit import Style
from iies_tui.adapters.paper.fonts import BOLD, SANS, register_fonts, text_width
from iies_tui.adapters.paper.pen import Pen
from iies_tui.adapters.paper.placed import symbol_for
from iies_tui.text import words

_INCHES = 5
_TICK = 0.2 * g.INCH
_INSET = 0.75 * g.INCH
_DIGITS = "1234567890" * 60
"""Of the sample bar code: as many as a small card's, and no envelope, so that it is no card's."""
_SYMBOL_ROOM = 2.2 * g.INCH


def test_page(version: str) -> bytes:
    """One Letter page: a frame on the half-inch margins, rulers of five inches, a bar code."""
    register_fonts()
    buffer = BytesIO()
    canvas = new_canvas(buffer, words("test_page.title"), version)
    pen = Pen(canvas, g.MARGIN, g.PAGE_HEIGHT - g.MARGIN)
    pen.frame(g.PART_WIDTH, g.PAGE_HEIGHT - 2 * g.MARGIN, 1)
    width = g.PART_WIDTH - 2 * _INSET
    y = _INSET
    title = words("test_page.title")
    pen.text_centered(g.PART_WIDTH / 2, y + 16, title, BOLD, 20)
    y += 40
    text = tuple(words("test_page.text", inches=_INCHES).strip().splitlines())
    y = pen.prose(_INSET, y, (width, 140), text, Style(SANS, 12, 8)) + 46
    _draw_rulers(canvas, y)
    _draw_symbol(pen, y)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw_rulers(canvas: Canvas, y: float) -> None:
    """One across and one down from its left end, ``y`` points below the upper margin."""
    left, top = g.MARGIN + _INSET, g.PAGE_HEIGHT - g.MARGIN - y
    length = _INCHES * g.INCH
    canvas.setLineWidth(0.8)
    canvas.setFont(SANS, 10)
    canvas.line(left, top, left + length, top)
    canvas.line(left, top, left, top - length)
    for inch in range(_INCHES + 1):
        at, label = inch * g.INCH, str(inch)
        canvas.line(left + at, top, left + at, top + _TICK)
        canvas.drawCentredString(left + at, top + _TICK + 5, label)
        canvas.line(left, top - at, left - _TICK, top - at)
        canvas.drawString(left - _TICK - 5 - text_width(label, SANS, 10), top - at - 3.6, label)


def _draw_symbol(pen: Pen, y: float) -> None:
    """As wide and as fine as a card's."""
    size = g.CARD_SYMBOL
    symbol, row = symbol_for(_DIGITS, size, _SYMBOL_ROOM)
    left, top = _INSET + 0.5 * g.INCH, y + 0.9 * g.INCH
    pen.symbol(left, top, symbol, size, row)
    below = top + symbol.rows * row + 8
    width = symbol.width * size.module
    pen.prose(left, below, (width, 40), (words("test_page.symbol"),), Style(SANS, 11, 8))
