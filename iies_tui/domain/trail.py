"""The trail's rows: what is recorded, by whom, in which chain (``docs/trail.md``).

A row is canonical CBOR of the map that ``TrailRow`` describes; its hash is SHA-256 of those
bytes; each row holds the hash of the one before. No personal data goes into ``details``: serials,
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


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One row as it stands in the chain. ``seq`` from 1; ``time`` aware UTC, whole seconds."""

    seq: int
    previous: bytes
    time: datetime
    event: Event
    actor: str
    clerk: str
    details: Mapping[str, Detail]
    hash: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """An issuer's signature over a row's number and hash (a COSE_Sign1, ``docs/envelope.md``)."""

    seq: int
    kid: bytes
    signed: bytes
