"""Which state directory, its trail, and the files that are read and written whole."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from iies_tui.domain.errors import Refused

if TYPE_CHECKING:
    from iies_tui.adapters.records.trail import TrailFile

TRAIL = "trail.db"
TRUST = "trust"
MAX_SOURCE = 128 * 1024 * 1024
"""Bytes of a file to verify."""
MAX_BACKUP = 1024 * 1024 * 1024 + 4096
"""Of a backup, or of a trail's export."""


def state_directory(given: str | None) -> Path:
    """``--state``, else ``$STATE_DIRECTORY``, else the XDG state directory; absolute."""
    from iies_tui.adapters.config import default_state

    return Path(given).expanduser().absolute() if given else default_state().absolute()


def check_state(state: Path) -> None:
    """Make the directory or check that it is ours alone, before a screen is painted over it."""
    from iies_tui.adapters.machine.files import private_directory

    private_directory(state)


@contextlib.contextmanager
def read_trail(state: Path) -> Iterator[TrailFile]:
    """The trail for reading, without the lock. Raise MachineFailed ``no_trail``."""
    from iies_tui.adapters.machine.clock import SystemClock
    from iies_tui.adapters.records.trail import TrailFile

    trail = TrailFile(state / TRAIL, SystemClock(), read_only=True)
    try:
        yield trail
    finally:
        trail.close()


def check_folder(directory: Path) -> None:
    """Make it and write to it, before something is made that must be saved there."""
    from iies_tui.adapters.machine.folder import FileFolder

    FileFolder().check(directory)


def write_file(path: Path, data: bytes) -> None:
    """A whole file or none (0600). Raise MachineFailed."""
    from iies_tui.adapters.machine.files import write_atomically

    write_atomically(path, data)


def check_target(path: Path, *, overwrite: bool) -> None:
    """That a file of the user's own naming replaces no other by accident, and never a device.

    Raise Refused ``target_exists``, ``target_not_plain``.
    """
    if path.exists() and not path.is_file():
        raise Refused("target_not_plain", path=str(path))
    if path.exists() and not overwrite:
        raise Refused("target_exists", path=str(path))


def read_source(path: Path, limit: int = MAX_SOURCE) -> bytes:
    """A file to verify or to import. Raise Refused ``cannot_read`` or ``source_too_large``."""
    try:
        with path.open("rb") as file:
            return read_whole(file, str(path), limit)
    except OSError as error:
        raise Refused("cannot_read", path=str(path), reason=error.strerror or "") from error


def read_whole(file: BinaryIO, name: str, limit: int = MAX_SOURCE) -> bytes:
    """All of an open file, ``limit`` bytes at most."""
    data = file.read(limit + 1)
    if len(data) > limit:
        raise Refused("source_too_large", path=name, limit=limit // 1024 // 1024)
    return data
