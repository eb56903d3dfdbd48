"""HPKE base mode written out (RFC 9180 sections 4.1, 5.1, 5.2), with a chosen ephemeral key.

Tests only: it makes vectors that come out the same each time, and checks the library by another
way. DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
"""

from __future__ import annotations

import hmac

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEM_SUITE = b"KEM" + (32).to_bytes(2, "big")
SUITE = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (32, 1, 2))


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    assert length <= 32
    text = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, text + b"\x01", "sha256")[:length]


def seal(plain: bytes, public: bytes, info: bytes, ephemeral: bytes, aad: bytes = b"") -> bytes:
    """enc ‖ ct; ``ephemeral`` is the sender's 32-byte X25519 private key."""
    mine = X25519PrivateKey.from_private_bytes(ephemeral)
    enc = mine.public_key().public_bytes_raw()
    shared = mine.exchange(X25519PublicKey.from_public_bytes(public))
    pseudo_random = _extract(KEM_SUITE, b"", b"eae_prk", shared)
    secret = _expand(KEM_SUITE, pseudo_random, b"shared_secret", enc + public, 32)
    context = (
        b"\x00"
        + _extract(SUITE, b"", b"psk_id_hash", b"")
        + _extract(SUITE, b"", b"info_hash", info)
    )
    key_secret = _extract(SUITE, secret, b"secret", b"")
    key = _expand(SUITE, key_secret, b"key", context, 32)
    nonce = _expand(SUITE, key_secret, b"base_nonce", context, 12)
    return enc + AESGCM(key).encrypt(nonce, plain, aad)
