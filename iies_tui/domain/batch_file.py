"""A batch as a CSV file: its bytes to rows and back, and nothing of what the cells mean.

The clerk's own rows come back with one more column, ``problems``, to be corrected in a spreadsheet
and fed back; that column is ignored when the file is read. Rows are numbered as a spreadsheet shows
them: the heading is row 1, blank lines count. Nothing that stood in a cell is lost on the way, not
even what was no UTF-8.
"""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from iies_tui.domain import headings
from iies_tui.domain.batch_columns import PROBLEMS, REQUIRED
from iies_tui.domain.errors import Problem, Refused

MAX_BYTES = 8 * 1024 * 1024
MAX_ROWS = 10_000

SEPARATORS = (",", ";", "\t")
"""Commas; semicolons, where a spreadsheet's language writes decimals with a comma; tabs."""

MAX_PROBLEMS = 40
"""Of the heading, told at once."""

_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``cells`` by column, as they stand in the file; ``number`` as a spreadsheet's.

    ``extra``: cells beyond the heading.
    """

    number: int
    cells: Mapping[str, str]
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """A whole file: its columns (without ``problems``) and its rows that are not blank.

    ``headings``: the columns' names as the file has them.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    separator: str = ","
    headings: tuple[str, ...] = dataclasses.field(default=(), compare=False)

    @property
    def digest(self) -> str:
        """SHA-256, hexadecimal, of what the rows say: 64 characters.

        Another separator, order of columns or text in ``problems`` is the same batch; another cell
        or another place of a row is another.
        """
        said = [
            [row.number, sorted(item for item in row.cells.items() if item[1]), row.extra]
            for row in self.rows
        ]
        return hashlib.sha256(json.dumps(said).encode("ascii")).hexdigest()


def load(data: bytes) -> Batch:
    """A CSV file's rows: UTF-8 with or without a mark, any of ``SEPARATORS``, any line ends.

    A byte that is no UTF-8 stays in its cell as a lone surrogate, for ``spreadsheet`` to name.

    Raise Refused ``csv_too_big``, ``csv_not_utf8`` (UTF-16, or no text at all), ``csv_unreadable``
    (row), ``csv_header`` (with its problems), ``csv_rows`` or ``csv_empty``.
    """
    if len(data) > MAX_BYTES:
        raise Refused("csv_too_big", limit=MAX_BYTES)
    if b"\0" in data or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("csv_not_utf8")
    text, separator = _separated(data.decode("utf-8-sig", "surrogateescape"))
    records = _records(text, separator)
    named = [name.strip() for name in next(records, [])]
    while named and not named[-1]:
        named.pop()
    heading = [headings.column(name) for name in named]
    _check_heading(named, heading)
    rows: list[Row] = []
    for number, record in enumerate(records, start=2):
        if not any(cell.strip() for cell in record):
            continue
        if len(rows) == MAX_ROWS:
            raise Refused("csv_rows", count=number, limit=MAX_ROWS)
        extra = record[len(heading) :]
        while extra and not extra[-1].strip():
            extra.pop()
        padded = [*record, *[""] * (len(heading) - len(record))]
        cells = dict(zip(heading, padded[: len(heading)], strict=True))
        cells.pop(PROBLEMS, None)
        rows.append(Row(number, cells, tuple(extra)))
    if not rows:
        raise Refused("csv_empty")
    kept = [pair for pair in zip(heading, named, strict=True) if pair[0] != PROBLEMS]
    columns, names = (tuple(pair[at] for pair in kept) for at in (0, 1))
    return Batch(columns, tuple(rows), separator, names)


def dump(batch: Batch, told: Mapping[int, str] | None = None) -> bytes:
    """The file that ``load`` reads as the same batch.

    ``told``: what stands in the column ``problems``, by row; without it there is no such column.
    Lines end in CRLF and the text starts with a byte-order mark, as spreadsheets expect of UTF-8.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=batch.separator, lineterminator="\r\n")
    writer.writerow([*(batch.headings or batch.columns), *([] if told is None else [PROBLEMS])])
    rows = {row.number: row for row in batch.rows}
    for number in range(2, max(rows) + 1):
        row = rows.get(number)
        if row is None:
            writer.writerow([])
            continue
        said = [] if told is None else [told.get(number, "")]
        writer.writerow([*(row.cells[name] for name in batch.columns), *said, *row.extra])
    return (_MARK + out.getvalue()).encode("utf-8", "surrogateescape")


def _separated(text: str) -> tuple[str, str]:
    """The text without a spreadsheet's ``sep=`` line, and the separator of its heading."""
    text = text.removeprefix(_MARK)
    first, _, rest = text.partition("\n")
    said = first.rstrip("\r").removeprefix("sep=")
    if first.startswith("sep=") and said in SEPARATORS:
        return rest, said
    heading = text.replace("\r", "\n").partition("\n")[0]

    def known(separator: str) -> int:
        names = heading.split(separator)
        return len({headings.column(name) for name in names} - {""})

    return text, max(SEPARATORS, key=known)


def _records(text: str, separator: str) -> Iterator[list[str]]:
    """Records of the file; blank lines are records without cells, as a spreadsheet counts them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
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


def _check_heading(named: Sequence[str], columns: Sequence[str]) -> None:
    """``named`` as the file has it, ``columns`` what each name means (empty: nothing)."""
    problems = []
    seen: dict[str, str] = {}
    for name, column in zip(named, columns, strict=True):
        shown = ascii(name)[1:-1][:40]
        if not column:
            near = headings.nearest(name)
            code, params = "column_unknown", {"name": shown}
            if near and near not in columns:
                code, params = "column_near", {"name": shown, "proposal": near}
            problems.append(Problem(shown, code, params, 1))
        elif column in seen:
            told = {"name": shown, "other": seen[column]}
            code = "column_twice" if shown == seen[column] else "columns_same"
            problems.append(Problem(shown, code, told, 1))
        else:
            seen[column] = shown
    problems += [
        Problem(name, "column_missing", {"name": name}, 1)
        for name in REQUIRED
        if name not in columns
    ]
    # Each once: a name that stands there three times is one fault.
    unique = {(one.field, one.code): one for one in problems}
    if unique:
        raise Refused("csv_header", tuple(unique.values())[:MAX_PROBLEMS])
