"""A terminal's records into one sealed file, and back onto a terminal without records."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from iies_tui.bootstrap.state import TRAIL, check_target, write_file

if TYPE_CHECKING:
    from iies_tui.adapters.records.backup import Backup
    from iies_tui.issuance.ports.records import Head


def back_up(state: Path, target: Path, passphrase: bytes, *, overwrite: bool = False) -> Backup:
    """Write ``target``, whole or not at all, trailed before. The lock is held meanwhile.

    Raise MachineFailed ``state_locked`` while a terminal is at work, ``no_trail`` where there are
    no records; Refused ``backup_passphrase_short``, ``backup_inside``, and those of
    ``check_target``.
    """
    from iies_tui.adapters.machine.clock import SystemClock
    from iies_tui.adapters.machine.files import check_private_directory
    from iies_tui.adapters.machine.statelock import StateLock
    from iies_tui.adapters.records import backup
    from iies_tui.adapters.records.trail import TrailFile
    from iies_tui.domain.errors import MachineFailed, Refused
    from iies_tui.domain.trail import TERMINAL, Event

    if not (state / TRAIL).exists():
        raise MachineFailed("no_trail", path=str(state / TRAIL))
    if len(passphrase) < backup.MIN_PASSPHRASE:
        raise Refused("backup_passphrase_short", least=backup.MIN_PASSPHRASE)
    if target.resolve().is_relative_to(state.resolve()):
        raise Refused("backup_inside", path=str(target))
    check_target(target, overwrite=overwrite)
    check_private_directory(state)
    lock, clock = StateLock(state), SystemClock()
    try:
        trail = TrailFile(state / TRAIL, clock)
        try:
            trail.append(Event.BACKUP_MADE, TERMINAL, {})
        finally:
            trail.close()
        made = backup.Backup(clock.now(), backup.collect(state))
        write_file(target, backup.seal(made, passphrase, os.urandom))
    finally:
        lock.release()
    return made


def restore(state: Path, source: bytes, passphrase: bytes) -> Backup:
    """Put a backup's records into ``state``, which must hold nothing; serials begin a new epoch.

    Refused ``restore_not_empty``, ``not_a_backup``, ``backup_passphrase_wrong``; MachineFailed.
    """
    from iies_tui.adapters.keys.pepper import directory
    from iies_tui.adapters.machine.clock import SystemClock
    from iies_tui.adapters.machine.identity import machine_mark
    from iies_tui.adapters.records import backup
    from iies_tui.adapters.records.head_memory import FileHeadMemory
    from iies_tui.adapters.records.trail import TrailFile
    from iies_tui.issuance.cards.serials import Serials

    backup.check_empty(state)
    opened = backup.open_sealed(source, passphrase)
    beside = backup.lay_out(state, opened)
    trail, kept = TrailFile(beside / TRAIL, SystemClock()), _Kept()
    try:
        Serials(trail, os.urandom, machine_mark(), kept).restored()
    finally:
        trail.close()
    backup.put_in_place(beside, state)
    if kept.head is not None:
        FileHeadMemory(state, directory()).remember(kept.head)
    return opened


class _Kept:
    """Port ``HeadMemory`` until the records are in place: what is not there is not remembered."""

    def __init__(self) -> None:
        self.head: Head | None = None

    def recall(self) -> Head | None:
        return self.head

    def remember(self, head: Head) -> None:
        self.head = head
