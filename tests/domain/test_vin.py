"""VINs (15 NYCRR 32.4; 49 CFR 565)."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, strategies as st

from iies_tui.domain import vin
from iies_tui.domain.findings import Collector, Findings
from iies_tui.domain.vin import Slip, check_digit, is_right, model_years, repairs

GOOD = "1HGCM82633A004352"


def _with_check(text: str) -> str:
    return text[:8] + check_digit(text) + text[9:]


BODIES = st.text(alphabet=vin.LETTERS, min_size=13, max_size=13)
TAILS = st.text(alphabet="0123456789", min_size=4, max_size=4)
VINS = st.builds(lambda body, tail: _with_check(body + tail), BODIES, TAILS)


def _check(text: str, year: int | None = 2003) -> Findings:
    found = Collector()
    vin.check(found, "v", text, year, 2028)
    return found.findings()


@pytest.mark.parametrize(
    "known",
    [GOOD, "1M8GDM9AXKP042788", "11111111111111111", "5GZCZ43D13S812715"],
)
def test_published_examples(known: str) -> None:
    assert is_right(known)


@pytest.mark.parametrize("wrong", ["", GOOD[:-1], GOOD + "2", GOOD.lower(), "I" + GOOD[1:]])
def test_no_check_digit_for_what_is_no_vin(wrong: str) -> None:
    assert not is_right(wrong)
    with pytest.raises(ValueError):
        check_digit(wrong)


@given(VINS, st.integers(0, 16), st.sampled_from(vin.LETTERS))
def test_a_slip_is_found_or_has_the_same_weight(text: str, place: int, sign: str) -> None:
    """49 CFR 565.15(c): one wrong character passes only where both have one value."""
    slipped = text[:place] + sign + text[place + 1 :]
    if place == 8:
        assert is_right(slipped) == (sign == text[8])
    else:
        same = vin._VALUES[sign] == vin._VALUES[text[place]]
        assert is_right(slipped) == same


@given(VINS, st.integers(0, 15))
def test_a_swap_is_repaired(text: str, place: int) -> None:
    slipped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    assume(not is_right(slipped))
    offered = [repair.vin for repair in repairs(slipped) if repair.slip is Slip.SWAP]
    assert text in offered
    told = str(_check(slipped, None).problems[0].params["candidates"])
    assert text in told or len(offered) > 4


@given(VINS, st.integers(0, 12), st.sampled_from(vin.LETTERS))
def test_a_character_is_repaired(text: str, place: int, sign: str) -> None:
    slipped = text[:place] + sign + text[place + 1 :]
    assume(not is_right(slipped))
    assert text in [repair.vin for repair in repairs(slipped)]


@given(VINS, st.integers(0, 12), st.sampled_from(vin.LETTERS))
def test_every_repair_is_right_and_the_likely_come_first(text: str, place: int, sign: str) -> None:
    found = repairs(text[:place] + sign + text[place + 1 :])
    assert all(is_right(repair.vin) for repair in found)
    likely = [repair.likely for repair in found]
    assert likely == sorted(likely, reverse=True)


@pytest.mark.parametrize(
    ("slipped", "meant"),
    [
        ("1HGCM82633A004325", GOOD),
        ("1HGCMB2633A004352", GOOD),
        ("1HGCM82633A0043S2", GOOD),
        ("1HGCM8Z633A004352", GOOD),
        ("IHGCM82633A004352", GOOD),
        ("1HGCM82633AOO4352", GOOD),
        ("1HGCM82633AQ04352", GOOD),
    ],
)
def test_the_usual_slips_are_offered_and_never_applied(slipped: str, meant: str) -> None:
    (problem,) = _check(slipped).problems
    assert meant in str(problem.params["candidates"]).split()


def test_the_letter_and_its_place_are_named() -> None:
    (problem,) = _check("1HGCM82633AO04352").problems
    assert problem.code == "vin_letter"
    assert problem.params["letter"] == "O"
    assert (problem.params["likely"], problem.params["position"]) == ("0", 12)


@pytest.mark.parametrize(
    ("sign", "years"),
    [
        ("A", (1980, 2010)),
        ("B", (1981, 2011)),
        ("Y", (2000,)),
        ("1", (2001,)),
        ("9", (2009,)),
        ("V", (1997, 2027)),
        ("W", (1998, 2028)),
        ("U", ()),
        ("Z", ()),
        ("0", ()),
    ],
)
def test_model_year_of_position_ten(sign: str, years: tuple[int, ...]) -> None:
    """49 CFR 565.15(d)(1), table VII."""
    assert model_years(GOOD[:9] + sign + GOOD[10:], 2028) == years


@pytest.mark.parametrize(
    ("text", "year", "notes", "problems"),
    [
        (GOOD, 2003, [], []),
        (GOOD, None, [], []),
        (GOOD, 2004, ["vin_year"], []),
        (GOOD, 1980, ["vin_17_old"], []),
        ("7R02C123456", 1967, ["vin_old"], []),
        ("O7R02QC1234", 1967, ["vin_old"], []),
        ("7", 1920, ["vin_old"], []),
        ("NY123456", 1999, ["vin_short"], []),
        ("NY", 1999, [], ["vin_length"]),
        (GOOD[:14], 2003, [], ["vin_length"]),
        (GOOD[:16], 2003, [], ["vin_length"]),
        (GOOD + "1", 2003, [], ["vin_length"]),
        (GOOD * 2, 2003, [], ["vin_signs"]),
        ("1HGCM82633A00435É", 2003, [], ["vin_signs"]),
        ("", 2003, [], ["required"]),
    ],
)
def test_by_model_year(text: str, year: int | None, notes: list[str], problems: list[str]) -> None:
    found = _check(text, year)
    assert [note.code for note in found.notes] == notes
    assert [problem.code for problem in found.problems] == problems


@given(st.text(max_size=20), st.one_of(st.none(), st.integers(1800, 2100)))
def test_any_text_is_judged(text: str, year: int | None) -> None:
    found = _check(text, year)
    if len(text) == 17 and (year is None or year >= 1981):
        assert bool(found.problems) != is_right(text)
