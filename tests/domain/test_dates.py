"""Dates as typed, and the term's rules (15 NYCRR 32.3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from iies_tui.domain.card import Form
from iies_tui.domain.dates import IMPOSSIBLE, UNREADABLE, Limits, check_term, parse_quick, show
from iies_tui.domain.findings import Collector, Findings

TODAY = date(2026, 11, 22)
DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1201", "2026-12-01"),
        ("12/1", "2026-12-01"),
        ("12-1", "2026-12-01"),
        (" 12/1 ", "2026-12-01"),
        ("12/1/26", "2026-12-01"),
        ("12/01/2026", "2026-12-01"),
        ("12.01.2026", "2026-12-01"),
        ("120126", "2026-12-01"),
        ("12012026", "2026-12-01"),
        ("20261201", "2026-12-01"),
        ("2026-12-01", "2026-12-01"),
        ("2026-12-1", "2026-12-01"),
        ("0115", "2027-01-15"),
        ("0601", "2026-06-01"),
        ("0520", "2027-05-20"),
        ("0525", "2026-05-25"),
        ("+1y", "2027-11-22"),
        ("+6m", "2027-05-22"),
        ("+30d", "2026-12-22"),
        ("+2w", "2026-12-06"),
        ("-3D", "2026-11-19"),
        ("+0d", "2026-11-22"),
        ("2/29/2028", "2028-02-29"),
    ],
)
def test_typed_quickly(typed: str, meant: str) -> None:
    assert parse_quick(typed, TODAY).isoformat() == meant


@pytest.mark.parametrize(
    ("typed", "base", "meant"),
    [
        ("12/1", "2026-12-01", "2027-12-01"),
        ("12/2", "2026-12-01", "2026-12-02"),
        ("11/30", "2026-12-01", "2027-11-30"),
        ("+1y", "2026-12-01", "2027-12-01"),
        ("+1y", "2028-02-29", "2029-02-28"),
        ("+6m", "2026-08-31", "2027-02-28"),
        ("+1m", "2027-01-31", "2027-02-28"),
        ("-1y", "2028-02-29", "2027-02-28"),
        ("2/29", "2027-12-01", "2028-02-29"),
    ],
)
def test_counted_from_another_date(typed: str, base: str, meant: str) -> None:
    assert parse_quick(typed, TODAY, date.fromisoformat(base)).isoformat() == meant


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", UNREADABLE),
        ("121", UNREADABLE),
        ("12/1/026", UNREADABLE),
        ("tomorrow", UNREADABLE),
        ("+1", UNREADABLE),
        ("+99999d", UNREADABLE),
        ("١٢/١", UNREADABLE),
        ("12/1/2026x", UNREADABLE),
        ("1301", IMPOSSIBLE),
        ("2/30", IMPOSSIBLE),
        ("2/29", IMPOSSIBLE),
        ("2/29/2027", IMPOSSIBLE),
        ("12/1/1026", IMPOSSIBLE),
        ("9999-12-31", IMPOSSIBLE),
        ("+9999y", IMPOSSIBLE),
        ("-9999y", IMPOSSIBLE),
        ("00/00", IMPOSSIBLE),
    ],
)
def test_unreadable(typed: str, code: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_quick(typed, TODAY)
    assert refused.value.args == (code,)


@given(DAYS, DAYS)
def test_what_is_shown_reads_back(day: date, today: date) -> None:
    assert parse_quick(show(day), today) == day
    assert parse_quick(day.isoformat(), today) == day
    assert parse_quick(f"{day:%Y%m%d}", today) == day
    assert parse_quick(f"{day:%m%d%Y}", today) == day


@given(DAYS, st.dates(date(1995, 1, 1), date(2190, 1, 1)))
def test_without_a_year_the_nearest(day: date, today: date) -> None:
    if (day.month, day.day) == (2, 29):
        return
    found = parse_quick(f"{day.month}/{day.day}", today)
    assert (found.month, found.day) == (day.month, day.day)
    assert abs(found - today) <= timedelta(days=183)
    after = parse_quick(f"{day.month}/{day.day}", today, base=today)
    assert timedelta(days=0) < after - today <= timedelta(days=366)


@given(st.text(max_size=12))
def test_any_text_gives_a_date_or_a_code(text: str) -> None:
    try:
        parse_quick(text, TODAY)
    except ValueError as refused:
        assert refused.args[0] in {UNREADABLE, IMPOSSIBLE}


def _term(
    effective: date | None,
    expiration: date | None,
    limits: Limits | None = None,
    form: Form = Form.FS_20,
) -> Findings:
    found = Collector()
    check_term(found, form, effective, expiration, TODAY, limits or Limits())
    return found.findings()


@pytest.mark.parametrize(("days", "noted"), [(45, False), (46, True)])
def test_forty_five_days(days: int, noted: bool) -> None:
    """Accepted for registration until the 45th day after it took effect (``docs/domain.md``)."""
    start = TODAY - timedelta(days=days)
    notes = [note.code for note in _term(start, start + timedelta(days=365)).notes]
    assert ("registration_late" in notes) == noted


def test_forty_five_is_a_setting() -> None:
    start = TODAY - timedelta(days=40)
    term = _term(start, start + timedelta(days=365), Limits(registration_days=30))
    assert [note.params["limit"] for note in term.notes] == [30]


def test_limits_are_off_by_default() -> None:
    term = _term(TODAY - timedelta(days=5000), TODAY + timedelta(days=5000))
    assert term.problems == ()


def test_an_unreadable_date_hides_nothing_else() -> None:
    assert _term(None, date(2020, 1, 1)).notes[0].code == "expiration_past"
    assert _term(date(2020, 1, 1), None).notes[0].code == "registration_late"
    assert _term(None, None) == Findings()


@given(DAYS, DAYS)
def test_expiration_is_after_effective_or_refused(one: date, two: date) -> None:
    refused = [p.code for p in _term(one, two).problems]
    assert refused == ([] if two > one else ["expiration_not_after"])
