"""Pages of a picture file in gray, with caps on what a hostile file may cost (Pillow)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from iies_tui.domain.errors import Refused

FORMATS = ("PNG", "JPEG", "TIFF")
MAX_PIXELS = 50_000_000
"""Of one page at one byte or less a pixel."""
MAX_BYTES = 100_000_000
"""Of one decoded page: a color picture may have fewer pixels."""
MAX_PAGES = 500
WORKING_PIXELS = 10_000_000
"""What the reader works on, over Letter at 300 dpi; a larger page is reduced to it."""

_BYTES = {"1": 1, "L": 1, "P": 1, "LA": 2, "I;16": 2, "PA": 2, "La": 2}
_SQUARE = 1.25
"""Horizontal over vertical resolution from which on a page is stretched to square pixels."""


_DAMAGE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OverflowError,
    MemoryError,
    ArithmeticError,
    RuntimeError,
)
"""What Pillow's plugins raise on damaged files; they are not of one family."""


def gray_pages(data: bytes) -> Iterator[Image.Image]:
    """Every page in mode L with square pixels, at most ``WORKING_PIXELS``.

    Raise Refused ``not_a_picture`` for what Pillow cannot read whole, ``picture_too_large`` past
    the caps, before decoding.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except _DAMAGE as error:
        raise Refused("not_a_picture") from error
    with picture:
        try:
            count = int(getattr(picture, "n_frames", 1))
        except _DAMAGE as error:
            raise Refused("not_a_picture") from error
        if count > MAX_PAGES:
            raise Refused("picture_too_large", limit=f"{MAX_PAGES} pages")
        for number in range(count):
            yield _gray(picture, number)


def _gray(picture: Image.Image, number: int) -> Image.Image:
    try:
        picture.seek(number)
        if picture.width * picture.height > MAX_PIXELS:
            raise _too_large()
        resolution = picture.info.get("dpi", (1, 1))
        if picture.format == "JPEG":
            _reduce_jpeg(picture)
        if picture.width * picture.height * _BYTES.get(picture.mode, 4) > MAX_BYTES:
            raise _too_large()
        return _square(_as_gray(picture), float(resolution[0] or 1), float(resolution[1] or 1))
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except _DAMAGE as error:
        raise Refused("not_a_picture") from error


def _as_gray(picture: Image.Image) -> Image.Image:
    if picture.mode == "I;16":
        return picture.point(_high_byte, "L")
    return picture if picture.mode == "L" else picture.convert("L")


def _high_byte(value: float) -> float:
    return value / 256


def _reduce_jpeg(picture: Image.Image) -> None:
    """Let libjpeg decode in gray, and smaller by a power of two where it may.

    A progressive one is held whole as coefficients, so that fewer pixels are allowed.
    """
    if "progressive" in picture.info and picture.width * picture.height > MAX_PIXELS // 2:
        raise _too_large()
    picture.draft("L", _working_size(*picture.size))


def _too_large() -> Refused:
    return Refused("picture_too_large", limit=f"{MAX_PIXELS // 1_000_000} MP")


def _working_size(width: int, height: int) -> tuple[int, int]:
    """Reduced so far that the reader's ladder stays within its memory."""
    scale = min(1.0, (WORKING_PIXELS / (width * height)) ** 0.5)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _square(gray: Image.Image, across: float, down: float) -> Image.Image:
    """A standard fax has twice the resolution across; its skew is one only on square pixels."""
    width, height = gray.size
    if across > down * _SQUARE and across < down * 4:
        height = round(height * across / down)
    elif down > across * _SQUARE and down < across * 4:
        width = round(width * down / across)
    size = _working_size(width, height)
    if size == gray.size:
        return gray.copy()
    return gray.resize(size, Image.Resampling.BOX if size[0] < width else Image.Resampling.NEAREST)
