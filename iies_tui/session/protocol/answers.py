"""What any request may be answered with."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemInfo:
    """A ``domain.errors.Problem``; the UI turns code and params into words."""

    field: str
    code: str
    params: dict[str, str | int] = dataclasses.field(default_factory=dict)
    row: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The error's code and parameters; ``exit_code`` is the command's (``docs/commands.md``)."""

    code: str
    params: dict[str, str | int] = dataclasses.field(default_factory=dict)
    problems: list[ProblemInfo] = dataclasses.field(default_factory=list)
    exit_code: int = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` steps; ``step`` names the words (``progress.<step>``)."""

    step: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Done:
    """The request was carried out; there is no other reply."""
