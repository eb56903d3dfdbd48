"""The COSE_Sign1 around a card's encrypted claims (``docs/envelope.md``).

``18([protected, {}, payload, signature])`` of RFC 9052 in deterministic CBOR, where the protected
header is exactly these entries and no other::

    1: -19 (Ed25519, RFC 9864)          -70001: 1 (profile version)
    2: [-70001 … -70005] (crit)         -70002: recipient key id, 8 bytes
    4: kid, 8 bytes                     -70003: mode, 1 to 3
    15: {6: issued-at, 7: serial}       -70004: intent, 16 bytes
        (RFC 9597, RFC 8392)            -70005: face, 16 bytes

Every check here is of form; nothing is proven before ``OpenProfile.authentic``. Each refusal names
its layer: ``cbor``, ``cose``, ``algorithm``, ``critical``, ``version``, ``header``, ``payload``,
``signature``, in the order in which they are looked at.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.domain.card import Mode
from iies_tui.domain.envelope import MAX_CLAIMS, Envelope, Stamp
from iies_tui.domain.errors import Refused
from iies_tui.domain.serial import Serial

COSE_SIGN1 = 18
ED25519 = -19

ALG, CRIT, KID, CWT = 1, 2, 4, 15
IAT, CTI = 6, 7
VERSION, RECIPIENT, MODE, INTENT, FACE = -70001, -70002, -70003, -70004, -70005
CRITICAL = [VERSION, RECIPIENT, MODE, INTENT, FACE]

PROFILE_VERSION = 1
HPKE_OVERHEAD = 48
"""Bytes: the 32-byte encapsulated key before the ciphertext, the 16-byte tag at its end."""

MAX_PAYLOAD = MAX_CLAIMS + HPKE_OVERHEAD
MAX_IAT = 2**32 - 1
"""Issued-at fits 32 bits (to the year 2106): longer symbols were not measured to be read."""


def malformed(layer: str) -> Refused:
    """The refusal of a symbol whose form is wrong; ``layer`` has its words in ``layer.<layer>``."""
    return Refused("malformed", layer=layer)


def protected_header(kid: bytes, recipient: bytes, stamp: Stamp) -> bytes:
    """The protected header's encoding, which the encryption binds and the signature covers."""
    return canonical.encode(
        {
            ALG: ED25519,
            CRIT: CRITICAL,
            KID: kid,
            CWT: {IAT: int(stamp.issued_at.timestamp()), CTI: stamp.serial.to_bytes()},
            VERSION: PROFILE_VERSION,
            RECIPIENT: recipient,
            MODE: int(stamp.mode),
            INTENT: stamp.intent,
            FACE: stamp.face,
        }
    )


def to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """The Sig_structure of RFC 9052 section 4.4, external_aad empty."""
    return canonical.encode(["Signature1", protected, b"", payload])


def assemble(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    """The COSE_Sign1's bytes."""
    return canonical.encode([protected, {}, payload, signature], tag=COSE_SIGN1)


def longest() -> int:
    """Bytes of the largest envelope that can be made: full claims, a five-byte issued-at."""
    header = protected_header(
        bytes(8),
        bytes(8),
        Stamp(
            issued_at=datetime.fromtimestamp(MAX_IAT, UTC),
            serial=Serial(0, 1),
            mode=Mode.LIVE,
            intent=bytes(16),
            face=bytes(16),
        ),
    )
    return len(assemble(header, bytes(MAX_PAYLOAD), bytes(64)))


def parse(encoded: bytes, max_bytes: int) -> Envelope:
    """The envelope that these bytes are. Refused ``malformed`` with the layer that is wrong."""
    protected, payload, signature = parse_sign1(encoded, max_bytes)
    kid, recipient, stamp = _read_header(_header_map(protected))
    if not HPKE_OVERHEAD < len(payload) <= MAX_PAYLOAD:
        raise malformed("payload")
    if len(signature) != 64:
        raise malformed("signature")
    return Envelope(
        kid=kid,
        recipient=recipient,
        stamp=stamp,
        encoded=encoded,
        protected=protected,
        payload=payload,
        signature=signature,
    )


def parse_sign1(encoded: bytes, max_bytes: int) -> tuple[bytes, bytes, bytes]:
    """Protected header, payload and signature of a COSE_Sign1 with an empty unprotected map."""
    try:
        parts = canonical.decode(encoded, max_bytes=max_bytes, tag=COSE_SIGN1, booleans=True)
    except canonical.NotCanonical as error:
        raise malformed("cbor") from error
    match parts:
        case [bytes() as protected, dict() as unprotected, bytes() as payload, bytes() as sign]:
            if unprotected:
                raise malformed("cose")
            return protected, payload, sign
        case _:
            raise malformed("cose")


def _header_map(protected: bytes) -> dict[Any, Any]:
    try:
        header = canonical.decode(protected, max_bytes=len(protected), max_items=64, booleans=True)
    except canonical.NotCanonical as error:
        raise malformed("cbor") from error
    if not isinstance(header, dict):
        raise malformed("cose")
    return header


def _read_header(header: dict[Any, Any]) -> tuple[bytes, bytes, Stamp]:
    """The header's values, its algorithm looked at before anything else in it."""
    if not _same(header.get(ALG), ED25519):
        raise malformed("algorithm")
    critical = header.get(CRIT)
    if not isinstance(critical, list) or not all(
        _same(label, expected) for label, expected in zip(critical, CRITICAL, strict=False)
    ):
        raise malformed("critical")
    if len(critical) != len(CRITICAL):
        raise malformed("critical")
    if not _same(header.get(VERSION), PROFILE_VERSION):
        raise malformed("version")
    if set(header) != {ALG, CRIT, KID, CWT, *CRITICAL}:
        raise malformed("header")
    cwt = header[CWT]
    if not isinstance(cwt, dict) or set(cwt) != {IAT, CTI}:
        raise malformed("header")
    try:
        stamp = Stamp(
            issued_at=_moment(cwt[IAT]),
            serial=Serial.from_bytes(_octets(cwt[CTI], 8)),
            mode=Mode(_number(header[MODE])),
            intent=_octets(header[INTENT], 16),
            face=_octets(header[FACE], 16),
        )
        return _octets(header[KID], 8), _octets(header[RECIPIENT], 8), stamp
    except ValueError as error:
        raise malformed("header") from error


def _same(value: object, expected: int) -> bool:
    """True for that integer; ``true`` is no 1."""
    return type(value) is int and value == expected


def _number(value: object) -> int:
    if type(value) is not int:
        raise ValueError("not an integer")
    return value


def _octets(value: object, length: int) -> bytes:
    if type(value) is not bytes or len(value) != length:
        raise ValueError("not a byte string of that length")
    return value


def _moment(value: object) -> datetime:
    number = _number(value)
    if not 0 <= number <= MAX_IAT:
        raise ValueError("not a moment")
    return datetime.fromtimestamp(number, UTC)
