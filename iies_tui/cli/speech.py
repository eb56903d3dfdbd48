"""What commands say: lines for people on standard error or output, JSON where it was asked for."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime

from iies_tui.domain import new_york
from iies_tui.domain.errors import IiesError, Problem, Refused
from iies_tui.text import has, words

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z\Z", re.ASCII)


def say(line: str = "") -> None:
    """One line on standard output, its control characters made visible."""
    print(plain(line))


def tell(line: str) -> None:
    """One line on standard error."""
    print(plain(line), file=sys.stderr)


def plain(text: str) -> str:
    """Data is never a terminal's command: control characters become ``?``."""
    return "".join(c if c.isprintable() or c == "\t" else "?" for c in text)


def answer(value: object) -> None:
    """A JSON document on standard output."""
    print(json.dumps(value, indent=2, ensure_ascii=True))


def message(code: str, params: Mapping[str, object]) -> str:
    """An error's words, and the command or option that mends it; one without words is its code."""
    if not has(f"error.{code}"):
        return words("error.no_words", code=code)
    params = {name: _written(value) for name, value in params.items()}
    tables = ("error", "on_command_line")
    return " ".join(words(f"{one}.{code}", **params) for one in tables if has(f"{one}.{code}"))


def _written(value: object) -> object:
    """A moment among an error's parameters is told as New York's clocks show it."""
    if not isinstance(value, str) or _MOMENT.match(value) is None:
        return value
    return new_york.written(datetime.fromisoformat(value))


def problem_line(problem: Problem, *, table: str = "problem") -> str:
    """``row 3, vehicles[0].vin: …``"""
    return f"{_place(problem)}{_problem_words(problem, table)}"


def _problem_words(problem: Problem, table: str = "problem") -> str:
    """Among the problems stand a verifier's reasons and the machine's errors, too."""
    params = dict(problem.params)
    for key in (f"{table}.{problem.code}", f"verify_reason.{problem.code}"):
        if has(key):
            overruled = "as_registered" in params
            more = [words("as_registered.in_file", **params)] if overruled else []
            return " ".join([words(key, **params), *more])
    return message(problem.code, params)


def _place(problem: Problem) -> str:
    row = words("cli.row", row=problem.row) if problem.row is not None else ""
    place = ", ".join(part for part in (row, problem.field) if part)
    return f"{place}: " if place else ""


def problem_json(problem: Problem) -> dict[str, object]:
    """One entry of ``errors`` (``docs/commands.md``)."""
    return {
        "row": problem.row,
        "field": problem.field,
        "code": problem.code,
        "message": _problem_words(problem),
    }


def errors_json(problems: Iterable[Problem], error: IiesError) -> list[dict[str, object]]:
    """``errors`` for a refusal: its problems, or itself where it has none."""
    listed = [problem_json(problem) for problem in problems]
    text = message(error.code, error.params)
    return listed or [{"row": None, "field": "", "code": error.code, "message": text}]


def explain(
    error: IiesError, *, json_wanted: bool, shape: Mapping[str, object] | None = None
) -> None:
    """Say what is wrong and what to do; ``shape``: what the command's JSON has besides."""
    problems = error.problems if isinstance(error, Refused) else ()
    if json_wanted:
        answer({**(shape or {}), "errors": errors_json(problems, error)})
    tell(f"iies-tui: {message(error.code, error.params)}")
    for problem in problems:
        tell(f"  {problem_line(problem)}")
