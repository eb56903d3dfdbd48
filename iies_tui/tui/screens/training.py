"""What a new training terminal signs on with: shown once, to be acknowledged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.session import protocol
from iies_tui.text import words
from iies_tui.tui.keyboard.commands import Command, bindings
from iies_tui.tui.page import Dialog, Facts
from iies_tui.tui.widgets.lines import Line

_NOTED = Command("noted", "enter", "noted", "Enter")


class TrainingMadeDialog(Dialog[None]):
    """License, KEY's last five, PIN. Only Enter leaves it: the PIN is not shown again."""

    commands: ClassVar[tuple[Command, ...]] = (_NOTED,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(_NOTED)

    def __init__(self, made: protocol.TrainingMade) -> None:
        super().__init__(words("training.made_title"), words("training.made"))
        self._made = made

    def body(self) -> Iterable[Widget]:
        made = self._made
        yield Facts(
            [
                (words("start.license"), made.license),
                (words("training.key_tail"), made.key[-5:]),
                (words("start.pin"), made.pin),
                (words("start.authority"), made.authority),
            ]
        )
        yield Line("")
        yield Line(words("training.made_next"), classes="dialog-text")

    def action_noted(self) -> None:
        self.dismiss(None)
