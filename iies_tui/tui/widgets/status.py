"""The status line: who issues, what the cards are worth, where they go, the time to sign-off."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal

from iies_tui.domain.issuer import ModeReason
from iies_tui.text import words
from iies_tui.tui.widgets.lines import Line


@dataclass(frozen=True, slots=True)
class Standing:
    """What the status line tells. ``mode`` is ``live``, ``specimen``, ``training``."""

    issuer: str
    mode: str
    reason: str
    destination: str

    @classmethod
    def nobody(cls, training: bool, destination: str) -> Standing:
        """Before the sign-on; a training terminal says that it is one."""
        reason = ModeReason.TRAINING_BUNDLE.value if training else ""
        return cls("", "training" if training else "", reason, destination)


class StatusLine(Horizontal):
    """One line; ``countdown`` is kept by the application's clock."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(classes="status")
        self._issuer = Line(id="status-issuer")
        self._mode = Line(id="status-mode")
        self._why = Line(id="status-why")
        self._where = Line(id="status-where")
        self._time = Line(id="status-time")
        self._standing = standing
        self._told = ""

    def compose(self) -> ComposeResult:
        yield from (self._issuer, self._mode, self._why, self._where, self._time)

    def on_mount(self) -> None:
        self.show(self._standing)

    def show(self, standing: Standing) -> None:
        self._standing = standing
        mode, reason = standing.mode, standing.reason
        self._issuer.update(standing.issuer or words("status.nobody"))
        self._mode.update(f" {words(f'status.{mode}')} " if mode else "")
        self._mode.set_classes(f"mode-{mode}" if mode else "")
        self._why.update(words(f"mode_short.{reason}") if reason else "")
        self._where.update(standing.destination)

    def countdown(self, seconds: float | None) -> None:
        """Minutes and seconds to sign-off; None where nobody is signed on."""
        told = "" if seconds is None else words("status.time", time=minutes(seconds))
        if told != self._told:
            self._told = told
            self._time.update(told)


def minutes(seconds: float) -> str:
    """``4:59``."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
