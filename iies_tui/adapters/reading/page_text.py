"""The faces that a PDF's text layer states, found by the labels' words.

On our paper each label and each line of a value is a text object of its own, label first. The
object after a label is its value; of a name, the further objects up to the next label belong to
it too, since a long one takes two lines.

Only a page that is plainly our paper states anything (``plain_page``), and only if it shows the
letters that it says (``letterforms``); a page of any other making gives no faces, so that the
face stays unchecked. What remains: black words or a symbol's own squares that tell another story
beside a face that is itself in plain sight; and a viewer that shows a page otherwise than pdfium
does (another parser, a color space, ``UserUnit``, a transfer function).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields

import pypdfium2 as pdfium

from iies_tui.adapters.reading.letterforms import shows
from iies_tui.adapters.reading.plain_page import plain_texts
from iies_tui.domain.card import ALL_OWNED_VEHICLES
from iies_tui.domain.face import Face, is_check_code, normalize_check_code
from iies_tui.domain.face_labels import HEADING, LABELS, says_it_goes_with

_DATE = re.compile(r"(\d\d)/(\d\d)/(\d{4})\Z")
_FACE_LABELS = tuple(field.name for field in fields(Face))
_LONG = ("name1", "name2")


@dataclass(frozen=True, slots=True)
class PageText:
    """``faces``: distinct (face, check code) pairs in the page's order; the code without its
    hyphen. ``beside``: a page of ours that goes with a card and bears none.
    """

    faces: tuple[tuple[Face, str], ...] = ()
    beside: bool = False


def text_on(page: pdfium.PdfPage) -> PageText:
    """What the page states.

    A pair needs form, serial and check code; any other field that is not found stays empty and
    so compares as different. A page goes with a card if it says so and nothing on it is a card's.
    """
    texts = plain_texts(page)
    if texts is None:
        return PageText()
    said = [text.words for text in texts if text.words and not text.overprint]
    found: list[tuple[Face, str]] = []
    for labeled in _cards(iter(said)):
        pair = _pair(labeled)
        if pair is not None and pair not in found:
            found.append(pair)
    beside = any(map(says_it_goes_with, said)) and HEADING not in said
    if not (found or beside) or not shows(page, texts):
        return PageText()
    return PageText(tuple(found), beside and not found)


def _cards(texts: Iterator[str]) -> Iterator[dict[str, str]]:
    """Values by label name, a new card where the form's label comes again."""
    names = {label: name for name, label in LABELS.items()}
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


def _pair(labeled: dict[str, str]) -> tuple[Face, str] | None:
    code = labeled.get("check_code", "")
    if not {"form", "serial"} <= labeled.keys() or not is_check_code(code):
        return None
    values = {name: labeled.get(name, "") for name in _FACE_LABELS}
    for name in ("effective", "expiration"):
        values[name] = _iso(values[name])
    if labeled.get("vehicle") == ALL_OWNED_VEHICLES:
        values["vin"] = ALL_OWNED_VEHICLES
    return Face(**values), normalize_check_code(code)


def _iso(shown: str) -> str:
    """``12/01/2026`` as ``2026-12-01``; anything else as it is, which compares as different."""
    match = _DATE.match(shown)
    return f"{match[3]}-{match[1]}-{match[2]}" if match else shown
