"""The trust bundle: whom an authority lets issue, with which keys, for which insurers.

The wire format is in ``adapters/trust`` and ``docs/bundle.md``; what it means for a card of a given
moment is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from iies_tui.domain import new_york
from iies_tui.domain.card import Mode
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.issuer import ModeReason, Standing


class IssuerStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class RevocationKind(StrEnum):
    """``RETIRED`` is judged by the card's issued-at; ``COMPROMISED`` takes every card."""

    RETIRED = "retired"
    COMPROMISED = "compromised"


@dataclass(frozen=True, slots=True)
class ListedKey:
    """An issuer's Ed25519 public key (32 bytes) and its id, SHA-256(public)[:8]."""

    kid: bytes
    public: bytes


@dataclass(frozen=True, slots=True)
class ListedIssuer:
    """An issuer as the authority lists it. ``valid_to`` is the last day, None for open.

    ``since`` is the first day of a status other than active, so that a card issued before it is
    judged by its own day; None: the status holds for every day.
    """

    license: str
    name: str
    kdf: int
    keys: tuple[ListedKey, ...]
    valid_from: date
    valid_to: date | None
    status: IssuerStatus
    reason: str = ""
    since: date | None = None

    def active_on(self, day: date) -> bool:
        """True where the issuer may issue on that day."""
        return (
            (self.status is IssuerStatus.ACTIVE or (self.since is not None and day < self.since))
            and self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
        )


@dataclass(frozen=True, slots=True)
class Revocation:
    """A key that is no longer good: from when (aware UTC), and in which sense."""

    kid: bytes
    kind: RevocationKind
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """An authority's HPKE public key (X25519, 32 bytes) and its id, SHA-256(public)[:8]."""

    id: bytes
    public: bytes


@dataclass(frozen=True, slots=True)
class Bundle:
    """What an authority signed. ``root`` is its 32-byte Ed25519 key."""

    version: int
    issued: datetime
    refresh_by: datetime
    expires: datetime
    training: bool
    authority: str
    root: bytes
    recipients: tuple[Recipient, ...]
    issuers: tuple[ListedIssuer, ...]
    insurers: tuple[Insurer, ...]
    revocations: tuple[Revocation, ...]
    root_words: str = ""
    """The root's fingerprint in words; filled in by the adapter that knows the word list."""

    def issuer_by_license(self, license: str) -> ListedIssuer | None:
        return next((issuer for issuer in self.issuers if issuer.license == license), None)

    def issuer_by_kid(self, kid: bytes) -> tuple[ListedIssuer, ListedKey] | None:
        """The issuer that a key id belongs to, with the key."""
        for issuer in self.issuers:
            for key in issuer.keys:
                if key.kid == kid:
                    return issuer, key
        return None

    def revocation_of(self, kid: bytes) -> Revocation | None:
        """The gravest entry for the key: compromised before retired, then the earliest."""
        return min(
            (item for item in self.revocations if item.kid == kid),
            key=lambda item: (item.kind is not RevocationKind.COMPROMISED, item.since),
            default=None,
        )


def standing_under(bundle: Bundle | None, license: str, kid: bytes, now: datetime) -> Standing:
    """The mode of a card that this issuer would issue now with this key.

    ``now`` is aware UTC. Without a bundle nothing is issued at all.
    """
    if bundle is None:
        return Standing(Mode.SPECIMEN, ModeReason.NO_BUNDLE)
    if bundle.training:
        return Standing(Mode.TRAINING, ModeReason.TRAINING_BUNDLE)
    issuer = bundle.issuer_by_license(license)
    if issuer is None:
        return Standing(Mode.SPECIMEN, ModeReason.NOT_LISTED)
    if all(key.kid != kid for key in issuer.keys):
        return Standing(Mode.SPECIMEN, ModeReason.KEY_NOT_LISTED)
    revocation = bundle.revocation_of(kid)
    if revocation is not None and (
        revocation.kind is RevocationKind.COMPROMISED or revocation.since <= now
    ):
        return Standing(Mode.SPECIMEN, ModeReason.KEY_REVOKED)
    if not issuer.active_on(new_york.day_of(now)):
        return Standing(Mode.SPECIMEN, ModeReason.NOT_ACTIVE)
    if now >= bundle.expires:
        return Standing(Mode.SPECIMEN, ModeReason.BUNDLE_EXPIRED)
    return Standing(Mode.LIVE, ModeReason.LIVE)
