"""A page that is no card: shows whether a printer keeps the margins and prints at 100 %."""

from __future__ import annotations

from io import BytesIO

from iies_tui.adapters.paper import geometry as g
from iies_tui.adapters.paper.fonts import BOLD, SANS, register_fonts
from iies_tui.adapters.paper.pen import new_canvas
from iies_tui.text import words

_INCHES = 5


def test_page(version: str) -> bytes:
    """One Letter page with a frame on the half-inch margins and a ruler of five inches."""
    register_fonts()
    buffer = BytesIO()
    canvas = new_canvas(buffer, words("test_page.title"), version)
    width, height = g.PAGE_WIDTH - 2 * g.MARGIN, g.PAGE_HEIGHT - 2 * g.MARGIN
    canvas.rect(g.MARGIN, g.MARGIN, width, height)
    middle, top = g.PAGE_WIDTH / 2, g.PAGE_HEIGHT - 2 * g.INCH
    canvas.setFont(BOLD, 22)
    canvas.drawCentredString(middle, top, words("test_page.title"))
    canvas.setFont(SANS, 12)
    for number, line in enumerate(words("test_page.text", inches=_INCHES).splitlines()):
        canvas.drawCentredString(middle, top - 40 - 18 * number, line)
    left, base = middle - _INCHES * g.INCH / 2, top - 3 * g.INCH
    canvas.line(left, base, left + _INCHES * g.INCH, base)
    for inch in range(_INCHES + 1):
        x = left + inch * g.INCH
        canvas.line(x, base, x, base + 0.25 * g.INCH)
        canvas.drawCentredString(x, base + 0.35 * g.INCH, str(inch))
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()
