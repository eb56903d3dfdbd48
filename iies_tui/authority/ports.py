"""What the authority's use cases need of the world, beside ``issuance.ports``."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from iies_tui.domain.authority import AuthorityRecord
from iies_tui.domain.bundle import Bundle


class AuthorityKeys(Protocol):
    """The root and the decryption keys, alive while one command runs."""

    @property
    def sealed(self) -> bytes:
        """Their sealed form, as the store keeps it beside the record."""

    def sign(self, message: bytes) -> bytes:
        """The root's 64-byte Ed25519 signature."""

    def sign_bundle(self, bundle: Bundle, record: AuthorityRecord) -> bytes:
        """The bundle file's bytes, the record's succession with them."""

    def private(self, recipient: bytes) -> bytes | None:
        """The 32-byte X25519 key of that 8-byte id, None where it is not ours."""


class AuthorityStore(Protocol):
    """One authority's directory."""

    def create(self, name: str, training: bool, created: datetime, passphrase: bytes) -> None:
        """New root and decryption key. Refused ``authority_exists``."""

    def record(self) -> AuthorityRecord:
        """What is on record, its signature checked. Refused ``no_authority``."""

    def unlock(self, passphrase: bytes) -> AuthorityKeys:
        """Refused ``passphrase_wrong``."""

    def save(self, record: AuthorityRecord, keys: AuthorityKeys) -> None:
        """Replace the record, signed anew; on disk on return."""

    def roll_root(self, passphrase: bytes) -> AuthorityRecord:
        """A new root that the old one signs; sealed, recorded, on disk on return."""
