"""The same fault in many rows of a batch as one line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class Told(Protocol):
    """A problem of one row, as the domain or the session's protocol has it."""

    @property
    def field(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def params(self) -> Mapping[str, str | int]: ...
    @property
    def row(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a column with the ``rows`` that have it, in order; ``text`` in words."""

    field: str
    rows: tuple[int, ...]
    text: str

    @property
    def runs(self) -> list[tuple[int, int]]:
        """First and last row of each run of neighbors: 2 to 26, 30 to 30."""
        found: list[tuple[int, int]] = []
        for row in self.rows:
            if found and row == found[-1][1] + 1:
                found[-1] = found[-1][0], row
            else:
                found.append((row, row))
        return found


def gather(
    problems: Iterable[Told], say: Callable[[Told], str], common: Callable[[Told], str]
) -> list[Fault]:
    """Faults in the order of their first rows.

    The same column and the same words (``say``) are the same fault; so are all of a column that
    have ``common`` words, which leave a cell's own value out ("" where a code has none).
    """
    groups: dict[tuple[str, str], list[Told]] = {}
    for one in problems:
        groups.setdefault((one.field, common(one) or say(one)), []).append(one)
    return [
        Fault(field, rows, text if len(rows) > 1 else say(group[0]))
        for (field, text), group in groups.items()
        if (rows := _rows(group))
    ]


def _rows(group: Sequence[Told]) -> tuple[int, ...]:
    return tuple(sorted({one.row or 0 for one in group}))
