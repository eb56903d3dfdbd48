"""Batches: a CSV of vehicles is checked whole, and comes back to be corrected (section 11)."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iies_tui.domain import vin
from iies_tui.domain.dates import Limits
from iies_tui.domain.errors import Problem, Refused
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.request_csv import (
    COLUMNS,
    MAX_BYTES,
    MAX_ROWS,
    REQUIRED,
    CheckedRow,
    check,
    column_of,
    load,
    with_problems,
)
from iies_tui.text import words

INSURERS = {
    "901": Insurer("901", "NORTH COUNTRY MUTUAL INS CO"),
    "902": Insurer("902", "OLD HARBOR SURETY CO", active=False),
}
GOOD = {
    "form": "FS-20",
    "icc": "901",
    "policy": "PA-1",
    "effective": "2026-12-01",
    "expiration": "2027-12-01",
    "registrant1_last": "DOE",
    "registrant1_first": "JOHN",
    "address1": "1 MAIN ST",
    "vehicle_year": "2003",
    "vehicle_make": "HONDA",
    "vehicle_vin": "1HGCM82633A004352",
}


def _csv(*rows: dict[str, str], end: str = "\n") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(GOOD | dict.fromkeys(k for r in rows for k in r)), "")
    writer = csv.DictWriter(out, writer.fieldnames, restval="", lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _checked(text: str | bytes) -> list[CheckedRow]:
    found = check(
        load(text),
        insurer=INSURERS.get,
        license="BR-1",
        today=date(2026, 11, 22),
        limits=Limits(),
    )
    return list(found)


def _say(problem: Problem) -> str:
    return words(f"problem.{problem.code}", **problem.params)


@pytest.mark.parametrize(
    "dress",
    [
        str.encode,
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text + "\n\n,,,\n",
        lambda text: text.replace("icc", " ICC "),
        lambda text: text.replace("2026-12-01", "12/1/2026"),
        lambda text: text.replace("2026-12-01", '"2026-12-01"'),
    ],
)
def test_what_spreadsheets_do_to_a_file(dress: Callable[[str], str | bytes]) -> None:
    (row,) = _checked(dress(_csv(GOOD)))
    assert row.findings.problems == ()
    assert row.request is not None
    assert row.request.effective == date(2026, 12, 1)
    assert row.row.number == 2


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"icc": "1"}, "icc", "icc_form"),
        ({"icc": "999"}, "icc", "icc_unknown"),
        ({"icc": "902"}, "icc", "icc_inactive"),
        ({"form": "FS-75"}, "form", "form_fs75"),
        ({"effective": "12/1/26"}, "effective", "date_not_iso"),
        ({"effective": "2/30/2026"}, "effective", "date_impossible"),
        ({"expiration": "2026-12-01"}, "expiration", "expiration_not_after"),
        ({"registrant1_last": ""}, "registrant1_last", "required"),
        ({"registrant1_last": "", "registrant1_first": ""}, "registrant1_last", "x"),
        ({"registrant2_last": "DOE"}, "registrant2_first", "required"),
        ({"registrant1_driver_license": "12345678"}, "registrant1_driver_license", "x"),
        ({"organization_name": "ACME"}, "organization_name", "organization_and_registrants"),
        ({"organization_fein": "12"}, "organization_name", "x"),
        ({"address4": "A" * 41}, "address4", "x"),
        ({"vehicle_year": "03"}, "vehicle_year", "year_range"),
        ({"vehicle_year": "2003.0"}, "vehicle_year", "not_number"),
        ({"vehicle_vin": "1HGCM82633A004325"}, "vehicle_vin", "vin_check"),
        ({"vehicle_vin": "ALL OWNED VEHICLES", "vehicle_year": ""}, "fleet_vehicles", "x"),
        ({"fleet_vehicles": "7"}, "fleet_vehicles", "fleet_and_vehicles"),
        ({"fleet_for_hire": "perhaps", "fleet_vehicles": "7"}, "fleet_for_hire", "not_true_false"),
    ],
)
def test_a_fault_is_named_by_row_and_column(change: dict[str, str], column: str, code: str) -> None:
    rows = _checked(_csv(GOOD, GOOD | {"policy": "PA-2"} | change))
    assert rows[0].findings.problems == ()
    found = [(p.row, column_of(p.field), p.code) for p in rows[1].findings.problems]
    assert rows[1].request is None
    if code == "x":
        assert (3, column) in [item[:2] for item in found]
    else:
        assert (3, column, code) in found


def test_a_fleet_row() -> None:
    fleet = {"vehicle_year": "", "vehicle_make": "", "vehicle_vin": "all owned vehicles"}
    fleet |= {"fleet_vehicles": "12", "fleet_for_hire": "Yes"}
    (row,) = _checked(_csv(GOOD | fleet))
    assert row.request is not None
    assert row.request.fleet is not None
    assert (row.request.fleet.vehicles, row.request.fleet.for_hire) == (12, True)


def test_the_same_vehicle_twice_is_a_slip() -> None:
    first, second, third = _checked(_csv(GOOD, GOOD, GOOD | {"policy": "PA-2"}))
    assert first.request is not None
    assert [(p.row, p.code, p.params["other"]) for p in second.findings.problems] == [
        (3, "row_twice", 2)
    ]
    assert second.request is None
    assert third.request is not None


@pytest.mark.parametrize(
    ("text", "code", "fields"),
    [
        ("", "csv_header", REQUIRED),
        (_csv(), "csv_empty", ()),
        (_csv(GOOD).replace("icc", "code", 1), "csv_header", ("code", "icc")),
        (_csv(GOOD).replace("policy", "icc", 1), "csv_header", ("icc", "policy")),
        (_csv(GOOD).replace(",", ";"), "csv_header", ("",)),
        (_csv(GOOD).replace(",", "\t"), "csv_header", ("",)),
        (_csv(GOOD).encode("utf-16"), "csv_not_utf8", ()),
        (_csv(GOOD | {"policy": "PEÑA"}).encode("latin-1"), "csv_not_utf8", ()),
        (_csv(GOOD) + '"open quote', "csv_unreadable", ()),
        (_csv(GOOD) + '"a"b,c\n', "csv_unreadable", ()),
        ("x" * (MAX_BYTES + 1), "csv_too_big", ()),
        (_csv(GOOD) + "a\n" * MAX_ROWS, "csv_rows", ()),
    ],
)
def test_files_that_are_no_batch(text: str | bytes, code: str, fields: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        load(text)
    assert refused.value.code == code
    assert tuple(problem.field for problem in refused.value.problems) == fields
    assert "?" not in words(f"error.{code}", **refused.value.params)
    for problem in refused.value.problems:
        assert _say(problem)


def test_too_many_cells() -> None:
    (row,) = _checked(_csv(GOOD).rstrip("\n") + ",,stray\n")
    assert [p.code for p in row.findings.problems] == ["cells_many"]


def test_a_batch_is_corrected_and_fed_back() -> None:
    """2,000 rows with 37 planted faults: all named; corrected, all taken (issue 5)."""
    chance = random.Random(7)
    rows = []
    for number in range(2000):
        body = f"1HGCM826{0}3A{number:06d}"
        number_ = body[:8] + vin.check_digit(body) + body[9:]
        rows.append(GOOD | {"policy": f"PA-{number:05d}", "vehicle_vin": number_})
    right = [dict(row) for row in rows]
    planted = chance.sample(range(2000), 37)
    for place in planted:
        digits = rows[place]["vehicle_vin"]
        rows[place]["vehicle_vin"] = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    batch = load(_csv(*rows))
    checked = list(
        check(
            batch,
            insurer=INSURERS.get,
            license="BR-1",
            today=date(2026, 11, 22),
            limits=Limits(),
        )
    )
    problems = [problem for row in checked for problem in row.findings.problems]
    assert sorted(problem.row or 0 for problem in problems) == sorted(p + 2 for p in planted)

    returned = with_problems(batch, problems, _say)
    told = list(csv.DictReader(io.StringIO(returned.removeprefix("\ufeff"), newline="")))
    assert [place for place, row in enumerate(told) if row["problems"]] == sorted(planted)
    assert all(told[place]["problems"].startswith("vehicle_vin: ") for place in planted)
    assert load(returned) == batch
    for place in planted:
        told[place]["vehicle_vin"] = right[place]["vehicle_vin"]
    again = _checked(_csv(*told))
    assert all(row.request is not None for row in again)


CELL = st.text(
    alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=8
)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, CELL)), min_size=1, max_size=3))
def test_any_cells_are_judged_and_come_back(rows: list[dict[str, str]]) -> None:
    try:
        batch = load(_csv(*rows))
    except Refused as refused:
        assert refused.code == "csv_empty"
        return
    checked = check(
        batch, insurer=INSURERS.get, license="BR-1", today=date(2026, 11, 22), limits=Limits()
    )
    problems = [problem for row in checked for problem in row.findings.problems]
    assert load(with_problems(batch, problems, _say)) == batch
    assert {column_of(problem.field) for problem in problems} <= {*COLUMNS, ""}


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        load(data)
