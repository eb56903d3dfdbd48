"""KEY and PIN to keys: known answers of every primitive, and our own locked values."""

from __future__ import annotations

import hashlib
import hmac

import cryptography_vectors
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from iies_tui.adapters.encoding import ed25519
from iies_tui.adapters.keys.derivation import Argon2Derivation, Cost, DerivedKeys, argon2_root
from iies_tui.domain.errors import Refused

KEY = b"7QK2M9XDW4HTB5RVN8CJ3PGF6YL1S0ZAEU42"
PIN = b"48151623"


def _blocks(path: str) -> list[dict[str, str]]:
    """``NAME = value`` lines of a vector file, a block for each ``COUNT``."""
    blocks: list[dict[str, str]] = []
    with cryptography_vectors.open_vector_file(path, "r") as file:
        for line in file:
            name, equals, value = (part.strip() for part in line.partition("="))
            if name == "COUNT":
                blocks.append({})
            elif equals and not line.startswith("#"):
                blocks[-1][name.lower()] = value
    return blocks


def test_argon2id_known_answer_of_rfc_9106() -> None:
    """RFC 9106 section 5.3, with the secret parameter that our KEY goes into."""
    out = bytearray(32)
    Argon2id(
        salt=bytes([2] * 16),
        length=32,
        iterations=3,
        lanes=4,
        memory_cost=32,
        secret=bytes([3] * 8),
        ad=bytes([4] * 12),
    ).derive_into(bytes([1] * 32), out)
    expected = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
    assert out.hex() == expected


def test_hkdf_known_answers_of_rfc_5869() -> None:
    blocks = _blocks("KDF/rfc-5869-HKDF-SHA256.txt")
    assert len(blocks) == 3
    for block in blocks:
        hkdf = HKDF(
            SHA256(),
            len(block["okm"]) // 2,
            salt=bytes.fromhex(block.get("salt", "")),
            info=bytes.fromhex(block.get("info", "")),
        )
        assert hkdf.derive(bytes.fromhex(block["ikm"])).hex() == block["okm"]


def test_ed25519_known_answers_of_rfc_8032() -> None:
    """The first 200 of the 1,024 lines that RFC 8032 took its examples from."""
    with cryptography_vectors.open_vector_file("asymmetric/Ed25519/sign.input", "r") as file:
        for _, line in zip(range(200), file, strict=False):
            secret, public, message, signed, _ = line.split(":")
            private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret[:64]))
            assert private.public_key().public_bytes_raw().hex() == public
            signature = private.sign(bytes.fromhex(message))
            assert signature.hex() == signed[:128]
            assert ed25519.verify(bytes.fromhex(public), signature, bytes.fromhex(message))


def test_kdf_1_is_locked() -> None:
    """Cards out in the world hang on these values; they never change."""
    keys = Argon2Derivation().derive("PC-000001", KEY, PIN)
    assert keys.public.hex() == LOCKED["public"]
    assert keys.kid.hex() == LOCKED["kid"] == hashlib.sha256(keys.public).hexdigest()[:16]
    assert keys.register_wrap_key().hex() == LOCKED["wrap"]


LOCKED = {
    "public": "dfa52b4d8564d24e603b8e212172a1f1ec40508034d622ac4b8d8e06274c4be4",
    "kid": "7ae583199bbc005c",
    "wrap": "7aad3e57d3193443faa904fdae54264fe6b00282d7ab77095c508a21aab3db80",
}


def test_purposes_are_hkdf_of_the_root_by_another_way() -> None:
    """HKDF written out with hmac: extract with 32 zero bytes, one block of expand."""
    root = argon2_root("PC-000001", KEY, PIN, Cost(memory=64, passes=1))
    pseudo_random = hmac.digest(bytes(32), root, "sha256")
    keys = DerivedKeys(bytearray(root))
    assert keys.register_wrap_key() == hmac.digest(
        pseudo_random, b"iies-register-wrap-v1\x01", "sha256"
    )
    seed = hmac.digest(pseudo_random, b"iies-sign-v1\x01", "sha256")
    assert keys.public == Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def test_each_input_counts(cheap: Argon2Derivation) -> None:
    kids = {
        cheap.derive(license, key, pin).kid
        for license, key, pin in (
            ("PC-000001", KEY, PIN),
            ("PC-000002", KEY, PIN),
            ("PC-000001", KEY[::-1], PIN),
            ("PC-000001", KEY, PIN[::-1]),
            ("PC-000001", KEY, PIN + b"\n"),
        )
    }
    assert len(kids) == 5


def test_license_is_upper_cased_and_nothing_else_is(cheap: Argon2Derivation) -> None:
    assert (
        cheap.derive("pc-000001", KEY, b"abcd").kid == cheap.derive("PC-000001", KEY, b"abcd").kid
    )
    assert (
        cheap.derive("PC-000001", KEY, b"ABCD").kid != cheap.derive("PC-000001", KEY, b"abcd").kid
    )


def test_takes_bytearrays_and_leaves_them(cheap: Argon2Derivation) -> None:
    key, pin = bytearray(KEY), bytearray(PIN)
    assert cheap.derive("PC-000001", key, pin).kid == cheap.derive("PC-000001", KEY, PIN).kid
    assert (bytes(key), bytes(pin)) == (KEY, PIN)


def test_the_root_is_wiped() -> None:
    root = bytearray(range(32))
    DerivedKeys(root)
    assert root == bytes(32)


def test_unknown_kdf_is_refused(cheap: Argon2Derivation) -> None:
    with pytest.raises(Refused) as refused:
        cheap.derive("PC-000001", KEY, PIN, kdf=2)
    assert refused.value.code == "kdf_unknown"


@pytest.fixture
def cheap() -> Argon2Derivation:
    return Argon2Derivation(Cost(memory=64, passes=1))
