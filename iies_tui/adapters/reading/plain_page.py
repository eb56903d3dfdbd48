"""Whether a page of a PDF is plainly what our paper is: black words and a few lines, all seen.

What a text layer says is worth nothing where a reader may be shown something else: so any
picture, form, shading, annotation, clip, marked content (hidden layers), transparency, odd page
box, foreign font, faint or tiny text, or thing drawn over text makes the page another's. Nothing
here is shared with the drawing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from ctypes import byref, c_float, c_int, c_size_t, c_ubyte, c_uint, create_string_buffer
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

from iies_tui.domain.face_labels import SPECIMEN

LETTER = (0.0, 0.0, 612.0, 792.0)
FONTS = ("DejaVuSansCondensed", "DejaVuSansCondensed-Bold", "DejaVuSansMono-Bold")
"""What our paper's fonts are called in the PDF, without the subset's tag."""

_MAX_OBJECTS = 1_000
_MAX_SEGMENTS = 60_000
_MAX_LINES, _LINE_SEGMENTS, _THICKEST = 40, 6, 4.0
"""Stroked paths on a page, segments of one (a rectangle has five), points of thickness."""
_MAX_SYMBOLS = 2
_SMALLEST = 4.0
"""Points; smaller text cannot be read on paper."""
_LARGEST = 40.0
"""Points of the specimen's gray words."""
_BLACK, _PALE, _WHITE = 48, 190, 255
"""A color is ink where no channel is over the first, and pale where none is under the second."""
_NARROWEST = 0.2
"""Of the font size, for one character: the family's narrowest lines have 0.4."""
_TOUCH = 0.25
"""Points that boxes may share without one covering the other."""
_EVEN = 1e-3
_TRUETYPE = b"\x00\x01\x00\x00"

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Text:
    """One text object: its words with single blanks, and its (left, bottom, right, top)."""

    words: str
    bounds: Bounds
    font: str
    size: float
    item: pdfium.PdfTextObj
    overprint: bool = False

    @property
    def shown_size(self) -> float:
        """Points on the page: the nominal size times the scale of the text's matrix."""
        slant, up = self.item.get_matrix().get()[2:4]
        return self.size * math.hypot(slant, up)


def plain_texts(page: pdfium.PdfPage) -> tuple[Text, ...] | None:
    """Every text object in drawing order; None unless the page is plainly ours."""
    if not _plain_sheet(page):
        return None
    with closing(page.get_textpage()) as layer:
        items = []
        for item in page.get_objects(max_depth=1, textpage=layer):
            items.append(item)
            if len(items) > _MAX_OBJECTS or not _plain_object(item):
                return None
        drawn = [_plain_text(item) if _is_text(item) else item.get_bounds() for item in items]
    if None in drawn or not _plain_paths([item for item in items if not _is_text(item)]):
        return None
    kept = [thing for thing in drawn if thing is not None]
    if _covers(kept):
        return None
    return tuple(thing for thing in kept if isinstance(thing, Text))


def _plain_sheet(page: pdfium.PdfPage) -> bool:
    """Upright Letter whose boxes the page itself states, nothing annotated.

    An inherited MediaBox is not told by pdfium, so a page without its own is refused; the
    bounding box is what is shown after every CropBox.
    """
    own = page.get_mediabox(fallback_ok=False)
    return (
        own is not None
        and _near(own, LETTER)
        and _near(page.get_bbox(), LETTER)
        and _near((0, 0, *page.get_size()), LETTER)
        and page.get_rotation() == 0
        and raw.FPDFPage_GetAnnotCount(page) == 0
    )


def _plain_object(item: pdfium.PdfObject) -> bool:
    """Text or path, neither marked (hidden layers, stated words), nor transparent, nor clipped."""
    if item.type not in (raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH):
        return False
    if raw.FPDFPageObj_CountMarks(item) != 0 or raw.FPDFPageObj_HasTransparency(item):
        return False
    return _is_text(item) or not _clipped(item)


def _is_text(item: pdfium.PdfObject) -> bool:
    return bool(item.type == raw.FPDF_PAGEOBJ_TEXT)


def _clipped(item: pdfium.PdfObject) -> bool:
    clip = raw.FPDFPageObj_GetClipPath(item)
    return bool(clip) and raw.FPDFClipPath_CountPaths(clip) > 0


def _clipped_to(item: pdfium.PdfObject, bounds: Bounds) -> Bounds:
    """What a clip leaves of the bounds; one that is no single simple path is taken for none."""
    clip = raw.FPDFPageObj_GetClipPath(item)
    if not clip or raw.FPDFClipPath_CountPaths(clip) != 1:
        return bounds
    count = raw.FPDFClipPath_CountPathSegments(clip, 0)
    if not 0 < count <= _LINE_SEGMENTS:
        return bounds
    rights, ups, across, up = [], [], c_float(), c_float()
    for number in range(count):
        segment = raw.FPDFClipPath_GetPathSegment(clip, 0, number)
        raw.FPDFPathSegment_GetPoint(segment, byref(across), byref(up))
        rights.append(across.value)
        ups.append(up.value)
    return (
        max(bounds[0], min(rights)),
        max(bounds[1], min(ups)),
        min(bounds[2], max(rights)),
        min(bounds[3], max(ups)),
    )


def _plain_text(item: pdfium.PdfTextObj) -> Text | None:
    """The text if it is plainly seen; the specimen's gray words may be clipped and slanted."""
    said = " ".join(item.extract().split())
    font = _our_font(item)
    if font is None or raw.FPDFTextObj_GetTextRenderMode(item) != raw.FPDF_TEXTRENDERMODE_FILL:
        return None
    bounds, color = item.get_bounds(), _fill(item)
    text = Text(said, bounds, font, item.get_font_size(), item)
    if color is None:
        return None
    if min(color) >= _PALE:
        if said != SPECIMEN or not _SMALLEST <= text.shown_size <= _LARGEST:
            return None
        return Text(said, _clipped_to(item, bounds), font, text.size, item, True)
    seen = max(color) <= _BLACK and not _clipped(item) and _upright(text) and _on_page(bounds)
    return text if seen else None


def _upright(text: Text) -> bool:
    """Level, not mirrored, evenly scaled, large enough and with room for each character."""
    across, lean, slant, up = text.item.get_matrix().get()[:4]
    if up <= 0 or abs(lean) > _EVEN or abs(slant) > _EVEN or abs(across - up) > _EVEN * abs(up):
        return False
    size = text.shown_size
    width = text.bounds[2] - text.bounds[0]
    return size >= _SMALLEST and width >= _NARROWEST * size * len(text.words)


def _on_page(bounds: Bounds) -> bool:
    left, bottom, right, top = bounds
    return left >= 0 and bottom >= 0 and right <= LETTER[2] and top <= LETTER[3]


def _our_font(item: pdfium.PdfTextObj) -> str | None:
    """Its name, if it is embedded TrueType and bears a name of our family."""
    font = raw.FPDFTextObj_GetFont(item)
    name, head, length = create_string_buffer(64), (c_ubyte * 0)(), c_size_t()
    told = raw.FPDFFont_GetBaseFontName(font, name, len(name))
    if not told or told > len(name) or raw.FPDFFont_GetIsEmbedded(font) != 1:
        return None
    base = name.value.decode("utf-8", "replace")
    base = base[7:] if base[6:7] == "+" else base
    if base not in FONTS or not raw.FPDFFont_GetFontData(font, head, 0, byref(length)):
        return None
    data = (c_ubyte * length.value)()
    raw.FPDFFont_GetFontData(font, data, length, byref(length))
    return base if bytes(data[:4]) == _TRUETYPE else None


def _fill(item: pdfium.PdfObject) -> tuple[int, int, int] | None:
    """Red, green, blue of 0 to 255; None where it is not told or not opaque."""
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    if not raw.FPDFPageObj_GetFillColor(
        item, byref(red), byref(green), byref(blue), byref(alpha)
    ) or (alpha.value != 255):
        return None
    return red.value, green.value, blue.value


def _plain_paths(items: Sequence[pdfium.PdfObject]) -> bool:
    """Few thin lines and rectangles; of filled shapes only symbols: black steps on white."""
    lines, symbols = 0, 0
    ground: Bounds | None = None
    for item in items:
        fill, stroke = c_int(), c_int()
        if not raw.FPDFPath_GetDrawMode(item, byref(fill), byref(stroke)):
            return False
        if bool(fill.value) == bool(stroke.value) or not _level(item):
            return False
        if stroke.value:
            lines += 1
            if not _plain_line(item):
                return False
            continue
        color, bounds = _fill(item), item.get_bounds()
        if color == (_WHITE,) * 3 and ground is None:
            ground = bounds
        elif color == (0, 0, 0) and ground is not None and _within(bounds, ground):
            ground, symbols = None, symbols + 1
        else:
            return False
    return lines <= _MAX_LINES and symbols <= _MAX_SYMBOLS and ground is None


def _plain_line(item: pdfium.PdfObject) -> bool:
    thickness = c_float()
    told = raw.FPDFPageObj_GetStrokeWidth(item, byref(thickness))
    return bool(
        told and thickness.value <= _THICKEST and raw.FPDFPath_CountSegments(item) <= _LINE_SEGMENTS
    )


def _level(item: pdfium.PdfObject) -> bool:
    """Every segment runs along the page's edges, in the page's own units."""
    if not _near(item.get_matrix().get(), (1, 0, 0, 1, 0, 0)):
        return False
    count = raw.FPDFPath_CountSegments(item)
    if count > _MAX_SEGMENTS:
        return False
    last = (0.0, 0.0)
    for kind, point in _segments(item, count):
        if kind == raw.FPDF_SEGMENT_LINETO:
            if min(abs(point[0] - last[0]), abs(point[1] - last[1])) > _EVEN:
                return False
        elif kind != raw.FPDF_SEGMENT_MOVETO:
            return False
        last = point
    return True


def _segments(item: pdfium.PdfObject, count: int) -> Iterator[tuple[int, tuple[float, float]]]:
    across, up = c_float(), c_float()
    for number in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, number)
        raw.FPDFPathSegment_GetPoint(segment, byref(across), byref(up))
        yield raw.FPDFPathSegment_GetType(segment), (across.value, up.value)


def _covers(drawn: Sequence[Text | Bounds]) -> bool:
    """Whether anything lies over a text drawn before it."""
    for number, under in enumerate(drawn):
        if isinstance(under, Text) and not under.overprint:
            for over in drawn[number + 1 :]:
                box = over.bounds if isinstance(over, Text) else over
                if _overlap(under.bounds, box):
                    return True
    return False


def _overlap(one: Bounds, other: Bounds) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    up = min(one[3], other[3]) - max(one[1], other[1])
    return across > _TOUCH and up > _TOUCH


def _within(inner: Bounds, outer: Bounds) -> bool:
    return (
        inner[0] >= outer[0]
        and inner[1] >= outer[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


def _near(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(math.isclose(a, b, abs_tol=0.01) for a, b in zip(one, other, strict=True))
