"""Keys typed before Start was there: where a function key leads, or nowhere; never into the PIN.

After a sign-off by itself the clerk may still be typing into a form that is gone. What would land
in the PIN then would count as a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import events
from textual.screen import Screen

from iies_tui.tui.dialogs.question import Message
from iies_tui.tui.screens.start import StartScreen

PAUSE = 1.0
"""Seconds without a key after which what is typed is meant for Start, if something was dropped."""


class TooEarly:
    """Knows the keys that came before Start, and tells which of them are dropped."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._start_was_there = False
        self._early: list[events.Event] = []
        self._dropped_at: float | None = None

    def see(self, event: events.Event, screen: Screen[Any]) -> None:
        """A key as it comes in, with the screen that is shown."""
        if isinstance(screen, StartScreen) and screen.is_mounted:
            self._start_was_there = True
        if not self._start_was_there:
            self._early.append(event)

    def drops(self, event: events.Event, screen: Screen[Any]) -> bool:
        """True: it goes nowhere. To be asked of every key, just before the screen gets it."""
        early = any(one is event for one in self._early)
        if early:
            self._early = [one for one in self._early if one is not event]
        if not isinstance(screen, StartScreen):
            return early and isinstance(screen, Message)
        if isinstance(event, events.Key) and event.key[0] == "f" and event.key[1:].isdigit():
            return False
        now = self._clock()
        following = self._dropped_at is not None and now - self._dropped_at < PAUSE
        self._dropped_at = now if early or following else None
        if early or following:
            screen.tell_too_early()
        return early or following
