"""What the owner changed on this terminal, told to an issuer at its next sign-on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import App
from textual.binding import BindingType

from iies_tui.session import protocol
from iies_tui.text import has, words
from iies_tui.tui.keyboard.commands import Command, bindings
from iies_tui.tui.page import Dialog
from iies_tui.tui.ports import Session

_CONFIRM = Command("confirm_settings", "f9", "confirm", "F9")
_LATER = Command("later", "escape", "later", "Esc")


class SettingsChanged(Dialog[bool]):
    """True where the clerk confirmed; e-mail waits otherwise. Enter does neither."""

    commands: ClassVar[tuple[Command, ...]] = (_CONFIRM, _LATER)
    BINDINGS: ClassVar[list[BindingType]] = bindings(_CONFIRM, _LATER)

    def __init__(self, names: Sequence[str]) -> None:
        told = "\n".join(f"  {_said(name)}" for name in names)
        super().__init__(
            words("settings_changed.title"), words("settings_changed.text", names=told)
        )

    def action_confirm(self) -> None:
        self.dismiss(True)

    def action_later(self) -> None:
        self.dismiss(False)


async def tell_settings(app: App[Any], session: Session, names: Sequence[str]) -> None:
    """Tell of the changed settings, where there are any, until it was answered."""
    if not names:
        return
    if await app.push_screen_wait(SettingsChanged(names)):
        await session.ask(protocol.ConfirmSettings())


def _said(name: str) -> str:
    """A setting in words; its own name where this version of the program has no words for it."""
    key = f"setting.{name.replace('.', '_')}"
    return words(key) if has(key) else name
