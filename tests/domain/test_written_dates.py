"""A day as it is written: read where one reading is beyond doubt, else asked with its own days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, strategies as st

from iies_tui.domain import dates
from iies_tui.domain.spreadsheet import iso_date
from iies_tui.domain.written_dates import YEARS, Kind, month_named, read

TODAY = date(2026, 11, 28)
DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31))
NEAR = st.dates(date(2015, 1, 1), date(2069, 12, 31))
DASHES = (
    *("-", "\N{EN DASH}", "\N{EM DASH}", "\N{HYPHEN}", "\N{NON-BREAKING HYPHEN}"),
    *("\N{MINUS SIGN}", "\N{FULLWIDTH HYPHEN-MINUS}"),
)
STARTS = (
    *(
        "",
        " 12:01 AM",
        " 12:01AM",
        " 12:01 a.m.",
        " 12:01:00 AM",
        " 0:01",
        " 00:01:00",
        " 00:00:00",
    ),
    *("T00:00:00", " 12:00 AM", ", 12:01 AM", "\N{NARROW NO-BREAK SPACE}12:01\N{NO-BREAK SPACE}AM"),
)
WRITINGS: tuple[Callable[[date], str], ...] = (
    date.isoformat,
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.day}-{day:%b}-{day.year}",
    lambda day: f"{day.day:02d} {day:%B} {day.year}",
    lambda day: f"{day:%b}. {day.day}, {day.year}",
    lambda day: f"{day:%A}, {day:%B} {day.day}, {day.year}",
    lambda day: f"{day.month}/{day.day}/{day.year}",
    lambda day: f"{day.month:02d}-{day.day:02d}-{day.year}",
)
SHORT: tuple[Callable[[date], str], ...] = (
    lambda day: f"{day.month}/{day.day}/{day:%y}",
    lambda day: f"{day:%d-%b-%y}",
    lambda day: f"{day:%b}-{day.day}-{day:%y}",
    lambda day: f"{day.month}-{day.day}-{day:%y}",
)


@given(DAYS, st.sampled_from(WRITINGS), st.sampled_from(DASHES), st.sampled_from(STARTS))
def test_a_day_is_read_however_it_is_written(
    day: date, write: Callable[[date], str], dash: str, start: str
) -> None:
    assert iso_date(write(day).replace("-", dash) + start) == day.isoformat()


@given(NEAR, st.sampled_from(SHORT), st.sampled_from(DASHES), st.sampled_from(STARTS))
def test_two_digits_are_a_year_of_this_century(
    day: date, write: Callable[[date], str], dash: str, start: str
) -> None:
    assert iso_date(write(day).replace("-", dash) + start) == day.isoformat()


@given(DAYS, st.sampled_from(("", ".0", ".00", ",0", ".000694444", ".0006944444444")))
def test_a_day_number_is_read(day: date, fraction: str) -> None:
    number = (day - date(1899, 12, 30)).days
    written = read(f"{number}{fraction}")
    if len(str(number)) == 5:
        assert written is not None
        assert (written.kind, written.taken) == (Kind.NUMBER, day)


@given(NEAR)
def test_another_reading_is_never_passed_over(day: date) -> None:
    """Where month and day could change places, the other day is known too."""
    written = read(f"{day.month}/{day.day}/{day.year}")
    assert written is not None
    swapped = read(f"{day.day}/{day.month}/{day.year}")
    assert swapped is not None
    if day.day > 12:
        assert (written.kind, written.days) == (Kind.MONTH_SHOWN, (day,))
        assert (swapped.kind, swapped.days, swapped.taken) == (Kind.DAY_FIRST, (day,), None)
    elif day.day == day.month:
        assert written.kind is Kind.PLAIN
    else:
        assert written.kind is Kind.MONTH_FIRST
        assert written.days == (swapped.days[1], swapped.days[0])


@given(st.one_of(st.text(max_size=40), st.text("0123456789-/., :DECAMPT", max_size=20)))
def test_any_text_is_a_day_of_a_policy_or_stays(text: str) -> None:
    written = read(text)
    if written is None or written.taken is None:
        assert iso_date(text) == text
    else:
        assert written.taken.year in YEARS
        assert date.fromisoformat(iso_date(text)) == written.taken


@pytest.mark.parametrize(
    ("text", "kind", "days"),
    [
        ("1.12.2026", Kind.DOUBTFUL, [date(2026, 12, 1), date(2026, 1, 12)]),
        ("13.12.2026", Kind.PLAIN, [date(2026, 12, 13)]),
        ("26-12-01", Kind.DOUBTFUL, [date(2026, 12, 1)]),
        ("26/12/01", Kind.DOUBTFUL, [date(2026, 12, 1)]),
        ("16-12-25", Kind.DOUBTFUL, [date(2025, 12, 16), date(2016, 12, 25)]),
        ("2026-13-12", Kind.DOUBTFUL, [date(2026, 12, 13)]),
        ("12012026", Kind.DOUBTFUL, [date(2026, 12, 1), date(2026, 1, 12)]),
        ("20261201", Kind.PLAIN, [date(2026, 12, 1)]),
        ("26335", Kind.DOUBTFUL, [date(1972, 2, 6)]),
        ("46357.5", Kind.TIMED, [date(2026, 12, 1)]),
        ("46,357.00", Kind.NUMBER, [date(2026, 12, 1)]),
        ("2026-12-01 13:00", Kind.TIMED, [date(2026, 12, 1)]),
        ("12/1/2026 12:00", Kind.TIMED, [date(2026, 12, 1), date(2026, 1, 12)]),
        ("12/1/98", Kind.SHORT_YEAR, []),
        ("2/30/2026", Kind.IMPOSSIBLE, []),
        ("Dec-26", Kind.PART, []),
        ("12/26", Kind.PART, []),
        ("1-Dec", Kind.PART, []),
    ],
)
def test_what_is_not_beyond_doubt(text: str, kind: Kind, days: list[date]) -> None:
    written = read(text)
    assert written is not None
    assert (written.kind, list(written.days)) == (kind, days)


@pytest.mark.parametrize(
    "text", ["", "x", "1-Dez-2026", "Ju 1 2026", "12:01 AM", "soon", "1/2/3/4"]
)
def test_what_is_no_day(text: str) -> None:
    assert read(text) is None


def test_a_month_named_has_one_reading() -> None:
    assert month_named(date(2026, 12, 1)) == "Dec 1, 2026"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01-Dec-26", date(2026, 12, 1)),
        ("12/1/2026 12:01 AM", date(2026, 12, 1)),
        ("2026\N{EN DASH}12\N{EN DASH}01", date(2026, 12, 1)),
    ],
)
def test_what_is_pasted_into_the_form_is_read(text: str, day: date) -> None:
    assert dates.parse_quick(text, TODAY) == day


def test_a_number_typed_into_the_form_is_no_day_number() -> None:
    """40126 is 4/01/26 with a zero left out, not a day of 2009."""
    with pytest.raises(ValueError, match=dates.UNREADABLE):
        dates.parse_quick("40126", TODAY)
