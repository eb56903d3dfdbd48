"""Nobody there? A countdown that any key answers; the application swallows that key."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from iies_tui.text import words
from iies_tui.tui.page import Dialog
from iies_tui.tui.widgets.lines import Line


class IdleWarning(Dialog[None]):
    """Lies over everything, other dialogs included; delays nothing."""

    def __init__(self) -> None:
        super().__init__(words("idle.title"), words("idle.text"), grave=True)

    def body(self) -> Iterable[Widget]:
        yield Line("", id="countdown")

    def countdown(self, seconds: float | None) -> None:
        left = 0 if seconds is None else max(0, int(seconds + 0.99))
        for line in self.query("#countdown").results(Line):
            line.update(words("idle.seconds", seconds=left))
