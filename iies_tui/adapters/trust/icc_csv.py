"""An insurer list as CSV: ``icc,name,naic,status``, with the habits of DFS's own lists.

Handled, each told as a note by its line: a leading ``*`` at the code or the name (no longer
authorized), codes whose leading zeros a spreadsheet has eaten (``1`` is ``001``; the same for
NAIC's five digits), the same line twice. Handled silently: a byte order mark, CRLF, quotes, blanks
around a value, blank lines, a header line in any order of columns. Refused by line number, all at
once: a code that is not one to three digits, no name, two names for one code, an unknown status, a
line with too few or too many columns, text that is not UTF-8. Nothing is guessed.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import dataclass

from iies_tui.domain.authority import is_listed_name
from iies_tui.domain.errors import Problem, Refused
from iies_tui.domain.insurer import Insurer

MAX_BYTES = 16 * 1024 * 1024
MAX_PROBLEMS = 50
"""How many lines a refusal names."""

COLUMNS = ("icc", "name", "naic", "status")
_ACTIVE = {"": True, "active": True, "a": True, "inactive": False, "i": False}


@dataclass(frozen=True, slots=True)
class InsurerTable:
    """``insurers`` by code, unsigned. ``notes`` say what was read otherwise than it stood."""

    insurers: tuple[Insurer, ...]
    notes: tuple[Problem, ...]


def read(data: bytes) -> InsurerTable:
    """Read a list. Refused ``icc_csv`` with a problem for each bad line, or ``icc_csv_size``."""
    if len(data) > MAX_BYTES:
        raise Refused("icc_csv_size", limit=MAX_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused("icc_csv", (Problem("", "csv_not_utf8", row=line),)) from error
    table = _Table()
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
    try:
        for cells in reader:
            if not table.take(reader.line_num, cells):
                break
    except csv.Error:
        table.refuse(reader.line_num, "", "csv_quotes")
    return table.finish()


class _Table:
    def __init__(self) -> None:
        self._order: tuple[str, ...] | None = None
        self._found: dict[str, tuple[int, Insurer]] = {}
        self._problems: list[Problem] = []
        self._notes: list[Problem] = []

    def refuse(self, line: int, column: str, code: str, **params: str | int) -> None:
        self._problems.append(Problem(column, code, params, line))

    def take(self, line: int, cells: list[str]) -> bool:
        """False where the columns are unknown, so that no line after it can be read."""
        values = [unicodedata.normalize("NFC", " ".join(cell.split())) for cell in cells]
        if not any(values):
            return True
        if self._order is None:
            lowered = tuple(value.lower() for value in values)
            if "icc" in lowered:
                return self._header(line, lowered)
            self._order = COLUMNS
        if not 2 <= len(values) <= len(self._order):
            self.refuse(line, "", "csv_columns", found=len(values), wanted=len(self._order))
            return True
        self._row(line, dict(zip(self._order, values, strict=False)))
        return True

    def _header(self, line: int, names: tuple[str, ...]) -> bool:
        self._order = names
        known = {"icc", "name"} <= set(names) <= set(COLUMNS) and len(set(names)) == len(names)
        if not known:
            self.refuse(line, "", "csv_header", wanted=",".join(COLUMNS))
        return known

    def _row(self, line: int, row: dict[str, str]) -> None:
        code, name = row.get("icc", ""), row.get("name", "")
        starred = code.startswith("*") or name.startswith("*")
        icc = self._digits(line, "icc", code.lstrip("* "), 3)
        naic = row.get("naic", "")
        if naic:
            naic = self._digits(line, "naic", naic, 5) or ""
        name = name.lstrip("* ")
        active = _ACTIVE.get(row.get("status", "").lower())
        if active is None:
            self.refuse(line, "status", "csv_status")
        if not is_listed_name(name):
            self.refuse(line, "name", "csv_name")
        elif icc is not None and active is not None:
            self._keep(line, Insurer(icc, name, naic, active and not starred, signed=False))

    def _digits(self, line: int, column: str, text: str, length: int) -> str | None:
        if not (0 < len(text) <= length and text.isascii() and text.isdigit()):
            self.refuse(line, column, f"csv_{column}")
            return None
        if len(text) < length:
            read_as = text.zfill(length)
            self._notes.append(Problem(column, "csv_zeros", {"read_as": read_as}, line))
        return text.zfill(length)

    def _keep(self, line: int, insurer: Insurer) -> None:
        before = self._found.get(insurer.icc)
        if before is None:
            self._found[insurer.icc] = (line, insurer)
        elif before[1] == insurer:
            self._notes.append(Problem("icc", "csv_repeated", {"first": before[0]}, line))
        else:
            self.refuse(line, "icc", "csv_differs", icc=insurer.icc, first=before[0])

    def finish(self) -> InsurerTable:
        if not self._found and not self._problems:
            self.refuse(1, "", "csv_empty")
        if self._problems:
            raise Refused("icc_csv", tuple(self._problems[:MAX_PROBLEMS]))
        insurers = sorted((one for _, one in self._found.values()), key=lambda one: one.icc)
        return InsurerTable(tuple(insurers), tuple(self._notes))
