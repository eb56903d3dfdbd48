"""The same fault in many rows is one line, and no row goes untold."""

from __future__ import annotations

import re

from hypothesis import given, strategies as st

from iies_tui.domain.batch_columns import COLUMNS
from iies_tui.domain.errors import Problem
from iies_tui.domain.same_faults import gather
from iies_tui.session.fault_lines import fault_lines
from iies_tui.text import has


def test_one_line_a_fault() -> None:
    problems = [Problem("effective", "date_day_first", {}, row) for row in range(2, 27)]
    problems += [
        Problem("icc", "cell_zeros", {"value": "42", "width": 3, "proposal": "042"}, 5),
        Problem("icc", "cell_zeros", {"value": "7", "width": 3, "proposal": "007"}, 9),
        Problem("vehicle_vin", "vin_check", {"positions": "3"}, 3),
        Problem("vehicle_vin", "vin_check", {"positions": "4"}, 4),
        Problem("", "cells_many", {"count": 15, "limit": 14}, 7),
    ]
    assert fault_lines(problems) == [
        "Effective, rows 2 to 26: Month and day look swapped. Write month/day/year, or YYYY-MM-DD.",
        "ICC, rows 5 and 9: 3 digits are needed. The spreadsheet dropped leading zeros.",
        "VIN, row 3: The check digit is wrong. Likely positions: 3.",
        "VIN, row 4: The check digit is wrong. Likely positions: 4.",
        "Row 7: This row has 15 cells, but the heading has 14.",
    ]


def test_many_scattered_rows_are_counted() -> None:
    problems = [Problem("policy", "required", {}, row) for row in range(2, 40, 3)]
    (line,) = fault_lines(problems)
    assert line == "Policy, rows 2, 5, 8, 11, 14, 17 and 7 more: Required."


@given(
    st.lists(
        st.builds(
            Problem,
            field=st.sampled_from(("icc", "policy", "")),
            code=st.sampled_from(("required", "icc_form", "cell_error")),
            params=st.fixed_dictionaries({"value": st.sampled_from(("#N/A", "#REF!"))}),
            row=st.integers(2, 30),
        )
    )
)
def test_every_row_is_in_a_line_of_its_column(problems: list[Problem]) -> None:
    faults = gather(problems, lambda one: one.code, lambda one: "")
    told = {(one.field, one.text, row) for one in faults for row in one.rows}
    assert told == {(one.field, one.code, one.row) for one in problems}
    for one in faults:
        assert [n for first, last in one.runs for n in range(first, last + 1)] == list(one.rows)
    lines = fault_lines(problems)
    assert len(lines) == len(set(lines))
    assert all(re.match(r"(ICC, r|Policy, r|R)ows? [0-9]", line) for line in lines)


def test_every_column_has_a_name_in_words() -> None:
    assert [name for name in COLUMNS if not has(f"column.{name}")] == []
