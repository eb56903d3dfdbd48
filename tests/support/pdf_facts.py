"""What a PDF is, measured from its bytes: for tests of the paper, apart from the code that drew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
import pypdfium2

Ink = npt.NDArray[np.uint8]


@contextmanager
def opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def gray(pdf: bytes, dpi: float, page: int = 0) -> Ink:
    """The page as an array of gray, rows from the top; 0 is ink."""
    with opened(pdf) as document:
        picture = document[page].render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
        return np.array(picture)


def ink_box(pixels: Ink, dpi: float) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of all that is not white, in inches from the upper left corner."""
    rows, columns = np.where(pixels < 250)
    return (
        columns.min() / dpi,
        rows.min() / dpi,
        (columns.max() + 1) / dpi,
        (rows.max() + 1) / dpi,
    )


def text_of(pdf: bytes, page: int = 0) -> str:
    """All text of a page, in drawing order."""
    with opened(pdf) as document:
        layer = document[page].get_textpage()
        text: str = layer.get_text_range()
        layer.close()
        return text.replace("\r\n", "\n")


def text_boxes(pdf: bytes) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Text objects of the first page: text and (left, bottom, right, top) in points."""
    with opened(pdf) as document:
        page = document[0]
        layer = page.get_textpage()
        found = [
            (item.extract(), item.get_bounds())
            for item in page.get_objects(
                filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], max_depth=4, textpage=layer
            )
        ]
        layer.close()
        return found
