"""Issuers: license numbers, and why a terminal's cards are live or specimens.

License forms: the DFS instructions ("all digits including letters, hyphen and numbers, i.e.
BR-123456/123"; a company's is its three-digit ICC; no blank before, after or inside).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from iies_tui.domain.card import Mode

_LICENSE = re.compile(r"[A-Z0-9][A-Z0-9/-]{1,23}\Z")


def normalize_license(text: str) -> str:
    """NFC and upper case, nothing else: blanks are pointed out, never removed silently."""
    return unicodedata.normalize("NFC", text).upper()


def is_license(text: str) -> bool:
    """True for 2 to 24 of A-Z, 0-9, hyphen, slash, starting with a letter or digit."""
    return _LICENSE.match(text) is not None


class ModeReason(StrEnum):
    """Why cards are what they are; ``messages.toml`` has the words (``mode.<value>``)."""

    LIVE = "live"
    TRAINING_BUNDLE = "training_bundle"
    NOT_LISTED = "not_listed"
    KEY_NOT_LISTED = "key_not_listed"
    NOT_ACTIVE = "not_active"
    KEY_REVOKED = "key_revoked"
    BUNDLE_EXPIRED = "bundle_expired"
    NO_BUNDLE = "no_bundle"


@dataclass(frozen=True, slots=True)
class Standing:
    """The mode of the next card and its reason, told before the form is filled in."""

    mode: Mode
    reason: ModeReason


@dataclass(frozen=True, slots=True)
class IssuerOnTerminal:
    """What the vault can say of an issuer without a PIN."""

    license: str
    key_tail: str
    added: datetime
    kdf: int
    kid: bytes | None
    """8-byte key id; None until the first sign-on has enrolled the issuer."""
