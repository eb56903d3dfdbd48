"""What spreadsheets do to cells, told by row and column instead of guessed away.

A spreadsheet turns ``042`` into 42, a long number into 1.2E+11, a date into its own form or into a
day number. A date whose year, month and day are beyond doubt is read; of everything else the clerk
is told what happened, in place of whatever rule would have stumbled over it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from iies_tui.domain.batch_file import COLUMNS, Row
from iies_tui.domain.errors import Problem

WIDTHS = {
    "icc": 3,
    "organization_fein": 9,
    "registrant1_driver_license": 9,
    "registrant2_driver_license": 9,
}
"""Columns of so many digits, the zeros in front included."""
DATES = ("effective", "expiration")
FREE = frozenset(name for name in COLUMNS if name.startswith(("address", "organization_name")))
"""Columns in which a number is no surprise."""

_ERRORS = frozenset(("#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"))
_ROUNDED = re.compile(r"[0-9]([.,][0-9]+)?E\+[0-9]{1,3}\Z", re.IGNORECASE)
_MIDNIGHT = re.compile(r"[T ]+(0?0:00(:00)?(\.0+)?|12:00(:00)? AM)\Z", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})\Z")
_AMERICAN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\Z")
_DAY_NAMED = re.compile(r"([0-9]{1,2})[- ]([A-Z]{3,9})[- ]([0-9]{4})\Z")
_MONTH_NAMED = re.compile(r"([A-Z]{3,9})[- ]([0-9]{1,2}),? ([0-9]{4})\Z")
_SHORT_YEAR = re.compile(r"([0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[- ][A-Z]{3,9})[-/. ]'?[0-9]{2}\Z")
_DAY_NUMBER = re.compile(r"[2-7][0-9]{4}([.,]0+)?\Z")
_MONTHS = (
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE"),
    *("JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
)


def iso_date(cell: str) -> str:
    """A date beyond doubt as ``YYYY-MM-DD``; any other cell as it stands.

    ``12/1/2026`` is month first, as New York writes it; ``day_first`` finds the files that do not.
    """
    text = _MIDNIGHT.sub("", cell).upper()
    if match := _YEAR_FIRST.match(text):
        year, month, day = match.groups()
    elif match := _AMERICAN.match(text):
        month, day, year = match.groups()
    elif match := _DAY_NAMED.match(text):
        day, month, year = match.groups()
    elif match := _MONTH_NAMED.match(text):
        month, day, year = match.groups()
    else:
        return cell
    number = _month(month)
    return f"{year}-{number:02d}-{int(day):02d}" if number else cell


def day_first(rows: Iterable[Row]) -> int | None:
    """The first row with a date that only day, month, year explains, as 13/12/2026.

    Such a file's 01/12/2026 would be read as January, and nobody would be told.
    """
    for row in rows:
        for column in DATES:
            match = _AMERICAN.match(_MIDNIGHT.sub("", row.cells.get(column, "").strip()))
            if match is None:
                continue
            first, second, year = map(int, match.groups())
            if first > 12 and _is_day(year, second, first):
                return row.number
    return None


def habit(column: str, cell: str, day_first_row: int | None = None) -> Problem | None:
    """What a spreadsheet did to a cell (blanks around it aside), or None.

    ``day_first_row``: where ``day_first`` found one. The problem's ``field`` is the column.
    """
    if any("\udc80" <= sign <= "\udcff" for sign in cell):
        return Problem(column, "cell_not_utf8")
    if cell.upper() in _ERRORS or (cell and not cell.strip("#")):
        return Problem(column, "cell_error", {"value": cell[:10]})
    if cell.startswith("="):
        return Problem(column, "cell_formula")
    if column not in FREE and _ROUNDED.match(cell):
        return Problem(column, "cell_rounded", {"value": cell})
    if column in DATES:
        return _date_habit(column, cell, day_first_row)
    width = WIDTHS.get(column, 0)
    if cell.isascii() and cell.isdigit() and 0 < len(cell) < width:
        return Problem(column, "cell_zeros", {"value": cell, "width": width})
    return None


def _date_habit(column: str, cell: str, day_first_row: int | None) -> Problem | None:
    text = _MIDNIGHT.sub("", cell).upper()
    if _DAY_NUMBER.match(text):
        return Problem(column, "date_day_number", {"value": text[:5]})
    if _SHORT_YEAR.match(text):
        return Problem(column, "date_short_year", {"value": text})
    if day_first_row is not None and _AMERICAN.match(text):
        return Problem(column, "date_day_first", {"other": day_first_row})
    return None


def _month(text: str) -> int:
    """``12``, ``DEC``, ``SEPT`` or ``DECEMBER``; 0 where it is none."""
    if text.isdigit():
        return int(text)
    found = [number for number, name in enumerate(_MONTHS, 1) if name.startswith(text)]
    return found[0] if len(found) == 1 else 0


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
