"""The fax sheet as a TIFF class F file for a fax modem (TIFF-F, RFC 2306; ITU-T T.4 and T.6).

1728 dots a line at 204 dots per inch, 98 lines per inch (standard) or 196 (fine), one bit, white
is zero, Modified Huffman (G3) or MMR (G4).
"""

from __future__ import annotations

import struct
from enum import StrEnum
from io import BytesIO

from PIL import Image, ImageChops, TiffImagePlugin

from iies_tui.adapters.reading.raster import open_pdf, stretched_picture
from iies_tui.domain.errors import MachineFailed
from iies_tui.domain.pages import FaxFile

LINE_DOTS = 1728
DOTS_PER_INCH = 204
STANDARD, FINE = 98, 196
"""Lines per inch."""

_NEW_SUBFILE, _PHOTOMETRIC, _X_RESOLUTION, _Y_RESOLUTION = 254, 262, 282, 283
_ROWS_PER_STRIP, _RESOLUTION_UNIT, _PAGE_NUMBER = 278, 296, 297
_PAGE_OF_MANY, _WHITE_IS_ZERO, _INCH, _SHORT = 2, 0, 2, 3


class Coding(StrEnum):
    """How the lines are coded; the values are Pillow's names."""

    G3 = "group3"
    G4 = "group4"


KINDS = {
    FaxFile.G3_FINE: (FINE, Coding.G3),
    FaxFile.G3_STANDARD: (STANDARD, Coding.G3),
    FaxFile.G4_FINE: (FINE, Coding.G4),
    FaxFile.G4_STANDARD: (STANDARD, Coding.G4),
}


def fax_file(pdf: bytes, kind: FaxFile) -> bytes:
    """As ``fax_tiff``, by the name of what is chosen."""
    return fax_tiff(pdf, *KINDS[kind])


def fax_tiff(pdf: bytes, lines_per_inch: int = FINE, coding: Coding = Coding.G3) -> bytes:
    """Every page of a Letter PDF as a page of one TIFF.

    The default is what every fax modem of today takes: fine resolution, one-dimensional coding.
    Raise Refused ``not_a_picture`` for a damaged PDF, MachineFailed ``tiff_failed`` where libtiff
    cannot write it.
    """
    with open_pdf(pdf) as document:
        pages = [
            _line_width(stretched_picture(document[number], DOTS_PER_INCH, lines_per_inch))
            for number in range(len(document))
        ]
    return tiff_of(pages, lines_per_inch, coding)


def tiff_of(pages: list[Image.Image], lines_per_inch: int, coding: Coding) -> bytes:
    """Pictures of one bit and ``LINE_DOTS`` dots a line as one TIFF-F file, a strip a page."""
    buffer = BytesIO()
    try:
        with TiffImagePlugin.AppendingTiffWriter(buffer) as writer:
            for page in pages:
                ImageChops.invert(page).save(
                    writer,
                    format="TIFF",
                    compression=coding.value,
                    tiffinfo=_tags(page.height, lines_per_inch),
                )
                writer.newFrame()
    except (OSError, ValueError) as error:
        raise MachineFailed("tiff_failed") from error
    return _finished(bytearray(buffer.getvalue()), len(pages))


def _finished(data: bytearray, count: int) -> bytes:
    """Set what Pillow cannot: white is zero, and each page's number.

    Pillow inverts for white-is-zero dot by dot, in Python, a second a page: the page is given
    inverted and the tag set here. For the page number it hands libtiff a pointer where two numbers
    are wanted, so that two bytes of chance stand there.
    """
    (directory,) = struct.unpack_from("<I", data, 4)
    for number in range(count):
        (entries,) = struct.unpack_from("<H", data, directory)
        for entry in range(directory + 2, directory + 2 + 12 * entries, 12):
            (tag,) = struct.unpack_from("<H", data, entry)
            if tag == _PAGE_NUMBER:
                struct.pack_into("<HIHH", data, entry + 2, _SHORT, 2, number, count)
            elif tag == _PHOTOMETRIC:
                struct.pack_into("<HIHH", data, entry + 2, _SHORT, 1, _WHITE_IS_ZERO, 0)
        (directory,) = struct.unpack_from("<I", data, directory + 2 + 12 * entries)
    return bytes(data)


def _tags(height: int, lines_per_inch: int) -> TiffImagePlugin.ImageFileDirectory_v2:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[_NEW_SUBFILE] = _PAGE_OF_MANY
    tags[_X_RESOLUTION] = float(DOTS_PER_INCH)
    tags[_Y_RESOLUTION] = float(lines_per_inch)
    tags[_RESOLUTION_UNIT] = _INCH
    tags[_PAGE_NUMBER] = (0, 0)
    tags[_ROWS_PER_STRIP] = height
    return tags


def _line_width(page: Image.Image) -> Image.Image:
    """Letter is 1734 dots wide, a fax line 1728: the margins give three dots each side."""
    left = (page.width - LINE_DOTS) // 2
    return page.crop((left, 0, left + LINE_DOTS, page.height))
