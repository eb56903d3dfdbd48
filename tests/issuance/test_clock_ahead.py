"""A clock far ahead of the last record before a start: a question that only an answer ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings, strategies as st

from iies_tui.adapters.records.trail import TrailFile
from iies_tui.domain import trail_details
from iies_tui.domain.errors import Refused
from iies_tui.domain.trail import Event
from iies_tui.issuance.clock_ahead import FAR, ConfirmClock, days_ahead, unconfirmed
from iies_tui.issuance.clock_guard import guard
from tests.support import trust_samples
from tests.support.fakes import FakeClock
from tests.support.office import Office, ready
from tests.support.terminal import REQUEST

BUNDLE = trust_samples.bundle()
BEGIN = datetime(2026, 11, 22, 15, tzinfo=UTC)


def refusal(clock: FakeClock, trail: TrailFile) -> str:
    try:
        guard(clock, BUNDLE, trail)
    except Refused as error:
        return error.code
    return ""


@settings(max_examples=40, deadline=None)
@given(
    st.integers(-(10**7), 3 * 10**8).map(lambda seconds: timedelta(seconds=seconds)),
    st.lists(st.sampled_from(("start", "sign_on", "row")), max_size=4),
)
def test_the_alarm_is_the_first_row_of_the_start_and_nothing_else_resets_it(
    moved: timedelta, then: list[str]
) -> None:
    with TemporaryDirectory() as home:
        path, clock = Path(home) / "trail.db", FakeClock(BEGIN)
        trail = TrailFile(path, clock)
        trail.append(Event.SIGNED_ON, "PC-1", {})
        trail.close()
        clock.wall += moved
        trail = TrailFile(path, clock)
        assert (days_ahead(trail, clock) > 0) == (moved > FAR)
        for step in then:
            clock.wall += timedelta(hours=1)
            if step == "start":
                trail.close()
                trail = TrailFile(path, clock)
            else:
                event = Event.SIGNED_ON if step == "sign_on" else Event.SIGN_ON_FAILED
                trail.append(event, "PC-1", {})
        rows = [row for row in trail.rows() if row.event is Event.CLOCK_AHEAD]
        if moved > FAR:
            (alarm,) = rows
            assert (alarm.seq, alarm.details) == (2, {"seconds_ahead": moved.total_seconds()})
            assert trail_details.fits(alarm)
            assert refusal(clock, trail) == "clock_ahead"
        else:
            assert rows == [] and refusal(clock, trail) != "clock_ahead"
        trail.close()


def test_an_authority_s_trail_asks_nobody(tmp_path: Path) -> None:
    clock = FakeClock(BEGIN)
    for _ in range(2):
        trail = TrailFile(tmp_path / "trail.db", clock, cards=False)
        trail.append(Event.KEY_MINTED, "authority", {})
        trail.close()
        clock.wall += timedelta(days=400)
    trail = TrailFile(tmp_path / "trail.db", clock, read_only=True)
    assert [row.event for row in trail.rows()] == [Event.KEY_MINTED] * 2
    trail.close()


def test_a_clock_set_ahead_before_the_sign_on_is_seen_too(tmp_path: Path) -> None:
    """The program was started under the right clock; the sign-on's own row finds the wrong one."""
    office, issuer = ready(tmp_path)
    office.clock.wall += timedelta(days=31)
    issuer = office.signed_on()
    with pytest.raises(Refused, match="clock_ahead"):
        list(office.issue(issuer, REQUEST, lambda *_: None))
    assert "intent" not in office.events()


def confirm(office: Office, year: str) -> None:
    ConfirmClock(office.trail, office.clock)("PC-123456", "JQD", year)


def test_the_year_and_the_pin_and_only_for_that_alarm(tmp_path: Path) -> None:
    office, _ = ready(tmp_path)
    office.clock.wall += timedelta(days=40)  # 1 January 2027, ten in the morning
    office.open()
    issuer = office.signed_on()
    for year in ("2026", "", "27", "2027 ", "²⁰²⁷"):
        with pytest.raises(Refused, match="clock_year"):
            confirm(office, year)
    assert unconfirmed(office.trail) is not None
    confirm(office, "2027")
    answer = office.trail.last(Event.CLOCK_CONFIRMED)
    alarm = office.trail.last(Event.CLOCK_AHEAD)
    assert answer.details == {"alarm": alarm.seq, "year": 2027}
    assert (answer.actor, answer.clerk) == ("PC-123456", "JQD") and trail_details.fits(answer)
    assert len(list(office.issue(issuer, REQUEST, lambda *_: None))) == 1
    confirm(office, "2027")
    assert office.events().count("clock_confirmed") == 1  # nothing was asked the second time
    office.clock.wall += timedelta(days=31)
    office.open()
    with pytest.raises(Refused, match="clock_ahead"):
        list(office.issue(office.signed_on(), REQUEST, lambda *_: None))


def test_the_new_year_is_new_yorks(tmp_path: Path) -> None:
    """At three in the morning of 1 January in UTC it is 2026 in New York."""
    office, _ = ready(tmp_path)
    office.clock.wall = datetime(2027, 1, 1, 3, tzinfo=UTC)
    office.open()
    with pytest.raises(Refused, match="clock_year"):
        confirm(office, "2027")
    confirm(office, "2026")


def test_set_right_again_the_question_stays(tmp_path: Path) -> None:
    """Somebody set the clock ahead and back: what it said meanwhile is confirmed by a person."""
    office, _ = ready(tmp_path)
    office.clock.wall += timedelta(days=365)
    office.open()
    office.clock.wall -= timedelta(days=365)
    office.open()
    issuer = office.signed_on()
    with pytest.raises(Refused, match="clock_ahead"):
        list(office.issue(issuer, REQUEST, lambda *_: None))
    confirm(office, "2026")
    assert len(list(office.issue(issuer, REQUEST, lambda *_: None))) == 1
