"""The trail's rows: what is recorded, by whom, in which chain (``docs/trail.md``).

A row is canonical CBOR of the map that ``TrailRow`` describes; its hash is SHA-256 of those
bytes; each row holds the hash of the one before. No customer's data goes into ``details``: serials,
counts, license numbers, key ids, queue names, codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

GENESIS = bytes(32)
TERMINAL = "terminal"
"""The actor of rows that are written with nobody signed on."""

SALT = 16
"""Random bytes in each row of version 2: a proof of one row shows its neighbors' hashes, which
without them could be compared with guesses."""

Detail = str | int | bytes


class Event(StrEnum):
    """Kinds of rows. Delivery steps are recorded before the act."""

    EPOCH = "epoch"
    ISSUER_ADDED = "issuer_added"
    ISSUER_ENROLLED = "issuer_enrolled"
    ISSUER_REMOVED = "issuer_removed"
    KEY_REPLACED = "key_replaced"
    RECOVERY_CODE_MADE = "recovery_code_made"
    RECOVERY_FAILED = "recovery_failed"
    KEY_COMPROMISED = "key_compromised"
    COMPROMISE_ANSWERED = "compromise_answered"
    SIGNED_ON = "signed_on"
    SIGN_ON_FAILED = "sign_on_failed"
    INTENT = "intent"
    SEALED = "sealed"
    BATCH = "batch"
    DELIVERY = "delivery"
    VOID = "void"
    REPRINT = "reprint"
    HANDED_OVER = "handed_over"
    MAIL = "mail"
    BUNDLE_IMPORTED = "bundle_imported"
    INSURERS_IMPORTED = "insurers_imported"
    CLOCK_ALARM = "clock_alarm"
    COUNTER_ALARM = "counter_alarm"
    AUTHORITY_MADE = "authority_made"
    KEY_MINTED = "key_minted"
    KEY_REVOKED = "key_revoked"
    ISSUER_STATUS = "issuer_status"
    ROOT_ROLLED = "root_rolled"
    BUNDLE_PUBLISHED = "bundle_published"
    CARD_OPENED = "card_opened"
    BACKUP_MADE = "backup_made"
    KEY_BLOCKED = "key_blocked"
    KEY_UNBLOCKED = "key_unblocked"
    CARDS_DISPOSED = "cards_disposed"
    SETTINGS_CHANGED = "settings_changed"
    CLOCK_AHEAD = "clock_ahead"
    CLOCK_CONFIRMED = "clock_confirmed"


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One row as it stands in the chain. ``seq`` from 1; ``time`` aware UTC, whole seconds.

    ``salt`` is empty in rows of version 1, which are read and never written any more.
    """

    seq: int
    previous: bytes
    time: datetime
    event: Event
    actor: str
    clerk: str
    details: Mapping[str, Detail]
    hash: bytes
    salt: bytes = b""

    @property
    def version(self) -> int:
        return 2 if self.salt else 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """An issuer's signature over a row's number and hash, a COSE_Sign1 (``docs/envelope.md``)."""

    seq: int
    kid: bytes
    signed: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """An issuer's signed note of the Merkle tree over rows 1 to ``seq`` (``domain.note``).

    ``kid`` is the 8-byte id of its key, by which a bundle lists it.
    """

    seq: int
    kid: bytes
    signed: bytes
