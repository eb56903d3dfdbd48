"""The faces that a PDF's text layer states, found by the labels' words.

On our paper each label and each line of a value is a text object of its own, label first. The
object after a label is its value; of a name, the further objects up to the next label belong to
it too, since a long one takes two lines. Text that a reader of the paper would not see
(invisible, white, off the page, tiny) is not taken: it says nothing of the paper. What pictures
or shapes cover is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from ctypes import byref, c_uint
from dataclasses import fields

import pypdfium2 as pdfium

from iies_tui.domain.card import ALL_OWNED_VEHICLES
from iies_tui.domain.face import Face, is_check_code, normalize_check_code
from iies_tui.text import words

_DATE = re.compile(r"(\d\d)/(\d\d)/(\d{4})\Z")
_MAX_OBJECTS = 20_000
_SMALLEST = 4.0
"""Points; smaller text cannot be read on paper."""
_DARKEST_PAPER = 160
"""A colour channel at or over this is no ink for a field's value."""

_FACE_LABELS = tuple(field.name for field in fields(Face))
_LONG = ("name1", "name2")
_OTHER_LABELS = ("insurer", "address", "agency", "authority", "vehicle", "check_code")


def faces_on(page: pdfium.PdfPage) -> tuple[tuple[Face, str], ...]:
    """Distinct (face, check code) pairs in the page's order; the code without its hyphen.

    A pair needs form, serial and check code; any other field that is not found stays empty and
    so compares as different.
    """
    found: list[tuple[Face, str]] = []
    for labelled in _cards(_texts(page)):
        pair = _pair(labelled)
        if pair is not None and pair not in found:
            found.append(pair)
    return tuple(found)


def _texts(page: pdfium.PdfPage) -> Iterator[str]:
    """What each visible text object says, in drawing order."""
    width, height = page.get_size()
    with closing(page.get_textpage()) as layer:
        objects = page.get_objects(
            filter=[pdfium.raw.FPDF_PAGEOBJ_TEXT], max_depth=4, textpage=layer
        )
        for number, item in enumerate(objects):
            if number >= _MAX_OBJECTS:
                return
            left, bottom, right, top = item.get_bounds()
            inside = left >= 0 and bottom >= 0 and right <= width and top <= height
            if inside and _can_be_seen(item):
                text = " ".join(item.extract().split())
                if text:
                    yield text


def _can_be_seen(item: pdfium.PdfTextObj) -> bool:
    mode = pdfium.raw.FPDFTextObj_GetTextRenderMode(item)
    if mode != pdfium.raw.FPDF_TEXTRENDERMODE_FILL or item.get_font_size() < _SMALLEST:
        return False
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    told = pdfium.raw.FPDFPageObj_GetFillColor(
        item, byref(red), byref(green), byref(blue), byref(alpha)
    )
    if not told or alpha.value < 255:
        return False
    return max(red.value, green.value, blue.value) < _DARKEST_PAPER


def _cards(texts: Iterator[str]) -> Iterator[dict[str, str]]:
    """Values by label name, a new card where the form's label comes again."""
    names = {words(f"face_label.{name}"): name for name in (*_FACE_LABELS, *_OTHER_LABELS)}
    current: dict[str, str] = {}
    label, awaits_value = "", False
    for text in texts:
        name = names.get(text)
        if name is not None and not awaits_value:
            if name == "form" and current:
                yield current
                current = {}
            label, awaits_value = name, True
        elif awaits_value:
            current[label] = text
            awaits_value = False
        elif label in _LONG:
            current[label] += f" {text}"
    if current:
        yield current


def _pair(labelled: dict[str, str]) -> tuple[Face, str] | None:
    code = labelled.get("check_code", "")
    if not {"form", "serial"} <= labelled.keys() or not is_check_code(code):
        return None
    values = {name: labelled.get(name, "") for name in _FACE_LABELS}
    for name in ("effective", "expiration"):
        values[name] = _iso(values[name])
    if labelled.get("vehicle") == ALL_OWNED_VEHICLES:
        values["vin"] = ALL_OWNED_VEHICLES
    return Face(**values), normalize_check_code(code)


def _iso(shown: str) -> str:
    """``12/01/2026`` as ``2026-12-01``; anything else as it is, which compares as different."""
    match = _DATE.match(shown)
    return f"{match[3]}-{match[1]}-{match[2]}" if match else shown
