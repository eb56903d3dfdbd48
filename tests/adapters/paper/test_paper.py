"""The card page and the fax sheet as they are in the bytes: sizes, words, fonts, sameness."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pypdfium2
import pytest

from iies_tui.adapters.barcode.symbol import codeword_count, strongest_level, width_of
from iies_tui.adapters.paper import LetterPaper
from iies_tui.adapters.paper.pages import statements
from iies_tui.domain.card import Agency, Mode, Organization, Registrant, SealedCard, Vehicle
from iies_tui.domain.errors import Refused
from iies_tui.domain.face import show_check_code
from iies_tui.domain.face_labels import LABELS
from iies_tui.issuance.ports.paper import Document
from iies_tui.text import words
from tests.support import samples
from tests.support.pdf_facts import gray, ink_box, opened, text_boxes, text_of

SPECIMEN = "SPECIMEN – NOT PROOF OF INSURANCE"
MM_PER_INCH = 25.4


def long_organization() -> SealedCard:
    name = "THE ADIRONDACK AND CHAMPLAIN VALLEY REGIONAL COOPERATIVE HAULING & STORAGE " * 2
    return samples.sealed(
        replace(samples.facts(), registrants=(), organization=Organization(name[:128].strip()))
    )


CARDS: dict[str, Callable[[], SealedCard]] = {
    "small": samples.small,
    "usual": samples.sealed,
    "specimen": lambda: samples.sealed(mode=Mode.SPECIMEN),
    "fleet": samples.fleet,
    "organization": long_organization,
    "largest": samples.largest,
    "largest live": lambda: samples.largest(Mode.LIVE),
}


@pytest.fixture(scope="module")
def paper() -> LetterPaper:
    return LetterPaper("1.0")


def both(paper: LetterPaper, card: SealedCard) -> tuple[Document, Document]:
    return paper.card_page([card]), paper.fax_sheet(card)


@pytest.fixture(params=CARDS)
def card(request: pytest.FixtureRequest) -> SealedCard:
    return CARDS[request.param]()


def test_the_same_card_gives_the_same_bytes_in_another_process(paper: LetterPaper) -> None:
    script = (
        "import hashlib\n"
        "from tests.support import samples\n"
        "from iies_tui.adapters.paper import LetterPaper\n"
        "paper, card = LetterPaper('1.0'), samples.largest()\n"
        "for document in (paper.card_page([card]), paper.fax_sheet(card)):\n"
        "    print(hashlib.sha256(document.pdf).hexdigest())"
    )
    paper.card_page([samples.sealed()])
    here = [hashlib.sha256(document.pdf).hexdigest() for document in both(paper, samples.largest())]
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "LC_ALL": "C"}
        said = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, env=environment, check=True
        )
        assert said.stdout.decode().split() == here


def test_another_card_or_version_gives_other_bytes(paper: LetterPaper) -> None:
    usual = paper.card_page([samples.sealed()]).pdf
    assert usual != paper.card_page([samples.sealed(seed=2)]).pdf
    assert usual != LetterPaper("1.1").card_page([samples.sealed()]).pdf


def test_ink_keeps_to_the_margins(paper: LetterPaper, card: SealedCard) -> None:
    for document in both(paper, card):
        with opened(document.pdf) as pdf:
            assert pdf[0].get_size() == (612, 792)
        left, top, right, bottom = ink_box(gray(document.pdf, 200), 200)
        assert left >= 0.495
        assert top >= 0.495
        assert right <= 8.005
        assert bottom <= 10.505


def test_the_parts_are_identical_and_of_the_rules_size(
    paper: LetterPaper, card: SealedCard
) -> None:
    """15 NYCRR 32.9: two identical parts, 5 to 8 1/2 in wide, 3 to 5 1/2 in high."""
    document = paper.card_page([card])
    pixels = gray(document.pdf, 100)
    edges = frame_edges(pixels, 100)
    assert len(edges) == 4
    heights = [edges[1] - edges[0], edges[3] - edges[2]]
    assert all(3 <= height <= 5.5 for height in heights)
    assert heights[0] == pytest.approx(heights[1], abs=0.011)
    left, _, right, _ = ink_box(pixels, 100)
    assert 5 <= right - left <= 8.5
    height, second = round(heights[0] * 100), round((edges[2] - edges[0]) * 100)
    first = round(edges[0] * 100)
    upper = pixels[first + 2 : first + height - 2]
    lower = pixels[first + second + 2 : first + second + height - 2]
    unlike = np.abs(upper.astype(int) - lower.astype(int))
    assert unlike.max() <= 32, "more than the rounding of an edge"
    texts = [text.strip() for text, _ in text_boxes(document.pdf)]
    texts.remove(words("paper.cut_here"))
    assert texts[: len(texts) // 2] == texts[len(texts) // 2 :]


def frame_edges(pixels: np.ndarray, dpi: int) -> list[float]:
    """Inches from the top of the solid lines that run from margin to margin."""
    left, right = round(0.52 * dpi), round(7.98 * dpi)
    solid = np.where((pixels[:, left:right] < 200).mean(axis=1) > 0.99)[0]
    starts = [int(row) for row in solid if row - 1 not in solid]
    return [row / dpi for row in starts]


def test_a_module_on_the_card_is_a_quarter_millimetre_or_wider(
    paper: LetterPaper, card: SealedCard
) -> None:
    for box in paper.card_page([card]).symbols:
        modules = width_of(16) + 4
        module = (box.right - box.left) / 72 * MM_PER_INCH / modules
        assert module >= 0.25
        assert module == pytest.approx(3 / 203 * MM_PER_INCH, rel=0.001)


def test_the_fax_sheets_geometry(paper: LetterPaper, card: SealedCard) -> None:
    """Card 3 in high; 14 columns of 0.62 mm modules; rows of 3.6 mm or higher."""
    document = paper.fax_sheet(card)
    pixels = gray(document.pdf, 200)
    inside = pixels[: round(4.3 * 200), : round(5.52 * 200)]
    left, top, right, _ = ink_box(inside, 200)
    wide = np.where((inside < 200).mean(axis=1) > 0.85)[0]
    assert (wide.max() + 1) / 200 - top == pytest.approx(3.0, abs=0.02)
    assert right - left == pytest.approx(5.0, abs=0.02)
    (box,) = document.symbols
    modules = width_of(14) + 4
    assert (box.right - box.left) / 72 * MM_PER_INCH / modules == pytest.approx(0.62, abs=0.001)
    quiet = 2 * 0.62
    height = (box.top - box.bottom) / 72 * MM_PER_INCH - 2 * quiet
    room = (11 - 1 - 3) * MM_PER_INCH - 12
    level = strongest_level(card.digits, 14, int(room / 3.6))
    rows = codeword_count(card.digits, 14, level) // 14
    assert height / rows >= 3.6 - 0.001


def test_fonts_are_embedded_and_text_is_text(paper: LetterPaper, card: SealedCard) -> None:
    facts = card.facts
    for document in both(paper, card):
        text = " ".join(text_of(document.pdf).split())
        for value in (
            "NEW YORK STATE INSURANCE IDENTIFICATION CARD",
            facts.form.value,
            facts.icc,
            facts.policy,
            facts.insurer_name,
            *facts.names,
            facts.effective.strftime("%m/%d/%Y"),
            facts.expiration.strftime("%m/%d/%Y"),
            facts.vehicle.vin if facts.vehicle else "ALL OWNED VEHICLES",
            facts.license,
            card.serial,
            show_check_code(card.check_code),
            card.authority,
            card.root_words,
        ):
            assert " ".join(value.split()) in text
        names = embedded_fonts(document.pdf)
        assert names
        assert all("DejaVu" in name for name in names)


def embedded_fonts(pdf: bytes) -> set[str]:
    """Names of all fonts in use; fails where one is not embedded."""
    raw = pypdfium2.raw
    names = set()
    with opened(pdf) as document:
        for item in document[0].get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
            font = raw.FPDFTextObj_GetFont(item)
            assert raw.FPDFFont_GetIsEmbedded(font) == 1
            names.add(item.get_font().get_base_name())
    assert b"/Helvetica" not in pdf
    return names


def test_title_and_language_are_set_and_name_no_one(paper: LetterPaper) -> None:
    card = samples.sealed()
    for document in both(paper, card):
        with opened(document.pdf) as pdf:
            told = pdf.get_metadata_dict()
        assert told["Title"] == document.title
        assert card.serial in document.title
        assert b"/Lang (en-US)" in document.pdf
        assert "DOE" not in " ".join(told.values())


def test_only_what_is_not_live_says_specimen(paper: LetterPaper) -> None:
    for mode in Mode:
        for document in both(paper, samples.sealed(mode=mode)):
            count = text_of(document.pdf).count(SPECIMEN)
            assert count == 0 if mode is Mode.LIVE else count >= 4


def test_the_specimens_grey_covers_the_face_and_spares_the_symbol(paper: LetterPaper) -> None:
    for document in both(paper, samples.sealed(mode=Mode.SPECIMEN)):
        pixels = gray(document.pdf, 150)
        flat = pixels == 204
        stretch = flat[:, :-2] & flat[:, 1:-1] & flat[:, 2:]
        assert stretch.sum() > 2000
        for box in document.symbols:
            scale = 150 / 72
            rows = slice(int((792 - box.top) * scale) + 1, int((792 - box.bottom) * scale))
            assert not stretch[rows, int(box.left * scale) + 1 : int(box.right * scale)].any()


def test_values_never_overlap_or_leave_their_card(paper: LetterPaper, card: SealedCard) -> None:
    for document in both(paper, card):
        boxes = [
            (text, box)
            for text, box in text_boxes(document.pdf)
            if not (text == SPECIMEN and box[3] - box[1] > 20)
        ]
        assert len(boxes) > 30
        for (one, a), (other, b) in combinations(boxes, 2):
            across = min(a[2], b[2]) - max(a[0], b[0])
            down = min(a[3], b[3]) - max(a[1], b[1])
            assert across <= 0.3 or down <= 0.3, f"{one!r} and {other!r} overlap"
        for symbol in document.symbols:
            for text, (left, bottom, right, top) in boxes:
                apart = (
                    right <= symbol.left
                    or left >= symbol.right
                    or top <= symbol.bottom
                    or bottom >= symbol.top
                )
                assert apart, f"{text!r} touches the symbol"


def test_the_words_of_the_rules_stand_on_both(paper: LetterPaper) -> None:
    card_page, fax = (
        " ".join(text_of(document.pdf).split()) for document in both(paper, samples.sealed())
    )
    for statement in statements("card"):
        assert card_page.count(statement) == 2
        assert statement in fax
    for statement in statements("fax"):
        assert statement in fax
    assert words("paper.fax_dmv") in fax


def test_several_cards_make_a_page_each(paper: LetterPaper) -> None:
    cards = [samples.sealed(seed=seed) for seed in (1, 2, 3)]
    document = paper.card_page(cards)
    assert document.pages == 3
    assert [box.page for box in document.symbols] == [0, 0, 1, 1, 2, 2]
    for page, card in enumerate(cards):
        assert card.serial in text_of(document.pdf, page)


def changed(**values: object) -> SealedCard:
    return samples.sealed(replace(samples.facts(), **values))  # type: ignore[arg-type]


TOO_LONG = {
    "policy": lambda: changed(policy="P" * 60),
    "icc": lambda: changed(insurer_name="MUTUAL INSURANCE " * 20),
    "registrants[0].last": lambda: changed(registrants=(Registrant("D" * 90, "JOHN"),)),
    "registrants[1].last": lambda: changed(
        registrants=(Registrant("DOE", "JOHN"), Registrant("DOE " * 60, "JANE"))
    ),
    "organization.name": lambda: changed(
        registrants=(), organization=Organization("HAULING " * 60)
    ),
    "address": lambda: changed(address=("1 MAIN ST",) * 12),
    "vehicles[0].vin": lambda: changed(vehicle=Vehicle(1950, "FORD", "X" * 60)),
    "vehicles[0].make": lambda: changed(vehicle=Vehicle(1950, "ROLLSROYCEMOTORCARS", "X1")),
    "agency": lambda: samples.sealed(agency=Agency("AGENCY " * 80)),
}


@pytest.mark.parametrize("field", TOO_LONG)
def test_what_cannot_be_printed_whole_is_refused_by_name(paper: LetterPaper, field: str) -> None:
    for draw in (lambda card: paper.card_page([card]), paper.fax_sheet):
        with pytest.raises(Refused) as refused:
            draw(TOO_LONG[field]())
        assert refused.value.code == "paper_too_long"
        assert refused.value.problems[0].field == field
        assert words(f"problem.{refused.value.problems[0].code}")
        assert words(f"error.{refused.value.code}", **refused.value.params)


@pytest.mark.parametrize("name", ["李", "DOE\nJOHN", "DOE\x00", "DOE\u202eNHOJ", "𝒟"])
def test_a_sign_that_the_font_lacks_is_refused(paper: LetterPaper, name: str) -> None:
    with pytest.raises(Refused, match="paper_no_glyph") as refused:
        paper.card_page([changed(registrants=(Registrant(name, "JOHN"),))])
    assert refused.value.problems[0].field == "registrants[0].last"


@pytest.mark.parametrize("name", ["O'BRIEN & SONS", "MUÑOZ-GARCÍA", "ŁUKASZ", "DVOŘÁK"])
def test_accents_and_signs_print_as_they_are(paper: LetterPaper, name: str) -> None:
    document = paper.card_page([changed(registrants=(Registrant(name, "JOHN"),))])
    assert f"{name} JOHN" in text_of(document.pdf)


def test_markup_is_data(paper: LetterPaper) -> None:
    document = paper.card_page([changed(policy="<b>{0}</b>[red]%s")])
    assert "<b>{0}</b>[red]%s" in text_of(document.pdf)


def test_reading_order_is_label_then_value(paper: LetterPaper) -> None:
    texts = [text for text, _ in text_boxes(paper.card_page([samples.sealed()]).pdf)]
    for label, value in (
        (LABELS["policy"], "PA-1234567-01"),
        (LABELS["effective"], "12/01/2026"),
        (LABELS["vin"], "1HGCM82633A004352"),
    ):
        assert list(pairwise(texts)).count((label, value)) == 2
