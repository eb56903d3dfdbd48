"""A bad telephone line and a bad feeder: what a page looks like after a fax."""

from __future__ import annotations

import numpy as np
import pypdfium2
from PIL import Image

from iies_tui.adapters.paper.tiff import DOTS_PER_INCH, LINE_DOTS, Coding, tiff_of

OVERSAMPLED = 408
"""Dots per inch at which the paper is turned before the scanner's lines are taken."""


def sheet(pdf: bytes) -> Image.Image:
    """The first page as paper, gray."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture: Image.Image = document[0].render(scale=OVERSAMPLED / 72, grayscale=True).to_pil()
        return picture.convert("L").copy()
    finally:
        document.close()


def faxed(
    paper: Image.Image,
    chance: np.random.Generator,
    lines_per_inch: int,
    coding: Coding,
    *,
    noise: float = 0.005,
    skew: float = 2.0,
    lines: float = 0.01,
) -> bytes:
    """A sheet through a skewed feeder, line and modem, as the TIFF received.

    ``noise``: share of dots flipped; ``skew`` in degrees, up to, either way; ``lines``: share of
    lines lost or doubled.
    """
    angle = float(chance.uniform(-skew, skew))
    turned = paper.rotate(angle, Image.Resampling.BILINEAR, fillcolor=255)
    size = (round(8.5 * DOTS_PER_INCH), 11 * lines_per_inch)
    dots = np.asarray(turned.resize(size, Image.Resampling.BOX)) < 128
    left = (size[0] - LINE_DOTS) // 2
    dots = dots[:, left : left + LINE_DOTS].copy()
    dots ^= chance.random(dots.shape) < noise
    times = np.ones(dots.shape[0], dtype=int)
    hit = np.less(chance.random(dots.shape[0]), lines)
    times[hit] = chance.choice((0, 2), size=int(hit.sum()))
    dots = np.repeat(dots, times, axis=0)
    page = Image.fromarray(np.where(dots, 0, 255).astype(np.uint8)).convert(
        "1", dither=Image.Dither.NONE
    )
    return tiff_of([page], lines_per_inch, coding)
