"""``run_ui``: the terminal made ready, the screens run, the terminal given back clean."""

from __future__ import annotations

import logging
import os
import sys

from iies_tui.text import words
from iies_tui.tui.outcome import Next, Outcome, Reason
from iies_tui.tui.ports import Session
from iies_tui.tui.terminal import terminal

APOLOGY_SECONDS = 15.0


def run_ui(
    session: Session,
    *,
    kiosk: bool = False,
    live_dir: str = "",
    arrived: Reason | None = None,
) -> Outcome:
    """Run the screens on this terminal until sign-off, a switch of terminals, or the end.

    ``live_dir`` is the live terminal's where this is the training one inside it (Start switches
    back to it); ``arrived`` says why the clerk was signed off before this start. The session is
    dead when this returns. In kiosk mode there is no way to quit, and a crash comes back as a
    sign-off.
    """
    look = terminal.prepare(os.environ)
    _quiet(logging.getLogger("asyncio"))
    code = ""
    outcome: Outcome | None = None
    try:
        # Textual reads the environment when it is imported: only now.
        from iies_tui.tui.app import IiesApp

        app = IiesApp(session, look=look, kiosk=kiosk, live_dir=live_dir, arrived=arrived)
        outcome = app.run(mouse=False)
        code = app.crash_code
    except Exception as error:  # noqa: BLE001 the process's edge
        from iies_tui.tui.terminal.crash import code_of

        code = code_of(error)
    finally:
        session.kill()
        terminal.forget_typed_ahead()
        terminal.clear()
    if code:
        return _crashed(code, kiosk)
    return outcome or Outcome(Next.SIGN_OFF, reason=Reason.LOST)


def _crashed(code: str, kiosk: bool) -> Outcome:
    logging.getLogger("iies_tui.tui").error("crash %s", code)
    lines = [words("crash.title"), words("crash.what"), words("crash.code", code=code)]
    terminal.apologize([*lines, words("crash.next")], APOLOGY_SECONDS, sys.stdout)
    terminal.clear()
    if kiosk:
        return Outcome(Next.SIGN_OFF, reason=Reason.CRASH)
    return Outcome(Next.QUIT, exit_code=3)


def _quiet(logger: logging.Logger) -> None:
    """asyncio's log of a lost exception would print it, and data in it, on the screen."""
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
