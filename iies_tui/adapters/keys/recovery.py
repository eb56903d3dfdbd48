"""From the recovery code to the key that wraps a register's key (docs/key.md).

``HKDF-SHA256(code, no salt, info = "iies-recovery-v1" ‖ license)``, 32 bytes. The code has 160
random bits, so no guessing reaches it and nothing needs to slow a guess down.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LABEL = b"iies-recovery-v1"


def recovery_key(license: str, code: bytes | bytearray) -> bytes:
    """32 bytes for one license and the 20 bytes of its recovery code."""
    return HKDF(SHA256(), 32, salt=None, info=LABEL + license.encode()).derive(bytes(code))
