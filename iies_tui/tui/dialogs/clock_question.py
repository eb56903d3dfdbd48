"""Is this the right year? Asked at sign-on where the clock is far ahead of the last record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.domain import new_york
from iies_tui.text import words
from iies_tui.tui.keyboard.commands import Command, bindings
from iies_tui.tui.page import Dialog
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.words.wording import say

_ENTER = Command("confirm_clock", "enter", "send", "Enter", priority=False)
_WITHOUT = Command("without_clock", "escape", "without", "Esc")


class ClockQuestion(Dialog[str]):
    """The year as it was typed, which is the clock's; empty for a sign-on that issues nothing."""

    commands: ClassVar[tuple[Command, ...]] = (_ENTER, _WITHOUT)
    BINDINGS: ClassVar[list[BindingType]] = bindings(_WITHOUT)

    def __init__(self, now: Callable[[], datetime], alarm: Mapping[str, object]) -> None:
        """``alarm``: the parameters of the notice, ``days`` and ``last``."""
        self._now = now
        text = say("clock_question", "text", {**alarm, "now": new_york.in_json(now())})
        super().__init__(words("clock_question.title"), text, grave=True)

    def body(self) -> Iterable[Widget]:
        yield TextField(words("clock_question.year"), id="year", width=8)

    def on_mount(self) -> None:
        self.query_one(TextField).enter()

    @on(Field.Entered)
    def _send(self) -> None:
        field = self.query_one(TextField)
        year = field.value.strip()
        if year == str(new_york.day_of(self._now()).year):
            self.dismiss(year)
        else:
            field.say_error(words("clock_question.other" if year else "clock_question.empty"))

    def action_without(self) -> None:
        self.dismiss("")
