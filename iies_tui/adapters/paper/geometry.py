"""Sizes of the pages in points (1/72 in).

Letter portrait; nothing but the fax symbol's quiet zone stands outside half-inch margins, so that
a page fits any printer without scaling. A part of a card is 5 to 8 1/2 in wide and 3 to 5 1/2 in
high (15 NYCRR 32.9).
"""

from __future__ import annotations

from dataclasses import dataclass

INCH = 72.0
MM = INCH / 25.4

PAGE_WIDTH = 8.5 * INCH
PAGE_HEIGHT = 11 * INCH
MARGIN = 0.5 * INCH

PART_WIDTH = PAGE_WIDTH - 2 * MARGIN
PART_HEIGHT = 4.9 * INCH
"""Two parts and the strip with the cut line fill the height between the margins."""

FOLD = PAGE_HEIGHT / 3
"""A letter folded in three: the first fold below the upper edge, the second as far again."""

WINDOW_PART_HEIGHT = PAGE_HEIGHT - MARGIN - 2 * FOLD
"""Of each part in the window layout (3 1/6 in): the lower one fills the last third of the page, so
that no fold crosses a card."""

WINDOW_PART_TOPS = (MARGIN + 236.0, 2 * FOLD)
"""Points of the parts' upper edges below the page's upper edge."""

ADDRESS_LEFT, ADDRESS_TOP = 0.95 * INCH, 2.5 * INCH
ADDRESS_WIDTH, ADDRESS_HEIGHT = 3.4 * INCH, 0.66 * INCH
"""What the window of a No. 10 envelope shows however the letter has slid. Envelope 9 1/2 by 4 1/8
in, window 4 1/2 by 1 1/8 in, 7/8 in from the left and 1/2 in from the lower edge: the trade's usual
one; a letter of 8 1/2 by 3 2/3 in has 1 in to slide sideways and 0.46 in upwards."""

FAX_CARD_WIDTH = 5 * INCH
FAX_CARD_HEIGHT = 3 * INCH

QUIET_MODULES = 2
"""Blank modules around a PDF417 symbol (ISO/IEC 15438)."""


@dataclass(frozen=True, slots=True)
class SymbolSize:
    """How a symbol is drawn: data columns, module width and row heights in points."""

    columns: int
    module: float
    row_least: float
    row_most: float


CARD_SYMBOL = SymbolSize(16, 3 * INCH / 203, 9 * INCH / 203, 15 * INCH / 203)
"""Three dots of a 203 dpi label printer a module (0.375 mm), rows three to five modules high."""

WINDOW_SYMBOL = SymbolSize(25, 3 * INCH / 203, 9 * INCH / 203, 15 * INCH / 203)
"""The card's symbol lying flat: the same modules, more columns, fewer rows."""

FAX_SYMBOL = SymbolSize(14, 0.62 * MM, 3.6 * MM, 5.0 * MM)
"""Five dots of a fax line a module; rows of 14 or more lines of a standard fax (98 dpi)."""
