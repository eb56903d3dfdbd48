"""What spreadsheets do to cells: read where it is beyond doubt, else told by row and column.

A spreadsheet turns ``042`` into 42, 36 into ``36.0``, a long number into 1.2E+11, a date into its
own form or into a day number. What can be meant in one way only is read; of everything else the
clerk is told what happened, in place of whatever rule would have stumbled over it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from iies_tui.domain.batch_columns import COLUMNS
from iies_tui.domain.batch_file import Row
from iies_tui.domain.dates import show
from iies_tui.domain.errors import Problem
from iies_tui.domain.written_dates import Kind, Written, month_named, read

WIDTHS = {
    "icc": 3,
    "organization_fein": 9,
    "registrant1_driver_license": 9,
    "registrant2_driver_license": 9,
}
"""Columns of so many digits, the zeros in front included."""
NUMBERS = frozenset((*WIDTHS, "vehicle_year", "fleet_vehicles", "fleet_for_hire"))
"""Columns in which a whole number is a whole number, however it is written."""
DATES = ("effective", "expiration")
FREE = frozenset(name for name in COLUMNS if name.startswith(("address", "organization_name")))
"""Columns in which a number is no surprise."""
DAY_FIRST_SHARE = 4
"""A file in which at least one of so many dates can only be read day first is a day-first file."""

_ERRORS = frozenset(("#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"))
_ROUNDED = re.compile(r"[0-9]([.,][0-9]+)?E\+[0-9]{1,3}\Z", re.IGNORECASE)
_WHOLE = re.compile(r"'?([0-9]{1,3}(?:,[0-9]{3})+(?:\.0+)?|[0-9]+(?:[.,]0+)?)\Z")
_DECIMALS = re.compile(r"[0-9]{4,}\.0+\Z")


def whole_number(cell: str) -> str:
    """``2003.0``, ``2,003`` and ``'2003`` as 2003; any other cell as it stands."""
    match = _WHOLE.match(cell)
    if match is None:
        return cell
    number = match.group(1)
    if "," in number and re.fullmatch(r"[0-9]+,0+", number) and not number.endswith(",000"):
        return number.partition(",")[0]
    return number.replace(",", "").partition(".")[0]


def iso_date(cell: str) -> str:
    """A date that is taken (``written_dates``) as ``YYYY-MM-DD``; any other cell as it stands."""
    written = read(cell)
    return written.taken.isoformat() if written and written.taken else cell


def is_day_first(rows: Iterable[Row]) -> bool:
    """Whether a file's dates have the day first, as 13/12/2026.

    Such a file's 01/12/2026 would be read as January, and nobody would be told. One row with month
    and day swapped is that row's own fault: the others are not blamed for it.
    """
    cells = (row.cells.get(column, "") for row in rows for column in DATES)
    kinds = Counter(written.kind for cell in cells if (written := read(cell)))
    day_first = kinds[Kind.DAY_FIRST]
    undecided = day_first + kinds[Kind.MONTH_FIRST]
    return not kinds[Kind.MONTH_SHOWN] and 0 < undecided <= day_first * DAY_FIRST_SHARE


def habit(column: str, cell: str, day_first: bool = False) -> Problem | None:
    """What a spreadsheet did to a cell (blanks around it aside), or None.

    ``day_first``: what ``is_day_first`` says of the file. The problem's ``field`` is the column.
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
        return _date_habit(column, cell, day_first)
    number, width = whole_number(cell), WIDTHS.get(column, 0)
    if number.isascii() and number.isdigit() and 0 < len(number) < width:
        params: dict[str, str | int] = {"value": cell, "width": width}
        return Problem(column, "cell_zeros", params | {"proposal": number.zfill(width)})
    return None


def readings(row: Row) -> tuple[Problem, ...]:
    """Notes on what was read and could be meant otherwise: each kind once a row."""
    notes: dict[str, Problem] = {}
    for column in DATES:
        cell = row.cells.get(column, "").strip()
        written = read(cell)
        if written and written.kind is Kind.MONTH_FIRST:
            told = {"value": cell, "read": month_named(written.days[0])}
            notes.setdefault("date_month_first", Problem(column, "date_month_first", told))
        elif written and written.kind is Kind.NUMBER:
            told = {"value": cell, "read": month_named(written.days[0])}
            notes.setdefault("date_number", Problem(column, "date_number", told))
    if _DECIMALS.match(policy := row.cells.get("policy", "").strip()):
        notes["policy_decimals"] = Problem("policy", "policy_decimals", {"value": policy})
    return tuple(notes.values())


def _date_habit(column: str, cell: str, day_first: bool) -> Problem | None:
    written = read(cell)
    if written is None:
        return None
    if day_first and written.kind in (Kind.DAY_FIRST, Kind.MONTH_FIRST):
        return Problem(column, "date_day_first")
    code = _DATE_CODES.get(written.kind)
    if code is None:
        return None
    if written.kind is Kind.DOUBTFUL and len(written.days) > 1:
        code = "date_two"
    return Problem(column, code, _date_params(cell, written))


_DATE_CODES = {
    Kind.DAY_FIRST: "date_swapped",
    Kind.DOUBTFUL: "date_doubtful",
    Kind.TIMED: "date_timed",
    Kind.SHORT_YEAR: "date_short_year",
    Kind.PART: "date_part",
    Kind.IMPOSSIBLE: "date_impossible",
}


def _date_params(cell: str, written: Written) -> dict[str, str | int]:
    params: dict[str, str | int] = {"value": cell}
    params.update(zip(("date", "other"), map(show, written.days), strict=False))
    return params
