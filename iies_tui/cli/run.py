"""``iies-tui run``: the terminal UI, started anew after every sign-off.

Signing off kills the session process and re-executes this one, so that nothing of the clerk's work
stays in any memory, and a sign-off, a crash and a power cut are one path.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from iies_tui import bootstrap
from iies_tui.cli.speech import tell
from iies_tui.session.client import SessionClient, session_command
from iies_tui.session.hardening import no_watchers
from iies_tui.text import words
from iies_tui.tui.outcome import Next, Outcome, Reason
from iies_tui.tui.run import run_ui
from iies_tui.tui.terminal.terminal import signal_keys


def run(arguments: argparse.Namespace) -> int:
    """Run the screens until the clerk quits; 2 where there is no terminal to run them on."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        tell(words("cli.no_terminal"))
        return 2
    no_watchers()
    kiosk = bool(getattr(arguments, "kiosk", False))
    if kiosk:
        signal_keys(on=False)
    state = bootstrap.state_directory(arguments.state)
    bootstrap.check_state(state)
    session = SessionClient(session_command(sys.executable, state, os.ttyname(1)))
    session.start()
    outcome = run_ui(
        session,
        kiosk=kiosk,
        live_dir=getattr(arguments, "live", "") or "",
        arrived=_reason(getattr(arguments, "arrived", "")),
    )
    # A terminal that is gone, a service that is told to stop: nobody is there to start again for.
    if outcome.next is Next.QUIT or outcome.reason is Reason.HANG_UP:
        if kiosk:
            signal_keys(on=True)
        return outcome.exit_code
    return _again(arguments, state, outcome)


def _again(arguments: argparse.Namespace, state: Path, outcome: Outcome) -> int:
    """Replace this process by a fresh one on the same terminal."""
    target, live = state, getattr(arguments, "live", "") or ""
    if outcome.next is Next.SWITCH:
        target = Path(outcome.state_dir)
        live = "" if str(target) == live else (live or str(state))
    words_of_it = [sys.executable, "-I", "-m", "iies_tui", "--state", str(target), "run"]
    if live:
        words_of_it += ["--live", live]
    if getattr(arguments, "kiosk", False):
        words_of_it.append("--kiosk")
    if outcome.reason is not None:
        words_of_it += ["--arrived", outcome.reason.value]
    sys.stdout.flush()
    os.execv(sys.executable, words_of_it)  # noqa: S606 (our own program, our own words)


def _reason(text: str | None) -> Reason | None:
    return Reason(text) if text in {reason.value for reason in Reason} else None
