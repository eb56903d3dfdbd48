"""Register: the issuer's cards, newest first, searched as one types; Enter opens one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widget import Widget

from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.keyboard.commands import BACK, BATCHES, HELP, OPEN, SIGN_OFF, Command, bindings
from iies_tui.tui.page import Page
from iies_tui.tui.screens.card import CardDialog, Left
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.picker import Picker, Row
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.words.card_rows import ROW, head_of, row_of
from iies_tui.tui.words.wording import failure

if TYPE_CHECKING:
    from iies_tui.tui.ports import Session
    from iies_tui.tui.signed_on import SignedOnContext

LIMIT = 200


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

    def __init__(
        self, signed_on: SignedOnContext, opened: list[protocol.CardInfo] | None = None
    ) -> None:
        super().__init__(signed_on.standing)
        self._signed_on = signed_on
        self._session: Session = signed_on.session
        self._opened = opened
        self._cards: list[protocol.CardInfo] = list(opened or [])

    def body(self) -> Iterable[Widget]:
        yield Line(words("register.opened" if self._opened else "register.title"), classes="title")
        yield TextField(words("register.words"), id="words", max_length=80, upper=True)
        yield Line(head_of(), id="register-head", classes="table-head")
        yield Picker(id="found")
        yield Line("", id="register-says")

    def on_mount(self) -> None:
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
            answer = await self._session.ask(protocol.Search(typed, LIMIT))
        except RequestFailed as refused:
            self.query_one("#register-says", Line).update(failure(refused.failed))
            return
        self._cards = answer.cards
        self._draw()

    def on_resize(self) -> None:
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
        from iies_tui.tui.screens.batch.flow import go_through_batches

        await go_through_batches(self.app, self._signed_on, self._signed_on.printer)
        self._search(self.query_one("#words", TextField).value)

    def action_back(self) -> None:
        self.dismiss(None)
