"""Which public keys are taken."""

from __future__ import annotations

import hashlib
import os

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from iies_tui.adapters.encoding import ed25519

P = 2**255 - 19
SMALL_ORDER = [
    # The eight points whose order divides 8, and every non-canonical encoding of them that fits
    # 255 bits; from "Taming the Many EdDSAs" (Chalkias et al., 2020), table of section 3.
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]


@pytest.mark.parametrize("encoding", SMALL_ORDER)
def test_small_order_is_refused(encoding: str) -> None:
    assert not ed25519.is_acceptable(bytes.fromhex(encoding))


def test_the_danger_is_real() -> None:
    """With the identity as a key, one signature fits every message: why the list is there."""
    identity, signature = bytes.fromhex(SMALL_ORDER[0]), bytes.fromhex(SMALL_ORDER[0]) + bytes(32)
    accepted = 0
    for message in (b"one", b"two"):
        try:
            Ed25519PublicKey.from_public_bytes(identity).verify(signature, message)
            accepted += 1
        except (InvalidSignature, ValueError):
            continue
    assert accepted in (0, 2)
    assert not ed25519.verify(identity, signature, b"one")


def test_the_small_order_points_are_on_the_curve_and_of_small_order() -> None:
    for y in ed25519.SMALL_ORDER_Y:
        point = _decompress(y)
        for _ in range(3):
            point = _add(point, point)
        assert point == (0, 1)


def _decompress(y: int) -> tuple[int, int]:
    d = -121665 * pow(121666, P - 2, P) % P
    square = (y * y - 1) * pow(d * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert x * x % P == square
    return x, y


def _add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    d = -121665 * pow(121666, P - 2, P) % P
    product = d * a[0] * b[0] * a[1] * b[1] % P
    x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + product, P - 2, P) % P
    y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - product, P - 2, P) % P
    return x, y


@pytest.mark.parametrize("above", range(19))
@pytest.mark.parametrize("sign", [0, 1])
def test_non_canonical_encodings_are_refused(above: int, sign: int) -> None:
    number = (P + above) | sign << 255
    assert not ed25519.is_acceptable(number.to_bytes(32, "little"))


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_other_lengths_are_refused(length: int) -> None:
    assert not ed25519.is_acceptable(bytes([9]) * length)


def test_points_off_the_curve_are_refused() -> None:
    taken = sum(ed25519.is_acceptable(bytes([n]) + bytes(31)) for n in range(2, 100))
    assert 30 < taken < 70


def test_real_keys_are_taken() -> None:
    for _ in range(20):
        private = Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw()
        assert ed25519.is_acceptable(public)
        assert ed25519.verify(public, private.sign(b"m"), b"m")
        assert not ed25519.verify(public, private.sign(b"m"), b"n")
        assert not ed25519.verify(public, private.sign(b"m")[:63], b"m")


def test_a_signature_with_s_beyond_the_order_is_refused() -> None:
    """RFC 8032 section 5.1.7: S + L would be a second signature of the same message."""
    private = Ed25519PrivateKey.generate()
    signature = private.sign(b"m")
    order = 2**252 + 27742317777372353535851937790883648493
    s = int.from_bytes(signature[32:], "little") + order
    other = signature[:32] + s.to_bytes(32, "little")
    assert not ed25519.verify(private.public_key().public_bytes_raw(), other, b"m")


def test_key_id() -> None:
    assert ed25519.key_id(b"k" * 32) == hashlib.sha256(b"k" * 32).digest()[:8]


@pytest.mark.parametrize(
    "number",
    [
        0,
        1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
        P - 1,
        P,
        P + 1,
    ],
)
def test_x25519_small_order_is_refused(number: int) -> None:
    assert not ed25519.is_acceptable_x25519(number.to_bytes(32, "little"))


def test_x25519_keys_are_taken() -> None:
    private = X25519PrivateKey.from_private_bytes(os.urandom(32))
    assert ed25519.is_acceptable_x25519(private.public_key().public_bytes_raw())
    assert not ed25519.is_acceptable_x25519(b"")
