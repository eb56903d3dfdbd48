"""No card with a clock that is wrong: DMV answers INVALID ISSUER STATUS."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from iies_tui.domain import new_york
from iies_tui.domain.bundle import Bundle
from iies_tui.domain.errors import Refused
from iies_tui.domain.trail import TERMINAL, Event, TrailRow
from iies_tui.issuance.clock_ahead import told, unconfirmed
from iies_tui.issuance.ports.machine import Clock
from iies_tui.issuance.ports.records import Trail

BUILT = datetime(2026, 11, 22, tzinfo=UTC)
"""The day of this version; a clock before it is certainly wrong."""

JUMP = 86_400.0
"""Seconds that the wall clock may move against the running boot clock while a clerk is signed on:
less than the smallest slip that puts a wrong date on a card."""


SLACK = timedelta(minutes=2)
"""How far a clock may be set back by whoever keeps it right, without a word."""


def went_back(now: datetime, latest: datetime) -> int:
    """Seconds by which the clock is behind a record, 0 where it is not."""
    return int((latest - now).total_seconds()) if now + SLACK < latest else 0


def clock_offset(clock: Clock) -> float:
    """The wall clock less the boot clock, in seconds: it changes only when somebody sets it."""
    return clock.now().timestamp() - clock.boot()


def guard(clock: Clock, bundle: Bundle, trail: Trail, offset: float | None = None) -> None:
    """``offset``: the ``clock_offset`` at sign-on.

    Raise Refused ``clock_behind``, ``clock_went_back``, ``clock_jumped`` or ``clock_ahead``.
    The next two are trailed, and hold until the clock is right or somebody gives the PIN again;
    the last until somebody confirms the year (``clock_ahead``).
    """
    now = clock.now()
    if now < BUILT or now < bundle.issued:
        raise Refused("clock_behind", now=new_york.in_json(now))
    latest = _latest(trail)
    if latest is not None and (back := went_back(now, latest)):
        trail.append(Event.CLOCK_ALARM, TERMINAL, {"seconds_back": back})
        raise Refused("clock_went_back", now=new_york.in_json(now), last=new_york.in_json(latest))
    if alarm := unconfirmed(trail):
        raise Refused("clock_ahead", (), now=new_york.in_json(now), **told(alarm))
    moved = 0.0 if offset is None else clock_offset(clock) - offset
    if abs(moved) >= JUMP:
        trail.append(Event.CLOCK_ALARM, TERMINAL, {"seconds_moved": int(moved)})
        raise Refused("clock_jumped", now=new_york.in_json(now))


def _latest(trail: Trail) -> datetime | None:
    """The latest time that a record bears.

    A row that was written under a clock set back bears an earlier time than the one before it; the
    trail then puts an alarm before it, which stands for the time that was missed until somebody
    gives the PIN.
    """
    head, alarm, signed_on = (
        trail.head(),
        trail.last(Event.CLOCK_ALARM),
        trail.last(Event.SIGNED_ON),
    )
    if head is None:
        return None
    if alarm is None or (signed_on is not None and signed_on.seq > alarm.seq):
        return head.time
    return max(head.time, alarm.time + timedelta(seconds=_back(alarm)))


def _back(alarm: TrailRow) -> int:
    seconds = alarm.details.get("seconds_back", 0)
    return seconds if isinstance(seconds, int) else 0
