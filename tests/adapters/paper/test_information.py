"""The page for the policyholder and the fax's cover: whose words, how they fit, how verify sees."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from iies_tui.adapters.paper import LetterPaper
from iies_tui.adapters.paper.policyholder import FILE, MAX_BYTES, policyholder_text
from iies_tui.adapters.reading.symbol_reader import ZxingReader
from iies_tui.domain.card import SealedCard
from iies_tui.domain.errors import Refused
from iies_tui.domain.face_labels import HEADING, goes_with
from iies_tui.text import words
from tests.support import samples
from tests.support.pdf_facts import gray, ink_box, text_of


@pytest.fixture(scope="module")
def paper() -> LetterPaper:
    return LetterPaper("1.0")


def informed(text: str) -> SealedCard:
    return replace(samples.sealed(), information=text)


def test_our_own_text_says_that_it_is_not_the_rules(tmp_path: Path) -> None:
    text = policyholder_text(tmp_path)
    assert "not the wording of 15 NYCRR 32.12" in text
    assert "#" not in text


def test_the_offices_file_takes_its_place_whole(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("# of our lawyer\nOUR TITLE\n\nOne\n  line.\n\n\n\nAnother.\n")
    assert policyholder_text(tmp_path) == "OUR TITLE\n\nOne line.\n\nAnother."


@pytest.mark.parametrize(
    "data", [b"", b"# nothing\n", b"\xff\xfe", b"x" * (MAX_BYTES + 1)], ids=repr
)
def test_a_file_that_cannot_be_printed_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / FILE).write_bytes(data)
    with pytest.raises(Refused, match="information_file") as refused:
        policyholder_text(tmp_path)
    assert words("error.information_file", **refused.value.params)


def test_it_is_the_page_behind_the_card_within_the_margins(
    paper: LetterPaper, tmp_path: Path
) -> None:
    text = policyholder_text(tmp_path)
    card = informed(text)
    document = paper.card_page([card, samples.sealed(seed=2)])
    assert document.pages == 3
    assert [box.page for box in document.symbols] == [0, 0, 2, 2]
    said = " ".join(text_of(document.pdf, 1).split())
    for paragraph in text.split("\n\n"):
        assert paragraph in said
    assert card.serial in said and "DOE" not in said
    left, top, right, bottom = ink_box(gray(document.pdf, 100, page=1), 100)
    assert left >= 0.49 and top >= 0.49 and right <= 8.01 and bottom <= 10.51


def test_a_long_text_is_set_smaller_and_one_that_does_not_fit_is_refused(
    paper: LetterPaper,
) -> None:
    words_of = "TITLE\n\n" + "\n\n".join(["Lorem ipsum dolor sit amet " * 12] * 12)
    assert paper.card_page([informed(words_of)]).pages == 2
    for draw in (paper.check, lambda card: paper.card_page([card])):
        with pytest.raises(Refused, match="information_too_long"):
            draw(informed(words_of * 4))


def test_the_reader_judges_no_page_that_goes_with_a_card(paper: LetterPaper) -> None:
    card = informed("TITLE\n\nWords.")
    pages = list(ZxingReader().pages(paper.card_page([card]).pdf))
    assert [page.page for page in pages] == [1]
    covered = paper.fax_sheet(card, "+1 518-555-0100")
    assert covered.pages == 2
    (sheet,) = ZxingReader().pages(covered.pdf)
    assert (sheet.page, sheet.symbols) == (2, (card.digits,))


def test_a_card_without_its_symbol_is_still_judged_whatever_it_says(paper: LetterPaper) -> None:
    """The words of a page beside a card, on a page that has a card's heading."""
    said = goes_with("7K3M9QXD-000123-X")
    card = informed(f"{HEADING}\n\n{said}")
    assert [page.page for page in ZxingReader().pages(paper.card_page([card]).pdf)] == [1, 2]


def test_the_cover_names_nobody_but_sender_and_number(paper: LetterPaper) -> None:
    said = text_of(paper.fax_sheet(samples.largest(), "+1 518-555-0100").pdf, 0)
    assert "518-555-0100" in said and samples.largest().serial in said
    assert samples.largest().agency.name in " ".join(said.split())
    for name in ("VANDERBILT", "SARATOGA", "1HGCM82633A004352", "PA-1234567"):
        assert name not in said


def test_the_same_cover_gives_the_same_bytes(paper: LetterPaper) -> None:
    one = paper.fax_sheet(samples.sealed(), "1234").pdf
    assert one == paper.fax_sheet(samples.sealed(), "1234").pdf
    assert one != paper.fax_sheet(samples.sealed(), "1235").pdf
