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
        self._standing = standing

    def compose(self) -> ComposeResult:
        """Issuer, mode, destination, time."""
        yield Line(id="status-issuer")
        yield Line(id="status-mode")
        yield Line(id="status-why")
        yield Line(id="status-where")
        yield Line(id="status-time")

    def on_mount(self) -> None:
        """Show what it was made with."""
        self.show(self._standing)

    def show(self, standing: Standing) -> None:
        """Tell another standing."""
        self._standing = standing
        self.query_one("#status-issuer", Line).update(standing.issuer or words("status.nobody"))
        mode = self.query_one("#status-mode", Line)
        mode.update(f" {words(f'status.{standing.mode}')} " if standing.mode else "")
        mode.set_classes(f"mode-{standing.mode}" if standing.mode else "")
        self.query_one("#status-why", Line).update(
            words(f"mode_short.{standing.reason}") if standing.reason else ""
        )
        self.query_one("#status-where", Line).update(standing.destination)

    def countdown(self, seconds: float | None) -> None:
        """Minutes and seconds to sign-off; None where nobody is signed on."""
        text = "" if seconds is None else words("status.time", time=minutes(seconds))
        self.query_one("#status-time", Line).update(text)


def minutes(seconds: float) -> str:
    """``4:59``."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
