"""Exactly as on the registration: the clerk types the value again, for this card alone.

What must be typed is part of the value and never what a bar code says: a scan of the VIN types all
of it. A paste is not taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.domain.names import normalize
from iies_tui.text import words
from iies_tui.tui.form.card_form import CardForm
from iies_tui.tui.keyboard.commands import CLOSE, Command, bindings
from iies_tui.tui.page import Dialog
from iies_tui.tui.widgets.text_field import Field, TextField

LAST = 6
"""Characters of a VIN that are typed again: the vehicle's own number."""
_ENTER = Command("as_registered", "enter", "send", "Enter", priority=False)


class AsRegistered(Dialog[bool]):
    """True once the value was typed again; False for Esc."""

    commands: ClassVar[tuple[Command, ...]] = (_ENTER, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(CLOSE)

    def __init__(self, form: CardForm, place: str) -> None:
        value = form.value_at(place)
        kind = "vin" if place.startswith("vehicles") else "name"
        super().__init__(
            words("as_registered.title"), words(f"as_registered.{kind}", value=value, count=LAST)
        )
        self._kind = kind
        self._wanted = value[-LAST:] if kind == "vin" else value

    def body(self) -> Iterable[Widget]:
        yield TextField(words(f"as_registered.{self._kind}_field"), id="typed-again", upper=True)

    def on_mount(self) -> None:
        self.query_one(TextField).enter()

    @on(Field.Pasted)
    def _pasted(self, event: Field.Pasted) -> None:
        event.stop()
        self._again("as_registered.pasted")

    @on(Field.Entered)
    def _send(self) -> None:
        typed = " ".join(normalize(self.query_one(TextField).value).split())
        if typed == self._wanted:
            self.dismiss(True)
        else:
            self._again(f"as_registered.{self._kind}_differs")

    def _again(self, why: str) -> None:
        field = self.query_one(TextField)
        field.value = ""
        field.say_error(words(why, count=LAST))

    def action_close(self) -> None:
        self.dismiss(False)
