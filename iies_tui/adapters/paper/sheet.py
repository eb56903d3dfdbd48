"""A plain Letter sheet of our own words: a recovery code, a notice, an issuer's KEY or PIN."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from iies_tui.adapters.paper.canvas import new_canvas
from iies_tui.adapters.paper.fonts import BOLD, MONO, SANS, register_fonts, text_width
from iies_tui.adapters.paper.geometry import MARGIN, PAGE_HEIGHT, PAGE_WIDTH

_SIZE, _LEADING, _TITLE, _CODE = 10.5, 14.0, 15.0, 15.0
_INSET = 36.0
_COLUMN = 18.0
"""Points between a label and its value."""

CODE = "\t"
"""A line that begins with this is set large in the face whose 0 and O cannot be mistaken."""

_PAIR = re.compile(r"(?P<indent> *)(?P<label>\S.*?) {2,}(?P<value>\S.*)")
"""A label and its value, as a text file sets them in columns."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line's text, and how far right of the margin it begins, in points."""

    text: str
    font: str = SANS
    size: float = _SIZE
    indent: float = 0.0
    feed: bool = True
    """False where the next one stands in the same line."""

    @property
    def leading(self) -> float:
        if not self.feed:
            return 0.0
        return _LEADING if self.size == _SIZE else self.size * (1.25 if self.font == BOLD else 2)


def sheet(title: str, lines: Sequence[str], version: str) -> bytes:
    """PDF bytes: a title and lines, wrapped at blanks, on as many pages as they need."""
    register_fonts()
    buffer = BytesIO()
    canvas = new_canvas(buffer, title, version)
    left, width = MARGIN + _INSET, PAGE_WIDTH - 2 * (MARGIN + _INSET)
    y = PAGE_HEIGHT - MARGIN - _INSET
    for line in _laid_out(title, lines, width):
        if y < MARGIN + _INSET:
            canvas.showPage()
            y = PAGE_HEIGHT - MARGIN - _INSET
        canvas.setFont(line.font, line.size)
        canvas.drawString(left + line.indent, y, line.text)
        y -= line.leading
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def sheet_of_text(text: str, version: str) -> bytes:
    """A text file as a sheet: its first line the title, indented single words large.

    Paragraphs are filled anew, since the page is narrower or wider than a text's 79 columns.
    """
    title, *lines = text.rstrip("\n").split("\n")
    filled: list[str] = []
    for line in lines:
        if line.startswith("    ") and not _PAIR.fullmatch(line):
            filled.append(CODE + line.strip())
        elif filled and _is_prose(line) and _is_prose(filled[-1]):
            filled[-1] = f"{filled[-1]} {line}"
        else:
            filled.append(line)
    return sheet(title, filled, version)


def _is_prose(line: str) -> bool:
    return bool(line) and not line.startswith((" ", CODE)) and not _PAIR.fullmatch(line)


def _laid_out(title: str, lines: Sequence[str], width: float) -> Iterator[_Line]:
    for part in _wrap(title, width, BOLD, _TITLE):
        yield _Line(part, BOLD, _TITLE)
    pairs = [found for line in lines if (found := _PAIR.fullmatch(line))]
    labels = [text_width(found["indent"] + found["label"], SANS, _SIZE) for found in pairs]
    column = max(labels, default=0.0) + _COLUMN
    for line in lines:
        if line.startswith(CODE):
            yield _Line(line[len(CODE) :], MONO, _CODE)
        elif pair := _PAIR.fullmatch(line):
            yield _Line(pair["indent"] + pair["label"], feed=False)
            for part in _wrap(pair["value"], width - column, BOLD, _SIZE):
                yield _Line(part, BOLD, _SIZE, column)
        else:
            for part in _wrap(line, width, SANS, _SIZE):
                yield _Line(part)


def _wrap(line: str, width: float, font: str, size: float) -> list[str]:
    done: list[str] = []
    for word in line.split(" "):
        if done and text_width(f"{done[-1]} {word}", font, size) <= width:
            done[-1] = f"{done[-1]} {word}"
        else:
            done.append(word)
    return done
