"""The pepper: 32 bytes that are not in the state directory (``docs/key.md``).

A systemd credential ``iies-pepper`` where the unit gives one (bound to a TPM where there is one);
else a 0600 file, in ``/var/lib/iies-tui-pepper`` where the package made that directory, or in
``$XDG_CONFIG_HOME/iies-tui``. With the file, a stolen disk is a compromised KEY, as ``doctor``
says.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from iies_tui.adapters.machine.files import (
    failed,
    private_directory,
    read_private,
    write_atomically,
)
from iies_tui.domain.errors import MachineFailed
from iies_tui.issuance.ports.machine import Chance

SIZE = 32


class Source(StrEnum):
    CREDENTIAL = "credential"
    FILE = "file"


@dataclass(frozen=True, slots=True, repr=False)
class Pepper:
    """``id`` (8 bytes) stands in each vault: a wrong pepper is told from a damaged vault."""

    value: bytes
    source: Source
    path: Path

    @property
    def id(self) -> bytes:
        return hashlib.sha256(b"iies-pepper-id-v1" + self.value).digest()[:8]


def directory() -> Path:
    """Where the pepper's file and the second attempt counter live."""
    packaged = Path("/var/lib/iies-tui-pepper")
    if packaged.is_dir() and os.access(packaged, os.R_OK | os.W_OK | os.X_OK):
        return packaged
    config = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    # The XDG specification: a relative path is no path at all.
    return (config if config.is_absolute() else Path.home() / ".config") / "iies-tui"


def _credential(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise failed(error, path) from error


def load(chance: Chance, *, may_make: bool) -> Pepper:
    """The pepper; a new file is made only where ``may_make`` (no vault exists yet).

    Raise MachineFailed ``pepper_missing`` or ``pepper_damaged``.
    """
    if credentials := os.environ.get("CREDENTIALS_DIRECTORY"):
        path = Path(credentials) / "iies-pepper"
        if (value := _credential(path)) is not None:
            if len(value) < SIZE:
                raise MachineFailed("pepper_damaged", path=os.fspath(path))
            return Pepper(hashlib.sha256(value).digest(), Source.CREDENTIAL, path)
    path = directory() / "pepper"
    stored = read_private(path, SIZE)
    if stored is None:
        if not may_make:
            raise MachineFailed("pepper_missing", path=os.fspath(path))
        private_directory(path.parent)
        stored = chance(SIZE)
        write_atomically(path, stored)
    if len(stored) != SIZE:
        raise MachineFailed("pepper_damaged", path=os.fspath(path))
    return Pepper(stored, Source.FILE, path)
