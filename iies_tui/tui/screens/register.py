"""Register: the issuer's cards, newest first, searched as one types; Enter opens one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widget import Widget

from iies_tui.domain.mail import ASKING, MOVING, MailState
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.commands import BACK, BATCHES, HELP, OPEN, SIGN_OFF, Command, bindings
from iies_tui.tui.screens.card import CardDialog, Left
from iies_tui.tui.screens.page import Page
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.picker import Picker, Row
from iies_tui.tui.widgets.status import Standing
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.wording import failure, say

if TYPE_CHECKING:
    from iies_tui.tui.ports import Session
    from iies_tui.tui.screens.generator import Desk

LIMIT = 200


ROW = 74
"""Cells of a row at 80 columns."""
_BESIDE = 59
"""Of them, what is beside the names: ALL OWNED VEHICLES is the longest of the vehicles."""


class RegisterScreen(Page[Left | None]):
    """Dismisses with a card that is to be corrected or copied, else None.

    ``opened`` shows what is open from before instead, told once after the sign-on."""

    topic = "register"
    commands: ClassVar[tuple[Command, ...]] = (HELP, OPEN, BATCHES, SIGN_OFF, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(BATCHES, BACK),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
    ]

    def __init__(self, desk: Desk, opened: list[protocol.CardInfo] | None = None) -> None:
        super().__init__(desk.standing)
        self._desk = desk
        self._session: Session = desk.session
        self._opened = opened
        self._cards: list[protocol.CardInfo] = list(opened or [])

    def body(self) -> Iterable[Widget]:
        """What is looked for, and what was found."""
        yield Line(words("register.opened" if self._opened else "register.title"), classes="title")
        yield TextField(words("register.words"), id="words", max_length=80, upper=True)
        yield Line(head_of(), id="register-head", classes="table-head")
        yield Picker(id="found")
        yield Line("", id="register-says")

    def on_mount(self) -> None:
        """All cards, or those that are open."""
        self.query_one("#words", Field).enter()
        if self._opened is None:
            self._search("")
        else:
            self._draw()

    @on(Field.Changed, "#words")
    def _typed(self) -> None:
        self._search(self.query_one("#words", TextField).value)

    @work(group="search", exclusive=True)
    async def _search(self, typed: str) -> None:
        try:
            answer = await self._session.ask(protocol.Search(typed, LIMIT), protocol.Cards)
        except RequestFailed as refused:
            self.query_one("#register-says", Line).update(failure(refused.failed))
            return
        self._cards = answer.cards
        self._draw()

    def on_resize(self) -> None:
        """Names have the room that is left."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        picker = self.query_one(Picker)
        room = max(ROW, picker.scrollable_content_region.width - 1)  # one is the mark's
        self.query_one("#register-head", Line).update(head_of(room))
        picker.fill(
            (Row(card.serial, row_of(card, room)) for card in self._cards),
            picker.highlighted or 0,
        )
        says = "" if self._cards else words("register.none")
        self.query_one("#register-says", Line).update(says)

    def action_move(self, by: int) -> None:
        """Move the bar while the focus stays in the field."""
        picker = self.query_one(Picker)
        if self._cards:
            at = (picker.highlighted or 0) + by
            picker.highlighted = max(0, min(at, len(self._cards) - 1))

    @on(Field.Entered)
    @work(group="open", exclusive=True)
    async def _open(self) -> None:
        serial = self.query_one(Picker).chosen
        card = next((card for card in self._cards if card.serial == serial), None)
        if card is not None:
            dialog = CardDialog(self._session, card)
            left = await self.app.push_screen_wait(dialog)
            if left.request is not None:
                self.dismiss(left)
                return
            after = left.card
            self._cards = [after if item.serial == after.serial else item for item in self._cards]
            self._draw()

    @work(group="open", exclusive=True)
    async def action_batches(self) -> None:
        """Fleets from a file, and those from before."""
        from iies_tui.tui.batch_way import go_through_batches

        await go_through_batches(self.app, self._desk, self._desk.printer)
        self._search(self.query_one("#words", TextField).value)

    def action_back(self) -> None:
        """To the form."""
        self.dismiss(None)


def head_of(room: int = ROW) -> str:
    """The heading of such rows, beside the mark."""
    serial, issued, name, vehicle, paper = (
        words(f"register.head_{one}") for one in ("serial", "issued", "name", "vehicle", "paper")
    )
    return f" {serial:<17} {issued:<10} {name:<{room - _BESIDE}} {vehicle:<18} {paper}"


def row_of(card: protocol.CardInfo, room: int = ROW) -> str:
    """One line of ``room`` cells, beside a mark and a scroll bar: serial, day,
    names, vehicle, state.

    An e-mail that is on its way or asks goes before the paper's state; ``@``: it went by e-mail.
    """
    state = say("state_short", card.state)
    if card.mail in (*MOVING, *ASKING):
        state = say("mail_short", card.mail)
    elif card.mail in (MailState.SENT, MailState.SAVED):
        state = f"{state[:8]} @"
    names = room - _BESIDE
    return (
        f"{card.serial:<17} {card.issued_at[:10]} {card.names[:names]:<{names}} "
        f"{card.vehicle[-18:].strip():<18} {state[:10]}"
    )


__all__ = ["CardDialog", "RegisterScreen", "Standing"]
