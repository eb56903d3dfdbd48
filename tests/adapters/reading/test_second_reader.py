"""Others than our reader read our symbols, and our reader reads what a telephone takes.

``pdf417decoder`` (Python, OpenCV) shares no code with zxing-cpp, nor with the drawing.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
from pdf417decoder import PDF417Decoder
from PIL import Image

from iies_tui.adapters.barcode.profile_open import OpenProfile
from iies_tui.adapters.paper import LetterPaper
from iies_tui.adapters.reading.raster import box_picture, open_pdf, page_picture
from iies_tui.adapters.reading.symbol_reader import ZxingReader
from iies_tui.domain.card import SealedCard
from iies_tui.issuance.ports.paper import Document
from tests.support.samples import fleet, largest, sealed, small
from tests.support.trust_samples import TO, digits, facts, issuer_keys, seal, stamp

CARDS = {"small": small, "usual": sealed, "fleet": fleet, "largest": largest}


def _read(picture: Image.Image) -> list[str]:
    decoder = PDF417Decoder(picture.convert("RGB"))
    with np.errstate(over="ignore"):
        found = decoder.decode()
    return [decoder.barcode_data_index_to_string(index) for index in range(found)]


def _boxes(document: Document, dpi: int) -> list[Image.Image]:
    with open_pdf(document.pdf) as pdf:
        return [box_picture(pdf[box.page], box, dpi) for box in document.symbols]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", CARDS)
@pytest.mark.parametrize("sheet", ["card", "fax"])
def test_another_reader_reads_what_is_printed(name: str, sheet: str) -> None:
    card: SealedCard = CARDS[name]()
    paper = LetterPaper("test")
    document = paper.card_page([card]) if sheet == "card" else paper.fax_sheet(card)
    # Of a card's two, which one call draws and our own reader reads both, one: it costs seconds.
    assert _read(_boxes(document, 300)[-1]) == [card.digits]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_another_reader_reads_a_real_envelope() -> None:
    profile = OpenProfile()
    envelope = profile.seal(facts(), stamp(), issuer_keys(), TO)
    card = sealed(facts())
    real = replace(card, digits=profile.digits(envelope))
    for picture in _boxes(LetterPaper("test").fax_sheet(real), 300):
        (text,) = _read(picture)
        assert profile.read(text) == envelope
    assert digits(seal()) == profile.digits(profile.read(digits(seal())))


def _photo(page: Image.Image, seed: int) -> bytes:
    """The page as a hand-held telephone takes it: askew, in perspective, unevenly lit, JPEG."""
    chance = np.random.default_rng(seed)
    paper = np.asarray(page.convert("L"), dtype=np.float32)
    height, width = paper.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    moved = corners + chance.uniform(0.0, 0.035, (4, 2)).astype(np.float32) * (width, height)
    seen = cv2.warpPerspective(
        paper,
        cv2.getPerspectiveTransform(corners, moved.astype(np.float32)),
        (int(width * 1.06), int(height * 1.06)),
        borderValue=90.0,
    )
    across = np.linspace(0.60, 1.0, seen.shape[1], dtype=np.float32)
    down = np.linspace(1.0, 0.75, seen.shape[0], dtype=np.float32)
    lit = seen * across * down[:, None] + 20
    lit = cv2.GaussianBlur(lit, (0, 0), 0.8) + chance.normal(0, 5, seen.shape)
    file = io.BytesIO()
    Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=85)
    return file.getvalue()


@pytest.mark.heavy
def test_a_telephones_picture(
    full_count: Callable[..., int],
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    """The fax sheet each time; of the card page, whose modules are smaller, one symbol of two."""
    card = sealed()
    paper, reader = LetterPaper("test"), ZxingReader(lambda text: text == card.digits)
    count = full_count("photographs", sample=2, full=100)
    read = {"fax": 0, "card": 0}
    for kind, document in (("fax", paper.fax_sheet(card)), ("card", paper.card_page([card]))):
        with open_pdf(document.pdf) as pdf:
            page = page_picture(pdf[0], 300)
        for seed in range(count):
            (found,) = reader.pages(_photo(page, seed))
            read[kind] += card.digits in found.symbols
    record_figure("photographs_read", {"of": count, **read})
    assert read["fax"] == count
    assert read["card"] >= 0.9 * count
