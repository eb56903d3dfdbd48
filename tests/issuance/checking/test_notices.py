"""What Start warns of: the clock, and the bundle's end 30, 7 and 1 days ahead, with whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import pytest

from iies_tui.domain.trail import TERMINAL, Event
from iies_tui.issuance.checking.notices import Notices, bundle_notices
from iies_tui.text import has, words
from tests.support import trust_samples
from tests.support.fakes import FakeClock, FakeTrail, FakeTrust

BUNDLE = trust_samples.bundle()


@pytest.mark.parametrize(
    ("left", "code", "days"),
    [
        (timedelta(days=30), "bundle_expires", 30),
        (timedelta(days=8), "bundle_expires", 8),
        (timedelta(days=7, hours=23), "bundle_ends_soon", 7),
        (timedelta(days=2), "bundle_ends_soon", 2),
        (timedelta(days=1, hours=23), "bundle_ends_now", 1),
        (timedelta(minutes=1), "bundle_ends_now", 0),
        (timedelta(0), "bundle_expired", None),
    ],
)
def test_the_end_is_told_in_three_steps(left: timedelta, code: str, days: int | None) -> None:
    (told,) = bundle_notices(BUNDLE, BUNDLE.expires - left, "the licensing desk, ext. 12")
    assert (told.code, told.params.get("days")) == (code, days)
    assert "Ask the licensing desk, ext. 12" in words(f"notice.{code}", **told.params)
    assert has(f"notice.{code}")


def test_a_bundle_that_is_young_says_nothing_and_no_number_is_invented() -> None:
    assert not bundle_notices(BUNDLE, BUNDLE.issued + timedelta(days=40), "")
    (told,) = bundle_notices(BUNDLE, BUNDLE.expires - timedelta(days=3), "")
    assert told.params["whom"] == BUNDLE.authority
    assert not any(sign.isdigit() for sign in words("notice.bundle_ends_soon", days="", day=""))


@dataclass
class Witnessed(FakeTrust):
    """Port ``ImportedTrust`` whose bundle is the imported one."""

    def replaced(self) -> bool:
        return False


class NoIssuers:
    """A vault that holds none."""

    def issuers(self) -> tuple[()]:
        return ()

    def damaged(self) -> tuple[()]:
        return ()


def notices(clock: FakeClock, trail: FakeTrail) -> list[str]:
    made = Notices(
        cast(Any, Witnessed(BUNDLE)), trail, clock, cast(Any, NoIssuers()), cast(Any, None), ""
    )
    return [one.code for one in made(0)]


def test_an_odd_clock_is_told_first() -> None:
    clock = FakeClock()
    trail = FakeTrail(clock)
    assert notices(clock, trail) == []
    alarm = trail.append(Event.CLOCK_AHEAD, TERMINAL, {"seconds_ahead": 40 * 86_400})
    assert notices(clock, trail) == ["clock_ahead"]
    trail.append(Event.CLOCK_CONFIRMED, "PC-1", {"alarm": alarm.seq, "year": 2026})
    assert notices(clock, trail) == []
    clock.wall -= timedelta(minutes=3)
    assert notices(clock, trail) == ["clock_went_back"]
    assert has("notice.clock_ahead") and has("notice.clock_went_back")
