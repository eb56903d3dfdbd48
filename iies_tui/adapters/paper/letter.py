"""The port ``Paper`` on Letter sheets: the card page and the fax sheet."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from iies_tui.adapters.paper import geometry as g, pages
from iies_tui.adapters.paper.canvas import end_page, new_canvas
from iies_tui.adapters.paper.card_page import check_plain, draw_plain
from iies_tui.adapters.paper.cover_page import draw_cover
from iies_tui.adapters.paper.fax_page import check_sheet, draw_sheet
from iies_tui.adapters.paper.fonts import register_fonts
from iies_tui.adapters.paper.information import draw_information
from iies_tui.adapters.paper.inputs import WindowPage
from iies_tui.adapters.paper.pen import Pen
from iies_tui.adapters.paper.window_page import check_window, draw_window
from iies_tui.domain.card import SealedCard
from iies_tui.domain.drawing import Drawn
from iies_tui.issuance.ports.paper import Box, Document
from iies_tui.text import words


class LetterPaper:
    """Draws with reportlab; the same card and program version give the same bytes."""

    def __init__(self, version: str) -> None:
        """``version``: the program's, told in each file. Registers the fonts, once 50 ms."""
        register_fonts()
        self._version = version

    def check(self, card: SealedCard) -> None:
        """Lay out everything but the symbols and keep nothing; ``card.digits`` is not looked at.

        Refused ``paper_too_long``, ``paper_no_glyph``, ``window_no_address`` or
        ``information_too_long`` as the drawing would, before a serial is spent on it.
        """
        canvas = new_canvas(BytesIO(), "", self._version)
        pen, page = Pen(canvas, g.MARGIN, g.PAGE_HEIGHT - g.MARGIN), pages.card_page(card)
        if isinstance(page, WindowPage):
            check_window(pen, page)
        else:
            check_plain(pen, page)
        check_sheet(canvas, pages.fax_sheet(card))
        information = pages.information_page(card)
        if information is not None:
            draw_information(canvas, information)

    def drawn(self, card: SealedCard) -> Drawn:
        """The digests of the card's pages, for its envelope; ``card.digits`` is not looked at.

        Refused ``window_no_address``.
        """
        return pages.drawn(card)

    def card_page(self, cards: Sequence[SealedCard]) -> Document:
        """Two identical parts a card, one page a card (15 NYCRR 32.9), and behind it the page for
        the policyholder where the card has one.

        Raise Refused as ``check``, ``symbol_too_large`` where the digits fit no symbol.
        """
        title = words("paper.card_title", serials=", ".join(card.serial for card in cards))
        stack = self.stack(title, fax=False)
        for card in cards:
            stack.add(card)
        return stack.finish()

    def fax_sheet(self, card: SealedCard, cover_to: str = "") -> Document:
        """The card 3 in high, the large bar code, the words for DMV. Refused as ``card_page``.

        ``cover_to``: the number on a cover page that goes before it, none where empty.
        """
        stack = self.stack(words("paper.fax_title", serials=card.serial), fax=True)
        if cover_to:
            stack.cover(card, cover_to)
        stack.add(card)
        return stack.finish()

    def stack(self, title: str, *, fax: bool) -> LetterStack:
        """One file of many cards, or of their fax sheets, drawn one at a time."""
        return LetterStack(title, self._version, fax=fax)


class LetterStack:
    """Port ``PageStack``: a card after the other, in the order in which they come."""

    def __init__(self, title: str, version: str, *, fax: bool) -> None:
        self._title, self._fax = title, fax
        self._buffer = BytesIO()
        self._canvas = new_canvas(self._buffer, title, version)
        self._boxes: list[Box] = []
        self._pages = 0

    def add(self, card: SealedCard) -> None:
        """A page more, and the policyholder's behind it. Refused as ``LetterPaper.card_page``."""
        if self._fax:
            sheet = pages.fax_sheet(card)
            self._boxes.append(draw_sheet(self._canvas, self._pages, sheet, card.digits))
            self._turn()
            return
        self._boxes.extend(_draw_card(self._canvas, self._pages, card))
        self._turn()
        information = pages.information_page(card)
        if information is not None:
            draw_information(self._canvas, information)
            self._turn()

    def cover(self, card: SealedCard, number: str) -> None:
        """A cover page before what is added next."""
        draw_cover(self._canvas, card, number)
        self._turn()

    def finish(self) -> Document:
        """The whole file; nothing can be added afterwards."""
        self._canvas.save()
        return Document(self._buffer.getvalue(), tuple(self._boxes), self._title, self._pages)

    def _turn(self) -> None:
        end_page(self._canvas)
        self._pages += 1


def _draw_card(canvas: Canvas, number: int, card: SealedCard) -> tuple[Box, Box]:
    """A card page in its layout."""
    page = pages.card_page(card)
    if isinstance(page, WindowPage):
        return draw_window(canvas, number, page, card.digits)
    return draw_plain(canvas, number, page, card.digits)
