"""What the caller of the screens does next, once they have gone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Next(StrEnum):
    """SIGN_OFF: the session is dead; re-execute the program on the same terminal.

    SWITCH: the same, on another state directory. QUIT: leave with ``Outcome.exit_code``.
    """

    SIGN_OFF = "sign_off"
    SWITCH = "switch"
    QUIT = "quit"


class Reason(StrEnum):
    """Why the clerk was signed off; Start tells it at the next start (``signed_off.<value>``)."""

    KEY = "key"
    IDLE = "idle"
    ABSOLUTE = "absolute"
    SUSPEND = "suspend"
    SWITCHED = "switched"
    HANG_UP = "hang_up"
    LOST = "lost"
    CRASH = "crash"
    SETUP = "setup"
    SETTINGS = "settings"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``state_dir`` is absolute and set for SWITCH only; ``reason`` for SIGN_OFF only."""

    next: Next
    state_dir: str = ""
    reason: Reason | None = None
    exit_code: int = 0
