"""Sign-on attempts, counted durably before the PIN is tried (``docs/key.md``).

Two records of the same count: one in the state directory, one beside the pepper. An attempt is
counted in both, and on disk, before the derivation starts, so that a crash in between costs the
guesser an attempt and never gives one. Where the two disagree by more than the one attempt that a
crash can leave between them, an older state directory was put back: the higher count holds and
``alarm`` is raised. A damaged record counts as disabled. What no counter on this disk can see is
both records put back together.

It holds against the keyboard. Against a stolen disk only the pepper does.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.keys.vault import key_mark
from iies_tui.adapters.machine.files import (
    file_stem,
    private_directory,
    read_private,
    write_atomically,
)
from iies_tui.domain.errors import MachineFailed
from iies_tui.issuance.ports.keys import Attempts
from iies_tui.issuance.ports.machine import Clock

WAITS = (0.0, 0.0, 1.0, 5.0, 30.0, 60.0)
"""Seconds before the next attempt after 0, 1, 2 … failures; the last one goes on."""

LIMIT = 10
"""Failures that disable the issuer until Setup enters the KEY again (NIST SP 800-63B)."""

_MAX_FILE = 128


@dataclass(frozen=True, slots=True)
class _Count:
    total: int = 0
    failures: int = 0
    boot_id: str = ""
    at: int = 0

    def to_bytes(self) -> bytes:
        return canonical.encode([1, self.total, self.failures, self.boot_id, self.at])


class FileThrottle:
    """Port ``Throttle``."""

    def __init__(
        self,
        state: Path,
        second: Path,
        clock: Clock,
        directory: str = "issuers",
        mark: Callable[[Path, str], str] = key_mark,
    ) -> None:
        """``second``: the directory of the pepper. ``directory`` of the state has the first
        records and what they guard, and ``mark`` names one such thing for the second."""
        self._first = private_directory(state / directory)
        self._second = private_directory(second)
        self._clock = clock
        self._mark = mark

    def state(self, license: str) -> Attempts:
        """How things stand, counting nothing."""
        return self._attempts(*self._both(license))

    def count(self, license: str) -> Attempts:
        """Count one attempt in both places, on disk on return; how things stand after it."""
        first, second = self._both(license)
        higher = max(first, second, key=lambda count: count.total)
        failures = max(first.failures, second.failures)
        counted = _Count(
            total=higher.total + 1,
            failures=failures + 1,
            boot_id=self._clock.boot_id(),
            at=int(self._clock.boot()),
        )
        alarm = self._attempts(first, second).alarm
        self._write(license, counted, second)
        return replace(self._attempts(counted, counted), alarm=alarm)

    def clear(self, license: str) -> None:
        """The PIN was right, or the KEY was entered again."""
        first, second = self._both(license)
        higher = max(first, second, key=lambda count: count.total)
        self._write(license, replace(higher, failures=0), second)

    def _write(self, license: str, count: _Count, before: _Count) -> None:
        """Both places, or an error and neither: no PIN is tried after an error.

        The second place first: a state directory alone can never be behind by a crash. ``before``
        is what the second place holds.
        """
        write_atomically(self._second_path(license), count.to_bytes())
        try:
            write_atomically(self._first_path(license), count.to_bytes())
        except MachineFailed:
            # A full disk must not disable an issuer whose PIN was never tried.
            with contextlib.suppress(MachineFailed):
                write_atomically(self._second_path(license), before.to_bytes())
            raise

    def _both(self, license: str) -> tuple[_Count, _Count]:
        return _read(self._first_path(license)), _read(self._second_path(license))

    def _attempts(self, first: _Count, second: _Count) -> Attempts:
        failures = max(first.failures, second.failures)
        latest = max(first, second, key=lambda count: count.total)
        wait = WAITS[min(failures, len(WAITS) - 1)]
        # The boot clock starts anew with each boot, so a reboot restarts the wait.
        # A moment that has not come yet was never counted: a wait for years is no wait.
        now = self._clock.boot()
        since = min(latest.at, now) if latest.boot_id == self._clock.boot_id() else 0
        return Attempts(
            failures=failures,
            wait=max(0.0, wait - (now - since)),
            disabled=failures >= LIMIT,
            alarm=not 0 <= second.total - first.total <= 1,
        )

    def _first_path(self, license: str) -> Path:
        return self._first / f"{file_stem(license)}.attempts"

    def _second_path(self, license: str) -> Path:
        """Named by the sealed KEY, not by where the state directory lies or how it is spelled.

        A copy of the state directory, or the same one under another path, counts on; a changed
        mark in the vault's file would make the KEY unreadable, since it is authenticated.
        """
        mark = self._mark(self._first, license)
        return self._second / f"{file_stem(license)}-{mark}.attempts"


def _read(path: Path) -> _Count:
    data = read_private(path, _MAX_FILE)
    if data is None:
        return _Count()
    with contextlib.suppress(ValueError):
        match canonical.decode(data, max_bytes=_MAX_FILE, max_depth=1):
            case [1, int(total), int(failures), str(boot_id), int(at)] if total >= failures >= 0:
                return _Count(total, failures, boot_id, at)
    # Nobody knows how many guesses were made: the safe answer, which Setup can lift.
    return _Count(total=LIMIT, failures=LIMIT)
