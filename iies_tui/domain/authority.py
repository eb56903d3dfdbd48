"""What an authority keeps of itself: its name, keys' public parts, issuers, revocations.

The licensees' KEYs and PINs are nowhere in it: they are told once, when minted.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from iies_tui.domain.bundle import ListedIssuer, Recipient, Revocation

MAX_NAME = 120
"""Characters of a name or reason that a bundle lists."""


@dataclass(frozen=True, slots=True)
class Succession:
    """An old root's word that ``new`` is its successor; both 32-byte Ed25519 public keys."""

    old: bytes
    new: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class AuthorityRecord:
    """``version`` is that of the last bundle published, 0 before the first.

    ``root`` is the 32-byte Ed25519 public key; ``succession`` how it followed earlier ones, oldest
    first.
    """

    name: str
    training: bool
    created: datetime
    version: int
    root: bytes
    recipients: tuple[Recipient, ...]
    issuers: tuple[ListedIssuer, ...] = ()
    revocations: tuple[Revocation, ...] = ()
    succession: tuple[Succession, ...] = ()

    def issuer(self, license: str) -> ListedIssuer | None:
        return next((one for one in self.issuers if one.license == license), None)

    def revocation_of(self, kid: bytes) -> Revocation | None:
        return next((one for one in self.revocations if one.kid == kid), None)


def is_listed_name(text: str) -> bool:
    """True for 1 to 120 printable NFC characters without blanks at the ends."""
    return (
        0 < len(text) <= MAX_NAME
        and text.isprintable()
        and text == text.strip() == unicodedata.normalize("NFC", text)
    )
