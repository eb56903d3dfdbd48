"""Codes into words, with a general sentence where a code has none yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from iies_tui.domain import new_york
from iies_tui.session.protocol import Failed, ProblemInfo
from iies_tui.text import has, words


def shown_date(day: str) -> str:
    """``YYYY-MM-DD`` as a screen shows it, ``MM/DD/YYYY``; anything else unchanged."""
    try:
        return f"{date.fromisoformat(day):%m/%d/%Y}" if len(day) == 10 else day
    except ValueError:
        return day


def local_time(moment: str) -> str:
    """An ISO moment as ``MM/DD/YYYY HH:MM`` in New York; anything else unchanged."""
    try:
        return new_york.shown(datetime.fromisoformat(moment))
    except ValueError:
        return moment


def _shown(value: object) -> object:
    """A parameter as a screen shows it: dates and moments are not in the files' form."""
    if not isinstance(value, str) or value[4:5] != "-" or len(value) < 10:
        return value
    return shown_date(value) if len(value) == 10 else local_time(value)


def say(table: str, code: str, params: Mapping[str, object] | None = None) -> str:
    """``table.code`` filled in; else ``fallback.<table>`` with the code, never a crash."""
    key = f"{table}.{code}"
    told = {name: _shown(value) for name, value in (params or {}).items()}
    return words(key, **told) if has(key) else words(f"fallback.{table}", code=code)


def problem(info: ProblemInfo) -> str:
    """A problem beside its field: where dates are typed, they may be typed shortly."""
    code = "date_unreadable" if info.code == "date_not_iso" else info.code
    if has(f"verify_reason.{code}") and not has(f"problem.{code}"):  # why a card is not issued
        return say("verify_reason", code, info.params)
    return say("problem", code, info.params)


def problem_at_length(info: ProblemInfo) -> str:
    """The second form of a problem, for the line of field help; empty where there is none.

    One that the registration can overrule says with which key.
    """
    key = f"problem_long.{info.code}"
    told = [words(key, **info.params)] if has(key) else []
    if "as_registered" in info.params:
        told = [*(told or [problem(info)]), words("as_registered.here")]
    return " ".join(told)


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
