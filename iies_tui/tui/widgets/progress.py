"""A sign after a tenth of a second, a bar after a second; nothing before."""

from __future__ import annotations

import time

from textual.timer import Timer

from iies_tui.session.protocol import Progress
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.words.wording import say

SIGN_AFTER = 0.1
BAR_AFTER = 1.0
_SIGNS = "|/-\\"
_WIDTH = 40


def bar(done: int, total: int) -> str:
    """``[####......] 812/2000``."""
    full = _WIDTH * min(done, total) // total if total else _WIDTH
    return f"[{'#' * full}{'.' * (_WIDTH - full)}] {done}/{total}"


class ProgressLine(Line):
    """Fed with ``Progress`` frames; draws ten times a second at most."""

    def __init__(self, *, id: str) -> None:
        super().__init__("", id=id)
        self._began = 0.0
        self._last: Progress | None = None
        self._timer: Timer | None = None
        self._turn = 0

    def begin(self) -> None:
        self._began = time.monotonic()
        self._timer = self.set_interval(SIGN_AFTER, self._draw)

    def tell(self, progress: Progress) -> None:
        self._last = progress

    def end(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self.update("")

    def _draw(self) -> None:
        self._turn += 1
        sign = _SIGNS[self._turn % len(_SIGNS)]
        told = self._last
        facts = {"done": told.done, "total": told.total} if told else {}
        text = say("progress", told.step if told else "begin", facts)
        far = ""
        if told and told.total and time.monotonic() - self._began >= BAR_AFTER:
            far = bar(told.done, told.total)
        self.update(f"{sign} {text}\n{far}")
