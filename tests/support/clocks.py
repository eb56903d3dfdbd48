"""The two clocks of the idle watch, moved by the test."""

from __future__ import annotations

from iies_tui.tui.keyboard.idle import IdleWatch, Limits


class Clocks:
    """The boot clock, which runs through a suspend, and the running clock, which does not."""

    def __init__(self) -> None:
        self.boot, self.running = 1000.0, 900.0

    def watch(self, limits: Limits) -> IdleWatch:
        return IdleWatch(limits, lambda: self.boot, lambda: self.running)

    def go(self, seconds: float, asleep: bool = False) -> None:
        self.boot += seconds
        self.running += 0 if asleep else seconds
