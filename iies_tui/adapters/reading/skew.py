"""How far a scanned page is turned, from the sharpness of its lines.

zxing-cpp reads our fax symbol up to some 3° of skew and the card's, whose rows are lower, up to 1°;
a page laid on a glass by hand has more. Turned upright, the page's rules, lines of text and bars
lie along the pixel rows and columns, and the sums of neighboring rows and columns differ most.
"""

from __future__ import annotations

from itertools import pairwise

from PIL import Image

WIDEST = 15
"""Degrees either way that are tried."""

_SIDE = 800
"""Pixels of the reduced page's longer side: a quarter of a degree still shows."""
_FINE = (-0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75)


def likely_skew(gray: Image.Image) -> float:
    """Degrees counter-clockwise by which turning the page sets it upright, to a quarter."""
    small = gray.copy()
    small.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)

    def rank(degrees: float) -> tuple[int, float]:
        return _sharpness(small, degrees), -abs(degrees)

    coarse = max(range(-WIDEST, WIDEST + 1), key=rank)
    return max((coarse + step for step in _FINE), key=rank)


def turned(gray: Image.Image, degrees: float) -> Image.Image:
    """The page turned counter-clockwise on a larger white sheet."""
    return gray.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def _sharpness(small: Image.Image, degrees: float) -> int:
    page = small.rotate(degrees, Image.Resampling.BILINEAR, fillcolor=255)
    rows = page.resize((1, page.height), Image.Resampling.BOX).tobytes()
    columns = page.resize((page.width, 1), Image.Resampling.BOX).tobytes()
    return _steps(rows) * page.width + _steps(columns) * page.height


def _steps(sums: bytes) -> int:
    """The squared differences of neighbors."""
    return sum((one - other) ** 2 for one, other in pairwise(sums))
