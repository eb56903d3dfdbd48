"""What a check finds: problems that stop a card, and notes that the clerk is told.

Every rule adds to a ``Collector`` and goes on, so that the clerk sees all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from iies_tui.domain.errors import Problem


@dataclass(frozen=True, slots=True)
class Findings:
    """``problems`` must be put right; ``notes`` are told and may stand.

    Both name fields by the request's own paths. The words of a problem are in
    ``problem.<code>``, those of a note in ``note.<code>``.
    """

    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()

    def with_row(self, row: int) -> Findings:
        """The same findings, said of one row of a CSV batch."""
        return Findings(_on_row(self.problems, row), _on_row(self.notes, row))

    def __add__(self, other: Findings) -> Findings:
        return Findings(self.problems + other.problems, self.notes + other.notes)


class Collector:
    """Gathers findings in the order of the form."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._notes: list[Problem] = []
        self._wrong: set[str] = set()

    def problem(self, field: str, code: str, **params: str | int) -> None:
        """Add an error: the request cannot be issued with it."""
        self._problems.append(Problem(field, code, params))
        self._wrong.add(field)

    def note(self, field: str, code: str, **params: str | int) -> None:
        """Something the clerk should know before printing."""
        self._notes.append(Problem(field, code, params))

    def has_problem(self, field: str) -> bool:
        """True where exactly this field has a problem already."""
        return field in self._wrong

    def findings(self) -> Findings:
        """The errors and notes gathered so far."""
        return Findings(tuple(self._problems), tuple(self._notes))


def _on_row(items: Iterable[Problem], row: int) -> tuple[Problem, ...]:
    return tuple(Problem(item.field, item.code, item.params, row) for item in items)
