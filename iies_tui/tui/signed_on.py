"""What the screens after the sign-on work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from iies_tui.domain import new_york
from iies_tui.session import protocol
from iies_tui.text import words
from iies_tui.tui.ports import Session
from iies_tui.tui.widgets.status import Standing


@dataclass(frozen=True, slots=True)
class SignedOnContext:
    """What the generator works with: who is signed on where, and what time it is."""

    session: Session
    terminal: protocol.Terminal
    signed: protocol.SignedOn
    now: Callable[[], datetime]

    def today(self) -> date:
        """New York's day."""
        return new_york.day_of(self.now())

    @property
    def standing(self) -> Standing:
        clerk = f"/{self.signed.clerk}" if self.signed.clerk else ""
        where = self.signed.options.queue or words("status.folder")
        issuer = f"{self.signed.license}{clerk}"
        return Standing(issuer, self.signed.mode, self.signed.reason, where)

    @property
    def printer(self) -> str:
        """The issuer's printer, else the terminal's own; empty where there is none."""
        queue = self.signed.options.queue
        return self.terminal.printer if queue is None else queue
