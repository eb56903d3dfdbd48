"""No card with a clock that is wrong: DMV answers INVALID ISSUER STATUS (design section 8)."""

from __future__ import annotations

from datetime import UTC, datetime

from iies_tui.domain.bundle import Bundle
from iies_tui.domain.errors import Refused
from iies_tui.domain.trail import TERMINAL, Event
from iies_tui.issuance.ports import Clock, Trail

BUILT = datetime(2026, 11, 22, tzinfo=UTC)
"""The day of this version; a clock before it is certainly wrong."""


def guard(clock: Clock, bundle: Bundle, trail: Trail) -> None:
    """Raise Refused ``clock_behind`` or ``clock_went_back``; the latter is trailed."""
    now = clock.now()
    if now < BUILT or now < bundle.issued:
        raise Refused("clock_behind", now=now.isoformat())
    head = trail.head()
    if head is not None and now < head.time:
        seconds = int((head.time - now).total_seconds())
        trail.append(Event.CLOCK_ALARM, TERMINAL, {"seconds_back": seconds})
        raise Refused("clock_went_back", now=now.isoformat(), last=head.time.isoformat())
