"""A list to pick from: letters shorten it, the arrows move, Enter takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from iies_tui.text import words
from iies_tui.tui.keyboard.commands import CLOSE, Command, bindings
from iies_tui.tui.page import ROOM, Dialog
from iies_tui.tui.widgets.lines import KeysLine, Line
from iies_tui.tui.widgets.picker import Picker, Row
from iies_tui.tui.widgets.text_field import Field, TextField

Search = Callable[[str], Awaitable[Sequence[Row]]]
"""The rows for what was typed; all of them for nothing."""

_TAKE = Command("take", "enter", "take", "Enter")


class PickDialog(Dialog[str | None]):
    """The id of the row that was taken, None for Esc."""

    commands: ClassVar[tuple[Command, ...]] = (_TAKE, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(_TAKE, CLOSE),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("pageup", "move(-8)", show=False, priority=True),
        Binding("pagedown", "move(8)", show=False, priority=True),
    ]

    def __init__(self, title: str, text: str, search: Search, *, find: bool = True) -> None:
        """``find``: letters may be typed to shorten the list."""
        super().__init__(title, text)
        self._search = search
        self._find = find
        self._rows: Sequence[Row] = ()

    def compose(self) -> ComposeResult:
        """Title, what to do, the field, the list, keys."""
        with Vertical(classes="dialog -picking"):
            yield Line(self._title, classes="dialog-title")
            if self._text:
                yield Line(self._text, classes="dialog-text")
            if self._find:
                yield TextField(words("pick.find"), id="pick-find", max_length=40)
            yield Picker(id="pick-rows")
            yield Line("", id="pick-says")
            yield KeysLine(self.commands, ROOM)

    def on_mount(self) -> None:
        if self._find:
            self.query_one("#pick-find", TextField).enter()
        self._show("")

    @on(Field.Changed, "#pick-find")
    def _typed(self) -> None:
        self._show(self.query_one("#pick-find", TextField).value)

    @work(group="pick", exclusive=True)
    async def _show(self, typed: str) -> None:
        self._rows = await self._search(typed.strip())
        self.query_one(Picker).fill(self._rows)
        self.query_one(Picker).styles.height = max(1, min(12, len(self._rows)))
        says = "" if self._rows else words("pick.none")
        self.query_one("#pick-says", Line).update(says)

    def action_move(self, by: int) -> None:
        """The bar, from one row that can be picked to another."""
        picker = self.query_one(Picker)
        can = [at for at, row in enumerate(self._rows) if row.pickable]
        if can:
            here = can.index(picker.highlighted) if picker.highlighted in can else 0
            picker.highlighted = can[max(0, min(here + by, len(can) - 1))]

    def action_take(self) -> None:
        chosen = self.query_one(Picker).chosen
        if chosen is not None:
            self.dismiss(chosen)

    def action_close(self) -> None:
        self.dismiss(None)


def fixed(rows: Sequence[Row]) -> Search:
    """A search over rows that are all here: each word must stand in a row."""

    async def search(typed: str) -> Sequence[Row]:
        parts = typed.upper().split()
        return [row for row in rows if all(part in row.text.upper() for part in parts)]

    return search
