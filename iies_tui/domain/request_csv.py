"""A batch's rows as requests: one row a vehicle, each row a request of its own (``docs/batch.md``).

The columns are the request's names flattened: ``registrant1_last``, ``vehicle_vin``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from iies_tui.domain.batch_columns import LINES, PEOPLE, PERSON
from iies_tui.domain.batch_file import Batch, Row, dump
from iies_tui.domain.card import ALL_OWNED_VEHICLES, CardRequest
from iies_tui.domain.errors import Problem
from iies_tui.domain.findings import Findings
from iies_tui.domain.request import Examined
from iies_tui.domain.spreadsheet import (
    NUMBERS,
    habit,
    is_day_first,
    iso_date,
    readings,
    whole_number,
)

Examine = Callable[[object], Examined]
"""What form, rules, bar code and paper say of one decoded request."""

SHOWN = 12
"""Problems that are told of one row in the file; a row with more is no card's row at all."""

_TRUE, _FALSE = frozenset(("TRUE", "YES", "Y", "1")), frozenset(("FALSE", "NO", "N", "0", ""))
_BETWEEN = re.compile(r"[\s;]+")
"""Between the names in ``as_registered``."""
_PLACES = re.compile(r"(registrants|address|vehicles)\[([0-9]+)\]\.?(.*)\Z")


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row with its findings; ``request`` is None where it has problems.

    A finding's ``field`` is the request's path or a column's name, ``row`` the row's number;
    ``column_of`` gives the column either way.
    """

    row: Row
    request: CardRequest | None
    findings: Findings


def check(
    batch: Batch, examine: Examine, done: Collection[int] = frozenset()
) -> Iterator[CheckedRow]:
    """Every row by form and rules, one at a time, so that a screen can show how far it is.

    Two rows with the same policy and VIN are a problem of the second: one of them is a slip, and
    a card is not issued twice. Rows of numbers in ``done`` are passed over.
    """
    seen: dict[tuple[str, str], int] = {}
    day_first = is_day_first(batch.rows)
    for row in batch.rows:
        if row.number in done:
            continue
        examined = examine(to_json(row))
        findings, made = _with_habits(row, examined.findings, day_first), examined.request
        more = []
        if row.extra:
            count = len(row.cells) + len(row.extra)
            more.append(Problem("", "cells_many", {"count": count, "limit": len(row.cells)}))
        for one in made.vehicles if made else ():
            first = seen.setdefault((made.policy if made else "", one.vin), row.number)
            if first != row.number:
                more.append(Problem("vehicles[0].vin", "row_twice", {"other": first}))
        findings += Findings(tuple(more))
        if findings.problems:
            made = None
        yield CheckedRow(row, made, findings.with_row(row.number))


def _with_habits(row: Row, findings: Findings, day_first: bool) -> Findings:
    """What a spreadsheet did to a cell is told in place of what the rules make of it."""
    found = [habit(column, cell.strip(), day_first) for column, cell in row.cells.items()]
    told = [problem for problem in found if problem is not None]
    columns = {problem.field for problem in told}
    others = [one for one in findings.problems if column_of(one.field) not in columns]
    notes = (one for one in readings(row) if one.field not in columns)
    return Findings((*told, *others), (*findings.notes, *notes))


def to_json(row: Row) -> dict[str, object]:
    """The row as the object that a request file would hold; cells that are no number stay text."""

    def cell(column: str) -> str:
        text = row.cells.get(column, "").strip()
        return whole_number(text) if column in NUMBERS else text

    value: dict[str, object] = {name: cell(name) for name in ("form", "icc", "policy")}
    value |= {name: iso_date(cell(name)) for name in ("effective", "expiration")}
    people = [{part: cell(f"registrant{n}_{part}") for part in PERSON} for n in PEOPLE]
    value["registrants"] = _without_empty_tail(people)
    if cell("organization_name") or cell("organization_fein"):
        value["organization"] = {
            "name": cell("organization_name"),
            "fein": cell("organization_fein"),
        }
    value["address"] = [cell(f"address{number}") for number in LINES]
    if cell("vehicle_vin").upper() == ALL_OWNED_VEHICLES and not cell("vehicle_year"):
        value["vehicles"] = ALL_OWNED_VEHICLES
    else:
        value["vehicles"] = [
            {
                "year": _number(cell("vehicle_year")),
                "make": cell("vehicle_make"),
                "vin": cell("vehicle_vin"),
            }
        ]
    if cell("fleet_vehicles") or _truth(cell("fleet_for_hire")) is not False:
        value["fleet"] = {
            "vehicles": _number(cell("fleet_vehicles")),
            "for_hire": _truth(cell("fleet_for_hire")),
        }
    if names := _BETWEEN.sub(" ", cell("as_registered")).split():
        value["as_registered"] = names
    return value


def column_of(field: str) -> str:
    """The column that a request's path stands in: ``vehicles[0].vin`` is ``vehicle_vin``."""
    if match := _PLACES.match(field):
        kind, number, part = match.group(1), int(match.group(2)) + 1, match.group(3)
        if kind == "address":
            return f"address{number}"
        return f"registrant{number}_{part}" if kind == "registrants" else f"vehicle_{part}"
    if field.startswith("as_registered["):
        return "as_registered"
    whole = {"registrants": "registrant1_last", "vehicles": "vehicle_vin", "address": "address1"}
    whole |= {"organization": "organization_name", "fleet": "fleet_vehicles"}
    return whole.get(field, field.replace(".", "_"))


def with_problems(
    batch: Batch, problems: Sequence[Problem], say: Callable[[Problem], str]
) -> bytes:
    """The whole file with the column ``problems``, to be corrected and fed back.

    ``say`` gives a problem's words. All rows are in it, the good ones with an empty cell.
    """
    told: dict[int, list[str]] = {}
    for problem in problems:
        column = column_of(problem.field)
        words = told.setdefault(problem.row or 0, [])
        if len(words) < SHOWN:
            words.append(f"{column}: {say(problem)}" if column else say(problem))
    return dump(batch, {number: " | ".join(words) for number, words in told.items()})


def _number(cell: str) -> int | str:
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 10 else cell


def _truth(cell: str) -> bool | str:
    word = cell.upper()
    return True if word in _TRUE else False if word in _FALSE else cell


def _without_empty_tail(people: list[dict[str, str]]) -> list[dict[str, str]]:
    while people and not any(people[-1].values()):
        people.pop()
    return people
