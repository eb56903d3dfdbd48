"""Dates as a clerk types them, and what is known of a policy's term.

15 NYCRR 32.3: the effective date is the day coverage starts, 12:01 a.m., the expiration date the
day the policy ends by its terms. No longest term, temporary duration or back-dating limit was
found, so each is a setting that is off until somebody sets it; the 45 days are second-hand.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from iies_tui.domain.card import Form
from iies_tui.domain.findings import Collector
from iies_tui.domain.written_dates import YEARS, Kind, read

UNREADABLE = "date_unreadable"
IMPOSSIBLE = "date_impossible"
"""The codes that ``parse_quick`` puts into its ValueError (``problem.<code>``)."""

_STEP = re.compile(r"([+-])([0-9]{1,4})([dwmy])\Z")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})\Z")
_PARTED = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})(?:[/. -]([0-9]{2}|[0-9]{4}))?\Z")
_DIGITS = re.compile(r"[0-9]{4}(?:[0-9]{2}){0,2}\Z")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a terminal may set where no rule was found; None is off. Days.

    ``registration_days``: DMV takes a card for registration so many days after its effective
    date. ``max_term_days`` and ``max_temporary_days``: the longest policy term on an FS-20 and
    an FS-21. ``max_back_days`` and ``max_ahead_days``: how far the effective date may lie before
    and after today. ``as_registered``: whether a value may be said to stand exactly so on the
    registration (``domain.registered``), ``apostrophe``: whether that goes for an apostrophe too.
    """

    registration_days: int = 45
    max_term_days: int | None = None
    max_temporary_days: int | None = None
    max_back_days: int | None = None
    max_ahead_days: int | None = None
    as_registered: bool = True
    apostrophe: bool = False


def show(day: date) -> str:
    """As the card and the screen show it: ``12/01/2026``."""
    return f"{day.month:02d}/{day.day:02d}/{day.year:04d}"


def parse_quick(text: str, today: date, base: date | None = None) -> date:
    """Read a date typed quickly.

    ``1201``, ``12/1``, ``12/1/26``, ``12/01/2026``, ``120126``, ``12012026``, ``20261201``,
    ``2026-12-01``; ``+1y``, ``+6m``, ``+2w``, ``+30d`` (or with ``-``) from ``base``, else from
    today; what is pasted, as ``01-Dec-26`` or with 12:01 AM. Without a year: with a ``base`` the
    first such day after it, else the nearest to today. Raise ValueError(UNREADABLE or IMPOSSIBLE).
    """
    typed = " ".join(text.split()).lower()
    if step := _STEP.match(typed):
        sign, count, unit = step.groups()
        return _step(base or today, int(sign + count), unit)
    if iso := _ISO.match(typed):
        year, month, day = map(int, iso.groups())
        return _day(year, month, day)
    if _DIGITS.match(typed):
        if len(typed) == 8 and int(typed[:4]) in YEARS:
            return _day(int(typed[:4]), int(typed[4:6]), int(typed[6:]))
        return _in_year(typed[4:], int(typed[:2]), int(typed[2:4]), today, base)
    if parted := _PARTED.match(typed):
        month_text, day_text, year_text = parted.groups()
        return _in_year(year_text or "", int(month_text), int(day_text), today, base)
    pasted = read(text)
    # A spreadsheet's day number is no date here: 40126 is rather 4/01/26 with a zero left out.
    if pasted and pasted.taken and pasted.kind is not Kind.NUMBER:
        return pasted.taken
    raise ValueError(UNREADABLE)


def _in_year(year: str, month: int, day: int, today: date, base: date | None) -> date:
    if year:
        return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)
    around = (base or today).year
    found = []
    for candidate in range(around - 1, around + 2):
        try:
            found.append(date(candidate, month, day))
        except ValueError:
            continue
    if base is not None:
        found = [candidate for candidate in found if candidate > base][:1]
    if not found:
        raise ValueError(IMPOSSIBLE)
    return min(found, key=lambda candidate: (abs(candidate - today), candidate < today))


def _day(year: int, month: int, day: int) -> date:
    if year not in YEARS:
        raise ValueError(IMPOSSIBLE)
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(IMPOSSIBLE) from None


def _step(start: date, count: int, unit: str) -> date:
    """Months and years keep the day, or take the month's last: 01/31 +1m is 02/28."""
    try:
        if unit in "dw":
            moved = start + timedelta(days=count * (7 if unit == "w" else 1))
        else:
            months = start.year * 12 + start.month - 1 + count * (12 if unit == "y" else 1)
            year, month = months // 12, months % 12 + 1
            moved = date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
    except (ValueError, OverflowError, IndexError):
        raise ValueError(IMPOSSIBLE) from None
    return _day(moved.year, moved.month, moved.day)


def check_term(
    found: Collector,
    form: Form | None,
    effective: date | None,
    expiration: date | None,
    today: date,
    limits: Limits,
) -> None:
    """Expiration after effective, the 45-day note, and the limits that are set (15 NYCRR 32.3).

    A date that could not be read is None and was reported already.
    """
    if effective is not None:
        _check_effective(found, effective, today, limits)
    if expiration is None:
        return
    if effective is not None:
        if expiration <= effective:
            found.problem("expiration", "expiration_not_after", effective=show(effective))
            return
        _check_length(found, form, (expiration - effective).days, limits)
    if expiration <= today:
        found.note("expiration", "expiration_past", expiration=show(expiration))


def _check_effective(found: Collector, effective: date, today: date, limits: Limits) -> None:
    age = (today - effective).days
    if limits.max_back_days is not None and age > limits.max_back_days:
        found.problem("effective", "effective_back", days=age, limit=limits.max_back_days)
    elif limits.max_ahead_days is not None and -age > limits.max_ahead_days:
        found.problem("effective", "effective_ahead", days=-age, limit=limits.max_ahead_days)
    elif age > limits.registration_days:
        found.note("effective", "registration_late", days=age, limit=limits.registration_days)
    elif -age > 183:
        found.note("effective", "effective_far", days=-age)


def _check_length(found: Collector, form: Form | None, days: int, limits: Limits) -> None:
    limit = limits.max_temporary_days if form is Form.FS_21 else limits.max_term_days
    if limit is not None and days > limit:
        found.problem("expiration", "term_long", days=days, limit=limit)
    elif days > 366:
        found.note("expiration", "term_over_year", days=days)
