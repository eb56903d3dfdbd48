"""A canvas seen from a box's upper left corner, with y downwards, as a page is read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from reportlab.lib.rl_accel import fp_str
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from iies_tui.adapters.barcode.symbol import PdfSymbol
from iies_tui.adapters.paper.fit import ASCENT, LEADING, Fitted, Style, fit
from iies_tui.adapters.paper.fonts import BOLD, SANS, text_width
from iies_tui.adapters.paper.geometry import QUIET_MODULES, SymbolSize
from iies_tui.issuance.ports.paper import Box

HAIRLINE = 0.4


class Rectangles(PDFPathObject):
    """A path of many rectangles that share their edges: each number is written out once."""

    def rect(self, x: float, y: float, width: float, height: float) -> None:
        """As reportlab's own, to the byte."""
        numbers = f"{_number(x)} {_number(y)} {_number(width)} {_number(height)}"
        self._code_append(f"{numbers} re")  # type: ignore[attr-defined]  # the stubs lack it


@lru_cache(maxsize=1024)
def _number(value: float) -> str:
    return str(fp_str(value))


class Pen:
    """Draws text, lines and symbols in a box whose upper left corner is (left, top)."""

    def __init__(self, canvas: Canvas, left: float, top: float) -> None:
        """``top`` in points from the lower edge of the page."""
        self._canvas, self._left, self._top = canvas, left, top

    def text(self, x: float, baseline: float, text: str, font: str, size: float) -> None:
        """One text object; ``baseline`` downwards from the box's top."""
        self._canvas.setFont(font, size)
        self._canvas.drawString(self._left + x, self._top - baseline, text)

    def text_right(self, x: float, baseline: float, text: str, font: str, size: float) -> None:
        """One text object that ends at ``x``."""
        self.text(x - text_width(text, font, size), baseline, text, font, size)

    def text_centered(self, x: float, baseline: float, text: str, font: str, size: float) -> None:
        """One text object around ``x``."""
        self.text(x - text_width(text, font, size) / 2, baseline, text, font, size)

    def lines(self, x: float, y: float, fitted: Fitted, font: str) -> float:
        """Fitted lines from ``y`` downwards; the y below the last."""
        for line in fitted.lines:
            self.text(x, y + fitted.size * ASCENT, line, font, fitted.size)
            y += fitted.size * LEADING
        return y

    def prose(
        self, x: float, y: float, size: tuple[float, float], text: Sequence[str], style: Style
    ) -> float:
        """Our own words in a box of ``size`` (width, height); the y below them."""
        return self.lines(x, y, fit(text, style, *size, field="text"), style.font)

    def address(
        self, x: float, y: float, size: tuple[float, float], lines: Sequence[str], style: Style
    ) -> None:
        """Lines in a box of ``size``, as large as fits; it is ``address`` that is refused."""
        self.lines(x, y, fit(lines, style, *size, field="address"), style.font)

    def heading(self, x: float, y: float, text: str, size: float) -> float:
        """A bold line; the y below it."""
        self.text(x, y + size * ASCENT, text, BOLD, size)
        return y + size * LEADING

    def rule(self, x: float, y: float, width: float, weight: float = HAIRLINE) -> None:
        """A horizontal line."""
        self._canvas.setLineWidth(weight)
        self._canvas.line(self._left + x, self._top - y, self._left + x + width, self._top - y)

    def frame(self, width: float, height: float, weight: float = HAIRLINE) -> None:
        """The box's own outline, drawn inside it."""
        self.outline(weight / 2, weight / 2, width - weight, height - weight, weight)

    def outline(self, x: float, y: float, width: float, height: float, weight: float) -> None:
        """A rectangle's edge."""
        self._canvas.setLineWidth(weight)
        self._canvas.rect(self._left + x, self._top - y - height, width, height, stroke=1, fill=0)

    def overprint(self, text: str, width: float, height: float, lines: int, size: float) -> None:
        """The specimen's words in gray across the box, repeated, clipped to it."""
        canvas = self._canvas
        canvas.saveState()
        clip = canvas.beginPath()
        clip.rect(self._left, self._top - height, width, height)
        canvas.clipPath(clip, stroke=0, fill=0)
        canvas.setFillGray(0.80)
        canvas.translate(self._left + width / 2, self._top - height / 2)
        canvas.rotate(16)
        canvas.setFont(BOLD, size)
        step = height / (lines - 0.2)
        for line in range(lines):
            canvas.drawCentredString(0, ((lines - 1) / 2 - line) * step - size / 3, text)
        canvas.restoreState()

    def symbol(self, x: float, y: float, symbol: PdfSymbol, size: SymbolSize, row: float) -> None:
        """The symbol's dark modules as one vector path, on white with its quiet zone.

        ``x``, ``y`` are the upper left corner of the first module; ``row`` is a row's height.
        """
        canvas, quiet = self._canvas, QUIET_MODULES * size.module
        left, top = self._left + x, self._top - y
        width, height = symbol.width * size.module, symbol.rows * row
        canvas.saveState()
        canvas.setFillGray(1)
        canvas.rect(left - quiet, top - height - quiet, width + 2 * quiet, height + 2 * quiet, 0, 1)
        canvas.setFillGray(0)
        path = Rectangles()
        for run in symbol.runs:
            path.rect(
                left + run.start * size.module,
                top - (run.row + 1) * row,
                run.length * size.module,
                row,
            )
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.restoreState()

    def symbol_box(
        self, page: int, x: float, y: float, symbol: PdfSymbol, size: SymbolSize, row: float
    ) -> Box:
        """Where ``symbol`` draws, quiet zone included."""
        quiet = QUIET_MODULES * size.module
        left, top = self._left + x, self._top - y
        return Box(
            page,
            left - quiet,
            top - symbol.rows * row - quiet,
            left + symbol.width * size.module + quiet,
            top + quiet,
        )

    def label(self, x: float, y: float, text: str, size: float) -> float:
        """A field's label; the y below it."""
        self.text(x, y + size * ASCENT, text, SANS, size)
        return y + size * LEADING
