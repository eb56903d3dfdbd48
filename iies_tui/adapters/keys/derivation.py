"""KEY and PIN to keys (``docs/key.md``).

``kdf 1``: ``root = Argon2id(password = PIN, salt = SHA-256("iies-root-v1" ‖ license)[:16],
secret = KEY, m = 65536 KiB, t = 3, p = 1)``, 32 bytes; then ``HKDF-SHA256(root, salt = none, info =
purpose)``, 32 bytes for each purpose. The KEY is Argon2's secret parameter, so that a guess at the
short PIN is worth nothing without it. The root and the purposes' keys live in ``bytearray``s that
are wiped; the library keeps the signing key, and takes KEY and PIN as ``bytes``: what is left of
those ends with the session process, which sign-off kills.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from iies_tui.adapters.encoding.ed25519 import key_id
from iies_tui.domain.errors import Refused
from iies_tui.domain.issuer import normalize_license
from iies_tui.domain.wiping import wipe

SALT_LABEL = b"iies-root-v1"
SIGN = b"iies-sign-v1"
REGISTER_WRAP = b"iies-register-wrap-v1"


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id's cost: memory in KiB, passes, lanes. Other than the default in tests only."""

    memory: int = 64 * 1024
    passes: int = 3
    lanes: int = 1


KDF_1 = Cost()


class DerivedKeys:
    """Port ``IssuerKeys``, from one root. They end with the session process."""

    def __init__(self, root: bytearray) -> None:
        """Take the 32-byte root and wipe it."""
        seed, self._wrap = bytearray(32), bytearray(32)
        try:
            for purpose, into in ((SIGN, seed), (REGISTER_WRAP, self._wrap)):
                HKDF(SHA256(), 32, salt=None, info=purpose).derive_into(root, into)
            self._private = Ed25519PrivateKey.from_private_bytes(seed)
        finally:
            wipe(root)
            wipe(seed)
        self._public = self._private.public_key().public_bytes_raw()

    @property
    def kid(self) -> bytes:
        """SHA-256(public)[:8]."""
        return key_id(self._public)

    @property
    def public(self) -> bytes:
        """The 32-byte Ed25519 public key."""
        return self._public

    def sign(self, message: bytes) -> bytes:
        """64-byte Ed25519 signature (RFC 8032, pure)."""
        return self._private.sign(message)

    def register_wrap_key(self) -> bytes:
        """32 bytes under which the register's random key is wrapped."""
        return bytes(self._wrap)


class Argon2Derivation:
    """Port ``Derivation``. ``cost`` is an argument so that tests need not take a second each."""

    def __init__(self, cost: Cost = KDF_1) -> None:
        self._cost = cost

    def derive(
        self, license: str, key: bytes | bytearray, pin: bytes | bytearray, kdf: int = 1
    ) -> DerivedKeys:
        """The keys of one issuer; about a quarter of a second and 64 MiB.

        ``license`` is taken in upper case and NFC; ``key`` and ``pin`` are NFC UTF-8 and count
        byte for byte. They are left to the caller to wipe. Refused ``kdf_unknown`` for a kdf that
        this version does not know.
        """
        if kdf != 1:
            raise Refused("kdf_unknown", kdf=kdf)
        return DerivedKeys(argon2_root(license, key, pin, self._cost))


def argon2_root(
    license: str, key: bytes | bytearray, pin: bytes | bytearray, cost: Cost = KDF_1
) -> bytearray:
    """The 32-byte root of ``kdf 1``; the caller wipes it."""
    name = normalize_license(license).encode()
    salt = hashlib.sha256(SALT_LABEL + name).digest()[:16]
    root = bytearray(32)
    Argon2id(
        salt=salt,
        length=32,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory,
        # The library takes only bytes here; the copies end with the session process, as the
        # library's own do.
        secret=bytes(key),
    ).derive_into(bytes(pin), root)
    return root
