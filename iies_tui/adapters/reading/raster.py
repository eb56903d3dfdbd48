"""Pages of a PDF as pictures, through pypdfium2: gray, or one bit as a printer or fax has them.

Nothing here knows how our pages are drawn. pdfium is not safe in two threads at once: one
reader, one thread.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pypdfium2 as pdfium
from PIL import Image

from iies_tui.domain.errors import Refused
from iies_tui.issuance.ports.paper import Box

POINTS_PER_INCH = 72.0
THRESHOLD = 128
"""Gray at or over this is paper, below it is ink."""

MAX_PIXELS = 12_000_000
"""Of one page; a page that would be larger is drawn at a lower resolution."""

MAX_IMAGE_PIXELS = 40_000_000
"""Of one picture inside a PDF, which pdfium decodes whole."""


@contextmanager
def open_pdf(data: bytes) -> Iterator[pdfium.PdfDocument]:
    """The document, closed afterwards.

    Refused ``not_a_picture`` where pdfium cannot read it, or a page of it that the caller asks for.
    """
    try:
        with closing(pdfium.PdfDocument(data)) as document:
            yield document
    except pdfium.PdfiumError as error:
        raise Refused("not_a_picture") from error


def page_picture(page: pdfium.PdfPage, dpi: float) -> Image.Image:
    """The whole page in gray (mode L) at ``dpi``, or at what keeps it under ``MAX_PIXELS``."""
    _refuse_huge_images(page)
    scale = dpi / POINTS_PER_INCH
    pixels = page.get_width() * page.get_height() * scale * scale
    if pixels > MAX_PIXELS:
        scale *= math.sqrt(MAX_PIXELS / pixels)
    return _render(page, scale, (0, 0, 0, 0))


def box_picture(page: pdfium.PdfPage, box: Box, dpi: int) -> Image.Image:
    """The box in one bit (mode 1) on the pixel grid that the whole page would have at ``dpi``."""
    scale = dpi / POINTS_PER_INCH
    width, height = page.get_width(), page.get_height()
    crop = (
        math.floor(box.left * scale) / scale,
        math.floor(box.bottom * scale) / scale,
        width - math.ceil(box.right * scale) / scale,
        height - math.ceil(box.top * scale) / scale,
    )
    _refuse_huge_images(page)
    return one_bit(_render(page, scale, crop))


def stretched_picture(page: pdfium.PdfPage, across: int, down: int) -> Image.Image:
    """The whole page in one bit with unlike resolutions, in dots per inch, as a fax has them."""
    _refuse_huge_images(page)
    width = round(page.get_width() * across / POINTS_PER_INCH)
    height = round(page.get_height() * down / POINTS_PER_INCH)
    if width * height > MAX_PIXELS:
        raise Refused("picture_too_large", limit=f"{MAX_PIXELS // 1_000_000} MP")
    with closing(pdfium.PdfBitmap.new_native(width, height, pdfium.raw.FPDFBitmap_Gray)) as bitmap:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
        flags = pdfium.raw.FPDF_ANNOT | pdfium.raw.FPDF_GRAYSCALE
        pdfium.raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
        return one_bit(bitmap.to_pil())


def one_bit(picture: Image.Image) -> Image.Image:
    """Mode 1 by a plain threshold: no dithering, as thermal heads and fax machines do."""
    return picture.convert("L").point([0] * THRESHOLD + [255] * (256 - THRESHOLD), "1")


def _render(
    page: pdfium.PdfPage, scale: float, crop: tuple[float, float, float, float]
) -> Image.Image:
    try:
        bitmap = page.render(scale=scale, crop=crop, grayscale=True)
        with closing(bitmap):
            picture: Image.Image = bitmap.to_pil().convert("L")
            return picture.copy()
    except (pdfium.PdfiumError, ValueError) as error:
        raise Refused("not_a_picture") from error


def _refuse_huge_images(page: pdfium.PdfPage) -> None:
    """A few bytes of PDF can hold a picture of gigabytes; it is refused before it is decoded."""
    for item in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE]):
        width, height = item.get_px_size()
        if width * height > MAX_IMAGE_PIXELS:
            raise Refused("picture_too_large", limit=f"{MAX_IMAGE_PIXELS // 1_000_000} MP")
