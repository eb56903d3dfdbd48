"""The envelope's stamp and the verdicts on it, apart from any byte format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from iies_tui.domain.card import Mode
from iies_tui.domain.drawing import Drawn
from iies_tui.domain.serial import Serial

MAX_CLAIMS = 400
"""Bytes of encoded claims; longer is refused with the field to shorten, never cut."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the issuer signs beside the encrypted claims.

    ``issued_at`` aware UTC, whole seconds. ``intent`` (16 bytes) is the start of the hash of
    the trail row that announced the card; ``face`` (16 bytes) binds the symbol to what its card
    states, ``drawn`` to its pages. ``drawn`` is None in envelopes of version 1, which are read
    and not made.
    """

    issued_at: datetime
    serial: Serial
    mode: Mode
    intent: bytes
    face: bytes
    drawn: Drawn | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """A symbol's content whose form is right; nothing in it is proven yet.

    ``kid`` and ``recipient`` are 8-byte key ids. ``encoded`` is the whole canonical envelope,
    whose SHA-256 stands in the trail's sealed row. ``protected``, ``payload`` and ``signature``
    are the parts the signature and the decryption need.
    """

    kid: bytes
    recipient: bytes
    stamp: Stamp
    encoded: bytes
    protected: bytes
    payload: bytes
    signature: bytes


class Verdict(StrEnum):
    """In the order they are found; the words are DMV's own where DMV has them."""

    UNREADABLE = "UNREADABLE"
    MALFORMED = "MALFORMED"
    UNKNOWN_ISSUER = "UNKNOWN ISSUER"
    SIGNATURE_ERROR = "SIGNATURE AUTHENTICATION ERROR"
    SPECIMEN = "SPECIMEN"
    INVALID_STATUS = "INVALID ISSUER STATUS"
    GENUINE = "GENUINE"


class FaceMatch(StrEnum):
    """Whether the paper's face is the one that was signed."""

    MATCH = "MATCH"
    DIFFERS = "DIFFERS"
    NOT_CHECKED = "NOT CHECKED"
