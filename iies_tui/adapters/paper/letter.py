"""The port ``Paper`` on Letter sheets: the card page and the fax sheet (design section 7)."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from iies_tui.adapters.paper import geometry as g
from iies_tui.adapters.paper.cells import cells_of
from iies_tui.adapters.paper.face import draw_column, draw_face, statements
from iies_tui.adapters.paper.fit import Style, fit
from iies_tui.adapters.paper.fonts import BOLD, MONO, SANS, register_fonts
from iies_tui.adapters.paper.layout import (
    CARD_FACE,
    CARD_SIDE,
    CARD_STATEMENTS,
    FAX_FACE,
    FAX_STATEMENTS,
)
from iies_tui.adapters.paper.pen import Pen, new_canvas
from iies_tui.adapters.symbol import PdfSymbol, make_symbol, strongest_level, width_of
from iies_tui.domain.card import Mode, SealedCard
from iies_tui.issuance.ports import Box, Document
from iies_tui.text import words

_GAP = 8.0
_FAX_STRIP = 34.0
"""Least height between the fax sheet's card and its symbol, for words (12 mm)."""


class LetterPaper:
    """Draws with reportlab; the same card and program version give the same bytes."""

    def __init__(self, version: str) -> None:
        """``version``: the program's, told in each file. Registers the fonts, once 50 ms."""
        register_fonts()
        self._version = version

    def check(self, card: SealedCard) -> None:
        """Lay out everything but the symbols and keep nothing; ``card.digits`` is not looked at.

        Refused ``paper_too_long`` or ``paper_no_glyph`` as the drawing would, before a serial is
        spent on it.
        """
        canvas = new_canvas(BytesIO(), "", self._version)
        pen = Pen(canvas, g.MARGIN, g.PAGE_HEIGHT - g.MARGIN)
        top = draw_face(pen, card, CARD_FACE)
        x = _column_left(width_of(g.CARD_SYMBOL.columns))
        _draw_side(pen, card, x, top)
        _draw_fax_card(pen, card)
        _draw_fax_words(pen, card)

    def card_page(self, cards: Sequence[SealedCard]) -> Document:
        """Two identical parts a card, one page a card (15 NYCRR 32.9).

        Raise Refused ``paper_too_long`` or ``paper_no_glyph`` naming the field that cannot be
        printed whole, ``symbol_too_large`` where the digits fit no symbol.
        """
        title = words("paper.card_title", serials=", ".join(card.serial for card in cards))
        stack = self.stack(title, fax=False)
        for card in cards:
            stack.add(card)
        return stack.finish()

    def fax_sheet(self, card: SealedCard) -> Document:
        """The card 3 in high, the large bar code, the words for DMV. Refused as ``card_page``."""
        stack = self.stack(words("paper.fax_title", serials=card.serial), fax=True)
        stack.add(card)
        return stack.finish()

    def stack(self, title: str, *, fax: bool) -> LetterStack:
        """One file of many cards, or of their fax sheets, drawn one at a time."""
        return LetterStack(title, self._version, fax=fax)


class LetterStack:
    """Port ``PageStack``: a page a card, in the order in which they come."""

    def __init__(self, title: str, version: str, *, fax: bool) -> None:
        self._title, self._fax = title, fax
        self._buffer = BytesIO()
        self._canvas = new_canvas(self._buffer, title, version)
        self._boxes: list[Box] = []
        self._pages = 0

    def add(self, card: SealedCard) -> None:
        """One page more. Refused as ``LetterPaper.card_page``."""
        if self._fax:
            self._boxes.append(_draw_fax_sheet(self._canvas, self._pages, card))
        else:
            self._boxes.extend(_draw_card_page(self._canvas, self._pages, card))
        self._canvas.showPage()
        self._pages += 1

    def finish(self) -> Document:
        """The whole file; nothing can be added afterwards."""
        self._canvas.save()
        return Document(self._buffer.getvalue(), tuple(self._boxes), self._title, self._pages)


def _symbol_for(digits: str, size: g.SymbolSize, room: float) -> tuple[PdfSymbol, float]:
    """The strongest symbol within ``room`` points of height, and the height of its rows."""
    level = strongest_level(digits, size.columns, int(room / size.row_least + 1e-6))
    symbol = make_symbol(digits, size.columns, level)
    return symbol, min(size.row_most, room / symbol.rows)


def _draw_card_page(canvas: Canvas, page: int, card: SealedCard) -> tuple[Box, Box]:
    upper = g.PAGE_HEIGHT - g.MARGIN
    lower = g.MARGIN + g.PART_HEIGHT
    _draw_cut_marks(canvas, upper - g.PART_HEIGHT, lower)
    return (
        _draw_part(Pen(canvas, g.MARGIN, upper), page, card),
        _draw_part(Pen(canvas, g.MARGIN, lower), page, card),
    )


def _draw_cut_marks(canvas: Canvas, above: float, below: float) -> None:
    """A dashed line between the parts, and ticks in line with their sides."""
    middle = (above + below) / 2
    right = g.MARGIN + g.PART_WIDTH
    text, size = words("paper.cut_here"), 5.0
    canvas.saveState()
    canvas.setLineWidth(0.5)
    canvas.setDash(4, 3)
    canvas.line(g.MARGIN, middle, right - 42, middle)
    canvas.setDash()
    canvas.setFont(SANS, size)
    canvas.drawRightString(right - 4, middle - size * 0.36, text)
    canvas.restoreState()


def _draw_part(pen: Pen, page: int, card: SealedCard) -> Box:
    """One part of the card: the face, then the symbol with its column of small fields."""
    layout, size = CARD_FACE, g.CARD_SYMBOL
    y = draw_face(pen, card, layout)
    quiet = g.QUIET_MODULES * size.module
    top = y + 5 + quiet
    room = layout.height - layout.padding / 2 - quiet - top
    symbol, row = _symbol_for(card.digits, size, room)
    left = layout.padding
    pen.symbol(left, top, symbol, size, row)
    _draw_side(pen, card, _column_left(symbol.width), y)
    return pen.symbol_box(page, left, top, symbol, size, row)


def _column_left(modules: int) -> float:
    """Where the column of small fields begins, right of a symbol so many modules wide."""
    return CARD_FACE.padding + modules * g.CARD_SYMBOL.module + CARD_FACE.gutter


def _draw_side(pen: Pen, card: SealedCard, x: float, y: float) -> None:
    """The column of small fields beside the symbol, and the statements under it."""
    layout = CARD_FACE
    width = layout.width - layout.padding - x
    below = draw_column(pen, x, y, width, CARD_SIDE, cells_of(card), layout)
    pen.rule(x, below + 1, width)
    room = layout.height - layout.padding / 2 - below - 4
    pen.prose(x, below + 4, (width, room), statements("card"), CARD_STATEMENTS)


def _draw_fax_sheet(canvas: Canvas, page: int, card: SealedCard) -> Box:
    size, page_top = g.FAX_SYMBOL, g.PAGE_HEIGHT - g.MARGIN
    pen = Pen(canvas, g.MARGIN, page_top)
    _draw_fax_card(pen, card)
    _draw_fax_words(Pen(canvas, g.MARGIN + g.FAX_CARD_WIDTH + 12, page_top), card)
    room = g.PAGE_HEIGHT - 2 * g.MARGIN - g.FAX_CARD_HEIGHT - _FAX_STRIP
    symbol, row = _symbol_for(card.digits, size, room)
    height = symbol.rows * row
    top = g.PAGE_HEIGHT - 2 * g.MARGIN - height
    _draw_fax_strip(pen, card, g.FAX_CARD_HEIGHT, top)
    left = (g.PART_WIDTH - symbol.width * size.module) / 2
    pen.symbol(left, top, symbol, size, row)
    return pen.symbol_box(page, left, top, symbol, size, row)


def _draw_fax_card(pen: Pen, card: SealedCard) -> None:
    layout = FAX_FACE
    y = draw_face(pen, card, layout)
    text = (" ".join((*statements("card"), words("paper.see_bar_code"))),)
    room = layout.height - y - 7
    pen.prose(layout.padding, y + 4, (layout.inner, room), text, FAX_STATEMENTS)


def _draw_fax_words(pen: Pen, card: SealedCard) -> None:
    """The column beside the fax sheet's card: what customer, DMV and sender need to be told."""
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


def _draw_fax_strip(pen: Pen, card: SealedCard, above: float, below: float) -> None:
    """The line of words over the large bar code, which tells whose it is."""
    baseline = below - 10
    pen.text(0, baseline, words("paper.fax_bar_code"), BOLD, 12)
    pen.text_centred(g.PART_WIDTH / 2, baseline, card.serial, MONO, 11)
    if card.mode is not Mode.LIVE:
        text = words("paper.specimen")
        fitted = fit((text,), Style(BOLD, 10, 6), 190, 12, "mode")
        pen.text_right(g.PART_WIDTH, baseline, text, BOLD, fitted.size)
