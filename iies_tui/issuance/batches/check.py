"""A batch's file looked at whole, row by row, before anything of it is issued."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from iies_tui.domain.batch import KeptBatch
from iies_tui.domain.batch_file import Batch
from iies_tui.domain.errors import Problem
from iies_tui.domain.request_csv import CheckedRow
from iies_tui.issuance.ports.machine import Clock

ISSUED_ALREADY = "issued_already"
"""The note on a row whose vehicle has a card for this policy and these dates."""


@dataclass(slots=True)
class NoteCount:
    """A note that rows have in common: how many, and the first of them."""

    first: Problem
    count: int = 0


@dataclass(slots=True)
class BatchCheck:
    """``rows`` are looked at as ``step`` is called; ``whole`` once all are.

    ``kept`` is the batch in the register, where its file was begun before; ``before`` how many of
    its rows have been dealt with; ``repeated`` are notes ISSUED_ALREADY, one a row.
    """

    batch: Batch
    rows: Iterator[CheckedRow]
    kept: KeptBatch | None = None
    before: int = 0
    looked: int = 0
    whole: bool = False
    problems: list[Problem] = field(default_factory=list)
    notes: dict[str, NoteCount] = field(default_factory=dict)
    repeated: list[Problem] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Rows that are to be looked at."""
        return len(self.batch.rows) - self.before

    @property
    def wrong_rows(self) -> int:
        """Rows that have a problem."""
        return len({problem.row for problem in self.problems})

    def step(self, clock: Clock, seconds: float) -> None:
        """Look at rows for so long; at one at least."""
        end = clock.boot() + seconds
        for row in self.rows:
            self.looked += 1
            self.problems += row.findings.problems
            for note in row.findings.notes:
                self._count(note)
            if clock.boot() >= end:
                break
        self.whole = self.looked >= self.total

    def _count(self, note: Problem) -> None:
        if note.code == ISSUED_ALREADY:
            self.repeated.append(note)
        else:
            self.notes.setdefault(note.code, NoteCount(note)).count += 1
