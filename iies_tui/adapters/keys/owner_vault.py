"""What the owner's code is checked against: ``<state>/owner/code.vault`` (``docs/key.md``).

Canonical CBOR map, at most 256 bytes. ``check`` comes from the code by Argon2id with a key made of
the pepper as its secret, so that a copied state directory alone gives no guess; nothing in the file
opens anything.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.keys.derivation import KDF_1, Cost
from iies_tui.adapters.keys.pepper import Pepper
from iies_tui.adapters.machine.files import private_directory, read_private, write_atomically
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.wiping import wipe
from iies_tui.issuance.ports.machine import Chance

DIRECTORY = "owner"
MAX_FILE = 256
KDF = 1
"""The cost ``KDF_1``; no field of the file says how much work or memory to spend."""
_FILE = "code.vault"
_MAGIC, _VERSION, _KDF, _MADE, _PEPPER, _ID, _SALT, _CHECK = range(1, 9)
_SIZES = {_PEPPER: 8, _ID: 8, _SALT: 16, _CHECK: 32}


@dataclass(frozen=True, slots=True)
class _File:
    """``id`` is drawn once and stays when the code is changed: its attempts are counted by it."""

    made: int
    pepper: bytes
    id: bytes
    salt: bytes
    check: bytes

    def to_bytes(self) -> bytes:
        return canonical.encode(
            {
                _MAGIC: "iies-owner",
                _VERSION: 1,
                _KDF: KDF,
                _MADE: self.made,
                _PEPPER: self.pepper,
                _ID: self.id,
                _SALT: self.salt,
                _CHECK: self.check,
            }
        )


class FileOwnerVault:
    """Port ``OwnerVault``. ``cost`` is an argument so that tests need not take a second each."""

    def __init__(self, state: Path, pepper: Pepper, chance: Chance, cost: Cost = KDF_1) -> None:
        self._directory = private_directory(state / DIRECTORY)
        self._path = self._directory / _FILE
        self._pepper_id = pepper.id
        self._chance = chance
        self._cost = cost
        self._secret = HKDF(SHA256(), 32, salt=None, info=b"iies-owner-v1").derive(pepper.value)

    def exists(self) -> bool:
        """True where there is a file, though it may be damaged."""
        return read_private(self._path, MAX_FILE) is not None

    def put(self, code: bytes | bytearray, made: datetime) -> None:
        """Make the code, in place of whatever is there: wholly the old one or wholly the new."""
        try:
            before = self._read()
        except MachineFailed:
            before = None
        salt = self._chance(16)
        check = self._check(code, salt)
        id = before.id if before else self._chance(8)
        file = _File(int(made.timestamp()), self._pepper_id, id, salt, bytes(check))
        write_atomically(self._path, file.to_bytes())

    def fits(self, code: bytes | bytearray) -> bool:
        """Is it this code? About a quarter of a second and 64 MiB.

        Raise Refused ``owner_code_missing``, MachineFailed ``owner_code_damaged`` where the file
        cannot be read or belongs to another pepper.
        """
        file = self._read()
        if file is None:
            raise Refused("owner_code_missing")
        if file.pepper != self._pepper_id:
            raise MachineFailed("owner_code_damaged")
        made = self._check(code, file.salt)
        try:
            return hmac.compare_digest(made, file.check)
        finally:
            wipe(made)

    def _check(self, code: bytes | bytearray, salt: bytes) -> bytearray:
        root, check = bytearray(32), bytearray(32)
        try:
            Argon2id(
                salt=salt,
                length=32,
                iterations=self._cost.passes,
                lanes=self._cost.lanes,
                memory_cost=self._cost.memory,
                secret=self._secret,
            ).derive_into(bytes(code), root)
            HKDF(SHA256(), 32, salt=None, info=b"iies-owner-check-v1").derive_into(root, check)
        finally:
            wipe(root)
        return check

    def _read(self) -> _File | None:
        data = read_private(self._path, MAX_FILE)
        if data is None:
            return None
        try:
            return parse(data)
        except ValueError as error:
            raise MachineFailed("owner_code_damaged") from error


def owner_mark(directory: Path, _name: str) -> str:
    """Eight hexadecimal digits that stand for this terminal's code, however often it is changed.

    They name the count beside the pepper; zeros where there is no whole file.
    """
    data = read_private(directory / _FILE, MAX_FILE)
    try:
        file = parse(data or b"")
    except ValueError:
        return "0" * 8
    return hashlib.sha256(b"iies-owner-mark-v1" + file.id).hexdigest()[:8]


def parse(data: bytes) -> _File:
    """The file's parts, every field of its exact type and size. Raise ValueError."""
    fields = canonical.decode(data, max_bytes=MAX_FILE, max_depth=1)
    if not isinstance(fields, dict) or list(fields) != list(range(_MAGIC, _CHECK + 1)):
        raise ValueError("not the fields of an owner's code")
    made = fields[_MADE]
    if (
        [fields[label] for label in (_MAGIC, _VERSION, _KDF)] != ["iies-owner", 1, KDF]
        or type(made) is not int
        or not 0 <= made < 2**40
    ):
        raise ValueError("a field is out of range")
    values = {}
    for label, size in _SIZES.items():
        value = fields[label]
        if type(value) is not bytes or len(value) != size:
            raise ValueError("a field of another type or size")
        values[label] = value
    return _File(made, values[_PEPPER], values[_ID], values[_SALT], values[_CHECK])
