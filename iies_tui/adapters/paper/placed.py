"""A symbol into the room that there is: as strong as fits, its rows as high as they may be."""

from __future__ import annotations

from iies_tui.adapters.barcode.symbol import PdfSymbol, make_symbol, strongest_level
from iies_tui.adapters.paper.geometry import SymbolSize


def symbol_for(digits: str, size: SymbolSize, room: float) -> tuple[PdfSymbol, float]:
    """The strongest symbol within ``room`` points of height, and the height of its rows."""
    level = strongest_level(digits, size.columns, int(room / size.row_least + 1e-6))
    symbol = make_symbol(digits, size.columns, level)
    return symbol, min(size.row_most, room / symbol.rows)
