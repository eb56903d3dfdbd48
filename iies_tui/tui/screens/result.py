"""Result: the serial, the read-back, where the card went, and whether it is in hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from iies_tui.domain.delivery import State
from iies_tui.domain.mail import MOVING
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import has, words
from iies_tui.tui.dialogs.question import Question
from iies_tui.tui.keyboard.commands import (
    HELP,
    IN_HAND,
    NEW_CUSTOMER,
    SAME_CUSTOMER,
    SIGN_OFF,
    Command,
    bindings,
)
from iies_tui.tui.page import Page, Scroll
from iies_tui.tui.screens.card import SLOW_SECONDS, CardDialog, Left, tell_destroy
from iies_tui.tui.screens.mail import MailDialog
from iies_tui.tui.widgets.lines import KeysLine, Line
from iies_tui.tui.widgets.progress import ProgressLine
from iies_tui.tui.words.card_text import describe, mail_line, with_paths
from iies_tui.tui.words.wording import failure, problem, say

if TYPE_CHECKING:
    from iies_tui.tui.signed_on import SignedOnContext

_CARD = Command("card", "c", "card", "C")
_MAIL = Command("mail_result", "at", "mail", "@")
_GO_ON = Command("new_customer", "enter", "go_on", "Enter")
WATCH_EVERY = 1.0
_SETTLED = frozenset({State.HANDED_OVER.value, State.VOID.value})
_IN_HAND = frozenset({State.COMPLETED.value, State.SAVED.value, State.UNKNOWN.value})


class Again(Enum):
    """What the clerk chose to do after this card."""

    SAME_CUSTOMER = auto()
    NEW_CUSTOMER = auto()


class ResultScreen(Page[Again | protocol.Failed | Left]):
    """Issues the order, then watches its paper; dismisses with Failed where it is refused."""

    topic = "result"
    helps = False
    commands: ClassVar[tuple[Command, ...]] = (
        HELP,
        IN_HAND,
        _MAIL,
        _CARD,
        SAME_CUSTOMER,
        NEW_CUSTOMER,
        SIGN_OFF,
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        IN_HAND, _MAIL, _CARD, SAME_CUSTOMER, NEW_CUSTOMER, _GO_ON
    )

    def __init__(self, signed_on: SignedOnContext, order: protocol.Issue) -> None:
        super().__init__(signed_on.standing)
        self._signed_on = signed_on
        self._order = order
        self._cards: list[protocol.CardInfo] = []
        self._watching = False
        self._said_by_watch = False
        self._mails: dict[str, list[protocol.MailInfo]] = {}

    def body(self) -> Iterable[Widget]:
        yield Line(words("result.issuing"), id="result-title", classes="title")
        yield ProgressLine(id="progress")
        with Scroll(classes="cards"):
            yield Line("", id="cards")
        yield Line("", id="result-errors", classes="error")
        yield Line("", id="result-ask")
        yield Line("", id="result-says")

    def on_mount(self) -> None:
        """Issue at once: Review was the question. Until then there is no card to do things with."""
        self.query_one(KeysLine).show((HELP,))
        self._issue()

    @work(group="issue")
    async def _issue(self) -> None:
        progress = self.query_one(ProgressLine)
        progress.begin()
        try:
            issued = await self._signed_on.session.ask(self._order, progress=progress.tell)
        except RequestFailed as refused:
            await self._refused(refused.failed)
            return
        finally:
            progress.end()
        self._cards = list(issued.cards)
        self._draw()
        lacking = [_undelivered(item) for item in issued.errors]
        self.query_one("#result-errors", Line).update("\n".join(lacking))
        self.set_interval(WATCH_EVERY, self._watch)
        if self._order.corrects:
            await tell_destroy(self.app, self._signed_on.session, self._order.corrects)

    async def _refused(self, failed: protocol.Failed) -> None:
        """Nothing was issued; a printer that is not ready may be asked to print all the same."""
        if failed.code == "printer_not_ready":
            told = [say("printer_reason", r) for r in str(failed.params["reasons"]).split()]
            question = Question(
                words("delivery.not_ready", queue=failed.params["queue"]),
                "\n".join([*told, "", words("delivery.not_ready_anyway")]),
            )
            if await self.app.push_screen_wait(question):
                self._order = replace(self._order, anyway=True)
                self._issue()
                return
        self.dismiss(failed)

    def _draw(self) -> None:
        self.query_one(KeysLine).show(self.commands)
        count = len(self._cards)
        title = words("result.title" if count == 1 else "result.title_many", count=count)
        self.query_one("#result-title", Line).update(title)
        self.query_one("#cards", Line).update(
            Content("\n\n").join([self._described(card) for card in self._cards])
        )
        waiting = [card for card in self._cards if card.paper.state not in _SETTLED]
        ask = (
            "result.ask" if any(card.paper.state in _IN_HAND for card in waiting) else "result.wait"
        )
        told = words(ask) if waiting else words("result.all_in_hand")
        if count > 1:
            told += "\n" + words("result.keys_act_on", serial=self._cards[self._card_at].serial)
        self.query_one("#result-ask", Line).update(told)

    @property
    def _card_at(self) -> int:
        """The card that C is for: the first that is not in hand, else the last."""
        open_ones = (at for at, card in enumerate(self._cards) if card.paper.state not in _SETTLED)
        return next(open_ones, len(self._cards) - 1)

    def _described(self, card: protocol.CardInfo) -> Content:
        mails = self._mails.get(card.serial)
        return Content.assemble(describe(card), "\n", mail_line(mails)) if mails else describe(card)

    async def _watch_mail(self) -> None:
        """How what was e-mailed from here stands."""
        for serial, mails in self._mails.items():
            if any(one.state in MOVING for one in mails):
                answer = await self._signed_on.session.ask(protocol.ListMail(serial))
                self._mails[serial] = answer.mails

    async def _watch(self) -> None:
        """How the paper is doing; one round at a time."""
        if self._watching:
            return
        self._watching = True
        slow = self.set_timer(SLOW_SECONDS, lambda: self._watch_says(words("card_dialog.slow")))
        try:
            for at, card in enumerate(self._cards):
                if card.paper.state not in _SETTLED:
                    answer = await self._signed_on.session.ask(protocol.Watch(card.serial))
                    self._cards[at] = with_paths(answer.card, card)
            await self._watch_mail()
            self._draw()
            self._watch_says("")
        except RequestFailed as refused:
            self._watch_says(failure(refused.failed))
        finally:
            slow.stop()
            self._watching = False

    def _says(self, text: str) -> None:
        self._said_by_watch = False
        self.query_one("#result-says", Line).update(text)

    def _watch_says(self, text: str) -> None:
        """What a later round takes back; a refusal of the clerk's key stays."""
        if text or self._said_by_watch:
            self._says(text)
            self._said_by_watch = bool(text)

    @work(group="hand", exclusive=True)
    async def action_in_hand(self) -> None:
        """The clerk has the paper of all that is out."""
        try:
            for at, card in enumerate(self._cards):
                if card.paper.state in _IN_HAND:
                    answer = await self._signed_on.session.ask(protocol.HandOver(card.serial))
                    self._cards[at] = with_paths(answer.card, card)
                    self._draw()
            self._says("")
        except RequestFailed as refused:
            self._says(failure(refused.failed))
        self._draw()

    @work(group="card", exclusive=True)
    async def action_card(self) -> None:
        """All else that may be done: the first card that is not in hand, else the last."""
        if not self._cards:
            return
        at = self._card_at
        left = await self.app.push_screen_wait(CardDialog(self._signed_on.session, self._cards[at]))
        if left.request is not None:
            self.dismiss(left)
            return
        self._cards[at] = left.card
        self._draw()

    @work(group="card", exclusive=True)
    async def action_mail(self) -> None:
        """All cards to one address, each in a message of its own."""
        serials = [card.serial for card in self._cards if card.paper.state != State.VOID]
        if not serials:
            return
        for serial in serials:
            answer = await self._signed_on.session.ask(protocol.ListMail(serial))
            if answer.refusal is not None:
                self._says(say("error", answer.refusal.code, answer.refusal.params))
                return
        for one in await self.app.push_screen_wait(MailDialog(self._signed_on.session, serials)):
            self._mails.setdefault(one.mail.serial, []).append(one.mail)
            saved = words("mail_dialog.saved", path=one.path)
            self._says(saved if one.path else words("mail_dialog.queued"))
        self._draw()

    def action_go_on(self) -> None:
        """Enter goes on once all is in hand: never by a key held down since Review."""
        if self._cards and all(card.paper.state in _SETTLED for card in self._cards):
            self.dismiss(Again.NEW_CUSTOMER)

    def action_same_customer(self) -> None:
        if self._cards:
            self.dismiss(Again.SAME_CUSTOMER)

    def action_new_customer(self) -> None:
        if self._cards:
            self.dismiss(Again.NEW_CUSTOMER)


def _undelivered(item: protocol.ProblemInfo) -> str:
    """What a sealed card's delivery lacks: an error of the machine, told among the problems."""
    return say("error", item.code, item.params) if has(f"error.{item.code}") else problem(item)


__all__ = ["Again", "ResultScreen", "describe"]
