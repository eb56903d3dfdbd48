"""A value that is said to stand exactly so on the registration.

Where a rule of ours is stricter than New York's (none asks for a US check digit or for two names),
the registration decides: 15 NYCRR 32.13 and 32.4 take name and vehicle from it unmodified.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Registered:
    """``name`` is the value's in ``as_registered`` (``domain.waived``), ``said`` whether it stands
    there; ``allowed`` is False where the office's owner forbids it.
    """

    name: str
    said: bool = False
    allowed: bool = True

    @property
    def offer(self) -> dict[str, str]:
        """Parameters for a problem that saying so would waive; none where it cannot be said."""
        return {"as_registered": self.name} if self.allowed and not self.said else {}


UNSAID = Registered("", allowed=False)
"""Of a value of which nothing can be said."""
