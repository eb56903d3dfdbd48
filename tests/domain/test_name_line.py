"""A pasted name line (15 NYCRR 32.13: ``SMITH JOHN A``), and what is left to the clerk."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from iies_tui.domain.card import Registrant
from iies_tui.domain.name_line import PARTICLES, NameLine, split
from iies_tui.domain.names import ROMAN, SUFFIXES


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("DOE JOHN Q", ("DOE", "JOHN", "Q", "")),
        ("DOE JOHN", ("DOE", "JOHN", "", "")),
        ("  doe   john q ", ("DOE", "JOHN", "Q", "")),
        ("Doe, John Q., Jr.", ("DOE", "JOHN", "Q", "JR")),
        ("Doe, John", ("DOE", "JOHN", "", "")),
        ("SMITH JR, JOHN A", ("SMITH", "JOHN", "A", "JR")),
        ("DOE JOHN JR", ("DOE", "JOHN", "", "JR")),
        ("DOE JOHN Q III", ("DOE", "JOHN", "Q", "III")),
        ("DOE JOHN Q 3RD", ("DOE", "JOHN", "Q", "III")),
        ("DOE JOHN V", ("DOE", "JOHN", "V", "")),  # an initial sooner than a fifth of the name
        ("DOE JOHN Q V", ("DOE", "JOHN", "Q", "V")),
        ("VAN DER BERG ANNA M", ("VAN DER BERG", "ANNA", "M", "")),
        ("ST CLAIR MARY", ("ST CLAIR", "MARY", "", "")),
        ("Garcia Marquez, Ana L", ("GARCIA MARQUEZ", "ANA", "L", "")),
        ("SMITH-JONES ANN", ("SMITH-JONES", "ANN", "", "")),
        ("DOE JOHN QUENTIN", ("DOE", "JOHN", "QUENTIN", "")),  # the check proposes its initial
    ],
)
def test_a_plain_line_is_parted(line: str, parts: tuple[str, str, str, str]) -> None:
    assert split(line) == NameLine(*parts)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "DOE",
        "VAN DER BERG",
        "DOE JOHN & JANE",
        "DOE JOHN / DOE JANE",
        "GARCIA MARQUEZ ANA LUISA",
        "HUDSON FREIGHT LINES LLC",
        ", JOHN",
        "DOE,",
    ],
)
def test_what_is_not_plain_stays_whole(line: str) -> None:
    assert split(line) is None


WORD = st.from_regex(r"[A-Z]{2,12}(-[A-Z]{2,8})?", fullmatch=True).filter(
    lambda word: word not in SUFFIXES | PARTICLES | {"JUNIOR", "SENIOR", "JNR", "SNR"}
)


@given(
    last=st.lists(st.sampled_from(sorted(PARTICLES)), max_size=2).flatmap(
        lambda particles: WORD.map(lambda word: " ".join([*particles, word]))
    ),
    first=WORD,
    middle=st.sampled_from("ABCDEFGHJKLMNOPQRSTUWYZ"),
    ending=st.sampled_from(["", "JR", "SR", *ROMAN]),
)
def test_what_a_card_prints_is_read_back(last: str, first: str, middle: str, ending: str) -> None:
    printed = Registrant(last, first, middle, ending).printed
    assert split(printed) == NameLine(last, first, middle, ending)
