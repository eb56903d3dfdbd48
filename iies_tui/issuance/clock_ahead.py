"""A clock far ahead of the last record: no card until somebody typed the year and gave the PIN.

A clock set to another month or year passes for time in which nobody worked, and nothing on the
terminal can tell the two apart: bundle, verifier and boot clock all share it. A person can. The
alarm is a row of the trail, written before any other under that clock, so that no start, sign-on or
later row takes the question back; only a ``clock_confirmed`` row that names the alarm does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from iies_tui.domain import new_york
from iies_tui.domain.errors import Refused
from iies_tui.domain.trail import Event, TrailRow
from iies_tui.issuance.ports.machine import Clock
from iies_tui.issuance.ports.records import Trail

FAR = timedelta(days=30)
"""How long a terminal may lie unused without a question."""

DAY = 86_400


def seconds_ahead(now: datetime, last: datetime) -> int:
    """Seconds by which the clock is ahead of a record, 0 where that is not far."""
    return int((now - last).total_seconds()) if now - last > FAR else 0


def unconfirmed(trail: Trail) -> TrailRow | None:
    """The newest ``clock_ahead`` row, unless it was confirmed."""
    alarm, answer = trail.last(Event.CLOCK_AHEAD), trail.last(Event.CLOCK_CONFIRMED)
    if alarm is None or (answer is not None and answer.details.get("alarm") == alarm.seq):
        return None
    return alarm


def told(alarm: TrailRow) -> dict[str, str | int]:
    """What the words of an alarm name: ``days`` ahead, and ``last``, the record before it."""
    seconds = int(str(alarm.details.get("seconds_ahead", 0)))
    last = alarm.time - timedelta(seconds=seconds)
    return {"days": seconds // DAY, "last": new_york.in_json(last)}


def days_ahead(trail: Trail, clock: Clock) -> int:
    """By how many days somebody must confirm the clock, told or not; 0 where nobody must."""
    if alarm := unconfirmed(trail):
        return int(told(alarm)["days"])
    head = trail.head()
    return seconds_ahead(clock.now(), head.time) // DAY if head else 0


@dataclass(frozen=True, slots=True)
class ConfirmClock:
    """Takes the question back for an issuer whose PIN was right."""

    trail: Trail
    clock: Clock

    def check(self, year: str) -> None:
        """Before the PIN is counted. Raise Refused ``clock_year`` where it is another year."""
        now = self.clock.now()
        if year != str(new_york.day_of(now).year):
            raise Refused("clock_year", now=new_york.in_json(now))

    def __call__(self, license: str, clerk: str, year: str) -> None:
        """Record that the year was typed and the PIN given; nothing where nothing is asked."""
        self.check(year)
        alarm = unconfirmed(self.trail)
        if alarm is not None:
            details = {"alarm": alarm.seq, "year": int(year)}
            self.trail.append(Event.CLOCK_CONFIRMED, license, details, clerk)
