"""A Letter canvas whose bytes are the same for the same marks, and its pages packed at once."""

from __future__ import annotations

import zlib
from io import BytesIO

from reportlab import rl_config
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream
from reportlab.pdfgen.canvas import Canvas

from iies_tui.adapters.paper.fonts import SANS
from iies_tui.adapters.paper.geometry import PAGE_HEIGHT, PAGE_WIDTH
from iies_tui.text import words

LANGUAGE = "en-US"

# Streams as they are packed, not as letters: a fifth smaller, and no Python loop over each byte.
rl_config.useA85 = 0


def new_canvas(buffer: BytesIO, title: str, version: str) -> Canvas:
    """A Letter canvas whose bytes depend on what is drawn and on the program's version alone."""
    canvas = Canvas(
        buffer,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        invariant=1,
        pageCompression=1,
        lang=LANGUAGE,
        initialFontName=SANS,  # type: ignore[arg-type]  # the stubs say float; it is a name
    )
    canvas.setTitle(title)
    canvas.setAuthor("")
    canvas.setSubject(words("paper.subject"))
    canvas.setCreator(f"iies-tui {version}")
    canvas.setProducer(f"iies-tui {version}")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setViewerPreference("PrintScaling", "None")
    return canvas


def end_page(canvas: Canvas) -> None:
    """The page is done, and packed at once.

    reportlab would keep its text, a quarter of a megabyte, until the file is saved: half a
    gigabyte for a fleet in one file.
    """
    canvas.showPage()
    page = canvas._doc.Pages.pages[-1]  # type: ignore[attr-defined]  # the stubs lack it
    filters = PDFDictionary({"Filter": PDFArray([PDFName("FlateDecode")])})
    page.Contents = PDFStream(filters, zlib.compress(page.stream.encode()))
    page.stream = None
