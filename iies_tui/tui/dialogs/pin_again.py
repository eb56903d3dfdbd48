"""The PIN a second time, at the first sign-on of an issuer that no bundle lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.text import words
from iies_tui.tui.keyboard.commands import CLOSE, Command, bindings
from iies_tui.tui.page import Dialog
from iies_tui.tui.widgets.secret import SecretField
from iies_tui.tui.widgets.text_field import Field

_ENTER = Command("sign_on", "enter", "send", "Enter", priority=False)


class PinAgain(Dialog[bytearray | None]):
    """The PIN, which the caller wipes; None for Esc."""

    commands: ClassVar[tuple[Command, ...]] = (_ENTER, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(CLOSE)

    def __init__(self, license: str, *, short: bool = False) -> None:
        """``short``: the PIN has fewer characters than a minted one, which is pointed out."""
        text = words("pin_again.text", license=license)
        if short:
            text += "\n\n" + words("pin_again.short")
        super().__init__(words("pin_again.title"), text)

    def body(self) -> Iterable[Widget]:
        yield SecretField(words("start.pin"), id="pin-again", width=26)

    def on_mount(self) -> None:
        self.query_one(SecretField).enter()

    @on(Field.Entered)
    def _send(self) -> None:
        field = self.query_one(SecretField)
        if field.line.characters:
            self.dismiss(field.line.take())
        else:
            field.say_error(words("pin_again.empty"))

    def action_close(self) -> None:
        self.dismiss(None)


class PinNow(PinAgain):
    """The PIN once more, before something grave; None for Esc.

    ``does``: the word under ``keys`` that says what Enter does; ``wrong``: what was not right the
    last time.
    """

    def __init__(self, title: str, text: str, does: str, wrong: str = "") -> None:
        Dialog.__init__(self, title, text)
        self.commands = (replace(_ENTER, name=does), CLOSE)  # type: ignore[misc]
        self._wrong = wrong

    def on_mount(self) -> None:
        self.query_one(SecretField).say_error(self._wrong)
