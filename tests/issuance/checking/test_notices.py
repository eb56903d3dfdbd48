"""The warnings that the trust bundle ends: 30, 7 and 1 days ahead, with whom to ask."""

from __future__ import annotations

from datetime import timedelta

import pytest

from iies_tui.issuance.checking.notices import bundle_notices
from iies_tui.text import has, words
from tests.support import trust_samples

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
