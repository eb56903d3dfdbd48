"""Fleets for the tests of batches: made up, right, and wrong where it is wanted."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from iies_tui.domain import vin

Cells = dict[str, str]

COLUMNS = (
    *("form", "icc", "policy", "effective", "expiration"),
    *("organization_name", "organization_fein", "registrant1_last", "registrant1_first"),
    *("registrant1_driver_license", "address1", "address2"),
    *("vehicle_year", "vehicle_make", "vehicle_vin"),
)


def fleet(count: int) -> list[Cells]:
    """So many vehicles of one organization, one policy."""
    return [
        {
            **dict.fromkeys(COLUMNS, ""),
            "form": "FS-20",
            "icc": "901",
            "policy": "FL-7654321-01",
            "effective": "2026-12-01",
            "expiration": "2027-12-01",
            "organization_name": "ELSEWHERE HAULING LLC",
            "organization_fein": "987654321",
            "address1": "77 ELSEWHERE ST",
            "address2": "ALBANY NY 12207",
            "vehicle_year": "2003",
            "vehicle_make": "HONDA",
            "vehicle_vin": vin_of(number),
        }
        for number in range(count)
    ]


def vin_of(number: int) -> str:
    """A VIN with its check digit, another one for each number below a million."""
    body = f"1HGCM82603A{number:06d}"
    return body[:8] + vin.check_digit(body) + body[9:]


FAULTS: Sequence[tuple[str, Mapping[str, str]]] = (
    ("vehicle_vin", {"vehicle_vin": "1HGCM82633A004353"}),
    ("vehicle_vin", {"vehicle_vin": "1HGCM82633A00435"}),
    ("vehicle_vin", {"vehicle_vin": "1HGCM82633AO04352"}),
    ("vehicle_vin", {"vehicle_vin": "#N/A"}),
    ("vehicle_year", {"vehicle_year": "03"}),
    ("vehicle_year", {"vehicle_year": "2003.5"}),
    ("vehicle_make", {"vehicle_make": "CHEVROLET"}),
    ("vehicle_make", {"vehicle_make": ""}),
    ("icc", {"icc": "42"}),
    ("icc", {"icc": "999"}),
    ("icc", {"icc": "9011"}),
    ("form", {"form": "FS-75"}),
    ("form", {"form": "FS20"}),
    ("policy", {"policy": ""}),
    ("policy", {"policy": "1.23457E+11"}),
    ("effective", {"effective": "26335"}),
    ("effective", {"effective": "12/1/98"}),
    ("effective", {"effective": "2026-02-30"}),
    ("expiration", {"expiration": "2026-12-01"}),
    ("expiration", {"expiration": "soon"}),
    ("organization_fein", {"organization_fein": "1234567"}),
    ("organization_name", {"organization_name": ""}),
    ("registrant1_first", {"registrant1_last": "DOE", "organization_name": "",
                           "organization_fein": ""}),
    ("registrant1_driver_license", {"registrant1_last": "DOE", "registrant1_first": "JOHN",
                                    "registrant1_driver_license": "12345678",
                                    "organization_name": "", "organization_fein": ""}),
    ("address1", {"address1": "A" * 90}),
)  # fmt: skip
"""(column that is named, cells that are wrong): each fault of another kind or in another column."""


def plant(
    rows: Sequence[Cells], places: Sequence[int]
) -> tuple[list[Cells], list[tuple[int, str]]]:
    """The rows with a fault at each of ``places`` (from 0), and (row number, column) of each."""
    wrong, named = [dict(row) for row in rows], []
    for turn, place in enumerate(places):
        column, cells = FAULTS[turn % len(FAULTS)]
        wrong[place].update(cells)
        named.append((place + 2, column))
    return wrong, named


def to_csv(rows: Sequence[Mapping[str, str]], separator: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\r\n", delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def from_csv(data: bytes) -> list[Cells]:
    """The rows as a spreadsheet opens them."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
