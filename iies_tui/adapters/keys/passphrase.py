"""What an office seals by a passphrase of its own: an authority's keys, a backup.

AES-256-GCM-SIV under ``Argon2id(passphrase, salt, 64 MiB, t = 3, p = 1)``, 32 bytes. The cost is
the format's and is never read from a file, so that a hostile file costs no more.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from iies_tui.adapters.keys.derivation import Cost


def cipher(passphrase: bytes, salt: bytes, cost: Cost) -> AESGCMSIV:
    """The cipher; ``salt`` has 16 random bytes, new with each sealing."""
    key = Argon2id(
        salt=salt,
        length=32,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory,
    ).derive(passphrase)
    return AESGCMSIV(key)
