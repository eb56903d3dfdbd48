"""The owner's code: asked for, made, changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.text import words
from iies_tui.tui.keyboard.commands import CLOSE, Command, bindings
from iies_tui.tui.page import Dialog
from iies_tui.tui.widgets.secret import SecretField
from iies_tui.tui.widgets.text_field import Field

_ENTER = Command("take_code", "enter", "send", "Enter", priority=False)
_WIDTH = 36


class OwnerCodeDialog(Dialog[list[bytearray] | None]):
    """The codes in the order of ``asked``, which the caller wipes; None for Esc.

    ``asked`` are names of ``owner_code.<name>``: ``code``; ``new`` and ``again`` for a first one.
    """

    commands: ClassVar[tuple[Command, ...]] = (_ENTER, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(CLOSE)
    ASK: ClassVar[tuple[str, ...]] = ("code",)
    MAKE: ClassVar[tuple[str, ...]] = ("new", "again")
    CHANGE: ClassVar[tuple[str, ...]] = ("code", "new", "again")

    def __init__(self, asked: tuple[str, ...], wrong: str = "") -> None:
        """``wrong``: why the last answer was refused."""
        what = {self.ASK: "ask", self.MAKE: "make", self.CHANGE: "change"}[asked]
        super().__init__(words(f"owner_code.{what}_title"), words(f"owner_code.{what}"))
        self._asked = asked
        self._wrong = wrong

    def body(self) -> Iterable[Widget]:
        for name in self._asked:
            yield SecretField(words(f"owner_code.{name}"), id=f"code-{name}", width=_WIDTH)

    def on_mount(self) -> None:
        first = self._field(self._asked[0])
        first.say_error(self._wrong)
        first.enter()

    def _field(self, name: str) -> SecretField:
        return self.query_one(f"#code-{name}", SecretField)

    @on(Field.Entered)
    def _go_on(self, event: Field.Entered) -> None:
        """The next empty field, else all that was asked for."""
        event.stop()
        for name in self._asked:
            field = self._field(name)
            if not field.line.characters:
                field.enter()
                return
        self.dismiss([self._field(name).line.take() for name in self._asked])

    def action_close(self) -> None:
        for name in self._asked:
            self._field(name).line.forget()
        self.dismiss(None)
