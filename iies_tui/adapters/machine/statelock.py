"""The state directory: ours alone (0700), and one writer at a time.

The lock is ``flock`` on ``<state>/lock``; the kernel frees it when the holder dies, however it
dies. The holder writes its process id there so that a second writer can name it.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from iies_tui.adapters.machine.files import failed, private_directory
from iies_tui.domain.errors import MachineFailed

TRIES, BETWEEN = 4, 0.05
"""How often the lock is tried, and the seconds between."""


class StateLock:
    """Held from construction until ``release`` or the end of the process."""

    def __init__(self, state: Path) -> None:
        """Make or check the directory and take the lock.

        Raise MachineFailed ``state_locked`` with the holder's ``pid`` and ``command``.
        """
        self.state = private_directory(state)
        path = state / "lock"
        try:
            self._handle = os.open(
                path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
            )
        except OSError as error:
            raise failed(error, path) from error
        try:
            _lock(self._handle)
        except BlockingIOError as error:
            os.close(self._handle)
            pid, command = holder(path)
            raise MachineFailed(
                "state_locked", path=os.fspath(state), pid=pid, command=command
            ) from error
        try:
            os.ftruncate(self._handle, 0)
            os.pwrite(self._handle, f"{os.getpid()}\n".encode(), 0)
        except OSError as error:
            os.close(self._handle)
            raise failed(error, path) from error

    def release(self) -> None:
        os.close(self._handle)


def _lock(handle: int) -> None:
    """Raise BlockingIOError where somebody keeps it; ``doctor`` only tries it, for a moment."""
    for again in range(TRIES):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if again == TRIES - 1:
                raise
            time.sleep(BETWEEN)


def holder(path: Path) -> tuple[str, str]:
    """Process id and program of whoever wrote the lock file; ``?`` where that cannot be told."""
    try:
        with path.open("rb") as file:
            pid = file.read(32).decode("ascii", "replace").strip() or "?"
    except OSError:
        return "?", "?"
    return pid, _command_of(pid)


def _command_of(pid: str) -> str:
    """The holder's program and verb, never its arguments' values."""
    try:
        return Path(f"/proc/{int(pid)}/comm").read_text().strip()
    except (ValueError, OSError):
        return "?"
