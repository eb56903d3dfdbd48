"""What a spreadsheet did to cells and headings is read, or told with the value's own remedy."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st

from iies_tui.domain import headings
from iies_tui.domain.batch_columns import COLUMNS, REQUIRED
from iies_tui.domain.batch_file import dump, load
from iies_tui.domain.errors import Refused
from iies_tui.domain.request_csv import CheckedRow, check, column_of, with_problems
from iies_tui.domain.spreadsheet import whole_number
from tests.support.batch_samples import vin_of
from tests.support.csv_samples import GOOD, judge, say, to_csv


def checked(text: str) -> list[CheckedRow]:
    return list(check(load(text.encode()), judge))


def rows_of(cells: list[tuple[str, str]]) -> str:
    """A file with these dates, one vehicle a row."""
    return to_csv(
        *(
            GOOD | {"effective": effective, "expiration": expiration, "vehicle_vin": vin_of(number)}
            for number, (effective, expiration) in enumerate(cells)
        )
    )


HEADING = (
    "form,icc,policy,effective,expiration,registrant1_last,registrant1_first,organization_name,"
    "organization_fein,address1,address2,vehicle_year,vehicle_make,vehicle_vin\r\n"
)


@pytest.mark.parametrize(
    "cells",
    ["SER,46357,46722", "SHD,12/1/26,12/1/27", "DDM,01-Dec-26,01-Dec-27"],
    ids=["excel_serial", "excel_short_dates", "dash_in_header_date"],
)
def test_dates_as_a_spreadsheet_saves_them(cells: str) -> None:
    person = "DOE,JOHN,,,1 MAIN ST,ALBANY NY 12207,2003,HONDA,1HGCM82633A004352\r\n"
    (row,) = checked(f"{HEADING}FS-20,901,{cells},{person}")
    assert row.findings.problems == ()
    assert row.request is not None
    assert (row.request.effective, row.request.expiration) == (
        date(2026, 12, 1),
        date(2027, 12, 1),
    )


@given(st.integers(0, 24), st.dates(date(2026, 1, 13), date(2026, 12, 31)), st.booleans())
def test_one_swapped_row_blames_no_other(place: int, day: date, month_shown: bool) -> None:
    """The other dates show their order, or could be read both ways."""
    day = day.replace(day=max(day.day, 13)) if day.day < 13 else day
    right = ("12/15/2026", "12/15/2027") if month_shown else ("12/1/2026", "12/1/2027")
    cells = [right] * 25
    swapped = f"{day.day}/{day.month}/2026", f"{day.day}/{day.month}/2027"
    cells[place] = swapped
    rows = checked(rows_of(cells))
    told = {(p.row, p.field, p.code, p.params["date"]) for r in rows for p in r.findings.problems}
    assert told == {
        (place + 2, column, "date_swapped", f"{day.month:02d}/{day.day:02d}/{year}")
        for column, year in (("effective", 2026), ("expiration", 2027))
    }
    assert all(row.request for row in rows if row.row.number != place + 2)


@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), min_size=8, max_size=25))
def test_a_file_with_the_day_first_is_never_read_month_first(days: list[date]) -> None:
    cells = [(f"{d.day:02d}/{d.month:02d}/2026", f"{d.day:02d}/{d.month:02d}/2028") for d in days]
    shown = sum(d.day > 12 for d in days)
    open_ = sum(d.day <= 12 and d.day != d.month for d in days)
    if not shown or shown * 4 < shown + open_:
        return
    for day, row in zip(days, checked(rows_of(cells)), strict=True):
        codes = {
            p.code
            for p in row.findings.problems
            if column_of(p.field) in ("effective", "expiration")
        }
        assert codes == (set() if day.day == day.month else {"date_day_first"})


def test_what_was_read_one_way_of_two_is_a_note_once_a_row() -> None:
    (row,) = checked(to_csv(GOOD | {"effective": "12/1/26", "expiration": "12/1/27"}))
    assert [
        (n.field, n.code, n.params["read"]) for n in row.findings.notes if n.code[:4] == "date"
    ] == [("effective", "date_month_first", "Dec 1, 2026")]
    (row,) = checked(to_csv(GOOD | {"effective": "46357", "expiration": "2027-12-01"}))
    assert [n.code for n in row.findings.notes if n.code[:4] == "date"] == ["date_number"]


SPOILED = st.sampled_from(("{}", "{}.0", "{}.00", "'{}", "{},0"))


@given(st.integers(0, 10**9), SPOILED)
def test_a_whole_number_is_itself_however_it_is_written(number: int, spoiled: str) -> None:
    assert whole_number(spoiled.format(number)) == str(number)
    assert whole_number(f"{number:,}.0") == str(number)


@given(st.text(max_size=12))
def test_no_digit_is_made_up_or_lost_but_decimals_of_nothing(cell: str) -> None:
    read = whole_number(cell)
    if read != cell:
        assert read.isascii() and read.isdigit()
        digits = "".join(sign for sign in cell if sign.isdigit())
        assert digits.startswith(read)
        assert set(digits[len(read) :]) <= {"0"}


def test_numbers_that_a_spreadsheet_spoiled() -> None:
    spoiled = GOOD | {
        "icc": "901.0",
        "vehicle_year": "2003.0",
        "registrant1_driver_license": "123456789.00",
        "organization_fein": "",
    }
    (row,) = checked(to_csv(spoiled))
    assert row.request is not None
    assert (row.request.icc, row.request.vehicles[0].year) == ("901", 2003)
    assert row.request.registrants[0].driver_license == "123456789"
    company = {"registrant1_last": "", "registrant1_first": "", "organization_name": "ACME LLC"}
    (row,) = checked(to_csv(GOOD | company | {"organization_fein": "123456789.00"}))
    assert row.request is not None
    assert row.request.organization is not None
    assert row.request.organization.fein == "123456789"
    (row,) = checked(to_csv(GOOD | {"icc": "36.0"}))
    (problem,) = row.findings.problems
    assert say(problem) == "36.0 needs 3 digits. Is it 036?"
    (row,) = checked(to_csv(GOOD | {"policy": "1234567.0"}))
    assert [note.code for note in row.findings.notes if note.field == "policy"] == [
        "policy_decimals"
    ]


PLAIN_HEADINGS = {
    "form": "Form",
    "icc": "Company Code",
    "policy": "Policy #",
    "effective": "Effective Date",
    "expiration": "EXPIRATION DATE",
    "registrant1_last": "Last Name",
    "registrant1_first": "FIRST NAME",
    "address1": "Street Address",
    "vehicle_year": "Model Year",
    "vehicle_make": "Make",
    "vehicle_vin": "VIN",
}


def test_headings_in_plain_words_are_understood_and_come_back_as_they_were() -> None:
    text = to_csv(GOOD)
    plain = ",".join(PLAIN_HEADINGS.values()) + "\n" + text.split("\n", 1)[1]
    (row,) = checked(plain)
    assert row.request is not None
    assert load(plain.encode()).digest == load(text.encode()).digest
    returned = with_problems(load(plain.encode()), [], say).decode("utf-8-sig")
    assert returned.startswith(",".join(PLAIN_HEADINGS.values()) + ",problems\r\n")
    assert load(dump(load(plain.encode()))).headings == tuple(PLAIN_HEADINGS.values())


@pytest.mark.parametrize("name", [*COLUMNS, "problems"])
def test_our_own_names_in_any_dress_are_understood(name: str) -> None:
    for dress in (
        name,
        name.upper(),
        name.replace("_", " ").title(),
        f" {name.replace('_', '-')} ",
    ):
        assert headings.column(dress) == name


@pytest.mark.parametrize(
    ("heading", "code", "named"),
    [
        ("Polciy Number", "column_near", "policy"),
        ("Company", "column_unknown", ""),
        ("VIN", "columns_same", "vehicle_vin"),
    ],
)
def test_a_heading_that_is_not_understood_is_named(heading: str, code: str, named: str) -> None:
    columns = [name for name in GOOD if not (code == "column_near" and name == named)]
    with pytest.raises(Refused) as refused:
        load((",".join([*columns, heading]) + "\n").encode())
    problem = next(one for one in refused.value.problems if one.field == heading)
    assert problem.code == code
    assert heading in say(problem)
    assert named in say(problem)


@given(st.text(max_size=30))
def test_any_heading_is_a_column_or_none(heading: str) -> None:
    assert headings.column(heading) in {*COLUMNS, "problems", ""}
    assert headings.nearest(heading) in {*COLUMNS, "problems", ""}


def test_every_needed_column_has_a_plain_name() -> None:
    assert {headings.column(name) for name in PLAIN_HEADINGS.values()} >= set(REQUIRED)
