"""The terminal before, around and after the screens. No Textual here: it reads the environment
at its import, so what it must not find there is dropped first.
"""

from __future__ import annotations

import contextlib
import os
import select
import sys
import termios
import time
from collections.abc import MutableMapping
from typing import TextIO

from iies_tui.tui.terminal.look import Look, look_of

_CLEAR = "\x1b[0m\x1b[?25h\x1b[r\x1b[H\x1b[2J\x1b[3J"
"""Attributes, cursor, scroll region; then screen and scrollback (3J: console, xterm, tmux)."""
_LEAVE = "\x1b[?2004l\x1b[?1004l\x1b[?1049l"
"""No bracketed paste, no focus reports, the ordinary screen again: what Textual had set."""
_NO_TITLE = "\x1b]2;\x07\x1b]1;\x07"


def prepare(environment: MutableMapping[str, str]) -> Look:
    """Drop what would change Textual's behavior from outside, and say how to look.

    ``TEXTUAL*`` could press keys, load a driver, take screenshots or write a log of what is
    typed. ``NO_COLOR`` is taken in hand here: with it Textual turns its own colors into
    black on black on an eight-color terminal.
    """
    look = look_of(environment)
    for name in [name for name in environment if name.startswith("TEXTUAL")]:
        del environment[name]
    environment.pop("NO_COLOR", None)
    environment["TEXTUAL_ANIMATIONS"] = "none"
    environment["TEXTUAL_SMOOTH_SCROLL"] = "0"
    return look


def clear(
    stream: TextIO | None = None, environment: MutableMapping[str, str] | None = None
) -> None:
    """Clear screen, scrollback and title, and what tmux or screen keep of them.

    The Linux console takes no titles and would print one. A terminal that is gone is clear.
    """
    stream = stream if stream is not None else sys.stdout
    environment = environment if environment is not None else os.environ
    titled = not environment.get("TERM", "").startswith("linux")
    with contextlib.suppress(OSError, ValueError):
        stream.write(_CLEAR + (_NO_TITLE if titled else ""))
        stream.flush()


def signal_keys(*, on: bool, descriptor: int = 0) -> None:
    """Whether Ctrl-C, Ctrl-\\ and Ctrl-Z make signals while no screen is up.

    A kiosk turns them off before its first screen: what the screens find they leave behind, so that
    none gets past them while the program starts anew either.
    """
    with contextlib.suppress(termios.error, OSError):
        modes = termios.tcgetattr(descriptor)
        modes[3] = modes[3] | termios.ISIG if on else modes[3] & ~termios.ISIG
        termios.tcsetattr(descriptor, termios.TCSANOW, modes)


def let_out(descriptor: int = 1) -> None:
    """Go on with output that somebody stopped: a frozen screen would keep the card on it.

    Scroll Lock does that on the Linux console. Only what this call stopped does it start again,
    so it is stopped first.
    """
    with contextlib.suppress(termios.error, OSError):
        termios.tcflow(descriptor, termios.TCOOFF)
        termios.tcflow(descriptor, termios.TCOON)


def give_back(device: str) -> None:
    """Clear a terminal whose program died or is stopped, and let it echo and edit lines again."""
    with contextlib.suppress(OSError, termios.error):
        descriptor = os.open(device, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        with open(descriptor, "w", encoding="ascii") as stream:  # noqa: PTH123 (a descriptor)
            let_out(descriptor)
            modes = termios.tcgetattr(descriptor)
            modes[0] |= termios.ICRNL | termios.IXON
            modes[1] |= termios.OPOST | termios.ONLCR
            modes[3] |= termios.ECHO | termios.ICANON | termios.ISIG | termios.IEXTEN
            termios.tcsetattr(descriptor, termios.TCSANOW, modes)
            stream.write(_LEAVE)
            clear(stream)


def forget_typed_ahead(descriptor: int = 0) -> None:
    """Drop keys typed but not read: they were meant for a screen that is gone."""
    with contextlib.suppress(termios.error, OSError):
        termios.tcflush(descriptor, termios.TCIFLUSH)


def apologize(lines: list[str], seconds: float, stream: TextIO, descriptor: int = 0) -> None:
    """Print a few plain lines and wait for Enter, or for ``seconds`` where nobody is there."""
    with contextlib.suppress(OSError, ValueError):
        stream.write("\n" + "\n".join(f"  {line}" for line in lines) + "\n\n")
        stream.flush()
        if os.isatty(descriptor):
            end = time.monotonic() + seconds
            if select.select([descriptor], [], [], max(0.0, end - time.monotonic()))[0]:
                forget_typed_ahead(descriptor)
