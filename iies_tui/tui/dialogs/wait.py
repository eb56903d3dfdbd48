"""What stands there for the moment until the session answers."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import Screen

from iies_tui.text import words
from iies_tui.tui.widgets.lines import Line


class WaitScreen(Screen[object]):
    """The product's name, and that it starts."""

    def compose(self) -> ComposeResult:
        yield Line(words("start.product"), classes="title")
        yield Line(words("start.starting"), classes="subtitle")
