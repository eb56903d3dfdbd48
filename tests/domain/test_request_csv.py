"""Batches: a CSV of vehicles is checked whole, and comes back to be corrected."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, strategies as st

from iies_tui.domain import vin
from iies_tui.domain.batch_columns import COLUMNS, PROBLEMS, REQUIRED
from iies_tui.domain.batch_file import (
    MAX_BYTES,
    MAX_ROWS,
    SEPARATORS,
    dump,
)
from iies_tui.domain.errors import Problem, Refused
from iies_tui.domain.findings import Findings
from iies_tui.domain.request import facts
from iies_tui.domain.request_csv import check, column_of, to_json, with_problems
from iies_tui.text import words
from tests.support.csv_samples import GOOD, INSURERS, checked, judge, load, say, to_csv


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
        lambda text: text.replace(",", ";"),
        lambda text: text.replace(",", "\t"),
        lambda text: "sep=;\r\n" + text.replace(",", ";"),
        lambda text: text.replace("2026-12-01", "1-Dec-2026"),
    ],
)
def test_what_spreadsheets_do_to_a_file(dress: Callable[[str], str | bytes]) -> None:
    (row,) = checked(dress(to_csv(GOOD)))
    assert row.findings.problems == ()
    assert row.request is not None
    assert row.request.effective == date(2026, 12, 1)
    assert row.row.number == 2


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"icc": "9010"}, "icc", "icc_form"),
        ({"icc": "999"}, "icc", "icc_unknown"),
        ({"icc": "902"}, "icc", "icc_inactive"),
        ({"form": "FS-75"}, "form", "form_fs75"),
        ({"effective": "soon"}, "effective", "date_not_iso"),
        ({"effective": "2/30/2026"}, "effective", "date_impossible"),
        ({"effective": "2/30/26"}, "effective", "date_impossible"),
        ({"expiration": "2026-12-01"}, "expiration", "expiration_not_after"),
        ({"registrant1_last": ""}, "registrant1_last", "required"),
        ({"registrant1_last": "", "registrant1_first": ""}, "registrant1_last", "x"),
        ({"registrant2_last": "DOE"}, "registrant2_first", "required"),
        ({"registrant1_driver_license": "1234567890"}, "registrant1_driver_license", "x"),
        ({"organization_name": "ACME"}, "organization_name", "organization_and_registrants"),
        ({"organization_fein": "12"}, "organization_name", "x"),
        ({"address4": "A" * 41}, "address4", "x"),
        ({"vehicle_year": "03"}, "vehicle_year", "year_range"),
        ({"vehicle_year": "2003.5"}, "vehicle_year", "not_number"),
        ({"vehicle_vin": "1HGCM82633A004325"}, "vehicle_vin", "vin_check"),
        ({"vehicle_vin": "ALL OWNED VEHICLES", "vehicle_year": ""}, "fleet_vehicles", "x"),
        ({"fleet_vehicles": "7"}, "fleet_vehicles", "fleet_and_vehicles"),
        ({"fleet_for_hire": "perhaps", "fleet_vehicles": "7"}, "fleet_for_hire", "not_true_false"),
    ],
)
def test_a_fault_is_named_by_row_and_column(change: dict[str, str], column: str, code: str) -> None:
    rows = checked(to_csv(GOOD, GOOD | {"policy": "PA-2"} | change))
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
    (row,) = checked(to_csv(GOOD | fleet))
    assert row.request is not None
    assert row.request.fleet is not None
    assert (row.request.fleet.vehicles, row.request.fleet.for_hire) == (12, True)


@pytest.mark.parametrize(
    "cell", ["vin registrant1", "registrant1; vin", "vin;registrant1;", " vin\nregistrant1 "]
)
def test_what_stands_so_on_the_registration(cell: str) -> None:
    (row,) = checked(to_csv(GOOD | {"as_registered": cell}))
    assert row.findings == Findings()
    assert row.request is not None
    assert row.request.as_registered == ("vin", "registrant1")
    (fact,) = facts(row.request, "BR-1", INSURERS["901"], date(2026, 11, 22))
    assert fact.as_registered == ("vin", "registrant1")
    assert fact.waived == (), "no rule is waived by a name alone"


def test_what_a_row_says_of_the_registration_counts_for_that_row_alone() -> None:
    odd = GOOD | {"vehicle_year": "2014", "vehicle_vin": "WVGZZZ5NZEW069297"}
    other = GOOD | {"vehicle_year": "1993", "vehicle_vin": "SALLDHMV7PA000017"}
    said, unsaid = checked(to_csv(odd | {"as_registered": "vin"}, other | {"as_registered": ""}))
    assert [note.code for note in said.findings.notes] == ["waived_vin_check"]
    assert said.request is not None
    (fact,) = facts(said.request, "BR-1", INSURERS["901"], date(2026, 11, 22))
    assert fact.waived == ("vin_check",)
    assert [(one.field, one.row) for one in unsaid.findings.problems] == [("vehicles[0].vin", 3)]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("vin,registrant1", "as_registered_unknown"),
        ("VIN", "as_registered_unknown"),
        ("vin vin", "as_registered_twice"),
        ("registrant2", "as_registered_absent"),
        ("vin registrant1 registrant2 organization vin", "too_many"),
    ],
)
def test_a_wrong_name_is_told_in_its_column(cell: str, code: str) -> None:
    (row,) = checked(to_csv(GOOD | {"as_registered": cell}))
    told = [(column_of(one.field), one.code) for one in row.findings.problems]
    assert told == [("as_registered", code)]


def test_the_same_vehicle_twice_is_a_slip() -> None:
    first, second, third = checked(to_csv(GOOD, GOOD, GOOD | {"policy": "PA-2"}))
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
        (to_csv(), "csv_empty", ()),
        (to_csv(GOOD).replace("icc", "code", 1), "csv_header", ("code", "icc")),
        (to_csv(GOOD).replace("policy", "icc", 1), "csv_header", ("icc", "policy")),
        (
            to_csv(GOOD).replace("policy", "Company Code", 1),
            "csv_header",
            ("Company Code", "policy"),
        ),
        (to_csv(GOOD).replace(",", "|"), "csv_header", None),
        (to_csv(GOOD).encode("utf-16"), "csv_not_utf8", ()),
        (b"PK\x03\x04\x00a workbook, not a text", "csv_not_utf8", ()),
        (to_csv(GOOD) + '"open quote', "csv_unreadable", ()),
        (to_csv(GOOD) + '"a"b,c\n', "csv_unreadable", ()),
        ("x" * (MAX_BYTES + 1), "csv_too_big", ()),
        (to_csv(GOOD) + "a\n" * MAX_ROWS, "csv_rows", ()),
    ],
)
def test_files_that_are_no_batch(
    text: str | bytes, code: str, fields: tuple[str, ...] | None
) -> None:
    with pytest.raises(Refused) as refused:
        load(text)
    assert refused.value.code == code
    if fields is not None:
        assert tuple(problem.field for problem in refused.value.problems) == fields
    assert "?" not in words(f"error.{code}", **refused.value.params)
    for problem in refused.value.problems:
        assert say(problem)


def test_too_many_cells_are_told_and_come_back_with_the_file() -> None:
    """What stands beyond the heading is told until somebody takes it out, not dropped."""
    text = to_csv(GOOD).rstrip("\n") + ",,stray\n"
    for _ in range(2):
        (row,) = checked(text)
        assert [p.code for p in row.findings.problems] == ["cells_many"]
        text = with_problems(load(text), row.findings.problems, say).decode("utf-8-sig")
    assert "stray" in text


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("icc", "42", "cell_zeros"),
        ("registrant1_driver_license", "12345678", "cell_zeros"),
        ("organization_fein", "1234567", "cell_zeros"),
        ("policy", "1.23457E+11", "cell_rounded"),
        ("policy", "1,2E+15", "cell_rounded"),
        ("vehicle_vin", "#N/A", "cell_error"),
        ("vehicle_make", "#REF!", "cell_error"),
        ("effective", "########", "cell_error"),
        ("icc", '="042"', "cell_formula"),
        ("icc", "36.0", "cell_zeros"),
        ("effective", "13/12/2026", "date_day_first"),
        ("effective", "26-12-01", "date_doubtful"),
        ("effective", "26335", "date_doubtful"),
        ("effective", "1.12.2026", "date_two"),
        ("effective", "12012026", "date_two"),
        ("effective", "12/1/2026 1:00 PM", "date_timed"),
        ("expiration", "46722.5", "date_timed"),
        ("expiration", "12/1/98", "date_short_year"),
        ("effective", "Dec-26", "date_part"),
    ],
)
def test_a_spreadsheets_habit_is_told_in_place_of_a_rule(column: str, cell: str, code: str) -> None:
    (row,) = checked(to_csv(GOOD | {column: cell}))
    told = [(p.field, p.code) for p in row.findings.problems if column_of(p.field) == column]
    assert told == [(column, code)]
    assert row.request is None
    for problem in row.findings.problems:
        assert str(problem.params.get("value", "")) in say(problem)
        assert str(problem.params.get("date", "")) in say(problem)
        assert "?" not in say(problem).replace("?", "", 1), "every parameter is filled in"


def test_a_cell_that_is_not_utf8_is_named_and_comes_back_as_it_was() -> None:
    """A spreadsheet's plain "CSV" is in the code page of its machine."""
    data = to_csv(GOOD, GOOD | {"policy": "PA-2", "registrant1_last": "PEÑA"}).encode("latin-1")
    first, second = checked(data)
    assert first.request is not None
    assert [(p.row, p.field, p.code) for p in second.findings.problems] == [
        (3, "registrant1_last", "cell_not_utf8")
    ]
    returned = with_problems(load(data), second.findings.problems, say)
    assert b"PE\xd1A" in returned
    assert load(returned) == load(data)
    assert load(returned).digest == load(data).digest


def test_another_dress_is_the_same_batch_another_cell_is_not() -> None:
    plain = load(to_csv(GOOD, GOOD | {"policy": "PA-2"}))
    for dress in (
        to_csv(GOOD, GOOD | {"policy": "PA-2"}, separator=";", end="\r\n"),
        with_problems(plain, [Problem("icc", "required", row=3)], say),
    ):
        assert load(dress).digest == plain.digest
    assert load(to_csv(GOOD, GOOD | {"policy": "PA-3"})).digest != plain.digest
    assert load(to_csv(GOOD | {"policy": "PA-2"}, GOOD)).digest != plain.digest


def test_a_batch_is_corrected_and_fed_back() -> None:
    """2,000 rows with 37 planted faults: all named; corrected, all taken."""
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
    batch = load(to_csv(*rows))
    found = list(check(batch, judge))
    problems = [problem for row in found for problem in row.findings.problems]
    assert sorted(problem.row or 0 for problem in problems) == sorted(p + 2 for p in planted)

    returned = with_problems(batch, problems, say)
    told = list(csv.DictReader(io.StringIO(returned.decode("utf-8-sig"), newline="")))
    assert [place for place, row in enumerate(told) if row["problems"]] == sorted(planted)
    assert all(told[place]["problems"].startswith("vehicle_vin: ") for place in planted)
    assert load(returned) == batch
    for place in planted:
        told[place]["vehicle_vin"] = right[place]["vehicle_vin"]
    again = checked(to_csv(*told))
    assert all(row.request is not None for row in again)


CELL = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8
)


@given(
    st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, CELL)), min_size=1, max_size=3),
    st.sampled_from(SEPARATORS),
    st.lists(CELL, max_size=2),
)
def test_any_cells_are_judged_and_come_back(
    rows: list[dict[str, str]], separator: str, extra: list[str]
) -> None:
    text = to_csv(*rows, separator=separator)
    if extra:
        out = io.StringIO()
        row = [*rows[-1].values(), *extra]
        csv.writer(out, delimiter=separator, lineterminator="\n").writerow(row)
        text += out.getvalue()
    try:
        batch = load(text)
    except Refused as refused:
        assert refused.code == "csv_empty" or "\0" in text
        return
    problems = [problem for row in check(batch, judge) for problem in row.findings.problems]
    returned = with_problems(batch, problems, say)
    assert load(returned) == batch
    assert load(returned).digest == batch.digest
    assert load(dump(batch)) == batch
    assert {column_of(problem.field) for problem in problems} <= {*COLUMNS, ""}
    told = {problem.row for problem in problems}
    text_again = io.StringIO(returned.decode("utf-8-sig", "surrogateescape"), newline="")
    lines = list(csv.reader(text_again, delimiter=separator))
    at = lines[0].index(PROBLEMS)
    assert {n for n, line in enumerate(lines, 1) if line[at : at + 1] > [""]} - {1} == told


@given(st.dictionaries(st.sampled_from(COLUMNS), st.binary(max_size=8), min_size=1))
def test_any_bytes_in_a_cell_come_back(cells: dict[str, bytes]) -> None:
    """Corrected in one place, the rest of the clerk's file is what it was, byte for byte."""
    good = {name: GOOD.get(name, "").encode() for name in COLUMNS} | cells
    quoted = [b'"' + value.replace(b'"', b'""') + b'"' for value in good.values()]
    data = ",".join(COLUMNS).encode() + b"\n" + b",".join(quoted) + b"\n"
    try:
        batch = load(data)
    except Refused as refused:
        assert refused.code == "csv_not_utf8"
        assert b"\0" in data
        return
    problems = [problem for row in check(batch, judge) for problem in row.findings.problems]
    returned = with_problems(batch, problems, say)
    assert load(returned) == batch
    for name, value in batch.rows[0].cells.items():
        assert value.encode("utf-8", "surrogateescape") == good[name]
    for row in batch.rows:
        assert to_json(row)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        load(data)
