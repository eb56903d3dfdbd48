"""The COSE_Sign1 around a card's encrypted claims (``docs/envelope.md``).

``18([protected, {}, payload, signature])`` of RFC 9052 in deterministic CBOR, where the protected
header is exactly these entries and no other::

    1: -19 (Ed25519, RFC 9864)
    2: [-70001] (crit)
    4: kid, 8 bytes
    15: {6: issued-at, 7: serial} (RFC 9597, RFC 8392)
    -70001: [2 (version), recipient key id, mode, intent, face, layout, drawn]

Every check here is of form; nothing is proven before ``OpenProfile.authentic``. Each refusal names
its layer: ``cbor``, ``cose``, ``algorithm``, ``critical``, ``version``, ``header``, ``payload``,
``signature``, in the order in which they are looked at.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from iies_tui.adapters.barcode import header
from iies_tui.adapters.barcode.values import MAX_IAT, malformed
from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.domain.card import Mode
from iies_tui.domain.drawing import DIGEST_BYTES, MAX_LAYOUT, Drawn
from iies_tui.domain.envelope import MAX_CLAIMS, Envelope, Stamp
from iies_tui.domain.serial import Serial

COSE_SIGN1 = 18
HPKE_OVERHEAD = 48
"""Bytes: the 32-byte encapsulated key before the ciphertext, the 16-byte tag at its end."""

MAX_PAYLOAD = MAX_CLAIMS + HPKE_OVERHEAD


def to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """The Sig_structure of RFC 9052 section 4.4, external_aad empty."""
    return canonical.encode(["Signature1", protected, b"", payload])


def assemble(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    """The COSE_Sign1's bytes."""
    return canonical.encode([protected, {}, payload, signature], tag=COSE_SIGN1)


def longest() -> int:
    """Bytes of the largest envelope that can be made: full claims, the last issued-at
    and layout.
    """
    stamp = Stamp(
        issued_at=datetime.fromtimestamp(MAX_IAT, UTC),
        serial=Serial(0, 1),
        mode=Mode.LIVE,
        intent=bytes(16),
        face=bytes(16),
        drawn=Drawn(MAX_LAYOUT, bytes(DIGEST_BYTES), bytes(DIGEST_BYTES)),
    )
    protected = header.encode(bytes(8), bytes(8), stamp)
    return len(assemble(protected, bytes(MAX_PAYLOAD), bytes(64)))


def parse(encoded: bytes, max_bytes: int) -> Envelope:
    """The envelope that these bytes are. Refused ``malformed`` with the layer that is wrong."""
    protected, payload, signature = parse_sign1(encoded, max_bytes)
    kid, recipient, stamp = header.read(_header_map(protected))
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
        found = canonical.decode(protected, max_bytes=len(protected), max_items=64, booleans=True)
    except canonical.NotCanonical as error:
        raise malformed("cbor") from error
    if not isinstance(found, dict):
        raise malformed("cose")
    return found
