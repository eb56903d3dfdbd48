"""The window-envelope layout: what the window shows, where the folds are, two parts of the rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from iies_tui.adapters.paper import LetterPaper
from iies_tui.adapters.reading.symbol_reader import ZxingReader
from iies_tui.adapters.records import card_record
from iies_tui.domain.card import Layout, Mode, SealedCard
from iies_tui.domain.errors import Refused
from iies_tui.domain.face_labels import HEADING, SPECIMEN
from tests.support import samples
from tests.support.pdf_facts import gray, ink_box, text_boxes

ENVELOPE = (9.5, 4.125)
WINDOW = (0.875, 0.5, 4.5, 1.125)
"""A No. 10 envelope, and its window's left and lower edge, width and height. Inches."""
FOLDED = (8.5, 11 / 3)


def windowed(card: SealedCard) -> SealedCard:
    return replace(card, layout=Layout.WINDOW)


CARDS: dict[str, Callable[[], SealedCard]] = {
    "usual": lambda: windowed(samples.sealed()),
    "fleet": lambda: windowed(samples.fleet()),
    "largest": lambda: windowed(samples.largest()),
    "largest live": lambda: windowed(samples.largest(Mode.LIVE)),
}


@pytest.fixture(scope="module")
def paper() -> LetterPaper:
    return LetterPaper("1.0")


@pytest.fixture(params=CARDS)
def card(request: pytest.FixtureRequest) -> SealedCard:
    return CARDS[request.param]()


def seen(slid_right: float, slid_up: float) -> tuple[float, float, float, float]:
    """What the window shows of the page's first third: left, top, right, bottom in inches."""
    left, bottom, width, height = WINDOW
    lowest = FOLDED[1] - (bottom - slid_up)
    return (left - slid_right, lowest - height, left - slid_right + width, lowest)


def test_the_window_shows_the_address_and_nothing_else_however_the_letter_has_slid(
    paper: LetterPaper, card: SealedCard
) -> None:
    boxes = [
        (text.strip(), (box[0] / 72, 11 - box[3] / 72, box[2] / 72, 11 - box[1] / 72))
        for text, box in text_boxes(paper.card_page([card]).pdf)
        if text != SPECIMEN
    ]
    wanted = {*card.facts.names, *card.facts.address}
    sideways, upwards = ENVELOPE[0] - FOLDED[0], ENVELOPE[1] - FOLDED[1]
    for right in (0.0, sideways / 2, sideways):
        for up in (0.0, upwards / 2, upwards):
            window = seen(right, up)
            shown = {text for text, box in boxes if within(box, window)}
            touched = {text for text, box in boxes if overlaps(box, window)}
            assert wanted <= shown
            assert touched == shown == wanted


def within(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    return (
        inner[0] >= outer[0]
        and inner[1] >= outer[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


def overlaps(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    return across > 0 and min(one[3], other[3]) - max(one[1], other[1]) > 0


def test_two_parts_of_the_rules_size_below_the_fold_and_none_folded(
    paper: LetterPaper, card: SealedCard
) -> None:
    """15 NYCRR 32.9: two identical parts, 5 to 8 1/2 in wide, 3 to 5 1/2 in high."""
    pixels = gray(paper.card_page([card]).pdf, 200)
    left, _, right, bottom = ink_box(pixels, 200)
    assert 5 <= right - left <= 8.5 and bottom <= 10.505
    solid = np.where((pixels[:, 110:1590] < 200).mean(axis=1) > 0.99)[0]
    edges = [int(row) / 200 for row in solid if row - 1 not in solid]
    assert len(edges) == 4
    heights = [edges[1] - edges[0], edges[3] - edges[2]]
    assert all(3 <= height <= 5.5 for height in heights)
    assert heights[0] == pytest.approx(heights[1], abs=0.011)
    for fold in (11 / 3, 22 / 3):
        for top, low in (edges[:2], edges[2:]):
            assert fold <= top + 0.01 or fold >= low - 0.01
    texts = [text.strip() for text, _ in text_boxes(paper.card_page([card]).pdf)]
    parts = [text for text in texts if text != SPECIMEN]
    parts = parts[parts.index(HEADING) :]
    assert parts[: len(parts) // 2] == parts[len(parts) // 2 :]


def test_the_symbols_read_and_the_face_is_found(paper: LetterPaper, card: SealedCard) -> None:
    document = paper.card_page([card])
    reader = ZxingReader()
    for dpi in (203, 300):
        assert reader.read_back(document, dpi) == (card.digits,) * 2
    (page,) = reader.pages(document.pdf)
    ((face, code),) = page.faces
    assert (face.serial, code) == (card.serial, card.check_code)


def test_values_never_overlap(paper: LetterPaper, card: SealedCard) -> None:
    document = paper.card_page([card])
    boxes = [
        (text, box)
        for text, box in text_boxes(document.pdf)
        if not (text == SPECIMEN and box[3] - box[1] > 14)
    ]
    for (one, a), (other, b) in combinations(boxes, 2):
        across = min(a[2], b[2]) - max(a[0], b[0])
        down = min(a[3], b[3]) - max(a[1], b[1])
        assert across <= 0.3 or down <= 0.3, f"{one!r} and {other!r} overlap"


def test_without_an_address_it_is_refused_by_name(paper: LetterPaper) -> None:
    card = windowed(samples.small())
    for draw in (paper.check, lambda one: paper.card_page([one])):
        with pytest.raises(Refused, match="window_no_address") as refused:
            draw(card)
        assert refused.value.problems[0].field == "address"
    paper.check(samples.small())


def test_the_register_keeps_the_layout_and_knows_a_card_of_before_the_choice() -> None:
    facts = replace(samples.facts(), waived=("vin_check",))
    card = replace(windowed(samples.sealed(facts)), information="TITLE\n\nWords.")
    assert card_record.from_json(card_record.to_json(card)) == card
    old = card_record.to_json(samples.sealed())
    old = old.replace(',"layout":"plain","information":""', "")
    old = old.replace(',"waived":[]', "")
    assert "layout" not in old and "waived" not in old
    assert card_record.from_json(old) == samples.sealed()
