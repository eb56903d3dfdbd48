"""A batch's faults in words, the same for the screens and the commands."""

from __future__ import annotations

from collections.abc import Iterable

from iies_tui.domain.same_faults import Fault, Told, gather
from iies_tui.text import has, words

NAMED = 6
"""Rows, or first and last rows of neighbors, that a line names; what comes after is counted."""


def fault_lines(problems: Iterable[Told]) -> list[str]:
    """``Effective, rows 2 to 26: Month and day look swapped.``: one line a fault."""
    return [f"{_place(one)}{one.text}" for one in gather(problems, _say, _common)]


def _place(fault: Fault) -> str:
    """``Effective, row 3: ``; the row alone where no column is to blame."""
    rows = words("batch.rows", rows=_rows(fault), count=len(fault.rows))
    column = words("batch.column", column=_column(fault.field)) if fault.field else ""
    return f"{(column + rows)[:1].upper()}{(column + rows)[1:]}: "


def _column(field: str) -> str:
    """The column in plain words; a heading of the clerk's own as it stands."""
    return words(f"column.{field}") if has(f"column.{field}") else field


def _rows(fault: Fault) -> str:
    """``2 to 26, 30 and 31``."""
    named: list[str] = []
    left = 0
    for first, last in fault.runs:
        if len(named) >= NAMED:
            left += last - first + 1
        elif last - first < 2:
            named += map(str, range(first, last + 1))
        else:
            named.append(words("batch.run", first=first, last=last))
    if left:
        named.append(words("batch.more_rows", count=left))
    *most, end = named
    return words("batch.and", most=", ".join(most), last=end) if most else end


def _say(one: Told) -> str:
    key = f"problem.{one.code}"
    return words(key, **one.params) if has(key) else words("fallback.problem", code=one.code)


def _common(one: Told) -> str:
    key = f"problem_common.{one.code}"
    return words(key, **one.params) if has(key) else ""
