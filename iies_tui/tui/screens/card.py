"""One card of the register: how it stands, and all that may be done with it now."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import App
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from iies_tui.domain.delivery import ALLOWED, State
from iies_tui.domain.mail import FINAL, MOVING, OUT, MailState, headline
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.dialogs.pin_again import PinNow
from iies_tui.tui.dialogs.question import Message, Question
from iies_tui.tui.keyboard.commands import CLOSE, IN_HAND, Command, bindings
from iies_tui.tui.page import Dialog
from iies_tui.tui.screens.mail import MailAsk, MailDialog, Next
from iies_tui.tui.screens.printers import FaxNumber, PickQueue
from iies_tui.tui.widgets.lines import KeysLine, Line
from iies_tui.tui.words.card_text import describe, mail_line, with_paths
from iies_tui.tui.words.wording import failure, local_time, say, shown_date

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
MAIL = Command("card_mail", "at", "mail", "@")
COPY = Command("card_duplicate", "d", "copy", "D")
ALL = (IN_HAND, YES, NO, PRINT, MOVE, SAVE, MAIL, CANCEL, EDIT, COPY, VOID, CLOSE)

HELD = "job-held"
_PIN_AGAIN = ("sign_on_failed", "wait")
"""Refusals after which the PIN is asked for anew."""
_FREE = frozenset({State.SEALED, State.SAVED, State.COMPLETED, State.HANDED_OVER})
_WAITING = frozenset({State.HELD, State.RELEASED, State.BLOCKED})
_PRINTED = frozenset({State.COMPLETED, State.HANDED_OVER})


@dataclass(frozen=True, slots=True)
class Left:
    """How the card stood at the end; ``request`` where a form is to begin with it, ``corrects`` the
    serial of the card that this form's first one takes the place of, or empty.
    """

    card: protocol.CardInfo
    request: protocol.Json | None = None
    corrects: str = ""


def possible(card: protocol.CardInfo) -> tuple[Command, ...]:
    """What may be done with a card as it stands, the most likely first."""
    state, held = State(card.paper.state), HELD in card.paper.reasons
    if state is State.VOID:
        return (MAIL, EDIT, COPY, CLOSE) if card.paper.mail else (EDIT, COPY, CLOSE)
    found: list[Command] = []
    if state is State.UNKNOWN or (state is State.BLOCKED and held):
        found += [YES, NO]
    elif State.HANDED_OVER in ALLOWED[state]:
        found.append(IN_HAND)
    if state in _FREE or state is State.HELD or held:
        found.append(PRINT)
    if state is not State.UNKNOWN:
        found += [MOVE, SAVE]
    found.append(MAIL)
    if state in _WAITING:
        found.append(CANCEL)
    return (*found, EDIT, COPY, VOID, CLOSE)


class CardDialog(Dialog[Left]):
    """Watches the card; each key does one thing, the grave ones after the PIN."""

    topic = "register"
    commands: ClassVar[tuple[Command, ...]] = ALL
    BINDINGS: ClassVar[list[BindingType]] = bindings(*ALL)

    def __init__(self, session: Session, card: protocol.CardInfo) -> None:
        super().__init__(words("register.card"))
        self._session = session
        self._card = card
        self._asking = self._watching = False
        self._passing = False
        self._mails: protocol.Mails | None = None
        self._turn = asyncio.Lock()

    def body(self) -> Iterable[Widget]:
        yield Line("", id="card-text")
        yield Line("", id="card-mail")
        yield Line("", id="card-says")

    def on_mount(self) -> None:
        self._show()
        self._watch()
        self._watch_mail()
        self.set_interval(WATCH_EVERY, self._watch)
        self.set_interval(WATCH_EVERY, self._watch_mail)

    def _show(self) -> None:
        card = self._card
        more = words(
            "register.more",
            icc=card.icc,
            insurer=card.insurer,
            policy=card.policy,
            effective=shown_date(card.effective),
            expiration=shown_date(card.expiration),
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
        watched = self._card.paper.state in {*_WAITING, State.SUBMITTING, State.UNKNOWN}
        if not (self._asking or self._watching) and watched:
            self._watching = True
            try:
                await self._send(protocol.Watch(self._card.serial))
            finally:
                self._watching = False

    @work(group="mail", exclusive=True)
    async def _watch_mail(self) -> None:
        """How its e-mail stands, asked while that can change by itself."""
        if self._mails is not None and not any(one.state in MOVING for one in self._mails.mails):
            return
        await self._ask_mail()

    async def _ask_mail(self) -> protocol.Mails:
        self._mails = await self._session.ask(protocol.ListMail(self._card.serial))
        speaks = headline(self._mails.mails)
        if self.is_mounted:
            self._card = replace(
                self._card, paper=replace(self._card.paper, mail=speaks.state if speaks else "")
            )
            text = Content.assemble("\n", mail_line(self._mails.mails)) if speaks else ""
            self.query_one("#card-mail", Line).update(text)
            self.query_one(KeysLine).show(possible(self._card))
        return self._mails

    async def _ask(
        self, request: protocol.Request[protocol.CardState], secret: bytearray | None = None
    ) -> bool:
        """What a key asks for, once a round of watching is over. False: refused, which is said."""
        if self._asking:
            return False
        self._asking = True
        try:
            return await self._send(request, secret)
        finally:
            self._asking = False

    async def _send(
        self, request: protocol.Request[protocol.CardState], secret: bytearray | None = None
    ) -> bool:
        async with self._turn:
            return await self._answered(request, secret)

    async def _answered(
        self, request: protocol.Request[protocol.CardState], secret: bytearray | None
    ) -> bool:
        slow = self.set_timer(SLOW_SECONDS, self._tell_slow)
        try:
            secrets = [secret] if secret is not None else []
            answer = await self._session.ask(request, secrets)
        except RequestFailed as refused:
            if refused.failed.code in (("pin_needed",) if secret is None else _PIN_AGAIN):
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

    async def _pin(
        self, title: str, text: str, does: str, act: Callable[[bytearray], Awaitable[bool]]
    ) -> bool:
        """``act`` with the PIN, which is asked for anew where it is wrong. False: it was not done;
        why is said, unless the clerk did not want it.
        """
        return await with_pin(self.app, partial(PinNow, title, text, does), act, self._says)

    async def _with_pin(
        self, request: protocol.Request[protocol.CardState], text: str, does: str
    ) -> bool:
        """Ask, and where there is paper already once more with the PIN."""
        try:
            return await self._ask(request)
        except RequestFailed:
            again = words("card_dialog.again")
            return await self._pin(again, text, does, lambda pin: self._ask(request, pin))

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
        if self._may(YES):
            await self._ask(protocol.Answer(self._card.serial, printed))

    @work(group="act", exclusive=True)
    async def action_print(self) -> None:
        """Let a held job go; or print, or print again, on the printer of last time."""
        if not self._may(PRINT):
            return
        if self._card.paper.state == State.HELD or HELD in self._card.paper.reasons:
            await self._ask(protocol.PrintNow(self._card.serial))
        elif self._card.paper.queue:
            await self._print(self._card.paper.queue)
        else:
            await self._choose()

    @work(group="act", exclusive=True)
    async def action_move(self) -> None:
        if self._may(MOVE):
            await self._choose()

    async def _choose(self) -> None:
        answer = await self._session.ask(protocol.ListQueues())
        queues = [queue for queue in answer.queues if queue.accepting]
        if not queues:
            self._says(say("error", answer.error) if answer.error else words("card_dialog.none"))
            return
        queue = await self.app.push_screen_wait(PickQueue(queues, self._card.paper.queue))
        if queue is not None:
            await self._print(queue.name, fax=queue.fax)

    async def _print(self, queue: str, *, fax: bool = False) -> None:
        number = ""
        if fax:
            given = await self.app.push_screen_wait(FaxNumber(queue))
            if not given:
                return
            number = given
        text = words("card_dialog.reprint", number=self._card.paper.reprints + 1)
        ready = await self._not_ready(queue)
        if ready is None:
            return
        request = protocol.Print(serial=self._card.serial, queue=queue, anyway=ready, fax_to=number)
        await self._with_pin(request, text, PRINT.name)

    async def _not_ready(self, queue: str) -> bool | None:
        """True: print all the same; False: nothing is wrong; None: not now."""
        answer = await self._session.ask(protocol.ListQueues())
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
            protocol.Save(serial=self._card.serial), words("card_dialog.save_again"), SAVE.name
        ):
            self._says(words("card_dialog.saved", path=self._card.paper.pdf or ""))

    @work(group="act", exclusive=True)
    async def action_mail(self) -> None:
        """What asks or waits first; else to whom it is to go."""
        if not self._may(MAIL):
            return
        mails = await self._ask_mail()
        speaks = headline(mails.mails)
        if speaks is not None and speaks.state not in (*FINAL, MailState.HANDING):
            left = await self.app.push_screen_wait(MailAsk(self._session, speaks))
            mails = await self._ask_mail()
            if left is not Next.OTHER_ADDRESS:
                return
        if mails.refusal is not None:
            refusal = mails.refusal
            self._says(say("error", refusal.code, refusal.params))
            return
        mailed = await self.app.push_screen_wait(MailDialog(self._session, [self._card.serial]))
        await self._ask_mail()
        for one in mailed:
            saved = words("mail_dialog.saved", path=one.path)
            self._says(saved if one.path else words("mail_dialog.queued"))

    @work(group="act", exclusive=True)
    async def action_cancel(self) -> None:
        if self._may(CANCEL):
            await self._ask(protocol.Withdraw(self._card.serial))

    @work(group="act", exclusive=True)
    async def action_void(self) -> None:
        if not self._may(VOID):
            return
        request = protocol.Void(self._card.serial, "other")
        title, text = words("card_dialog.void"), words("card_dialog.void_text")
        if await self._pin(title, text, VOID.name, lambda pin: self._ask(request, pin)):
            await self._tell_destroy()

    @work(group="act", exclusive=True)
    async def action_edit(self) -> None:
        """Open the form filled in, to be corrected; the card stands until the new one is issued."""
        if not self._may(EDIT):
            return
        made: list[protocol.Reissued] = []

        async def reissue(*secrets: bytearray) -> bool:
            request = protocol.Reissue(self._card.serial)
            made.append(await self._session.ask(request, secrets))
            return True

        if self._card.paper.state == State.VOID:
            try:
                await reissue()
            except RequestFailed as refused:
                self._says(failure(refused.failed))
                return
        else:
            title, text = words("card_dialog.edit"), words("card_dialog.edit_text")
            if not await self._pin(title, text, EDIT.name, reissue):
                return
        (answer,) = made
        void = answer.card.paper.state == State.VOID
        self.dismiss(Left(answer.card, answer.request, "" if void else answer.card.serial))

    @work(group="act", exclusive=True)
    async def action_copy(self) -> None:
        """The form filled in with all of it but the dates, for a new card."""
        if not self._may(COPY):
            return
        try:
            answer = await self._session.ask(protocol.CopyCard(self._card.serial))
        except RequestFailed as refused:
            self._says(failure(refused.failed))
            return
        self.dismiss(Left(self._card, answer.request))

    async def _tell_destroy(self) -> None:
        await tell_destroy(self.app, self._session, self._card.serial)
        await self._ask_mail()

    def action_close(self) -> None:
        self.dismiss(Left(self._card))


async def with_pin(
    app: App[Any],
    asking: Callable[[str], PinNow],
    act: Callable[[bytearray], Awaitable[bool]],
    says: Callable[[str], None],
) -> bool:
    """``act`` with the PIN, which is asked for anew where it is wrong. False: it was not done; why
    is said, unless the clerk did not want it. ``asking``: the dialog, given what was wrong.
    """
    wrong = ""
    while True:
        pin = await app.push_screen_wait(asking(wrong))
        if pin is None:
            return False
        try:
            return await act(pin)
        except RequestFailed as refused:
            told = failure(refused.failed)
            if refused.failed.code not in _PIN_AGAIN:
                says(told)
                return False
            wrong = told if refused.failed.code == "wait" else words("pin_again.wrong")


async def tell_destroy(app: App[Any], session: Session, serial: str) -> None:
    """A card was made void: its paper, and what of it was e-mailed, must go."""
    mails = (await session.ask(protocol.ListMail(serial))).mails
    out = [one for one in mails if one.state in OUT]
    told = dict.fromkeys(words("mail_ask.void_out", address=one.address) for one in out)
    text = "\n\n".join((words("delivery.void_told", serial=serial), *told))
    await app.push_screen_wait(Message(words("card_dialog.is_void"), text))
