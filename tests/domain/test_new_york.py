"""New York's days and times, against the law's own rule: they depend on nothing of the box."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from iies_tui.domain import new_york
from tests.support.box import box_in
from tests.support.places import ROOT

ZONES = (
    "UTC",
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Etc/GMT+12",
    "Europe/Berlin",
    "Pacific/Kiritimati",
    "XXX-23:59",
    "no such zone",
)
MINUTES = st.integers(-26 * 60, 50 * 60)


def sunday(year: int, month: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (which - 1))


def by_law(moment: datetime) -> datetime:
    """15 U.S.C. 260a, since 2007: summer time from the second Sunday of March, two o'clock, to the
    first Sunday of November, two o'clock."""
    winter, summer = timezone(timedelta(hours=-5)), timezone(timedelta(hours=-4))
    year = moment.astimezone(winter).year
    begins = datetime.combine(sunday(year, 3, 2), datetime.min.time(), winter) + timedelta(hours=2)
    ends = datetime.combine(sunday(year, 11, 1), datetime.min.time(), summer) + timedelta(hours=2)
    return moment.astimezone(summer if begins <= moment < ends else winter)


@given(
    st.sampled_from(ZONES),
    st.one_of(
        st.datetimes(datetime(2007, 1, 2), datetime(2106, 1, 1)),
        st.builds(
            lambda year, dst, minute: datetime.combine(
                sunday(year, *dst), datetime.min.time()
            ) + timedelta(minutes=minute),
            st.integers(2007, 2105),
            st.sampled_from(((3, 2), (11, 1))),
            MINUTES,
        ),
    ),
)  # fmt: skip
def test_the_day_and_the_time_are_the_laws_wherever_the_box_stands(
    zone: str, naive: datetime
) -> None:
    moment, law = naive.replace(tzinfo=UTC), by_law(naive.replace(tzinfo=UTC))
    with box_in(zone):
        assert new_york.day_of(moment) == law.date()
        assert new_york.shown(moment) == f"{law:%m/%d/%Y %H:%M}"
        assert new_york.written(moment) == f"{law:%Y-%m-%d %H:%M}"
        start = new_york.from_clock(str(law.date()))
        assert start <= moment and new_york.day_of(start) == law.date()
        assert new_york.day_of(start - timedelta(seconds=1)) == law.date() - timedelta(days=1)
        assert datetime.fromisoformat(new_york.in_json(moment)) == moment.replace(microsecond=0)


@pytest.mark.parametrize(
    ("typed", "utc"),
    [
        ("2026-12-01", "2026-12-01T05:00:00Z"),
        ("2026-07-01T09:30", "2026-07-01T13:30:00Z"),
        ("2026-12-01T15:00-05:00", "2026-12-01T20:00:00Z"),
        ("2026-12-01T15:00Z", "2026-12-01T15:00:00Z"),
        ("2026-11-01T01:30", "2026-11-01T05:30:00Z"),  # twice that day: the first
    ],
)
def test_what_is_typed_without_an_offset_is_new_yorks(typed: str, utc: str) -> None:
    assert new_york.in_json(new_york.from_clock(typed)) == utc


def test_a_moment_without_a_zone_is_no_moment() -> None:
    with pytest.raises(ValueError, match="zone"):
        new_york.day_of(datetime(2026, 11, 22))


_WITHOUT = """
import zoneinfo
zoneinfo.reset_tzpath(to=[])  # a box without a zone table
from datetime import UTC, datetime
from iies_tui.domain import new_york
assert new_york.shown(datetime(2026, 11, 27, 2, 1, tzinfo=UTC)) == "11/26/2026 21:01"
"""


def test_a_box_without_a_zone_table_knows_new_yorks_time() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_the_boxs_own_table_is_not_asked(tmp_path: Path) -> None:
    """An old or a wrong one under the same name changes nothing."""
    code = _WITHOUT.replace("to=[]", f"to=[{str(tmp_path)!r}]")
    (tmp_path / "America").mkdir()
    (tmp_path / "America" / "New_York").write_bytes(b"not a zone")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
