"""Sizes of the pages in points (1/72 in), as design section 7 and 15 NYCRR 32.9 set them.

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

FAX_SYMBOL = SymbolSize(14, 0.62 * MM, 3.6 * MM, 5.0 * MM)
"""Five dots of a fax line a module; rows of 14 or more lines of a standard fax (98 dpi)."""
