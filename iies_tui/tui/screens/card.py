"""One card of the register: how it stands, and all that may be done with it now."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from iies_tui.domain.delivery import ALLOWED, State
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.commands import CLOSE, IN_HAND, Command, bindings
from iies_tui.tui.describe import describe, local_time, with_paths
from iies_tui.tui.screens.page import Dialog
from iies_tui.tui.screens.pin_again import PinNow
from iies_tui.tui.screens.printers import FaxNumber, PickQueue
from iies_tui.tui.screens.question import Message, Question
from iies_tui.tui.widgets.lines import KeysLine, Line
from iies_tui.tui.wording import failure, say

if TYPE_CHECKING:
    from iies_tui.tui.ports import Session

WATCH_EVERY = 1.0
SLOW_SECONDS = 3.0
"""After so long without an answer it is said that the print service gives none."""


def _letter(name: str) -> Command:
    return Command(f"card_{name}", name[0], name, name[0].upper())


PRINT = _letter("print")
YES = Command("card_came_out", "y", "came_out(True)", "Y")
NO = Command("card_not_out", "n", "came_out(False)", "N")
CANCEL = _letter("cancel")
MOVE = _letter("move")
SAVE = _letter("save")
VOID = _letter("void")
EDIT = _letter("edit")
ALL = (IN_HAND, YES, NO, PRINT, MOVE, SAVE, CANCEL, EDIT, VOID, CLOSE)

HELD = "job-held"
_FREE = frozenset({State.SEALED, State.SAVED, State.COMPLETED, State.HANDED_OVER})
_WAITING = frozenset({State.HELD, State.RELEASED, State.BLOCKED})
_PRINTED = frozenset({State.COMPLETED, State.HANDED_OVER})


@dataclass(frozen=True, slots=True)
class Left:
    """How the card stood at the end; ``request`` where it is to be corrected."""

    card: protocol.CardInfo
    request: protocol.Json | None = None


def possible(card: protocol.CardInfo) -> tuple[Command, ...]:
    """What may be done with a card as it stands, the most likely first."""
    state, held = State(card.state), HELD in card.reasons
    if state is State.VOID:
        return (EDIT, CLOSE)
    found: list[Command] = []
    if state is State.UNKNOWN or (state is State.BLOCKED and held):
        found += [YES, NO]
    elif State.HANDED_OVER in ALLOWED[state]:
        found.append(IN_HAND)
    if state in _FREE or state is State.HELD or held:
        found.append(PRINT)
    if state is not State.UNKNOWN:
        found += [MOVE, SAVE]
    if state in _WAITING:
        found.append(CANCEL)
    return (*found, EDIT, VOID, CLOSE)


class CardDialog(Dialog[Left]):
    """Watches the card; each key does one thing, the grave ones after the PIN."""

    commands: ClassVar[tuple[Command, ...]] = ALL
    BINDINGS: ClassVar[list[BindingType]] = bindings(*ALL)

    def __init__(self, session: Session, card: protocol.CardInfo) -> None:
        super().__init__(words("register.card"))
        self._session = session
        self._card = card
        self._asking = self._watching = False
        self._passing = False
        self._turn = asyncio.Lock()

    def body(self) -> Iterable[Widget]:
        """All that is known of it."""
        yield Line("", id="card-text")
        yield Line("", id="card-says")

    def on_mount(self) -> None:
        """Show it, and ask how it stands."""
        self._show()
        self._watch()
        self.set_interval(WATCH_EVERY, self._watch)

    def _show(self) -> None:
        card = self._card
        more = words(
            "register.more",
            icc=card.icc,
            insurer=card.insurer,
            policy=card.policy,
            effective=card.effective,
            expiration=card.expiration,
            issued=local_time(card.issued_at),
        )
        if card.trail_seq:
            more += words("register.trail_row", row=card.trail_seq)
        text = Content.assemble(describe(card), "\n\n", Content(more))
        self.query_one("#card-text", Line).update(text)
        self.query_one(KeysLine).show(possible(card))

    def _says(self, text: str) -> None:
        if self.is_mounted:
            self._passing = False
            self.query_one("#card-says", Line).update(text)

    @work(group="watch")
    async def _watch(self) -> None:
        """A round at a time, and none while a key's work is under way."""
        watched = self._card.state in {*_WAITING, State.SUBMITTING, State.UNKNOWN}
        if not (self._asking or self._watching) and watched:
            self._watching = True
            try:
                await self._send(protocol.Watch(self._card.serial))
            finally:
                self._watching = False

    async def _ask(self, request: object, secret: bytearray | None = None) -> bool:
        """What a key asks for, once a round of watching is over. False: refused, which is said."""
        if self._asking:
            return False
        self._asking = True
        try:
            return await self._send(request, secret)
        finally:
            self._asking = False

    async def _send(self, request: object, secret: bytearray | None = None) -> bool:
        async with self._turn:
            return await self._answered(request, secret)

    async def _answered(self, request: object, secret: bytearray | None) -> bool:
        slow = self.set_timer(SLOW_SECONDS, self._tell_slow)
        try:
            secrets = [secret] if secret is not None else []
            answer = await self._session.ask(request, protocol.CardState, secrets)
        except RequestFailed as refused:
            if refused.failed.code == "pin_needed" and secret is None:
                raise
            self._says(failure(refused.failed))
            self._passing = isinstance(request, protocol.Watch)
            return False
        finally:
            slow.stop()
        self._card = with_paths(answer.card, self._card)
        if self._passing or not isinstance(request, protocol.Watch):
            self._says("")  # a refusal of the clerk's key outlives a round of watching
        self._show()
        return True

    def _tell_slow(self) -> None:
        self._says(words("card_dialog.slow"))
        self._passing = True

    async def _pin(self, title: str, text: str) -> bytearray | None:
        return await self.app.push_screen_wait(PinNow(title, text))

    async def _with_pin(self, request: object, text: str) -> bool:
        """Ask, and where there is paper already once more with the PIN."""
        try:
            return await self._ask(request)
        except RequestFailed:
            pin = await self._pin(words("card_dialog.again"), text)
            return pin is not None and await self._ask(request, pin)

    def _may(self, command: Command) -> bool:
        return command in possible(self._card) and not self._asking

    # -- keys -----------------------------------------------------------------------------

    @work(group="act", exclusive=True)
    async def action_in_hand(self) -> None:
        """The clerk has it, or has seen it in the customer's hand."""
        if self._may(IN_HAND):
            await self._ask(protocol.HandOver(self._card.serial))

    @work(group="act", exclusive=True)
    async def action_came_out(self, printed: bool) -> None:
        """The clerk looked at the printer."""
        if self._may(YES):
            await self._ask(protocol.Answer(self._card.serial, printed))

    @work(group="act", exclusive=True)
    async def action_print(self) -> None:
        """Let a held job go; or print, or print again, on the printer of last time."""
        if not self._may(PRINT):
            return
        if self._card.state == State.HELD or HELD in self._card.reasons:
            await self._ask(protocol.PrintNow(self._card.serial))
        elif self._card.queue:
            await self._print(self._card.queue)
        else:
            await self._choose()

    @work(group="act", exclusive=True)
    async def action_move(self) -> None:
        """On another printer."""
        if self._may(MOVE):
            await self._choose()

    async def _choose(self) -> None:
        answer = await self._session.ask(protocol.ListQueues(), protocol.Queues)
        queues = [queue for queue in answer.queues if queue.accepting]
        if not queues:
            self._says(say("error", answer.error) if answer.error else words("card_dialog.none"))
            return
        queue = await self.app.push_screen_wait(PickQueue(queues, self._card.queue))
        if queue is not None:
            await self._print(queue.name, fax=queue.fax)

    async def _print(self, queue: str, *, fax: bool = False) -> None:
        number = ""
        if fax:
            given = await self.app.push_screen_wait(FaxNumber(queue))
            if not given:
                return
            number = given
        text = words("card_dialog.reprint", number=self._card.reprints + 1)
        request = protocol.Print(self._card.serial, queue, fax_to=number)
        ready = await self._not_ready(queue)
        if ready is None:
            return
        await self._with_pin(
            protocol.Print(request.serial, queue, anyway=ready, fax_to=number), text
        )

    async def _not_ready(self, queue: str) -> bool | None:
        """True: print all the same; False: nothing is wrong; None: not now."""
        answer = await self._session.ask(protocol.ListQueues(), protocol.Queues)
        found = next((one for one in answer.queues if one.name == queue), None)
        if found is None or not (found.stopped or found.reasons):
            return False
        told = [say("printer_reason", reason) for reason in found.reasons]
        question = Question(
            words("delivery.not_ready", queue=queue),
            "\n".join([*told, "", words("delivery.not_ready_anyway")]),
        )
        return True if await self.app.push_screen_wait(question) else None

    @work(group="act", exclusive=True)
    async def action_save(self) -> None:
        """As files in the folder, instead of paper or besides."""
        if self._may(SAVE) and await self._with_pin(
            protocol.Save(self._card.serial), words("card_dialog.save_again")
        ):
            self._says(words("card_dialog.saved", path=self._card.pdf or ""))

    @work(group="act", exclusive=True)
    async def action_cancel(self) -> None:
        """Take its job out of the queue."""
        if self._may(CANCEL):
            await self._ask(protocol.Withdraw(self._card.serial))

    @work(group="act", exclusive=True)
    async def action_void(self) -> None:
        """Void for ever, after the PIN."""
        if not self._may(VOID):
            return
        pin = await self._pin(words("card_dialog.void"), words("card_dialog.void_text"))
        if pin is not None and await self._ask(protocol.Void(self._card.serial, "other"), pin):
            await self._tell_destroy()

    @work(group="act", exclusive=True)
    async def action_edit(self) -> None:
        """Void it and open the form filled in, to be corrected."""
        if not self._may(EDIT):
            return
        secrets: list[bytearray] = []
        if self._card.state != State.VOID:
            pin = await self._pin(words("card_dialog.edit"), words("card_dialog.edit_text"))
            if pin is None:
                return
            secrets = [pin]
        try:
            answer = await self._session.ask(
                protocol.Reissue(self._card.serial), protocol.Reissued, secrets
            )
        except RequestFailed as refused:
            self._says(failure(refused.failed))
            return
        self._card = answer.card
        await self._tell_destroy()
        self.dismiss(Left(answer.card, answer.request))

    async def _tell_destroy(self) -> None:
        text = words("delivery.void_told", serial=self._card.serial)
        await self.app.push_screen_wait(Message(words("card_dialog.is_void"), text))

    def action_close(self) -> None:
        """Back."""
        self.dismiss(Left(self._card))
