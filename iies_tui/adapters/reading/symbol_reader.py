"""The port ``SymbolReader``: PDF417 from PDFs and pictures, through zxing-cpp.

It shares nothing with the drawing: what it reads, another reader could. ``pages`` climbs a ladder
of ever more help (raw, 3×3 median, set upright, double and half scale, small turns) and stops at
the first rung that gives a text worth keeping. zxing-cpp can give a wrong content marked valid on
a marginal symbol, so a caller that can check a text passes ``accept``; only what it takes ends
the climb.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

import zxingcpp
from PIL import Image, ImageFilter

from iies_tui.adapters.reading.page_text import text_on
from iies_tui.adapters.reading.pictures import gray_pages
from iies_tui.adapters.reading.raster import box_picture, open_pdf, page_picture
from iies_tui.adapters.reading.skew import likely_skew, turned
from iies_tui.domain.errors import Refused
from iies_tui.issuance.ports.barcode import FoundPage
from iies_tui.issuance.ports.paper import Document

MAX_FILE = 128 * 1024 * 1024
"""Bytes: a fleet of two thousand in one PDF has some seventy million."""
MAX_PDF_PAGES = 4000
"""A fleet of two thousand, each with the page for the policyholder behind it."""
PDF_DPI = 300
MAX_DIGITS = 2800
"""More than PDF417 can carry (928 codewords of numeric compaction)."""

_LARGEST_DOUBLED = 6_000_000
"""Pixels of a page that is still doubled in scale."""
_SKEWED = 0.5
_TURNS = (-1.0, 1.0, -2.5, 2.5)
"""Degrees: a skew worth turning for, and turns tried where the skew was not found rightly."""

Accept = Callable[[str], bool]


class ZxingReader:
    """Reads symbols; keeps texts that are all digits, which is what our symbols carry."""

    def __init__(self, accept: Accept | None = None) -> None:
        """``accept`` says whether a text of digits is genuine enough to end the ladder."""
        self._accept = accept

    def read_back(self, document: Document, dpi: int) -> tuple[str, ...]:
        """What a printer of ``dpi`` would leave to read of each symbol's box; '' where nothing."""
        texts: list[str] = []
        with open_pdf(document.pdf) as pdf:
            for number, boxes in groupby(document.symbols, lambda box: box.page):
                page = pdf[number]
                for box in boxes:
                    picture = box_picture(page, box, dpi)
                    found = _digits_in(picture.convert("L"), helped=False)
                    texts.append(found[0] if len(found) == 1 else "")
                page.close()
        return tuple(texts)

    def pages(self, data: bytes) -> Iterator[FoundPage]:
        """Every page with its symbols, in reading order from the top; see the port.

        Raise Refused ``not_a_picture`` or ``picture_too_large``. A symbol that stands twice on a
        page is told twice.
        """
        if len(data) > MAX_FILE:
            raise Refused("picture_too_large", limit=f"{MAX_FILE // 2**20} MB")
        if b"%PDF-" in data[:1024]:
            yield from self._pdf_pages(data)
            return
        for number, gray in enumerate(gray_pages(data), 1):
            yield FoundPage(number, self._climb(gray))

    def _pdf_pages(self, data: bytes) -> Iterator[FoundPage]:
        with open_pdf(data) as pdf:
            if len(pdf) > MAX_PDF_PAGES:
                raise Refused("picture_too_large", limit=f"{MAX_PDF_PAGES} pages")
            for index in range(len(pdf)):
                page = pdf[index]
                try:
                    text = text_on(page)
                    if text.beside and len(pdf) > 1:
                        continue  # the policyholder's page, a fax's cover: nothing to be judged
                    gray = page_picture(page, PDF_DPI)
                    yield FoundPage(index + 1, self._climb(gray), text.faces)
                finally:
                    page.close()

    def _climb(self, gray: Image.Image) -> tuple[str, ...]:
        """The first rung's texts that ``accept`` takes one of, else the first rung's with any."""
        doubtful: tuple[str, ...] = ()
        for rung in _rungs(gray):
            texts = _digits_in(rung)
            if texts and (self._accept is None or any(map(self._accept, texts))):
                return texts
            doubtful = doubtful or texts
        return doubtful


def _rungs(gray: Image.Image) -> Iterator[Image.Image]:
    """The page, then the page with help; each picture is made when it is asked for."""
    yield gray
    median = gray.filter(ImageFilter.MedianFilter(3))
    yield median
    skew = likely_skew(gray)
    if abs(skew) >= _SKEWED:
        gray, median = turned(gray, skew), turned(median, skew)
        yield gray
        yield median
    width, height = gray.size
    if width * height <= _LARGEST_DOUBLED:
        yield gray.resize((width * 2, height * 2), Image.Resampling.BICUBIC)
    yield gray.resize((max(1, width // 2), max(1, height // 2)), Image.Resampling.BOX)
    for degrees in _TURNS:
        yield turned(median, degrees)


def _digits_in(picture: Image.Image, *, helped: bool = True) -> tuple[str, ...]:
    """Texts of digits in the picture's PDF417 symbols, from the top left.

    ``helped`` False: not turned, shrunk or inverted, for a symbol that must read as it stands.
    """
    found = zxingcpp.read_barcodes(
        picture,
        formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.PDF417]),
        text_mode=zxingcpp.TextMode.Plain,
        try_rotate=helped,
        try_downscale=helped,
        try_invert=helped,
    )
    kept = [
        code
        for code in found
        if code.valid
        and code.text.isascii()
        and code.text.isdigit()
        and len(code.text) <= MAX_DIGITS
    ]
    kept.sort(key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    return tuple(code.text for code in kept)
