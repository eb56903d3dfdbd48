"""A batch of requests as CSV: one row a vehicle, each row a request of its own (design section 11).

The columns are the request's names flattened: ``registrant1_last``, ``vehicle_vin``. Rows are
numbered as a spreadsheet shows them: the heading is row 1. The file with the errors is the same
file with one more column, ``problems``, which is ignored when it is read again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from iies_tui.domain import request as requests
from iies_tui.domain.card import ALL_OWNED_VEHICLES, CardRequest
from iies_tui.domain.dates import Limits
from iies_tui.domain.errors import Problem, Refused
from iies_tui.domain.findings import Findings
from iies_tui.domain.insurer import Insurer

MAX_BYTES = 8 * 1024 * 1024
MAX_ROWS = 10_000

_PERSON = ("last", "first", "middle", "suffix", "driver_license")
_PEOPLE = (1, 2)
_LINES = (1, 2, 3, 4)
REQUIRED = (
    *("form", "icc", "policy", "effective", "expiration"),
    *("vehicle_year", "vehicle_make", "vehicle_vin"),
)
COLUMNS = (
    *REQUIRED[:5],
    *(f"registrant{number}_{part}" for number in _PEOPLE for part in _PERSON),
    *("organization_name", "organization_fein"),
    *(f"address{number}" for number in _LINES),
    *REQUIRED[5:],
    *("fleet_vehicles", "fleet_for_hire"),
)
"""Every column that is read, in the order that a template shows."""
PROBLEMS = "problems"

_TRUE, _FALSE = frozenset(("TRUE", "YES", "Y", "1")), frozenset(("FALSE", "NO", "N", "0", ""))
_AMERICAN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\Z")
_PLACES = re.compile(r"(registrants|address|vehicles)\[([0-9]+)\]\.?(.*)\Z")


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``cells`` by column, as they stand in the file; ``number`` as a spreadsheet's."""

    number: int
    cells: Mapping[str, str]
    extra: int = 0
    """Cells beyond the heading."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A whole file: its heading (without ``problems``) and its rows that are not blank."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row with its findings; ``request`` is None where it has problems.

    A finding's ``field`` is the request's path, ``row`` the row's number; ``column_of`` gives the
    column's name.
    """

    row: Row
    request: CardRequest | None
    insurer: Insurer | None
    findings: Findings


def load(text: bytes | str) -> Batch:
    """A CSV file's rows: UTF-8 with or without a mark, commas, any line ends.

    Raise Refused ``csv_too_big``, ``csv_not_utf8``, ``csv_unreadable`` (row), ``csv_header`` (with
    its problems), ``csv_rows`` or ``csv_empty``.
    """
    if len(text) > MAX_BYTES:
        raise Refused("csv_too_big", limit=MAX_BYTES)
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Refused("csv_not_utf8") from None
    records = _records(text.removeprefix("\ufeff"))
    heading = [name.strip().lower() for name in next(records, [])]
    while heading and not heading[-1]:
        heading.pop()
    _check_heading(heading)
    rows: list[Row] = []
    for number, record in enumerate(records, start=2):
        if not any(cell.strip() for cell in record):
            continue
        if len(rows) == MAX_ROWS:
            raise Refused("csv_rows", count=number, limit=MAX_ROWS)
        extra = len(record) if any(cell.strip() for cell in record[len(heading) :]) else 0
        padded = [*record, *[""] * (len(heading) - len(record))]
        cells = dict(zip(heading, padded[: len(heading)], strict=True))
        cells.pop(PROBLEMS, None)
        rows.append(Row(number, cells, extra))
    if not rows:
        raise Refused("csv_empty")
    return Batch(tuple(name for name in heading if name != PROBLEMS), tuple(rows))


def check(
    batch: Batch,
    *,
    insurer: Callable[[str], Insurer | None],
    license: str,
    today: date,
    limits: Limits,
) -> Iterator[CheckedRow]:
    """Every row by form and rules, one at a time, so that a screen can show how far it is.

    Two rows with the same policy and VIN are a problem of the second: one of them is a slip, and
    a card is not issued twice.
    """
    seen: dict[tuple[str, str], int] = {}
    for row in batch.rows:
        examined = requests.examine(
            to_json(row), insurer=insurer, license=license, today=today, limits=limits
        )
        findings, made = examined.findings, examined.request
        more = []
        if row.extra:
            more.append(Problem("", "cells_many", {"count": row.extra, "limit": len(row.cells)}))
        for one in made.vehicles if made else ():
            first = seen.setdefault((made.policy if made else "", one.vin), row.number)
            if first != row.number:
                more.append(Problem("vehicles[0].vin", "row_twice", {"other": first}))
        if more:
            findings, made = findings + Findings(tuple(more)), None
        yield CheckedRow(row, made, examined.insurer, findings.with_row(row.number))


def to_json(row: Row) -> dict[str, object]:
    """The row as the object that a request file would hold; cells that are no number stay text."""
    cell = {column: row.cells.get(column, "").strip() for column in COLUMNS}
    value: dict[str, object] = {name: cell[name] for name in ("form", "icc", "policy")}
    value |= {name: _iso(cell[name]) for name in ("effective", "expiration")}
    people = [{part: cell[f"registrant{n}_{part}"] for part in _PERSON} for n in _PEOPLE]
    value["registrants"] = _without_empty_tail(people)
    if cell["organization_name"] or cell["organization_fein"]:
        value["organization"] = {
            "name": cell["organization_name"],
            "fein": cell["organization_fein"],
        }
    value["address"] = [cell[f"address{number}"] for number in _LINES]
    if cell["vehicle_vin"].upper() == ALL_OWNED_VEHICLES and not cell["vehicle_year"]:
        value["vehicles"] = ALL_OWNED_VEHICLES
    else:
        value["vehicles"] = [
            {
                "year": _number(cell["vehicle_year"]),
                "make": cell["vehicle_make"],
                "vin": cell["vehicle_vin"],
            }
        ]
    if cell["fleet_vehicles"] or _truth(cell["fleet_for_hire"]) is not False:
        value["fleet"] = {
            "vehicles": _number(cell["fleet_vehicles"]),
            "for_hire": _truth(cell["fleet_for_hire"]),
        }
    return value


def column_of(field: str) -> str:
    """The column that a request's path stands in: ``vehicles[0].vin`` is ``vehicle_vin``."""
    if match := _PLACES.match(field):
        kind, number, part = match.group(1), int(match.group(2)) + 1, match.group(3)
        if kind == "address":
            return f"address{number}"
        return f"registrant{number}_{part}" if kind == "registrants" else f"vehicle_{part}"
    whole = {"registrants": "registrant1_last", "vehicles": "vehicle_vin", "address": "address1"}
    whole |= {"organization": "organization_name", "fleet": "fleet_vehicles"}
    return whole.get(field, field.replace(".", "_"))


def with_problems(batch: Batch, problems: Sequence[Problem], say: Callable[[Problem], str]) -> str:
    """The whole file as CSV with the column ``problems``, to be corrected and fed back.

    ``say`` gives a problem's words. All rows are in it, the good ones with an empty cell. Lines end
    in CRLF and the text starts with a byte-order mark, as spreadsheets expect of UTF-8.
    """
    told: dict[int | None, list[str]] = {}
    for problem in problems:
        column = column_of(problem.field)
        told.setdefault(problem.row, []).append(
            f"{column}: {say(problem)}" if column else say(problem)
        )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*batch.columns, PROBLEMS])
    rows = {row.number: row for row in batch.rows}
    for number in range(2, max(rows) + 1):
        row = rows.get(number)
        cells = [row.cells[name] for name in batch.columns] if row else []
        writer.writerow([*cells, *([" | ".join(told.get(number, ()))] if row else [])])
    return "\ufeff" + out.getvalue()


def _records(text: str) -> Iterator[list[str]]:
    """Records of the file; blank lines are records without cells, as a spreadsheet counts them."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Refused("csv_unreadable", row=number) from None
        yield record


def _check_heading(heading: Sequence[str]) -> None:
    if len(heading) <= 1 and any(sign in "".join(heading) for sign in ";\t"):
        raise Refused("csv_header", (Problem("", "columns_commas", row=1),))
    problems = []
    for name in dict.fromkeys(heading):
        shown = ascii(name)[1:-1][:40]
        if name not in COLUMNS and name != PROBLEMS:
            problems.append(Problem(shown, "column_unknown", {"name": shown}, 1))
        elif heading.count(name) > 1:
            problems.append(Problem(shown, "column_twice", {"name": shown}, 1))
    problems += [
        Problem(name, "column_missing", {"name": name}, 1)
        for name in REQUIRED
        if name not in heading
    ]
    if problems:
        raise Refused("csv_header", tuple(problems[:40]))


def _iso(cell: str) -> str:
    """A spreadsheet turns 2026-12-01 into 12/1/2026; a date in full is the same either way."""
    if match := _AMERICAN.match(cell):
        month, day, year = match.groups()
        return f"{year}-{int(month):02d}-{int(day):02d}"
    return cell


def _number(cell: str) -> int | str:
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 10 else cell


def _truth(cell: str) -> bool | str:
    word = cell.upper()
    return True if word in _TRUE else False if word in _FALSE else cell


def _without_empty_tail(people: list[dict[str, str]]) -> list[dict[str, str]]:
    while people and not any(people[-1].values()):
        people.pop()
    return people
