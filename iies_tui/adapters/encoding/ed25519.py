"""Ed25519 public keys: which are taken, and their ids.

A key of small order verifies one signature over many messages, and a key with a second encoding
would have two ids; both are refused wherever a public key enters. RFC 8032 section 5.1.3 wants
``y < p``; the library alone does not say so for every input.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

P = 2**255 - 19
"""The field's prime."""

_D = -121665 * pow(121666, -1, P) % P
"""The curve's constant (RFC 8032 section 5.1)."""

_ORDER_8_Y = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
"""The y of two points of order 8; the other two have P - y."""
SMALL_ORDER_Y = frozenset({0, 1, P - 1, _ORDER_8_Y, P - _ORDER_8_Y})
"""The y of all eight points whose order divides 8: 1 (order 1), -1 (2), 0 (4), the rest (8)."""


def key_id(public: bytes) -> bytes:
    """The 8-byte id of an Ed25519 or X25519 public key: SHA-256(public)[:8]."""
    return hashlib.sha256(public).digest()[:8]


def is_acceptable(public: bytes) -> bool:
    """True for the canonical encoding of a point on the curve that is not of small order."""
    if len(public) != 32:
        return False
    number = int.from_bytes(public, "little")
    y = number & ((1 << 255) - 1)
    if y >= P or y in SMALL_ORDER_Y:
        return False
    return _on_curve(y)


def _on_curve(y: int) -> bool:
    """True where x² = (y² - 1) / (d·y² + 1) has a root, for y in range.

    A fraction is a square exactly where the product of its two sides is one, which spares the
    inversion; its lower side is never 0, since -1/d is no square.
    """
    square = y * y % P
    return pow((square - 1) * (_D * square + 1) % P, (P - 1) // 2, P) in (0, 1)


def is_acceptable_x25519(public: bytes) -> bool:
    """True for the canonical encoding of an X25519 key that is not of small order (RFC 7748 6.1).

    A key of small order gives the same all-zero secret with every other, which the library refuses.
    """
    if len(public) != 32 or int.from_bytes(public, "little") >= P:
        return False
    try:
        probe = X25519PrivateKey.from_private_bytes(bytes(32))
        probe.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        return False
    return True


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """True where the key is acceptable and the signature is its own over ``message``."""
    key = _accepted(public)
    if key is None or len(signature) != 64:
        return False
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=64)
def _accepted(public: bytes) -> Ed25519PublicKey | None:
    """The key, None where it is not acceptable. Remembered, since a trail's thousands of signatures
    are by few keys, and looking at the point costs four times what a signature does."""
    return Ed25519PublicKey.from_public_bytes(public) if is_acceptable(public) else None
