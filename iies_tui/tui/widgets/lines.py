"""The lines that every screen has: status at the top, keys at the bottom, and plain text."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from iies_tui.tui.commands import Command

CROWDED = 6
"""Commands from which on a single blank stands between them."""


class Line(Static):
    """Text that is data: never markup."""

    def __init__(
        self, text: str | Content = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(text, id=id, classes=classes, markup=False)


class KeysLine(Line):
    """``F1 Help  F9 Review ...`` fit for 80 columns; what does not fit is left to F1."""

    def __init__(self, commands: tuple[Command, ...]) -> None:
        super().__init__(classes="keys")
        self._commands = commands

    def on_mount(self) -> None:
        """Show the commands it was made with."""
        self.show(self._commands)

    def show(self, commands: tuple[Command, ...]) -> None:
        """Show these, each name once."""
        self._commands = commands
        names: set[str] = set()
        parts: list[Content] = []
        for command in commands:
            if command.name not in names:
                names.add(command.name)
                label = f" {command.label}"
                parts.append(Content.assemble((command.shown, "bold reverse"), label))
        self.display = bool(parts)
        self.update(Content("  " if len(parts) < CROWDED else " ").join(parts))
