"""A day as spreadsheets and people write it, with every reading that is possible.

A day is taken where one reading is beyond doubt, or where New York's habit (the month first)
decides; a caller can tell the two apart by ``Kind``. Everything else is asked with its own days.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

YEARS = range(1990, 2200)
"""Years that a policy's day may have."""
_TWO_DIGITS = range(2015, 2070)
"""Years that two digits may stand for; 98 is asked about."""
_DAY_ZERO = date(1899, 12, 30)
"""Day 0 of a spreadsheet's day numbers, right from March 1900 on."""

_MERIDIEM = r"(?: ?([AP])\.?(?:M\.?)?)?"
_TIME = re.compile(
    rf"(?:T|,? +(?:AT )?)([0-9]{{1,2}}):([0-9]{{2}})(?::([0-9]{{2}})(?:\.[0-9]+)?)?{_MERIDIEM}\Z"
)
_WEEKDAY = re.compile(r"(?:MON|TUE|WED|THU|FRI|SAT|SUN)[A-Z]*[.,]* +")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})\Z")
_NUMBERS = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2'?([0-9]{4}|[0-9]{2})\Z")
_GAP = "[-/., ]{1,2}"
_DAY_NAMED = re.compile(
    rf"([0-9]{{1,2}})(?:ST|ND|RD|TH)?{_GAP}([A-Z]{{3,9}}){_GAP}'?([0-9]{{4}}|[0-9]{{2}})\Z"
)
_MONTH_NAMED = re.compile(
    rf"([A-Z]{{3,9}}){_GAP}([0-9]{{1,2}})(?:ST|ND|RD|TH)?{_GAP}'?([0-9]{{4}}|[0-9]{{2}})\Z"
)
_YEAR_NAMED = re.compile(rf"([0-9]{{4}}){_GAP}([A-Z]{{3,9}}){_GAP}([0-9]{{1,2}})\Z")
_PART = re.compile(
    r"(?:([A-Z]{3,9})[-/., ]{1,2}[0-9]{2,4}|[0-9]{1,2}[-/ ]([A-Z]{3,9})|[0-9]{1,2}[-/][0-9]{1,4})\Z"
)
_DAY_NUMBER = re.compile(r"([0-9]{5}(?=\Z|[.,])|[0-9]{2},[0-9]{3}(?=\Z|\.))(?:[.,]([0-9]+))?\Z")
_EIGHT = re.compile(r"[0-9]{8}\Z")
_MONTHS = (
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE"),
    *("JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
)


class Kind(Enum):
    """How a day was written. The first four are taken."""

    PLAIN = auto()
    MONTH_SHOWN = auto()
    """12/13/2026: only the month first explains it."""
    MONTH_FIRST = auto()
    """12/1/2026: read month first; with the day first it would be another day."""
    NUMBER = auto()
    """46357, a spreadsheet's day number."""
    DAY_FIRST = auto()
    """13/12/2026: only the day first explains it."""
    DOUBTFUL = auto()
    TIMED = auto()
    """With a time that is neither midnight nor 12:01 a.m., when coverage starts (32.3)."""
    SHORT_YEAR = auto()
    """Two digits that stand for no year of a policy."""
    PART = auto()
    """``Dec-26``: without its day or its year."""
    IMPOSSIBLE = auto()


_TAKEN = frozenset((Kind.PLAIN, Kind.MONTH_SHOWN, Kind.MONTH_FIRST, Kind.NUMBER))


@dataclass(frozen=True, slots=True)
class Written:
    """``days``: every day that it may be, the likeliest first."""

    kind: Kind
    days: tuple[date, ...] = ()

    @property
    def taken(self) -> date | None:
        """The day, or None where it must be asked."""
        return self.days[0] if self.kind in _TAKEN else None


def read(text: str) -> Written | None:
    """What a cell or a pasted text says of a day; None where it is none."""
    folded = " ".join("".join(map(_plain_sign, text)).split()).upper()
    bare = _WEEKDAY.sub("", folded, count=1) if _WEEKDAY.match(folded) else folded
    timed = _TIME.search(bare)
    found = _day(bare[: timed.start()] if timed else bare)
    if timed and found and found.days and not _starts_the_day(timed):
        return Written(Kind.TIMED, found.days)
    return found


def month_named(day: date) -> str:
    """``Dec 1, 2026``: a writing that has one reading."""
    return f"{_MONTHS[day.month - 1][:3].title()} {day.day}, {day.year}"


def _starts_the_day(time: re.Match[str]) -> bool:
    """Midnight or 12:01 a.m., with or without seconds."""
    hour, minute, half = int(time.group(1)), int(time.group(2)), time.group(4)
    return minute < 2 and (hour == 0 if half is None else half == "A" and hour in (0, 12))


def _plain_sign(sign: str) -> str:
    """Every dash as a hyphen, every slash as the one on a keyboard."""
    if unicodedata.category(sign) == "Pd" or sign == "\N{MINUS SIGN}":
        return "-"
    return "/" if sign in "\N{FRACTION SLASH}\N{DIVISION SLASH}\N{FULLWIDTH SOLIDUS}" else sign


def _day(text: str) -> Written | None:
    if match := _YEAR_FIRST.match(text):
        year, month, day = (int(match.group(at)) for at in (1, 3, 4))
        swapped = _exists(year, day, month)
        return _plain(year, month, day, Written(Kind.DOUBTFUL, swapped) if swapped else None)
    if match := _NUMBERS.match(text):
        first, sign, second, year_text = match.groups()
        return _from_numbers(int(first), int(second), year_text, sign)
    if match := _YEAR_NAMED.match(text):
        return _named(match.group(2), match.group(3), match.group(1))
    if match := _DAY_NAMED.match(text):
        return _named(match.group(2), match.group(1), match.group(3))
    if match := _MONTH_NAMED.match(text):
        return _named(match.group(1), match.group(2), match.group(3))
    if match := _DAY_NUMBER.match(text):
        return _from_day_number(match)
    if _EIGHT.match(text):
        return _from_eight(text)
    part = _PART.match(text)
    if part and all(_month(name) for name in part.groups() if name):
        return Written(Kind.PART)
    return None


def _from_numbers(first: int, second: int, year_text: str, sign: str) -> Written:
    short = len(year_text) == 2
    year = int(year_text) + (2000 if short else 0)
    known = year in (_TWO_DIGITS if short else YEARS)
    month_first = _exists(year, first, second) if known else ()
    day_first = _exists(year, second, first) if known else ()
    year_first = 2000 + first
    if short and not month_first and year_first in _TWO_DIGITS and (sign == "-" or not day_first):
        turned = _exists(year_first, second, int(year_text))
        if turned:
            return Written(Kind.DOUBTFUL, tuple(dict.fromkeys(day_first + turned)))
    if not month_first and not day_first:
        return Written(Kind.IMPOSSIBLE if known else Kind.SHORT_YEAR if short else Kind.IMPOSSIBLE)
    if not day_first:
        return Written(Kind.MONTH_SHOWN, month_first)
    if month_first == day_first:
        return Written(Kind.PLAIN, month_first)
    if sign == ".":  # the sign of countries that write the day first, typed here for a slash too
        both = day_first + month_first
        return Written(Kind.DOUBTFUL if month_first else Kind.PLAIN, both)
    if month_first:
        return Written(Kind.MONTH_FIRST, month_first + day_first)
    return Written(Kind.DAY_FIRST, day_first)


def _named(month_text: str, day_text: str, year_text: str) -> Written | None:
    month = _month(month_text)
    if not month:
        return None
    if len(year_text) == 2 and int(year_text) + 2000 not in _TWO_DIGITS:
        return Written(Kind.SHORT_YEAR)
    return _plain(int(year_text) + (2000 if len(year_text) == 2 else 0), month, int(day_text))


def _from_day_number(match: re.Match[str]) -> Written:
    day = _DAY_ZERO + timedelta(days=int(match.group(1).replace(",", "")))
    minutes = round(float(f"0.{match.group(2) or 0}") * 24 * 60)
    if day.year not in YEARS:
        return Written(Kind.DOUBTFUL, (day,))
    return Written(Kind.NUMBER if minutes < 2 else Kind.TIMED, (day,))


def _from_eight(text: str) -> Written:
    """20261201 or 12012026, which is asked: the month may stand first or second."""
    pairs = int(text[:2]), int(text[2:4]), int(text[4:])
    year_first = _exists(int(text[:4]), int(text[4:6]), int(text[6:]))
    others = _exists(pairs[2], pairs[0], pairs[1]) + _exists(pairs[2], pairs[1], pairs[0])
    days = tuple(dict.fromkeys(year_first + others))
    if not days:
        return Written(Kind.IMPOSSIBLE)
    return Written(Kind.PLAIN if days == year_first else Kind.DOUBTFUL, days)


def _plain(year: int, month: int, day: int, otherwise: Written | None = None) -> Written:
    days = _exists(year, month, day)
    return Written(Kind.PLAIN, days) if days else otherwise or Written(Kind.IMPOSSIBLE)


def _exists(year: int, month: int, day: int) -> tuple[date, ...]:
    """The day, where the calendar has it and a policy may."""
    if year not in YEARS:
        return ()
    try:
        return (date(year, month, day),)
    except ValueError:
        return ()


def _month(text: str) -> int:
    """``DEC``, ``SEPT`` or ``DECEMBER``; 0 where it is none."""
    found = [number for number, name in enumerate(_MONTHS, 1) if name.startswith(text)]
    return found[0] if len(found) == 1 else 0
