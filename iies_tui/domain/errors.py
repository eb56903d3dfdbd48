"""One tree of errors: a code and parameters, which ``iies_tui.text`` turns into words.

The three branches are the exit codes of the commands: refused with reasons (1), wrong
usage (2), the machine failed (3). A message never holds personal data: parameters are
limits, codes, paths and counts, and a field's value only where the clerk typed it and
only the clerk sees it (``Problem.params``).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that must be put right, standing beside its field.

    ``field`` is a path in the request's own names (``vehicles[0].vin``), empty where the
    problem belongs to no field. ``code`` names the words in ``messages.toml``
    (``problem.<code>``). ``row`` is the 1-based row of a CSV batch, None elsewhere.
    """

    field: str
    code: str
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict)
    row: int | None = None


class IiesError(Exception):
    """Root of the tree. ``code`` names the words in ``messages.toml`` (``error.<code>``)."""

    exit_code = 3

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str | int] = params


class Refused(IiesError):
    """What was asked is refused, for reasons the user can act on. Exit 1."""

    exit_code = 1

    def __init__(self, code: str, problems: tuple[Problem, ...] = (), **params: str | int) -> None:
        super().__init__(code, **params)
        self.problems = problems


class WrongUsage(IiesError):
    """The command or request was not of the form that it takes. Exit 2."""

    exit_code = 2


class MachineFailed(IiesError):
    """Disk, lock, printer, clock or library failed. Nothing is half-written. Exit 3."""

    exit_code = 3


def place_of(error: BaseException) -> str:
    """``file:line`` of the innermost frame of ours: where it happened, never what was in it."""
    trace, place = error.__traceback__, "?"
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if "iies_tui" in name:
            place = f"{name.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
