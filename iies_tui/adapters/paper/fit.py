"""Text into a box: as large as allowed, shrunk or broken at blanks, never cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from iies_tui.adapters.paper.fonts import can_print, text_width
from iies_tui.domain.errors import Problem, Refused

LEADING = 1.16
"""Distance of baselines over font size."""

ASCENT = 0.76
"""Height of the family's capitals over the font size, a little generous."""

_STEP = 0.25


@dataclass(frozen=True, slots=True)
class Style:
    """A font with the size wished for and the smallest that may still be printed, in points."""

    font: str
    size: float
    smallest: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines that fit their box at ``size``."""

    lines: tuple[str, ...]
    size: float


def fit(
    paragraphs: Sequence[str],
    style: Style,
    width: float,
    height: float,
    field: str,
) -> Fitted:
    """The paragraphs at the largest size at which their lines fit ``width`` and ``height``.

    A line is broken at blanks only. Raise Refused ``paper_too_long`` or ``paper_no_glyph``, with
    a Problem that names ``field``, where the value cannot be printed whole.
    """
    if not all(can_print(paragraph, style.font) for paragraph in paragraphs):
        raise _refused("paper_no_glyph", field)
    fitted = _largest(tuple(paragraphs), style, width, height)
    if fitted is None:
        raise _refused("paper_too_long", field)
    return fitted


@lru_cache(maxsize=256)
def _largest(
    paragraphs: tuple[str, ...], style: Style, width: float, height: float
) -> Fitted | None:
    """Remembered: the statements are the same on every card, a fleet's cards in all but a line."""
    size = style.size
    while size >= style.smallest - 1e-6:
        lines = _break_all(paragraphs, style.font, size, width)
        if lines is not None and block_height(len(lines), size) <= height + 1e-6:
            return Fitted(lines, size)
        size -= _STEP
    return None


def block_height(lines: int, size: float) -> float:
    """Points from the top of the first line's capitals to the last line's baseline."""
    return ((lines - 1) * LEADING + ASCENT) * size


def _refused(code: str, field: str) -> Refused:
    return Refused(code, (Problem(field, code),), field=field)


def _break_all(
    paragraphs: Sequence[str], font: str, size: float, width: float
) -> tuple[str, ...] | None:
    lines: list[str] = []
    for paragraph in paragraphs:
        broken = _break(paragraph, font, size, width)
        if broken is None:
            return None
        lines.extend(broken)
    return tuple(lines)


def _break(text: str, font: str, size: float, width: float) -> list[str] | None:
    """Lines no wider than ``width``; None where a single word is wider."""
    lines: list[str] = []
    for word in text.split():
        if text_width(word, font, size) > width:
            return None
        wider = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(wider, font, size) <= width:
            lines[-1] = wider
        else:
            lines.append(word)
    return lines
