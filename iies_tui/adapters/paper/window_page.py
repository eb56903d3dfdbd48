"""The card page for a window envelope: the address where the window of a No. 10 envelope shows it,
two smaller identical parts below the fold. A choice of the office; no rule asks for it.
"""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from iies_tui.adapters.paper import geometry as g
from iies_tui.adapters.paper.card_page import draw_cut_marks
from iies_tui.adapters.paper.face import draw_face, statements
from iies_tui.adapters.paper.fit import Style
from iies_tui.adapters.paper.fonts import BOLD, SANS
from iies_tui.adapters.paper.pen import Pen
from iies_tui.adapters.paper.placed import symbol_for
from iies_tui.adapters.paper.window_layout import (
    WINDOW_FACE,
    WINDOW_STATEMENTS,
    WINDOW_STATEMENTS_HEIGHT,
)
from iies_tui.domain.card import SealedCard
from iies_tui.domain.errors import Problem, Refused
from iies_tui.issuance.ports.paper import Box
from iies_tui.text import words

_ADDRESS = Style(SANS, 11, 6)
_SENDER = Style(SANS, 9, 6)
_NOTE = Style(SANS, 9, 7)
_NOTE_LEFT = 5.6 * g.INCH - g.MARGIN
"""Right of all that the window may show (5 3/8 in of the page)."""
_TICK = 10.0


def draw_window(canvas: Canvas, page: int, card: SealedCard) -> tuple[Box, Box]:
    """Address, fold mark, both parts. Refused ``window_no_address`` without an address."""
    _draw_head(Pen(canvas, g.MARGIN, g.PAGE_HEIGHT - g.MARGIN), card)
    _draw_fold(canvas)
    first, second = (g.PAGE_HEIGHT - top for top in g.WINDOW_PART_TOPS)
    draw_cut_marks(canvas, first - g.WINDOW_PART_HEIGHT, second)
    return (
        _draw_part(Pen(canvas, g.MARGIN, first), page, card),
        _draw_part(Pen(canvas, g.MARGIN, second), page, card),
    )


def check_window(pen: Pen, card: SealedCard) -> None:
    """All but the symbols, with ``pen`` at the page's upper margin. Refused as the drawing."""
    _draw_head(pen, card)
    _draw_statements(pen, draw_face(pen, card, WINDOW_FACE))


def _draw_head(pen: Pen, card: SealedCard) -> None:
    """The first third: whose letter it is, to whom it goes, and what to do with it."""
    if not card.facts.address:
        raise Refused(
            "window_no_address", (Problem("address", "window_no_address"),), field="address"
        )
    agency = card.agency
    who = tuple(line for line in (agency.name, *agency.address) if line.strip())
    if who:
        y = pen.prose(0, 0, (300, 15), who[:1], Style(BOLD, 11, 7))
        if who[1:]:
            pen.prose(0, y + 2, (300, 60), who[1:], _SENDER)
    lines = (*card.facts.names, *card.facts.address)
    x, y = g.ADDRESS_LEFT - g.MARGIN, g.ADDRESS_TOP - g.MARGIN
    pen.address(x, y, (g.ADDRESS_WIDTH, g.ADDRESS_HEIGHT), lines, _ADDRESS)
    width = g.PART_WIDTH - _NOTE_LEFT
    y = pen.heading(_NOTE_LEFT, 0, words("paper.window_heading"), 11) + 2
    pen.prose(_NOTE_LEFT, y, (width, 120), (words("paper.window_note"),), _NOTE)


def _draw_fold(canvas: Canvas) -> None:
    """Ticks at both margins where the letter is folded first; the second fold is a part's edge."""
    y, right = g.PAGE_HEIGHT - g.FOLD, g.MARGIN + g.PART_WIDTH
    canvas.saveState()
    canvas.setLineWidth(0.5)
    canvas.line(g.MARGIN, y, g.MARGIN + _TICK, y)
    canvas.line(right - _TICK, y, right, y)
    canvas.setFont(SANS, 5)
    canvas.drawString(g.MARGIN + _TICK + 3, y - 1.8, words("paper.fold_here"))
    canvas.restoreState()


def _draw_part(pen: Pen, page: int, card: SealedCard) -> Box:
    """One part: the face, the statements, the symbol across the foot."""
    layout, size = WINDOW_FACE, g.WINDOW_SYMBOL
    y = _draw_statements(pen, draw_face(pen, card, layout))
    quiet = g.QUIET_MODULES * size.module
    top = y + quiet
    room = layout.height - 1.5 - quiet - top
    symbol, row = symbol_for(card.digits, size, room)
    left = (layout.width - symbol.width * size.module) / 2
    top += (room - symbol.rows * row) / 2
    pen.symbol(left, top, symbol, size, row)
    return pen.symbol_box(page, left, top, symbol, size, row)


def _draw_statements(pen: Pen, y: float) -> float:
    """The card's statements in two columns; the y below them."""
    layout, said = WINDOW_FACE, statements("card")
    width = (layout.inner - layout.gutter) / 2
    room = (width, WINDOW_STATEMENTS_HEIGHT - 3.5)
    left = layout.padding
    pen.prose(left, y + 2, room, said[:2], WINDOW_STATEMENTS)
    pen.prose(left + width + layout.gutter, y + 2, room, said[2:], WINDOW_STATEMENTS)
    return y + WINDOW_STATEMENTS_HEIGHT
