"""What wipes a secret: KEY, PIN, recovery code and the keys made from them.

Overwritten in place, so that a copy does not stay in freed memory. Bytes that a library or Python
itself has copied are beyond this; those end with the process (``docs/key.md``).
"""

from __future__ import annotations


def wipe(secret: bytearray) -> None:
    """Zeros over every byte; the length stays."""
    secret[:] = bytes(len(secret))
