"""Nothing in the program asks the box for its day, zone or local time: days are New York's."""

from __future__ import annotations

import ast

import pytest

from tests.support.places import PACKAGE, ROOT

HOME = PACKAGE / "domain" / "new_york.py"
"""The only file that makes a day of a moment, and that knows a zone."""

_OTHERS = {"issuance/checking/verify.py": 2}
"""``.date()`` elsewhere, both by ``docs/envelope.md``, section 6: claim 4 is compared with a day of
UTC's, and a verifier without a zone table takes either of two fixed offsets."""

_NEVER = {
    *("today", "utcnow", "utcfromtimestamp"),
    *("localtime", "mktime", "ctime", "asctime", "tzset", "tzlocal"),
}
"""Attributes of ``date``, ``datetime`` and ``time``, and what they are called when imported."""

_ZONES = {"zoneinfo", "dateutil", "pytz", "locale"}


def faults(source: str, *, home: bool = False) -> list[tuple[int, str]]:
    """(line, what) of each use of the box's own day, zone or local time."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [(node.lineno, name) for name in names if name in _ZONES and not home]
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner, name = node.value.id, node.attr
            if owner in ("date", "datetime", "time") and name in _NEVER:
                found.append((node.lineno, f"{owner}.{name}"))
            if (owner, name) == ("time", "strftime"):
                found.append((node.lineno, "time.strftime"))
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, given = node.func.attr, len(node.args) + len(node.keywords)
        least = {"now": 1, "astimezone": 1, "fromtimestamp": 2}.get(name, 0)
        ours = name == "now" and ast.unparse(node.func.value) not in ("datetime", "dt.datetime")
        if given < least and not ours:
            found.append((node.lineno, f".{name}() without a zone"))
        if name == "date" and given == 0 and not home:
            found.append((node.lineno, ".date()"))
    return sorted(found)


def test_only_one_file_makes_days_and_knows_a_zone() -> None:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        where = path.relative_to(PACKAGE).as_posix()
        own = faults(path.read_text("utf-8"), home=path == HOME)
        allowed = _OTHERS.get(where, 0)
        days = [fault for fault in own if fault[1] == ".date()"]
        assert len(days) >= allowed, f"{where}: the exception is no longer needed"
        own = own if len(days) > allowed else [one for one in own if one not in days]
        found += [f"{path.relative_to(ROOT)}:{line}: {what}" for line, what in own]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "date.today()",
        "datetime.today()",
        "f(today=date.today)",
        "datetime.now()",
        "datetime.utcnow()",
        "moment.astimezone()",
        "self.clock.now().date()",
        "datetime.fromtimestamp(5)",
        "date.fromtimestamp(5)",
        "time.localtime()",
        "time.strftime('%Y')",
        "import zoneinfo",
        "from zoneinfo import ZoneInfo",
    ],
)
def test_what_is_forbidden_is_seen(code: str) -> None:
    assert faults(code)


@pytest.mark.parametrize(
    "code",
    [
        "datetime.now(UTC)",
        "clock.now()",
        "moment.astimezone(UTC)",
        "datetime.fromtimestamp(5, UTC)",
        "signed_on.today()",
        "time.clock_gettime(time.CLOCK_BOOTTIME)",
        "message.date",
    ],
)
def test_what_is_right_is_left_alone(code: str) -> None:
    assert faults(code) == []
