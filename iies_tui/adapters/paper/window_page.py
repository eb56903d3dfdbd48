"""The card page for a window envelope: the address where the window of a No. 10 envelope shows it,
two smaller identical parts below the fold. A choice of the office; no rule asks for it.
"""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from iies_tui.adapters.paper import geometry as g
from iies_tui.adapters.paper.card_page import draw_cut_marks
from iies_tui.adapters.paper.face import draw_face
from iies_tui.adapters.paper.fit import Style
from iies_tui.adapters.paper.fonts import BOLD, SANS
from iies_tui.adapters.paper.inputs import WindowPage
from iies_tui.adapters.paper.pen import Pen
from iies_tui.adapters.paper.placed import symbol_for
from iies_tui.adapters.paper.window_layout import (
    WINDOW_FACE,
    WINDOW_STATEMENTS,
    WINDOW_STATEMENTS_HEIGHT,
)
from iies_tui.issuance.ports.paper import Box

_ADDRESS = Style(SANS, 11, 6)
_SENDER = Style(SANS, 9, 6)
_NOTE = Style(SANS, 9, 7)
_NOTE_LEFT = 5.6 * g.INCH - g.MARGIN
"""Right of all that the window may show (5 3/8 in of the page)."""
_TICK = 10.0


def draw_window(canvas: Canvas, page: int, said: WindowPage, digits: str) -> tuple[Box, Box]:
    """Address, fold mark, both parts; where their symbols stand."""
    _draw_head(Pen(canvas, g.MARGIN, g.PAGE_HEIGHT - g.MARGIN), said)
    _draw_fold(canvas, said.fold)
    first, second = (g.PAGE_HEIGHT - top for top in g.WINDOW_PART_TOPS)
    draw_cut_marks(canvas, said.cut, first - g.WINDOW_PART_HEIGHT, second)
    return (
        _draw_part(Pen(canvas, g.MARGIN, first), page, said, digits),
        _draw_part(Pen(canvas, g.MARGIN, second), page, said, digits),
    )


def check_window(pen: Pen, said: WindowPage) -> None:
    """All but the symbols, with ``pen`` at the page's upper margin. Refused as the drawing."""
    _draw_head(pen, said)
    _draw_statements(pen, said.statements, draw_face(pen, said.face, WINDOW_FACE))


def _draw_head(pen: Pen, said: WindowPage) -> None:
    """The first third: whose letter it is, to whom it goes, and what to do with it."""
    if said.sender:
        y = pen.prose(0, 0, (300, 15), said.sender[:1], Style(BOLD, 11, 7))
        if said.sender[1:]:
            pen.prose(0, y + 2, (300, 60), said.sender[1:], _SENDER)
    x, y = g.ADDRESS_LEFT - g.MARGIN, g.ADDRESS_TOP - g.MARGIN
    pen.address(x, y, (g.ADDRESS_WIDTH, g.ADDRESS_HEIGHT), said.address, _ADDRESS)
    width = g.PART_WIDTH - _NOTE_LEFT
    y = pen.heading(_NOTE_LEFT, 0, said.heading, 11) + 2
    pen.prose(_NOTE_LEFT, y, (width, 120), (said.note,), _NOTE)


def _draw_fold(canvas: Canvas, text: str) -> None:
    """Ticks at both margins, and ``text``, where the letter is folded first; the second fold is a
    part's edge.
    """
    y, right = g.PAGE_HEIGHT - g.FOLD, g.MARGIN + g.PART_WIDTH
    canvas.saveState()
    canvas.setLineWidth(0.5)
    canvas.line(g.MARGIN, y, g.MARGIN + _TICK, y)
    canvas.line(right - _TICK, y, right, y)
    canvas.setFont(SANS, 5)
    canvas.drawString(g.MARGIN + _TICK + 3, y - 1.8, text)
    canvas.restoreState()


def _draw_part(pen: Pen, page: int, said: WindowPage, digits: str) -> Box:
    """One part: the face, the statements, the symbol across the foot."""
    layout, size = WINDOW_FACE, g.WINDOW_SYMBOL
    y = _draw_statements(pen, said.statements, draw_face(pen, said.face, layout))
    quiet = g.QUIET_MODULES * size.module
    top = y + quiet
    room = layout.height - 1.5 - quiet - top
    symbol, row = symbol_for(digits, size, room)
    left = (layout.width - symbol.width * size.module) / 2
    top += (room - symbol.rows * row) / 2
    pen.symbol(left, top, symbol, size, row)
    return pen.symbol_box(page, left, top, symbol, size, row)


def _draw_statements(pen: Pen, said: tuple[str, ...], y: float) -> float:
    """The card's statements in two columns; the y below them."""
    layout = WINDOW_FACE
    width = (layout.inner - layout.gutter) / 2
    room = (width, WINDOW_STATEMENTS_HEIGHT - 3.5)
    left = layout.padding
    pen.prose(left, y + 2, room, said[:2], WINDOW_STATEMENTS)
    pen.prose(left + width + layout.gutter, y + 2, room, said[2:], WINDOW_STATEMENTS)
    return y + WINDOW_STATEMENTS_HEIGHT
