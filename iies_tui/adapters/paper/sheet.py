"""A plain Letter sheet of our own words: the recovery code, the notice of a compromised KEY."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from iies_tui.adapters.paper.fonts import BOLD, MONO, SANS, register_fonts, text_width
from iies_tui.adapters.paper.geometry import MARGIN, PAGE_HEIGHT, PAGE_WIDTH
from iies_tui.adapters.paper.pen import new_canvas

_SIZE, _LEADING, _TITLE, _CODE = 10.5, 14.0, 15.0, 15.0
_INSET = 36.0
CODE = "\t"
"""A line that begins with this is set large in the face whose 0 and O cannot be mistaken."""


def sheet(title: str, lines: Sequence[str], version: str) -> bytes:
    """PDF bytes: a title and lines, wrapped at blanks, on as many pages as they need."""
    register_fonts()
    buffer = BytesIO()
    canvas = new_canvas(buffer, title, version)
    left, width = MARGIN + _INSET, PAGE_WIDTH - 2 * (MARGIN + _INSET)
    y = PAGE_HEIGHT - MARGIN - _INSET
    for text, font, size in _laid_out(title, lines, width):
        if y < MARGIN + _INSET:
            canvas.showPage()
            y = PAGE_HEIGHT - MARGIN - _INSET
        canvas.setFont(font, size)
        canvas.drawString(left, y, text)
        y -= _LEADING if size == _SIZE else size * 2
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _laid_out(title: str, lines: Sequence[str], width: float) -> list[tuple[str, str, float]]:
    laid = [(title, BOLD, _TITLE)]
    for line in lines:
        if line.startswith(CODE):
            laid.append((line[len(CODE) :], MONO, _CODE))
        else:
            laid += [(part, SANS, _SIZE) for part in _wrap(line, width)]
    return laid


def _wrap(line: str, width: float) -> list[str]:
    done: list[str] = []
    for word in line.split(" "):
        if done and text_width(f"{done[-1]} {word}", SANS, _SIZE) <= width:
            done[-1] = f"{done[-1]} {word}"
        else:
            done.append(word)
    return done
