"""The lines that every screen has: status at the top, keys at the bottom, and plain text."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widgets import Static

from iies_tui.tui.keyboard.commands import Command

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

    def __init__(self, commands: tuple[Command, ...], room: int = 0) -> None:
        """``room``: cells of a line where keys may stand in several, as in a dialog."""
        super().__init__(classes="keys")
        self._commands = commands
        self._room = room

    def on_mount(self) -> None:
        self.show(self._commands)

    def show(self, commands: tuple[Command, ...]) -> None:
        self._commands = commands
        names: set[str] = set()
        parts: list[Content] = []
        for command in commands:
            if command.name not in names:
                names.add(command.name)
                label = f" {command.label}"
                parts.append(Content.assemble((command.cap, "bold reverse"), label))
        self.display = bool(parts)
        self.update(Content("\n").join(list(self._lines(parts))))

    def _lines(self, parts: list[Content]) -> Iterable[Content]:
        """All in one line, or as many lines as a dialog's room asks for; no key is parted."""
        gap = Content("  " if len(parts) < CROWDED else " ")
        line: list[Content] = []
        for part in parts:
            long = sum(len(one) + len(gap) for one in (*line, part)) - len(gap)
            if self._room and line and long > self._room:
                yield gap.join(line)
                line = []
            line.append(part)
        yield gap.join(line)
