"""Codes into words, with a general sentence where a code has none yet."""

from __future__ import annotations

from collections.abc import Mapping

from iies_tui.session.protocol import Failed, ProblemInfo
from iies_tui.text import has, words


def say(table: str, code: str, params: Mapping[str, object] | None = None) -> str:
    """``table.code`` filled in; else ``fallback.<table>`` with the code, never a crash."""
    key = f"{table}.{code}"
    return words(key, **(params or {})) if has(key) else words(f"fallback.{table}", code=code)


def problem(info: ProblemInfo) -> str:
    """A problem beside its field: where dates are typed, they may be typed shortly."""
    code = "date_unreadable" if info.code == "date_not_iso" else info.code
    return say("problem", code, info.params)


def problem_at_length(info: ProblemInfo) -> str:
    """The second form of a problem, for the line of field help; empty where there is none."""
    key = f"problem_long.{info.code}"
    return words(key, **info.params) if has(key) else ""


def note(info: ProblemInfo) -> str:
    """A note, which may stand."""
    return say("note", info.code, info.params)


def notice(info: ProblemInfo) -> str:
    """What is wrong with this terminal."""
    return say("notice", info.code, info.params)


def failure(failed: Failed) -> str:
    """Why the session refused, with its problems."""
    lines = [say("error", failed.code, failed.params)]
    return "\n".join([*lines, *(f"- {problem(item)}" for item in failed.problems)])
