"""Whether a page shows the letters that its text layer says.

A font in a PDF may draw other letters than its codes stand for. So each text is set again from
the family's own font file, and both are compared in black and white.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from ctypes import POINTER, c_ubyte, cast
from importlib import resources

import pypdfium2 as pdfium
from PIL import Image, ImageChops
from pypdfium2 import raw

from iies_tui.adapters.reading.plain_page import LETTER, Text

_PIXELS = 64.0
"""Of the font size as shown: the most alike, 5 and S, then differ by 30 pixels or more; our own
pages by none (measured)."""
_INK = 128
"""Opacity from which a pixel counts as ink."""
_STRAY = 4
"""Pixels of ink, farther than one pixel from the other's ink, that rounding may leave."""
_LONGEST = 200
"""Characters of one text object; a line of our paper has at most about 130."""


def shows(page: pdfium.PdfPage, texts: Sequence[Text]) -> bool:
    """True where each text looks on the page as it does when it is set afresh."""
    if any(len(text.words) > _LONGEST for text in texts):
        return False
    with (
        closing(pdfium.PdfDocument.new()) as fresh,
        closing(fresh.new_page(LETTER[2], LETTER[3])) as sheet,
    ):
        fonts = {name: _font(fresh, name) for name in {text.font for text in texts}}
        try:
            for text in texts:
                there = _ink(page.pdf, page, text.item, text.shown_size)
                again = _set(fresh, sheet, fonts[text.font], text)
                here = _ink(fresh, sheet, again, text.shown_size)
                if stray(there, here, clipped=text.overprint) > _STRAY:
                    return False
        finally:
            for font in fonts.values():
                raw.FPDFFont_Close(font)
    return True


def stray(there: Image.Image, here: Image.Image, clipped: bool = False) -> int:
    """Pixels of either that are more than a pixel from the other's ink; both from lower left.

    Ink is 255 in mode L. Where ``there`` may be clipped, only its own are counted.
    """
    width, height = max(there.width, here.width), max(there.height, here.height)
    shown, meant = _widened(there, width, height), _widened(here, width, height)
    more = _far(shown, meant)
    return more if clipped else max(more, _far(meant, shown))


def _widened(ink: Image.Image, width: int, height: int) -> Image.Image:
    """With an empty border, since what leaves a picture on one side enters on the other."""
    wide = Image.new("L", (width + 4, height + 4))
    wide.paste(ink, (2, 2 + height - ink.height))
    return wide


def _far(ink: Image.Image, other: Image.Image) -> int:
    near = other
    for across, down in ((1, 0), (0, 1)):
        beside = (ImageChops.offset(near, sign * across, sign * down) for sign in (-1, 1))
        near = ImageChops.lighter(near, ImageChops.lighter(*beside))
    return ImageChops.subtract(ink, near).histogram()[255]


def _ink(
    document: pdfium.PdfDocument, page: pdfium.PdfPage, item: raw.FPDF_PAGEOBJECT, size: float
) -> Image.Image:
    handle = raw.FPDFTextObj_GetRenderedBitmap(document, page, item, _PIXELS / size)
    if not handle:
        return Image.new("L", (1, 1))
    bitmap = pdfium.PdfBitmap.from_raw(handle)  # frees the handle when it goes
    opacity: Image.Image = bitmap.to_pil().getchannel("A")
    return opacity.point([0] * _INK + [255] * (256 - _INK))


def _set(
    document: pdfium.PdfDocument, sheet: pdfium.PdfPage, font: raw.FPDF_FONT, text: Text
) -> raw.FPDF_PAGEOBJECT:
    item = raw.FPDFPageObj_CreateTextObj(document, font, text.size)
    wide = (text.words + "\0").encode("utf-16-le")
    buffer = (c_ubyte * len(wide)).from_buffer_copy(wide)
    raw.FPDFText_SetText(item, cast(buffer, raw.FPDF_WIDESTRING))
    raw.FPDFPageObj_SetMatrix(item, raw.FS_MATRIX(*text.item.get_matrix().get()))
    raw.FPDFPage_InsertObject(sheet, item)
    return item


def _font(document: pdfium.PdfDocument, name: str) -> raw.FPDF_FONT:
    folder = resources.files("iies_tui") / "adapters" / "paper" / "fonts"
    data = (folder / f"{name}.ttf").read_bytes()
    buffer = (c_ubyte * len(data)).from_buffer_copy(data)
    return raw.FPDFText_LoadFont(
        document, cast(buffer, POINTER(c_ubyte)), len(data), raw.FPDF_FONT_TRUETYPE, True
    )
