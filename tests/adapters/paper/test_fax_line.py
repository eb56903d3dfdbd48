"""The fax sheet after a bad fax: 204×98 and 204×196, noise, skew, lost lines, G3 and G4."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest

from iies_tui.adapters.paper import LetterPaper
from iies_tui.adapters.paper.tiff import FINE, STANDARD, Coding
from iies_tui.adapters.reading.symbol_reader import ZxingReader
from iies_tui.domain.card import SealedCard
from tests.support import samples
from tests.support.fax_line import faxed, sheet

CARDS: dict[str, Callable[[], SealedCard]] = {"usual": samples.sealed, "largest": samples.largest}
Record = Callable[[str, dict[str, object]], None]


def tried(
    card_name: str, lines: int, coding: Coding, count: int, record: Record, **line: float
) -> tuple[int, int]:
    """Pages read rightly and wrongly, of ``count``."""
    card = CARDS[card_name]()
    paper = sheet(LetterPaper("1.0").fax_sheet(card).pdf)
    chance = np.random.default_rng([lines, len(coding.value), count])
    right = wrong = 0
    spent = 0.0
    for _ in range(count):
        received = faxed(paper, chance, lines, coding, **line)
        began = time.perf_counter()
        (page,) = ZxingReader().pages(received)
        spent += time.perf_counter() - began
        right += page.symbols == (card.digits,)
        wrong += any(text != card.digits for text in page.symbols)
    figure = {"card": card_name, "lines": lines, "coding": coding.name, **line}
    figure |= {"faxes": count, "read": right, "wrong": wrong, "seconds": round(spent / count, 3)}
    record("fax", figure)
    return right, wrong


@pytest.mark.heavy
@pytest.mark.parametrize("lines", [STANDARD, FINE])
@pytest.mark.parametrize("coding", list(Coding))
@pytest.mark.parametrize("card", CARDS)
def test_a_bad_fax_reads_every_time(
    card: str, lines: int, coding: Coding, full_count: Callable[..., int], record_figure: Record
) -> None:
    """0.5 % noise, up to 2° of skew, 1 % of lines lost or doubled: 200 of 200."""
    count = full_count("fax", sample=2, full=200)
    assert tried(card, lines, coding, count, record_figure) == (count, 0)


@pytest.mark.heavy
@pytest.mark.parametrize("lines", [STANDARD, FINE])
@pytest.mark.parametrize("coding", list(Coding))
def test_a_worse_fax_reads_nearly_every_time(
    lines: int, coding: Coding, full_count: Callable[..., int], record_figure: Record
) -> None:
    """1 % noise and up to 3° of skew: 99 % or more, and never a wrong content."""
    count = full_count("worse fax", sample=2, full=200)
    right, wrong = tried("largest", lines, coding, count, record_figure, noise=0.01, skew=3.0)
    assert right >= 0.99 * count
    assert wrong == 0
