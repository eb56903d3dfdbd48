"""The page of information for the policyholder (15 NYCRR 32.12), where the office wants one.

The rule's wording is not known to us. So the text is a file's: ours until the office puts its own
in its place, and each card keeps the text that went with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.pdfgen.canvas import Canvas

from iies_tui.adapters.paper import geometry as g
from iies_tui.adapters.paper.fit import LEADING, Style, fit
from iies_tui.adapters.paper.fonts import BOLD, SANS
from iies_tui.adapters.paper.inputs import InformationPage
from iies_tui.adapters.paper.pen import Pen
from iies_tui.domain.errors import Refused

_TITLE = Style(BOLD, 17, 10)
_TEXT = Style(SANS, 11.5, 7)
_INSET = 0.25 * g.INCH
_GAP = 0.6
"""Of a line between two paragraphs."""
_FOOT = 30.0


def draw_information(canvas: Canvas, said: InformationPage) -> None:
    """The whole page.

    Raise Refused ``information_too_long`` where it does not fit the page, ``paper_no_glyph``.
    """
    pen = Pen(canvas, g.MARGIN + _INSET, g.PAGE_HEIGHT - g.MARGIN)
    width = g.PART_WIDTH - 2 * _INSET
    bottom = g.PAGE_HEIGHT - 2 * g.MARGIN - _FOOT
    y = pen.prose(0, 0, (width, 60), (said.title,), _TITLE) + 6
    pen.rule(0, y, width, 1.4)
    _draw_paragraphs(pen, y + 14, (width, bottom - y - 14), said.paragraphs)
    pen.rule(0, bottom + 8, width)
    pen.text(0, bottom + 8 + 12, said.goes_with, SANS, 8)
    if said.agency:
        pen.text_right(width, bottom + 8 + 12, said.agency, SANS, 8)


def _draw_paragraphs(
    pen: Pen, y: float, size: tuple[float, float], paragraphs: Sequence[str]
) -> None:
    """All of them at the largest size at which they fit together."""
    width, height = size
    wished = _TEXT.size
    while wished >= _TEXT.smallest:
        style = Style(_TEXT.font, wished, wished)
        fitted = [fit((text,), style, width, 1e6, "information") for text in paragraphs]
        lines = sum(len(one.lines) for one in fitted) + _GAP * (len(fitted) - 1)
        if lines * wished * LEADING <= height:
            for one in fitted:
                y = pen.lines(0, y, one, style.font) + _GAP * wished * LEADING
            return
        wished -= 0.5
    raise Refused("information_too_long")
