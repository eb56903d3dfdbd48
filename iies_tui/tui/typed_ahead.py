"""Keys in the order they were typed, each to the field that the ones before it led to.

Textual hands a key on at once, while an Enter before it still travels up the screen as a message:
typed in one burst (a fast clerk, a slow line, a scanner), the next field's text would land in the
field that was just left. So after each key that is no plain character the next ones wait until
every node above the focus has worked through what came before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable

from textual import events
from textual.dom import DOMNode
from textual.message_pump import MessagePump

Feed = Callable[[events.Event], Awaitable[None]]

WORKING = 2.0
SETTLING = 15.0
"""Seconds for which keys are kept at most: behind a key at work (a widget that is gone answers no
more), and for a screen that is on its way (a sign-on derives keys)."""


ROUNDS = 4
"""Trips from the focus up to the application: the key itself bubbles up to find its binding, the
action's message bubbles, the field's own message bubbles, and what that asks for is done."""


class TypedAhead:
    """Holds keys while ``settling`` says that a screen is on its way, or a key is at work."""

    def __init__(
        self,
        feed: Feed,
        settling: Callable[[], bool],
        clock: Callable[[], float],
        release_soon: Callable[[], None],
    ) -> None:
        self._feed = feed
        self._settling = settling
        self._clock = clock
        self._release_soon = release_soon
        self._held: deque[events.Event] = deque()
        self._number = 0
        self._working_since: float | None = None
        self._settling_since: float | None = None

    @property
    def busy(self) -> bool:
        """True while keys are kept, or may be."""
        return bool(self._held) or self._must_wait()

    def forget(self) -> None:
        """The screen that stays is not the one they were meant for."""
        self._held.clear()

    async def take(self, event: events.Event, app: MessagePump, focus: DOMNode) -> None:
        """A key or paste as it came: fed now, or kept until those before it have worked."""
        if self._held or self._must_wait():
            self._held.append(event)
        else:
            await self._pass_on(event, app, focus)

    async def release(self, app: MessagePump, focus: Callable[[], DOMNode]) -> None:
        """Feed what may be fed by now, in order."""
        while self._held and not self._must_wait():
            await self._pass_on(self._held.popleft(), app, focus())

    async def _pass_on(self, event: events.Event, app: MessagePump, focus: DOMNode) -> None:
        plain = isinstance(event, events.Key) and event.is_printable
        if not plain:
            self._number += 1
            self._working_since = self._clock()
        await self._feed(event)
        if not plain:
            self._hop(list(focus.ancestors_with_self) * ROUNDS, app, self._number)

    def _hop(self, path: list[DOMNode], app: MessagePump, number: int) -> None:
        """Through the queue of each node above, after what it had to do."""
        while path:
            node = path.pop(0)
            if node.is_attached and node.call_later(self._hop, path, app, number):
                return
        app.call_later(self._done, number)

    def _done(self, number: int) -> None:
        if number == self._number:
            self._working_since = None
            self._release_soon()

    def _must_wait(self) -> bool:
        now = self._clock()
        if not self._settling():
            self._settling_since = None
        elif self._settling_since is None:
            self._settling_since = now
        working, settling = self._working_since, self._settling_since
        return (working is not None and now - working < WORKING) or (
            settling is not None and now - settling < SETTLING
        )
