"""The sealed KEYs, one file an issuer: ``<state>/issuers/<license>.vault`` (docs/key.md).

Canonical CBOR map, at most 512 bytes. The KEY is sealed with AES-256-GCM-SIV (RFC 8452) under a
key derived from the pepper; everything else in the file is the associated data, so that no field
can be changed by somebody without the pepper. GCM-SIV, because a state directory that is put back
must not turn a repeated nonce into a disclosed KEY.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.keys.pepper import Pepper
from iies_tui.adapters.machine.files import (
    failed,
    file_stem,
    flush_directory,
    private_directory,
    read_private,
    write_atomically,
)
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.issuer import IssuerOnTerminal, is_license
from iies_tui.issuance.ports.machine import Chance

MAX_FILE = 512
KDF = 1
KEY_LENGTH = 36
Value = TypeVar("Value", str, int, bytes)
_MAGIC, _VERSION, _LICENSE, _KDF, _ADDED, _PEPPER, _NONCE, _SEALED, _TAIL, _KID = range(1, 11)


@dataclass(frozen=True, slots=True)
class _File:
    """The parts of one vault file; ``kid`` is empty until the issuer is enrolled."""

    license: str
    kdf: int
    added: int
    pepper: bytes
    nonce: bytes
    sealed: bytes
    tail: str
    kid: bytes

    def header(self) -> dict[int, object]:
        fields: dict[int, object] = {
            _MAGIC: "iies-vault",
            _VERSION: 1,
            _LICENSE: self.license,
            _KDF: self.kdf,
            _ADDED: self.added,
            _PEPPER: self.pepper,
            _NONCE: self.nonce,
            _TAIL: self.tail,
        }
        if self.kid:
            fields[_KID] = self.kid
        return fields

    def to_bytes(self) -> bytes:
        return canonical.encode({**self.header(), _SEALED: self.sealed})


class FileVault:
    """Port ``Vault``. Holds a key derived from the pepper; lives in the session process."""

    def __init__(self, state: Path, pepper: Pepper, chance: Chance) -> None:
        self._directory = private_directory(state / "issuers")
        self._pepper_id = pepper.id
        self._chance = chance
        wrap = HKDF(SHA256(), 32, salt=None, info=b"iies-vault-v1").derive(pepper.value)
        self._cipher = AESGCMSIV(wrap)

    def issuers(self) -> tuple[IssuerOnTerminal, ...]:
        """All issuers whose files are whole, by license; see ``damaged``."""
        found = [self._whole(path) for path in self._paths()]
        return tuple(_summary(file) for file in found if file is not None)

    def damaged(self) -> tuple[str, ...]:
        """Licenses whose file cannot be read: ``add`` takes their KEY again."""
        return tuple(_license_of(path) for path in self._paths() if self._whole(path) is None)

    def under_another_pepper(self) -> tuple[str, ...]:
        """Licenses whose KEY this terminal cannot unseal: another machine's, or a lost pepper."""
        found = [self._whole(path) for path in self._paths()]
        return tuple(
            file.license for file in found if file is not None and file.pepper != self._pepper_id
        )

    def add(self, license: str, key: bytes | bytearray, added: datetime) -> IssuerOnTerminal:
        """Seal the KEY. Raise Refused ``issuer_exists`` where the license is here already."""
        if self._whole(self._path(license)) is not None:
            raise Refused("issuer_exists", license=license)
        return self.put(license, key, added, None)

    def put(
        self, license: str, key: bytes | bytearray, added: datetime, kid: bytes | None
    ) -> IssuerOnTerminal:
        """Seal the KEY in place of whatever is there: wholly the old file or wholly the new."""
        draft = _File(
            license=license,
            kdf=KDF,
            added=int(added.timestamp()),
            pepper=self._pepper_id,
            nonce=self._chance(12),
            sealed=b"",
            tail=bytes(key[-5:]).decode("ascii"),
            kid=kid or b"",
        )
        return self._seal(draft, key)

    def unseal(self, license: str) -> bytearray:
        """The KEY; the caller wipes it. Raise Refused ``no_such_issuer``, MachineFailed."""
        file = self._read(self._path(license))
        if file is None:
            raise Refused("no_such_issuer", license=license)
        if file.pepper != self._pepper_id:
            raise MachineFailed("pepper_differs", license=license)
        try:
            return bytearray(
                self._cipher.decrypt(file.nonce, file.sealed, canonical.encode(file.header()))
            )
        except InvalidTag as error:
            raise MachineFailed("vault_damaged", license=license) from error

    def enrol(self, license: str, kid: bytes) -> None:
        """Store the key id, sealing anew under a fresh nonce."""
        key = self.unseal(license)
        try:
            file = self._read(self._path(license))
            if file is not None:
                self._seal(replace(file, kid=kid, nonce=self._chance(12)), key)
        finally:
            key[:] = bytes(len(key))

    def remove(self, license: str) -> None:
        """Overwrite and remove the sealed KEY."""
        path = self._path(license)
        try:
            with path.open("r+b") as file:
                file.write(bytes(MAX_FILE))
                os.fsync(file.fileno())
            path.unlink()
            flush_directory(self._directory)
        except OSError as error:
            raise failed(error, path) from error

    def _seal(self, file: _File, key: bytes | bytearray) -> IssuerOnTerminal:
        sealed = self._cipher.encrypt(file.nonce, bytes(key), canonical.encode(file.header()))
        whole = replace(file, sealed=sealed)
        write_atomically(self._path(file.license), whole.to_bytes())
        return _summary(whole)

    def _path(self, license: str) -> Path:
        return self._directory / f"{file_stem(license)}.vault"

    def _read(self, path: Path) -> _File | None:
        data = read_private(path, MAX_FILE)
        if data is None:
            return None
        try:
            file = parse(data)
        except ValueError as error:
            raise MachineFailed("vault_damaged", license=_license_of(path)) from error
        if self._path(file.license) != path:
            raise MachineFailed("vault_damaged", license=_license_of(path))
        return file

    def _whole(self, path: Path) -> _File | None:
        try:
            return self._read(path)
        except MachineFailed as error:
            if error.code not in ("vault_damaged", "file_too_large"):
                raise
            return None

    def _paths(self) -> list[Path]:
        return sorted(self._directory.glob("*.vault"))


def _license_of(path: Path) -> str:
    """The license that ``file_stem`` made this name of."""
    return path.stem.replace("+", "/")


def key_mark(directory: Path, license: str) -> str:
    """Eight hexadecimal digits that stand for one sealing of a KEY, read without the pepper.

    The same for as long as that KEY stays on a terminal; zeros where there is no whole vault.
    """
    data = read_private(directory / f"{file_stem(license)}.vault", MAX_FILE)
    try:
        file = parse(data or b"")
    except ValueError:
        return "0" * 8
    told = canonical.encode([file.license, file.added, file.tail])
    return hashlib.sha256(b"iies-key-mark-v1" + told).hexdigest()[:8]


def parse(data: bytes) -> _File:
    """A vault file's parts, every field of its exact type and size. Raise ValueError.

    No field says how much work or memory to spend: ``kdf`` is the number of a fixed parameter set.
    """
    if len(data) > MAX_FILE:
        raise ValueError("too large")
    fields = canonical.decode(data, max_bytes=MAX_FILE, max_depth=1)
    if not isinstance(fields, dict) or not set(range(1, 10)) <= set(fields) <= set(range(1, 11)):
        raise ValueError("not a vault")
    file = _File(
        license=_typed(fields[_LICENSE], str),
        kdf=_typed(fields[_KDF], int),
        added=_typed(fields[_ADDED], int),
        pepper=_typed(fields[_PEPPER], bytes),
        nonce=_typed(fields[_NONCE], bytes),
        sealed=_typed(fields[_SEALED], bytes),
        tail=_typed(fields[_TAIL], str),
        kid=_typed(fields.get(_KID, b""), bytes),
    )
    sizes = (len(file.pepper), len(file.nonce), len(file.sealed), len(file.tail))
    if (
        fields[_MAGIC] != "iies-vault"
        or fields[_VERSION] != 1
        or file.kdf != KDF
        or not is_license(file.license)
        or sizes != (8, 12, KEY_LENGTH + 16, 5)
        or len(file.kid) not in (0, 8)
        or (_KID in fields and not file.kid)
        or not 0 <= file.added < 2**40
        or not (file.tail.isascii() and file.tail.isprintable())
    ):
        raise ValueError("a field is out of range")
    return file


def _typed(value: object, kind: type[Value]) -> Value:
    if type(value) is not kind:
        raise ValueError("a field of another type")
    return value


def _summary(file: _File) -> IssuerOnTerminal:
    return IssuerOnTerminal(
        license=file.license,
        key_tail=file.tail,
        added=datetime.fromtimestamp(file.added, UTC),
        kdf=file.kdf,
        kid=file.kid or None,
    )
