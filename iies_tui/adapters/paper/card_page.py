"""The card page: two identical parts, to be cut apart (15 NYCRR 32.9), in the plain layout."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from iies_tui.adapters.barcode.symbol import width_of
from iies_tui.adapters.paper import geometry as g
from iies_tui.adapters.paper.face import draw_column, draw_face
from iies_tui.adapters.paper.fonts import SANS
from iies_tui.adapters.paper.inputs import PlainPage
from iies_tui.adapters.paper.layout import CARD_FACE, CARD_SIDE, CARD_STATEMENTS
from iies_tui.adapters.paper.pen import Pen
from iies_tui.adapters.paper.placed import symbol_for
from iies_tui.issuance.ports.paper import Box

_MARK_SIZE = 5.0
_TICK = 7.0
"""Points of a cut mark beside a part's corner."""


def draw_plain(canvas: Canvas, page: int, said: PlainPage, digits: str) -> tuple[Box, Box]:
    """Both parts and the line between them; where their symbols stand."""
    upper = g.PAGE_HEIGHT - g.MARGIN
    lower = g.MARGIN + g.PART_HEIGHT
    draw_cut_marks(canvas, said.cut, upper - g.PART_HEIGHT, lower)
    return (
        _draw_part(Pen(canvas, g.MARGIN, upper), page, said, digits),
        _draw_part(Pen(canvas, g.MARGIN, lower), page, said, digits),
    )


def check_plain(pen: Pen, said: PlainPage) -> None:
    """All of a part but its symbol. Refused as the drawing would be."""
    top = draw_face(pen, said.face, CARD_FACE)
    _draw_side(pen, said, _column_left(width_of(g.CARD_SYMBOL.columns)), top)


def draw_cut_marks(canvas: Canvas, text: str, above: float, below: float) -> None:
    """A dashed line in the strip between two parts, ``text`` at its end, and ticks in line with
    the parts' sides.
    """
    middle = (above + below) / 2
    right = g.MARGIN + g.PART_WIDTH
    tick = min(_TICK, (above - below) / 3)
    canvas.saveState()
    canvas.setLineWidth(0.5)
    for side in (g.MARGIN + 0.25, right - 0.25):
        canvas.line(side, middle - tick / 2, side, middle + tick / 2)
    canvas.setDash(4, 3)
    canvas.line(g.MARGIN + 3, middle, right - 42, middle)
    canvas.setDash()
    canvas.setFont(SANS, _MARK_SIZE)
    canvas.drawRightString(right - 5, middle - _MARK_SIZE * 0.36, text)
    canvas.restoreState()


def _draw_part(pen: Pen, page: int, said: PlainPage, digits: str) -> Box:
    """One part of the card: the face, then the symbol with its column of small fields."""
    layout, size = CARD_FACE, g.CARD_SYMBOL
    y = draw_face(pen, said.face, layout)
    quiet = g.QUIET_MODULES * size.module
    top = y + 5 + quiet
    room = layout.height - layout.padding / 2 - quiet - top
    symbol, row = symbol_for(digits, size, room)
    left = layout.padding
    pen.symbol(left, top, symbol, size, row)
    _draw_side(pen, said, _column_left(symbol.width), y)
    return pen.symbol_box(page, left, top, symbol, size, row)


def _column_left(modules: int) -> float:
    """Where the column of small fields begins, right of a symbol so many modules wide."""
    return CARD_FACE.padding + modules * g.CARD_SYMBOL.module + CARD_FACE.gutter


def _draw_side(pen: Pen, said: PlainPage, x: float, y: float) -> None:
    """The column of small fields beside the symbol, and the statements under it."""
    layout = CARD_FACE
    width = layout.width - layout.padding - x
    below = draw_column(pen, x, y, width, CARD_SIDE, said.face.cells, layout)
    pen.rule(x, below + 1, width)
    room = layout.height - layout.padding / 2 - below - 4
    pen.prose(x, below + 4, (width, room), said.statements, CARD_STATEMENTS)
