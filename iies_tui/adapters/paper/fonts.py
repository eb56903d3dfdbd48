"""The one open font family of the paper, DejaVu, from the files beside this module.

reportlab embeds the glyphs that a page uses. Its registry of fonts is the library's own;
registering the same file under the same name again changes nothing.
"""

from __future__ import annotations

import unicodedata
from importlib import resources
from io import BytesIO
from typing import cast

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

SANS = "IIES-Sans"
BOLD = "IIES-Bold"
MONO = "IIES-Mono"
"""Serial, VIN and codes: a mono face whose 0 and O, 1 and I cannot be mistaken."""

_FILES = {
    SANS: "DejaVuSansCondensed.ttf",
    BOLD: "DejaVuSansCondensed-Bold.ttf",
    MONO: "DejaVuSansMono-Bold.ttf",
}


def register_fonts() -> None:
    """Make the family known to reportlab; safe to call again."""
    directory = resources.files(__package__) / "fonts"
    known = set(pdfmetrics.getRegisteredFontNames())
    for name, file in _FILES.items():
        if name not in known:
            pdfmetrics.registerFont(TTFont(name, BytesIO((directory / file).read_bytes())))


def text_width(text: str, font: str, size: float) -> float:
    """Points across ``text``."""
    return float(pdfmetrics.stringWidth(text, font, size))


def can_print(text: str, font: str) -> bool:
    """False where the font lacks a glyph, or a character is a control sign and no letter."""
    glyphs = cast("TTFont", pdfmetrics.getFont(font)).face.charToGlyph
    return all(ord(sign) in glyphs and unicodedata.category(sign)[0] != "C" for sign in text)
