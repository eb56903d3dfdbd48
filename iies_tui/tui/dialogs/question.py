"""A question with two answers, and a message with one."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from iies_tui.tui.keyboard.commands import CLOSE, NO, YES, Command, bindings
from iies_tui.tui.page import Dialog

_UNDERSTOOD = Command("understood", "enter,escape,space", "close", "Enter")


class Question(Dialog[bool]):
    """True for Enter or Y, False for Esc or N."""

    commands: ClassVar[tuple[Command, ...]] = (YES, NO)
    BINDINGS: ClassVar[list[BindingType]] = bindings(YES, NO)

    def action_yes(self) -> None:
        self.dismiss(True)

    def action_no(self) -> None:
        self.dismiss(False)


class Message(Dialog[None]):
    """Told; Enter goes on."""

    commands: ClassVar[tuple[Command, ...]] = (_UNDERSTOOD,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(_UNDERSTOOD)

    def action_close(self) -> None:
        self.dismiss(None)


__all__ = ["CLOSE", "Message", "Question"]
