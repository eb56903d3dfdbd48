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

PATIENCE = 60.0
"""Seconds for which keys are kept at most, behind a key at work or for a screen that is on its way.
A slow machine may need many; keys that have waited longer are dropped, for they must never land in
a field that they were not meant for."""


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
        self._stands_at: DOMNode | None = None
        self._path: list[DOMNode] = []
        self._working_since: float | None = None
        self._settling_since: float | None = None

    @property
    def busy(self) -> bool:
        """True while keys are kept, or may be."""
        return self._must_wait() or bool(self._held)

    def forget(self) -> None:
        """The screen that stays is not the one they were meant for."""
        self._held.clear()

    async def take(self, event: events.Event, app: MessagePump, focus: DOMNode) -> None:
        """A key or paste as it came: fed now, or kept until those before it have worked."""
        if self._must_wait() or self._held:
            self._held.append(event)
        else:
            await self._pass_on(event, app, focus)

    async def release(self, app: MessagePump, focus: Callable[[], DOMNode]) -> None:
        """Feed what may be fed by now, in order. To be called now and then."""
        stands = self._stands_at if self._working_since is not None else None
        if stands is not None and not _answers(stands):
            self._hop(app, self._number)  # it was taken down with the hop in its queue
        while not self._must_wait() and self._held:
            await self._pass_on(self._held.popleft(), app, focus())

    async def _pass_on(self, event: events.Event, app: MessagePump, focus: DOMNode) -> None:
        plain = isinstance(event, events.Key) and event.is_printable
        if not plain:
            self._number += 1
            self._working_since = self._clock()
        await self._feed(event)
        if not plain:
            self._path = list(focus.ancestors_with_self) * ROUNDS
            self._hop(app, self._number)

    def _hop(self, app: MessagePump, number: int) -> None:
        """Through the queue of each node above, after what it had to do."""
        if number != self._number:
            return
        while self._path:
            node = self._stands_at = self._path.pop(0)
            if _answers(node) and node.call_later(self._hop, app, number):
                return
        self._stands_at = None
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
        waits = [one for one in (self._working_since, self._settling_since) if one is not None]
        if waits and now - min(waits) >= PATIENCE:
            self.forget()
            self._working_since = None
            return False
        return bool(waits)


def _answers(node: DOMNode) -> bool:
    """False for a node that is being taken down: what is in its queue may never be looked at."""
    return node.is_attached and not node._closing and not node._closed
