"""The open profile: claims, encrypted, signed, carried as digits (``docs/envelope.md``).

Port ``BarcodeProfile``; found by ``adapters.barcode.profiles`` under the name ``open-1``.
"""

from __future__ import annotations

from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from iies_tui.adapters.barcode import claims, envelope, header
from iies_tui.adapters.barcode.values import malformed
from iies_tui.adapters.encoding import cbor as canonical, ed25519
from iies_tui.domain.bundle import Recipient
from iies_tui.domain.card import CardFacts
from iies_tui.domain.envelope import Envelope, Stamp
from iies_tui.domain.errors import Refused
from iies_tui.domain.trail import Checkpoint, TrailRow
from iies_tui.issuance.ports.keys import IssuerKeys

NAME = "open-1"
INFO = b"iies-card-v1"
CHECKPOINT = "iies-checkpoint-v1"

MAX_ENVELOPE = envelope.longest()
MAX_DIGITS = len(str(int.from_bytes(b"\x01" + b"\xff" * MAX_ENVELOPE, "big")))
"""Digits of the largest envelope; what is longer is refused before it is converted."""


def _suite() -> Suite:
    """HPKE (RFC 9180) base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM."""
    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class OpenProfile:
    """Port ``BarcodeProfile``: our own open format."""

    name = NAME

    def check_claims(self, facts: CardFacts) -> None:
        """Refused ``claims_too_long``, with the field to shorten, past ``MAX_CLAIMS`` bytes."""
        claims.check_size(facts, claims.encode(facts))

    def seal(self, facts: CardFacts, stamp: Stamp, keys: IssuerKeys, to: Recipient) -> Envelope:
        """Encrypt to the authority, then sign. Refused ``claims_too_long`` with the field.

        Raise ValueError for a stamp without ``drawn``.
        """
        encoded = claims.encode(facts)
        claims.check_size(facts, encoded)
        protected = header.encode(keys.kid, to.id, stamp)
        try:
            public = X25519PublicKey.from_public_bytes(to.public)
            payload = _suite().encrypt(encoded, public, INFO + protected)
        except ValueError as error:
            raise Refused("recipient_unusable") from error
        signature = keys.sign(envelope.to_be_signed(protected, payload))
        whole = envelope.assemble(protected, payload, signature)
        return envelope.parse(whole, MAX_ENVELOPE)

    def digits(self, sealed: Envelope) -> str:
        """The decimal text that the symbol carries: the integer of 0x01 ‖ COSE."""
        return str(int.from_bytes(b"\x01" + sealed.encoded, "big"))

    def read(self, digits: str) -> Envelope:
        """Parse the one encoding that is accepted.

        Refused ``malformed`` with ``layer`` ``digits``, ``length``, or one of ``envelope``'s.
        """
        if not digits or len(digits) > MAX_DIGITS:
            raise malformed("length")
        if not (digits.isascii() and digits.isdigit()) or digits[0] == "0":
            raise malformed("digits")
        number = int(digits)
        data = number.to_bytes((number.bit_length() + 7) // 8, "big")
        if data[0] != 1:
            raise malformed("digits")
        return envelope.parse(data[1:], MAX_ENVELOPE)

    def authentic(self, sealed: Envelope, public: bytes) -> bool:
        """True where the signature is that of the public key whose id the envelope names."""
        return ed25519.key_id(public) == sealed.kid and ed25519.verify(
            public, sealed.signature, envelope.to_be_signed(sealed.protected, sealed.payload)
        )

    def open(self, sealed: Envelope, private: bytes) -> Mapping[str, object]:
        """The claims by their names. ``private`` is the authority's 32-byte X25519 key.

        Refused ``claims_not_opened`` where this key does not open them, ``claims_malformed``
        where what it opens is no card.
        """
        try:
            key = X25519PrivateKey.from_private_bytes(private)
            plain = _suite().decrypt(sealed.payload, key, INFO + sealed.protected)
        except (InvalidTag, ValueError) as error:
            raise Refused("claims_not_opened") from error
        return claims.decode(plain)

    def sign_checkpoint(self, row: TrailRow, keys: IssuerKeys) -> Checkpoint:
        """The issuer's signature over a trail row's number and hash.

        COSE_Sign1 over ``["iies-checkpoint-v1", seq, hash]``; protected header
        ``{1: -19, 4: kid, 15: {6: the row's time}}``.
        """
        protected = canonical.encode(
            {
                header.ALG: header.ED25519,
                header.KID: keys.kid,
                header.CWT: {header.IAT: int(row.time.timestamp())},
            }
        )
        payload = canonical.encode([CHECKPOINT, row.seq, row.hash])
        signature = keys.sign(envelope.to_be_signed(protected, payload))
        return Checkpoint(row.seq, keys.kid, envelope.assemble(protected, payload, signature))

    def checkpoint_authentic(self, checkpoint: Checkpoint, row_hash: bytes, public: bytes) -> bool:
        """True where the checkpoint is that key's, over that row number and hash."""
        try:
            protected, payload, signature = envelope.parse_sign1(checkpoint.signed, 1024)
            told = canonical.decode(protected, max_bytes=64, booleans=True)
        except (Refused, canonical.NotCanonical):
            return False
        if not isinstance(told, dict) or set(told) != {
            header.ALG,
            header.KID,
            header.CWT,
        }:
            return False
        return (
            told[header.ALG] == header.ED25519
            and told[header.KID] == checkpoint.kid == ed25519.key_id(public)
            and payload == canonical.encode([CHECKPOINT, checkpoint.seq, row_hash])
            and ed25519.verify(public, signature, envelope.to_be_signed(protected, payload))
        )
