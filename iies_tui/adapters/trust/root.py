"""An authority's root: fingerprint in digits and words, succession (``docs/bundle.md``)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from mnemonic import Mnemonic

from iies_tui.adapters.encoding import cbor as canonical, ed25519
from iies_tui.domain.authority import Succession

SUCCESSION = "iies-root-succession-v1"


def fingerprint(root: bytes) -> str:
    """SHA-256 of the root's public key, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(root).hexdigest()


def root_words(root: bytes) -> str:
    """The fingerprint's first 16 bytes as twelve English words (BIP 39's list and checksum)."""
    return Mnemonic("english").to_mnemonic(hashlib.sha256(root).digest()[:16])


def succeed(old: bytes, new: bytes, sign: Callable[[bytes], bytes]) -> Succession:
    """The old root's signature over both; ``sign`` is the old root's."""
    return Succession(old, new, sign(succession_message(old, new)))


def succession_message(old: bytes, new: bytes) -> bytes:
    """What an old root signs."""
    return canonical.encode([SUCCESSION, old, new])


def is_authentic(link: Succession) -> bool:
    """True where the old root signed it and the new one is a key that is taken."""
    message = succession_message(link.old, link.new)
    return ed25519.is_acceptable(link.new) and ed25519.verify(link.old, link.signature, message)


def leads_to(pinned: bytes, links: Iterable[Succession], root: bytes) -> bool:
    """True where the pinned root is ``root`` or signs it, over any number of successions."""
    for link in links:
        if link.old == pinned:
            pinned = link.new
    return pinned == root
