"""A terminal's records in one sealed file, and back (docs/backup.md).

    "IIESBAK1" ‖ salt (16) ‖ nonce (12) ‖ AES-256-GCM-SIV of the content

The key is Argon2id(passphrase, salt, 64 MiB, t = 3); the cost is the format's and is not read from
the file. The associated data is the 36 bytes before. The content is the deterministic CBOR map
``{1: "iies-backup", 2: 1, 3: seconds since 1970, 4: {name: bytes}}``.

In it: the trail, the registers with their wrapped keys, the trust bundle and insurer list, the
settings. Not in it: the KEYs (they are entered again), the pepper, the counts of wrong PINs, and no
counter, for a restored terminal begins a new epoch.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag

from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.keys.derivation import KDF_1, Cost
from iies_tui.adapters.keys.passphrase import cipher
from iies_tui.adapters.machine.files import (
    failed,
    flush_directory,
    private_directory,
    read_private,
    write_atomically,
)
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.issuance.ports.machine import Chance

MAGIC = b"IIESBAK1"
SALT, NONCE = 16, 12
HEAD = len(MAGIC) + SALT + NONCE
MAX_BACKUP = 1024 * 1024 * 1024
"""Bytes; a register grows by some 3 KB a card."""
MIN_PASSPHRASE = 12
"""Characters: a stolen backup may be guessed at for years."""

TRAIL, SETTINGS, TRUST = "trail.db", "config.toml", "trust"
_REGISTER = re.compile(r"register-[A-Z0-9+-]{1,40}\.(db|db-journal|keys)")
_TRUSTED = re.compile(r"trust/[A-Za-z0-9][A-Za-z0-9_.-]{0,60}")


@dataclass(frozen=True, slots=True)
class Backup:
    """``files``: path below the state directory to content."""

    made: datetime
    files: Mapping[str, bytes]

    @property
    def licenses(self) -> tuple[str, ...]:
        """The issuers whose registers are in it; a plus stands for a slash in a file's name."""
        names = [name for name in self.files if name.startswith("register-")]
        stems = {name[len("register-") :].partition(".")[0] for name in names}
        return tuple(sorted(stem.replace("+", "/") for stem in stems))


def collect(state: Path) -> dict[str, bytes]:
    """What belongs into a backup; nobody may be writing, the caller holds the lock.

    Raise MachineFailed where a file is not ours alone, cannot be read or is too large.
    """
    found: dict[str, bytes] = {}
    for name in _names(state):
        data = read_private(state / name, MAX_BACKUP)
        if data is not None:
            found[name] = data
    if sum(map(len, found.values())) > MAX_BACKUP - 4096:
        raise MachineFailed("file_too_large", path=os.fspath(state), limit=MAX_BACKUP)
    return found


def _names(state: Path) -> Iterator[str]:
    try:
        below = sorted(path.name for path in state.iterdir())
        trusted = sorted(path.name for path in (state / TRUST).iterdir())
    except FileNotFoundError:
        trusted = []
    except OSError as error:
        raise failed(error, state) from error
    yield from (name for name in below if _belongs(name))
    yield from (f"{TRUST}/{name}" for name in trusted if _belongs(f"{TRUST}/{name}"))


def _belongs(name: str) -> bool:
    if name in (TRAIL, SETTINGS):
        return True
    return bool(_REGISTER.fullmatch(name) or _TRUSTED.fullmatch(name)) and not name.endswith(".new")


def seal(backup: Backup, passphrase: bytes, chance: Chance, cost: Cost = KDF_1) -> bytes:
    """The file's bytes. Refused ``passphrase_short``."""
    if len(passphrase) < MIN_PASSPHRASE:
        raise Refused("backup_passphrase_short", least=MIN_PASSPHRASE)
    salt, nonce = chance(SALT), chance(NONCE)
    head = MAGIC + salt + nonce
    content = canonical.encode(
        {1: "iies-backup", 2: 1, 3: int(backup.made.timestamp()), 4: dict(backup.files)}
    )
    return head + cipher(passphrase, salt, cost).encrypt(nonce, content, head)


def open_sealed(data: bytes, passphrase: bytes, cost: Cost = KDF_1) -> Backup:
    """What is in a backup. Refused ``not_a_backup``, ``backup_passphrase_wrong``.

    A wrong passphrase and a damaged file cannot be told apart, and the message says both.
    """
    if len(data) <= HEAD or not data.startswith(MAGIC):
        raise Refused("not_a_backup")
    head, salt, nonce = data[:HEAD], data[len(MAGIC) :][:SALT], data[HEAD - NONCE : HEAD]
    try:
        content = cipher(passphrase, salt, cost).decrypt(nonce, data[HEAD:], head)
    except InvalidTag as error:
        raise Refused("backup_passphrase_wrong") from error
    return _parse(content)


def _parse(content: bytes) -> Backup:
    try:
        fields = canonical.decode(content, max_bytes=MAX_BACKUP, max_depth=2)
        match fields:
            case {1: "iies-backup", 2: 1, 3: int(seconds), 4: dict(files), **rest} if not rest:
                whole = all(type(name) is str and _belongs(name) for name in files)
                if whole and all(type(data) is bytes for data in files.values()):
                    return Backup(datetime.fromtimestamp(seconds, UTC), files)
    except (ValueError, OverflowError, OSError) as error:
        raise Refused("not_a_backup") from error
    raise Refused("not_a_backup")


def lay_out(state: Path, backup: Backup) -> Path:
    """Write the files into a directory beside ``state``, on disk on return; give that directory.

    Refused ``restore_not_empty`` where ``state`` holds anything. Raise MachineFailed.
    """
    check_empty(state)
    beside = state.with_name(f"{state.name}.restoring")
    try:
        if beside.is_symlink() or beside.is_file():
            beside.unlink()
        shutil.rmtree(beside, ignore_errors=True)
        state.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise failed(error, beside) from error
    private_directory(beside)
    for name, data in backup.files.items():
        private_directory((beside / name).parent)
        write_atomically(beside / name, data)
    return beside


def put_in_place(beside: Path, state: Path) -> None:
    """One rename: the state directory is wholly there or not at all. Raise MachineFailed."""
    check_empty(state)
    try:
        beside.replace(state)
        flush_directory(state.parent)
    except OSError as error:
        raise failed(error, state) from error


def check_empty(state: Path) -> None:
    """Refused ``restore_not_empty`` unless ``state`` is an empty directory or is not there."""
    try:
        empty = not state.exists() or (state.is_dir() and not any(state.iterdir()))
    except OSError as error:
        raise failed(error, state) from error
    if not empty or state.is_symlink():
        raise Refused("restore_not_empty", path=os.fspath(state))
