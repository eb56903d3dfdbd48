"""A KEY that somebody else may have: what is reported, to whom, by when.

The DFS instructions: a licensee whose KEY is lost or compromised notifies ``ins-iies@dfs.ny.gov``
at once, subject ``IIES – Compromised KEY``, with license number, licensee name, contact name and
contact telephone. 23 NYCRR 500.17 adds a notice within 72 hours of an incident.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

ADDRESS = "ins-iies@dfs.ny.gov"
SUBJECT = "IIES – Compromised KEY"
"""Exactly so, the dash included."""

DUE = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom DFS can ask. Empty parts stand in the notice as lines to fill in by hand."""

    licensee: str = ""
    name: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What DFS is told of one KEY. ``at`` is aware UTC; ``serials`` oldest first."""

    license: str
    contact: Contact
    key_tail: str
    kid: bytes
    at: datetime
    serials: tuple[str, ...]

    @property
    def due(self) -> datetime:
        """The end of the 72 hours."""
        return self.at + DUE


@dataclass(frozen=True, slots=True)
class OpenCompromise:
    """A compromise that nobody has marked as reported. ``seconds`` are left, negative once late."""

    license: str
    due: datetime
    seconds: int
