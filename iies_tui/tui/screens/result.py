"""Result: the serial, the read-back, where the card went, and whether it is in hand."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from iies_tui.domain.delivery import State
from iies_tui.domain.face import show_check_code
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.commands import (
    HELP,
    IN_HAND,
    NEW_CUSTOMER,
    SAME_CUSTOMER,
    SIGN_OFF,
    Command,
    bindings,
)
from iies_tui.tui.screens.page import Page, Scroll
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.progress import ProgressLine
from iies_tui.tui.wording import failure, say

if TYPE_CHECKING:
    from iies_tui.tui.screens.generator import Desk

_GO_ON = Command("new_customer", "enter", "go_on", "Enter")
WATCH_EVERY = 1.0
_SETTLED = frozenset({State.HANDED_OVER.value, State.VOID.value})
_IN_HAND = frozenset({State.COMPLETED.value, State.SAVED.value, State.UNKNOWN.value})


class Again(Enum):
    """What comes after this card."""

    SAME_CUSTOMER = auto()
    NEW_CUSTOMER = auto()


class ResultScreen(Page[Again | protocol.Failed]):
    """Issues the order, then watches its paper; dismisses with Failed where it is refused."""

    topic = "result"
    commands: ClassVar[tuple[Command, ...]] = (
        HELP,
        IN_HAND,
        SAME_CUSTOMER,
        NEW_CUSTOMER,
        SIGN_OFF,
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(IN_HAND, SAME_CUSTOMER, NEW_CUSTOMER, _GO_ON)

    def __init__(self, desk: Desk, order: protocol.Issue) -> None:
        super().__init__(desk.standing)
        self._desk = desk
        self._order = order
        self._cards: list[protocol.CardInfo] = []
        self._watching = False

    def body(self) -> Iterable[Widget]:
        """A sign of progress, then the cards."""
        yield Line(words("result.issuing"), id="result-title", classes="title")
        yield ProgressLine(id="progress")
        with Scroll(classes="cards"):
            yield Line("", id="cards")
        yield Line("", id="result-ask")
        yield Line("", id="result-says")

    def on_mount(self) -> None:
        """Issue at once: Review was the question."""
        self._issue()

    @work(group="issue")
    async def _issue(self) -> None:
        progress = self.query_one(ProgressLine)
        progress.begin()
        try:
            issued = await self._desk.session.ask(
                self._order, protocol.Issued, progress=progress.tell
            )
        except RequestFailed as refused:
            self.dismiss(refused.failed)
            return
        finally:
            progress.end()
        self._cards = list(issued.cards)
        self._draw()
        self.set_interval(WATCH_EVERY, self._watch)

    def _draw(self) -> None:
        count = len(self._cards)
        title = words("result.title" if count == 1 else "result.title_many", count=count)
        self.query_one("#result-title", Line).update(title)
        self.query_one("#cards", Line).update(
            Content("\n\n").join([describe(card) for card in self._cards])
        )
        waiting = [card for card in self._cards if card.state not in _SETTLED]
        ask = "result.ask" if any(card.state in _IN_HAND for card in waiting) else "result.wait"
        self.query_one("#result-ask", Line).update(
            words(ask) if waiting else words("result.all_in_hand")
        )

    async def _watch(self) -> None:
        """How the paper is doing; one round at a time."""
        if self._watching:
            return
        self._watching = True
        try:
            for at, card in enumerate(self._cards):
                if card.state not in _SETTLED:
                    answer = await self._desk.session.ask(
                        protocol.Watch(card.serial), protocol.CardState
                    )
                    self._cards[at] = answer.card
            self._draw()
        except RequestFailed as refused:
            self._says(failure(refused.failed))
        finally:
            self._watching = False

    def _says(self, text: str) -> None:
        self.query_one("#result-says", Line).update(text)

    @work(group="hand", exclusive=True)
    async def action_in_hand(self) -> None:
        """The clerk has the paper of all that is out."""
        try:
            for at, card in enumerate(self._cards):
                if card.state in _IN_HAND:
                    answer = await self._desk.session.ask(
                        protocol.HandOver(card.serial), protocol.CardState
                    )
                    self._cards[at] = answer.card
        except RequestFailed as refused:
            self._says(failure(refused.failed))
        self._draw()

    def action_go_on(self) -> None:
        """Enter goes on once all is in hand: never by a key held down since Review."""
        if self._cards and all(card.state in _SETTLED for card in self._cards):
            self.dismiss(Again.NEW_CUSTOMER)

    def action_same_customer(self) -> None:
        """Another vehicle of the same customer."""
        if self._cards:
            self.dismiss(Again.SAME_CUSTOMER)

    def action_new_customer(self) -> None:
        """An empty form."""
        if self._cards:
            self.dismiss(Again.NEW_CUSTOMER)


def describe(card: protocol.CardInfo) -> Content:
    """A card as Result and the register show it."""
    mode = "" if card.mode == "live" else f"   {words(f'status.{card.mode}')}"
    rows: list[tuple[str, str]] = [
        (words("result.serial"), f"{card.serial}{mode}"),
        (words("result.check_code"), show_check_code(card.check_code)),
        (words("result.read_back"), words("result.read_back_ok")),
        (words("result.for"), f"{card.names} · {card.vehicle}"),
    ]
    rows += [
        (words(f"result.{name}"), path)
        for name, path in (("pdf", card.pdf), ("fax", card.fax_pdf), ("tiff", card.fax_tiff))
        if path
    ]
    if card.queue:
        rows.append((words("result.printer"), words("result.job", queue=card.queue, job=card.job)))
    lines = [say("delivery", card.state), *(say("printer_reason", r) for r in card.reasons)]
    rows.append((words("result.paper"), ". ".join(lines)))
    parts: list[Content | str | tuple[str, str]] = []
    for at, (name, value) in enumerate(rows):
        style = "bold" if at in (0, 1, len(rows) - 1) else ""
        parts += [f"{name:<14}", (value, style), "\n" if at < len(rows) - 1 else ""]
    return Content.assemble(*parts)
