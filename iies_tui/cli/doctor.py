"""``iies-tui doctor`` and ``iies-tui selftest``: is this terminal as it should be?"""

from __future__ import annotations

import argparse

from iies_tui import bootstrap
from iies_tui.cli.speech import answer, message, plain, say
from iies_tui.text import has, words


def doctor(arguments: argparse.Namespace) -> int:
    """Every finding with what to do; 1 where something needs action."""
    findings = bootstrap.doctor(bootstrap.state_directory(arguments.state))
    told = [(one, _words(one.code, dict(one.params))) for one in findings]
    to_do = sum(1 for one in findings if one.weight == "act")
    if arguments.json:
        answer(
            {
                "findings": [
                    {
                        "check": one.check,
                        "weight": one.weight.value,
                        "code": one.code,
                        "params": dict(one.params),
                        "message": plain(text),
                    }
                    for one, text in told
                ],
                "to_do": to_do,
            }
        )
        return 1 if to_do else 0
    for one, text in told:
        say(words(f"cli.doctor_{one.weight.value}", what=text))
    say(words("cli.doctor_to_do", count=to_do) if to_do else words("cli.doctor_all_well"))
    return 1 if to_do else 0


def _words(code: str, params: dict[str, str | int]) -> str:
    key = f"doctor.{code}"
    if code.startswith("fault_"):
        what = words(f"fault.{code.removeprefix('fault_')}")
        return words("doctor.fault", what=what, **params)
    return words(key, **params) if has(key) else message(code, params)


def selftest(arguments: argparse.Namespace) -> int:
    """Every known answer; 3 where one is wrong."""
    results = list(bootstrap.selftest(bootstrap.state_directory(arguments.state)))
    if arguments.json:
        answer({"checks": [{"check": name, "passed": passed} for name, passed in results]})
    else:
        for name, passed in results:
            say(words("cli.selftest_ok" if passed else "cli.selftest_bad", check=name))
    return 0 if all(passed for _, passed in results) else 3
