"""Run in a pty by test_terminal: the real screens on a fake session; the outcome goes to a file."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path

from iies_tui.session import protocol
from iies_tui.tui.run import run_ui
from tests.support.fake_session import TERMINAL, FakeSession


def crash(request: protocol.Check) -> protocol.Checked:
    raise ZeroDivisionError("JANE Q SECRET")


if __name__ == "__main__":
    target, seconds, kind = sys.argv[1:]
    terminal = replace(TERMINAL, sign_off_seconds=int(seconds), warn_seconds=1)
    script = {protocol.Check: crash} if kind == "crash" else {}
    session = FakeSession(terminal=terminal, script=script)
    outcome = run_ui(session, kiosk=kind == "kiosk")
    Path(target).write_text(repr({**asdict(outcome), "killed": session.killed}))
