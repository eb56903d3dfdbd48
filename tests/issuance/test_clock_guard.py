"""No card under a clock that is wrong, and no way around it but the PIN."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from iies_tui.domain.errors import Refused
from iies_tui.domain.trail import Event
from iies_tui.issuance.clock_guard import BUILT, JUMP, clock_offset, guard
from tests.support import trust_samples
from tests.support.fakes import FakeClock, FakeTrail

BUNDLE = trust_samples.bundle()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def trail(clock: FakeClock) -> FakeTrail:
    return FakeTrail(clock)


def code(clock: FakeClock, trail: FakeTrail, offset: float | None = None) -> str:
    try:
        guard(clock, BUNDLE, trail, offset)
    except Refused as error:
        return error.code
    return ""


def test_a_right_clock_passes_and_writes_nothing(clock: FakeClock, trail: FakeTrail) -> None:
    assert code(clock, trail) == ""
    trail.append(Event.SIGNED_ON, "PC-1", {})
    assert code(clock, trail, clock_offset(clock)) == ""
    assert len(trail.chain) == 1


@pytest.mark.parametrize("now", [datetime(1970, 1, 1, tzinfo=UTC), BUILT - timedelta(seconds=1)])
def test_before_the_build(clock: FakeClock, trail: FakeTrail, now: datetime) -> None:
    clock.wall = now
    assert code(clock, trail) == "clock_behind"


def test_before_the_bundle(clock: FakeClock, trail: FakeTrail) -> None:
    future = trust_samples.bundle(issued=clock.wall + timedelta(seconds=1))
    with pytest.raises(Refused, match="clock_behind"):
        guard(clock, future, trail)


def test_set_back_it_stays_refused_until_it_is_right(clock: FakeClock, trail: FakeTrail) -> None:
    trail.append(Event.SIGNED_ON, "PC-1", {})
    clock.wall += timedelta(days=2)
    trail.append(Event.SEALED, "PC-1", {})
    clock.wall -= timedelta(hours=1)
    for _ in range(3):
        # Each alarm is a record under the wrong clock itself: it must not make that clock right.
        assert code(clock, trail) == "clock_went_back"
    trail.append(Event.HANDED_OVER, "PC-1", {})
    assert code(clock, trail) == "clock_went_back"
    clock.wall += timedelta(hours=1)
    assert code(clock, trail) == ""
    assert [row.details["seconds_back"] for row in trail.chain
            if row.event is Event.CLOCK_ALARM] == [3600] * 4  # fmt: skip


def test_the_pin_given_again_is_the_clerks_word(clock: FakeClock, trail: FakeTrail) -> None:
    trail.append(Event.SIGNED_ON, "PC-1", {})
    clock.wall -= timedelta(hours=1)
    assert code(clock, trail) == "clock_went_back"
    trail.append(Event.SIGNED_ON, "PC-1", {})
    assert code(clock, trail) == ""


@pytest.mark.parametrize("seconds", [JUMP, -JUMP, 400 * JUMP])
def test_a_jump_of_a_day_against_the_boot_clock(
    clock: FakeClock, trail: FakeTrail, seconds: float
) -> None:
    clock.wall += timedelta(days=10)
    offset = clock_offset(clock)
    clock.wall += timedelta(seconds=seconds)
    assert code(clock, trail, offset) == "clock_jumped"
    assert trail.chain[-1].details == {"seconds_moved": int(seconds)}


def test_a_suspend_is_no_jump(clock: FakeClock, trail: FakeTrail) -> None:
    offset = clock_offset(clock)
    clock.pass_seconds(3 * JUMP)
    assert code(clock, trail, offset) == ""
