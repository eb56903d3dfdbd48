"""An authority's directory: its record and its sealed keys in one file (``docs/bundle.md``).

``authority.iies`` is a COSE_Sign1 by the root, like a bundle, over a deterministic CBOR map that
holds the record and, under label 20, the sealed keys; one file, so that whatever dies in between
leaves wholly the old or wholly the new. The keys are sealed as ``passphrase`` says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from iies_tui.adapters.encoding import cbor as canonical, ed25519
from iies_tui.adapters.keys.derivation import KDF_1, Cost
from iies_tui.adapters.keys.passphrase import cipher
from iies_tui.adapters.machine import files
from iies_tui.adapters.trust import bundle_format as F  # noqa: N812  # labels, by one letter
from iies_tui.adapters.trust.bundle_reader import Reader, open_map
from iies_tui.adapters.trust.root import succeed
from iies_tui.domain.authority import AuthorityRecord
from iies_tui.domain.bundle import Bundle, Recipient
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.issuance.ports.machine import Chance

FILE = "authority.iies"
FORMAT_NAME = "iies-authority-v1"
AAD = b"iies-authority-keys-v1"
SEALED = 20
SALT, NONCE = 16, 12
MAX_FILE = F.MAX_BUNDLE


class Unlocked(Protocol):
    """What saving needs of the port ``AuthorityKeys``, which adapters may not import."""

    @property
    def sealed(self) -> bytes: ...

    def sign(self, message: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class UnlockedKeys:
    """Port ``AuthorityKeys``. ``sealed`` is their sealed form, to be kept with a new record."""

    root_key: Ed25519PrivateKey
    recipient_keys: tuple[X25519PrivateKey, ...]
    sealed: bytes

    @property
    def root(self) -> bytes:
        """The root's 32-byte public key."""
        return self.root_key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The root's 64-byte Ed25519 signature."""
        return self.root_key.sign(message)

    def sign_bundle(self, bundle: Bundle, record: AuthorityRecord) -> bytes:
        """The bundle file's bytes."""
        return F.sign(F.SignedBundle(bundle, record.succession), self.sign)

    def private(self, recipient: bytes) -> bytes | None:
        """The X25519 private key of that id."""
        for key in self.recipient_keys:
            if ed25519.key_id(key.public_key().public_bytes_raw()) == recipient:
                return key.private_bytes_raw()
        return None


class AuthorityDirectory:
    """Port ``AuthorityStore``. ``cost`` is other than the format's in tests only."""

    def __init__(self, directory: Path, chance: Chance, cost: Cost = KDF_1) -> None:
        self._path = directory / FILE
        self._chance = chance
        self._cost = cost

    def create(self, name: str, training: bool, created: datetime, passphrase: bytes) -> None:
        """New root and decryption key. Refused ``authority_exists``."""
        files.private_directory(self._path.parent)
        if self._path.exists():
            raise Refused("authority_exists", path=str(self._path.parent))
        root = Ed25519PrivateKey.from_private_bytes(self._chance(32))
        recipient = X25519PrivateKey.from_private_bytes(self._chance(32))
        keys = self._seal(root, (recipient,), passphrase)
        public = recipient.public_key().public_bytes_raw()
        record = AuthorityRecord(
            name=name,
            training=training,
            created=created,
            version=0,
            root=keys.root,
            recipients=(Recipient(ed25519.key_id(public), public),),
        )
        self._write(record, keys.sealed, root.sign)

    def record(self) -> AuthorityRecord:
        """What is on record, its signature checked. Refused ``no_authority``."""
        return self._read()[0]

    def unlock(self, passphrase: bytes) -> UnlockedKeys:
        """Refused ``passphrase_wrong``; MachineFailed ``authority_damaged``."""
        record, sealed = self._read()
        if len(sealed) <= SALT + NONCE:
            raise self._damaged()
        salt, nonce, box = sealed[:SALT], sealed[SALT : SALT + NONCE], sealed[SALT + NONCE :]
        try:
            plain = cipher(passphrase, salt, self._cost).decrypt(nonce, box, AAD)
        except InvalidTag as error:
            raise Refused("passphrase_wrong") from error
        keys = _from_plain(canonical.decode(plain, max_bytes=4096), sealed)
        if keys is None or keys.root != record.root:
            # Somebody put another record, signed by a root of his own, beside our keys.
            raise self._damaged()
        return keys

    def save(self, record: AuthorityRecord, keys: Unlocked) -> None:
        """Replace the record, signed anew; on disk on return."""
        self._write(record, keys.sealed, keys.sign)

    def roll_root(self, passphrase: bytes) -> AuthorityRecord:
        """A new root that the old one signs; sealed and recorded in one step."""
        old = self.unlock(passphrase)
        root = Ed25519PrivateKey.from_private_bytes(self._chance(32))
        keys = self._seal(root, old.recipient_keys, passphrase)
        before = self.record()
        link = succeed(old.root, keys.root, old.root_key.sign)
        record = replace(before, root=keys.root, succession=(*before.succession, link))
        self._write(record, keys.sealed, root.sign)
        return record

    def _seal(
        self, root: Ed25519PrivateKey, recipients: tuple[X25519PrivateKey, ...], passphrase: bytes
    ) -> UnlockedKeys:
        salt, nonce = self._chance(SALT), self._chance(NONCE)
        plain = canonical.encode(
            [root.private_bytes_raw(), *(one.private_bytes_raw() for one in recipients)]
        )
        box = cipher(passphrase, salt, self._cost).encrypt(nonce, plain, AAD)
        return UnlockedKeys(root, recipients, salt + nonce + box)

    def _write(
        self, record: AuthorityRecord, sealed: bytes, sign: Callable[[bytes], bytes]
    ) -> None:
        content: dict[int, object] = {
            F.FORMAT: FORMAT_NAME,
            F.VERSION: record.version,
            F.ISSUED: F.seconds(record.created),
            F.TRAINING: record.training,
            F.AUTHORITY: record.name,
            F.ROOT: record.root,
            F.RECIPIENTS: [[one.id, one.public] for one in record.recipients],
            F.ISSUERS: [F.issuer_row(one) for one in record.issuers],
            F.REVOCATIONS: [F.revocation_row(one) for one in record.revocations],
            F.SUCCESSION: F.succession_rows(record.succession),
            SEALED: sealed,
        }
        files.remove_leftovers(self._path)
        files.write_atomically(self._path, F.sign_map(content, record.root, sign))

    def _read(self) -> tuple[AuthorityRecord, bytes]:
        data = files.read_private(self._path, MAX_FILE)
        if data is None:
            raise Refused("no_authority", path=str(self._path.parent))
        try:
            return _parse(open_map(data))
        except Refused as error:
            raise self._damaged() from error

    def _damaged(self) -> MachineFailed:
        return MachineFailed("authority_damaged", path=str(self._path))


def _from_plain(secrets: object, sealed: bytes) -> UnlockedKeys | None:
    """The keys from ``[root seed, X25519 private keys …]``, 32 bytes each."""
    if not isinstance(secrets, list) or not secrets:
        return None
    octets = [one for one in secrets if isinstance(one, bytes) and len(one) == 32]
    if len(octets) != len(secrets):
        return None
    root = Ed25519PrivateKey.from_private_bytes(octets[0])
    recipients = tuple(X25519PrivateKey.from_private_bytes(one) for one in octets[1:])
    return UnlockedKeys(root, recipients, sealed)


def _parse(content: dict[Any, Any]) -> tuple[AuthorityRecord, bytes]:
    reader = Reader(content)
    reader.expect(F.FORMAT, FORMAT_NAME)
    record = AuthorityRecord(
        name=reader.name(F.AUTHORITY, "authority"),
        training=reader.flag(F.TRAINING, "training"),
        created=reader.moment(F.ISSUED, "issued"),
        version=reader.number(F.VERSION, "version", 0, 2**32 - 1),
        root=reader.root(F.ROOT),
        recipients=reader.recipients(F.RECIPIENTS),
        issuers=reader.issuers(F.ISSUERS),
        revocations=reader.revocations(F.REVOCATIONS),
        succession=reader.succession(F.SUCCESSION),
    )
    sealed = reader.octets(SEALED, "sealed")
    reader.end()
    return record, sealed
