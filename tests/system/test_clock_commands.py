"""A command under a clock far ahead: no card until it is told that the clock is right."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.terminal import Ran, Terminal

_FAKETIME = next(iter(Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)


def at(terminal: Terminal, offset: str, policy: str, *more: str) -> Ran:
    """One card for a policy of its own, under a clock that is so far off."""
    assert _FAKETIME is not None, "libfaketime is not installed (kiosk/packages.sh)"
    moved = {
        "LD_PRELOAD": os.fspath(_FAKETIME),
        "FAKETIME": offset,
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }
    words = ("issue", terminal.request(policy=policy), "--license", terminal.license)
    secret = ("--pin-file", terminal.file("pin", terminal.made["pin"]))
    out = ("--out", terminal.home / "out")
    return terminal.run(*words, *secret, *out, *more, environment=moved)


def test_forty_days_ahead_no_card_leaves_until_the_clock_is_said_to_be_right(
    terminal: Terminal,
) -> None:
    for _ in range(2):  # neither the first start nor its rows take the question back
        ran = at(terminal, "+40d", "A-1")
        assert ran.code == 1, ran.err
        assert "--clock-is-right" in ran.err and "40 days" in ran.err, ran.err
    events = terminal.events()
    assert events.count("clock_ahead") == 1 and "intent" not in events
    confirmed = at(terminal, "+40d", "A-1", "--clock-is-right")
    assert confirmed.code == 0, confirmed.err
    assert at(terminal, "+40d", "A-2").code == 0
    rows = terminal.trail()
    (alarm,) = (row for row in rows if row["event"] == "clock_ahead")
    (answer,) = (row for row in rows if row["event"] == "clock_confirmed")
    assert answer["details"]["alarm"] == alarm["seq"]
    assert answer["details"]["year"] == int(answer["time"][:4])
    assert (answer["actor"], alarm["actor"]) == (terminal.license, "terminal")
    assert terminal.run("trail", "verify").code == 0
    assert at(terminal, "+29d", "A-3").code == 0  # set back, and the PIN given: no new question
