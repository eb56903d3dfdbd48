"""The fax file is what a fax modem expects: size, resolution, coding, white and page numbers."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from iies_tui.adapters.paper import LetterPaper
from iies_tui.adapters.paper.tiff import FINE, STANDARD, Coding, fax_tiff
from iies_tui.adapters.reading.symbol_reader import ZxingReader
from iies_tui.domain.errors import Refused
from tests.support import samples

PAPER = LetterPaper("1.0")


@pytest.mark.parametrize("lines", [STANDARD, FINE])
@pytest.mark.parametrize("coding", list(Coding))
def test_a_fax_file_is_tiff_f_and_reads(lines: int, coding: Coding) -> None:
    card = samples.largest()
    data = fax_tiff(PAPER.fax_sheet(card).pdf, lines, coding)
    picture = Image.open(BytesIO(data))
    assert picture.size == (1728, 11 * lines)
    assert picture.mode == "1"
    tags = picture.tag_v2  # type: ignore[attr-defined]
    assert (tags[282], tags[283], tags[296]) == (204, lines, 2)
    assert tags[259] == {Coding.G3: 3, Coding.G4: 4}[coding]
    assert tags[262] == 0
    assert tags[254] == 2
    assert tags[297] == (0, 1)
    assert len(tags[273]) == 1
    assert picture.getpixel((2, 2)) == 255
    assert [page.symbols for page in ZxingReader().pages(data)] == [(card.digits,)]


def test_the_same_sheet_gives_the_same_file() -> None:
    pdf = PAPER.fax_sheet(samples.sealed()).pdf
    assert fax_tiff(pdf) == fax_tiff(pdf)


def test_every_page_is_there_and_numbered() -> None:
    cards = [samples.sealed(seed=seed) for seed in (1, 2, 3)]
    picture = Image.open(BytesIO(fax_tiff(PAPER.card_page(cards).pdf)))
    assert picture.n_frames == 3  # type: ignore[attr-defined]
    for page in range(3):
        picture.seek(page)
        assert picture.tag_v2[297] == (page, 3)  # type: ignore[attr-defined]
        assert picture.getextrema() == (0, 255)


def test_a_damaged_pdf_is_refused() -> None:
    with pytest.raises(Refused, match="not_a_picture"):
        fax_tiff(b"%PDF-1.4 nothing")
