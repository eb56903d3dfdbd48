"""A card's digits as a PDF417 symbol: which modules are dark, at which size.

``pdf417gen`` makes the codewords (numeric compaction, 44 digits in 15 codewords) and the bars.
It checks the length descriptor alone, so a symbol past 928 codewords comes out with an error
correction that no reader can use: every codeword is counted here before anything is drawn
(ISO/IEC 15438: data, padding, error correction and the descriptor, 928 in all, 3 to 90 rows).
Level 8 is never used: its 512 words of correction leave no room for a card.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import pdf417gen

from iies_tui.domain.errors import Refused

MAX_CODEWORDS = 928
MAX_ROWS = 90
MIN_ROWS = 3
MAX_COLUMNS = 30
LEVELS = (7, 6, 5)
"""Error correction levels that a card may have, the strongest first."""

SHORTEST = 13
"""Digits below which numeric compaction is not used by ``pdf417gen``; a card has hundreds."""

_CODEWORD_MODULES = 17
_FRAME_MODULES = 17 + 17 + 17 + 18
"""Start pattern, left and right row indicators, stop pattern."""


@dataclass(frozen=True, slots=True)
class Run:
    """Dark modules side by side: ``length`` of them from module ``start`` of row ``row``.

    Rows count from 0 at the top, modules from 0 at the left.
    """

    row: int
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class PdfSymbol:
    """A symbol's modules. ``width`` is in modules, without the quiet zone."""

    columns: int
    rows: int
    level: int
    width: int
    runs: tuple[Run, ...]


def codeword_count(digits: str, columns: int, level: int) -> int:
    """All codewords of the symbol: descriptor, data, padding, error correction."""
    whole, rest = divmod(len(digits), 44)
    data = 1 + whole * 15 + (rest // 3 + 1 if rest else 0)
    filled = 1 + data + (2 << level)
    return filled + -filled % columns


def width_of(columns: int) -> int:
    """Modules across a symbol of so many data columns, without the quiet zone."""
    return columns * _CODEWORD_MODULES + _FRAME_MODULES


def strongest_level(digits: str, columns: int, most_rows: int) -> int:
    """The highest of ``LEVELS`` whose symbol keeps to 928 codewords and ``most_rows`` rows.

    Raise Refused ``symbol_too_large`` where not even the lowest does.
    """
    for level in LEVELS:
        count = codeword_count(digits, columns, level)
        if count <= MAX_CODEWORDS and count // columns <= min(most_rows, MAX_ROWS):
            return level
    raise Refused("symbol_too_large", digits=len(digits))


@lru_cache(maxsize=2)
def make_symbol(digits: str, columns: int, level: int) -> PdfSymbol:
    """The symbol of ``digits`` (ASCII decimal, ``SHORTEST`` or more) with 1 to 30 columns.

    Raise Refused ``symbol_too_large`` past 928 codewords or 90 rows, ``symbol_not_digits``
    for anything but digits, so that no other compaction is ever used. The last two are kept: a card
    page bears the same symbol twice.
    """
    if not (digits.isascii() and digits.isdigit()) or len(digits) < SHORTEST:
        raise Refused("symbol_not_digits")
    if not 1 <= columns <= MAX_COLUMNS or level not in LEVELS:
        raise ValueError("columns or level out of range")
    expected = codeword_count(digits, columns, level)
    if expected > MAX_CODEWORDS or not MIN_ROWS <= expected // columns <= MAX_ROWS:
        raise Refused("symbol_too_large", digits=len(digits))
    rows: list[list[int]] = pdf417gen.encode(digits, columns=columns, security_level=level)
    if len(rows) * columns != expected or any(len(row) != columns + 4 for row in rows):
        raise Refused("symbol_too_large", digits=len(digits))
    runs = tuple(run for number, row in enumerate(rows) for run in _runs(number, row))
    return PdfSymbol(columns, len(rows), level, width_of(columns), runs)


def _runs(number: int, row: list[int]) -> Iterator[Run]:
    """The dark stretches of one row of bar patterns (17 modules each, the stop pattern 18)."""
    modules = "".join(format(pattern, "b") for pattern in row)
    start = 0
    for dark, stretch in groupby(modules):
        length = len(list(stretch))
        if dark == "1":
            yield Run(number, start, length)
        start += length
