"""Whether our virtual console is the one in front: a clerk who switches away has left it.

The kernel names the console in front in ``/sys/class/tty/tty0/active``, for all to read; it is
looked at with each tick of the clock, four times a second. Taking the switch itself over
(``VT_SETMODE`` with ``VT_PROCESS``) could hold it until the screen is clear, but a program that is
stopped or busy would then hold the whole machine's keyboard: worse than a quarter of a second.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

ACTIVE = Path("/sys/class/tty/tty0/active")
_CONSOLE = re.compile(r"/dev/(tty[1-9][0-9]?)\Z")


class ConsoleFront:
    """``left()`` is True once our console was in front and another one is now."""

    def __init__(self, own: str, active: Path = ACTIVE) -> None:
        """``own``: as ``tty1``; empty where we are on no virtual console."""
        self._own = own
        self._active = active
        self._was_in_front = False

    def left(self) -> bool:
        """Never, on anything but a virtual console, or where the kernel does not say."""
        if not self._own:
            return False
        try:
            front = self._active.read_text("ascii").strip()
        except (OSError, ValueError):
            return False
        if front == self._own:
            self._was_in_front = True
        return self._was_in_front and front != self._own


def own_console(descriptor: int = 0) -> str:
    """``tty1`` where the terminal is that virtual console, else empty."""
    try:
        found = _CONSOLE.match(os.ttyname(descriptor))
    except OSError:
        return ""
    return found.group(1) if found else ""
