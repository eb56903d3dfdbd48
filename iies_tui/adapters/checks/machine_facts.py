"""What ``doctor`` looks at, read without the state directory's lock and without changing it."""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from iies_tui.adapters.keys import pepper
from iies_tui.adapters.keys.pepper import Pepper, Source
from iies_tui.adapters.keys.throttle import FileThrottle
from iies_tui.adapters.keys.vault import FileVault
from iies_tui.adapters.machine.files import check_private_directory, check_private_file
from iies_tui.adapters.machine.statelock import holder
from iies_tui.adapters.mail import settings as mail_settings
from iies_tui.adapters.mail.settings import MailSettings
from iies_tui.adapters.records.register import FileRegisterStore
from iies_tui.domain.bundle import Bundle
from iies_tui.domain.compromise import OpenCompromise
from iies_tui.domain.delivery import Queue
from iies_tui.domain.errors import IiesError
from iies_tui.issuance.checking.audit import Audit
from iies_tui.issuance.checking.doctor import Facts, IssuerFacts, MailFacts, Trouble
from iies_tui.issuance.keys.compromise import unanswered
from iies_tui.issuance.ports.machine import Clock
from iies_tui.issuance.ports.records import Trail

Value = TypeVar("Value")
_PR_GET_DUMPABLE = 3
_CLOSED = ("/dev/zram",)
"""Swap that is in memory. Encrypted swap cannot be told from here and is named all the same."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What is asked of others: the bundle, the trail and its audit, the printers."""

    clock: Clock
    bundle: Callable[[], Bundle | None]
    audit: Callable[[], Audit]
    trail: Callable[[Callable[[Trail], tuple[OpenCompromise, ...]]], tuple[OpenCompromise, ...]]
    last_record: Callable[[], datetime | None]
    queues: Callable[[], tuple[Queue, ...]]
    mail: Callable[[], MailFacts]
    days_ahead: Callable[[], int]


def gather(state: Path, sources: Sources) -> Facts:
    """Everything, each part on its own: what fails is a fact, never an end."""
    kind, found, path = _pepper(state)
    vault = _vault(state, found)
    rows, faults = _trail(state, sources)
    return Facts(
        state=os.fspath(state),
        pepper=kind,
        pepper_path=os.fspath(path),
        files=tuple(_files(state)),
        holder=_holder(state),
        issuers=tuple(_issuers(state, vault, found, sources.clock)) if vault else (),
        damaged=vault.damaged() if vault else (),
        bundle=_or_trouble(sources.bundle),
        trail_rows=rows,
        trail_faults=faults,
        last_record=sources.last_record() if rows else None,
        compromised=sources.trail(lambda trail: unanswered(trail, sources.clock)) if rows else (),
        queues=_or_trouble(sources.queues),
        mail=_or_trouble(sources.mail),
        now=sources.clock.now(),
        dumpable=_dumpable(),
        swaps=tuple(_swaps()),
        free=shutil.disk_usage(_existing(state)).free,
        days_ahead=sources.days_ahead() if rows else 0,
    )


def _or_trouble(ask: Callable[[], Value]) -> Value | Trouble:
    try:
        return ask()
    except IiesError as error:
        return Trouble(error.code, dict(error.params))


def _existing(path: Path) -> Path:
    return next(one for one in (path, *path.parents) if one.exists())


def _pepper(state: Path) -> tuple[str | Trouble, Pepper | None, Path]:
    where = pepper.directory() / "pepper"
    sealed = any((state / "issuers").glob("*.vault")) if state.is_dir() else False
    if not sealed and not where.exists() and "CREDENTIALS_DIRECTORY" not in os.environ:
        return "none", None, where
    try:
        found = pepper.load(os.urandom, may_make=False)
    except IiesError as error:
        return Trouble(error.code, dict(error.params)), None, where
    if found.source is Source.CREDENTIAL:
        return "credential", found, found.path
    same = _existing(state).stat().st_dev == found.path.stat().st_dev
    return "file_same_disk" if same else "file", found, found.path


def _vault(state: Path, found: Pepper | None) -> FileVault | None:
    if not (state / "issuers").is_dir():
        return None
    # Without a pepper the files can still be read, only not opened.
    reader = found or Pepper(bytes(pepper.SIZE), Source.FILE, Path())
    try:
        return FileVault(state, reader, os.urandom)
    except IiesError:
        return None  # told among the files


def _issuers(
    state: Path, vault: FileVault, found: Pepper | None, clock: Clock
) -> Iterator[IssuerFacts]:
    registers = FileRegisterStore(state, os.urandom)
    other = vault.under_another_pepper() if found else ()
    for issuer in vault.issuers():
        attempts = FileThrottle(state, pepper.directory(), clock).state(issuer.license)
        yield IssuerFacts(
            issuer=issuer,
            disabled=attempts.disabled,
            alarm=attempts.alarm,
            other_pepper=issuer.license in other,
            recovery=registers.recovery_made(issuer.license),
        )


def _files(state: Path) -> Iterator[Trouble]:
    """Every directory and file of the state directory and the pepper's that is not ours alone."""
    for root in (state, pepper.directory()):
        if not root.exists():
            continue
        yield from _troubles(root, check_private_directory)
        for path in sorted(_below(root)):
            yield from _troubles(
                path, check_private_directory if path.is_dir() else check_private_file
            )


def _below(root: Path) -> Iterable[Path]:
    try:
        return list(root.rglob("*"))
    except OSError:
        return ()


def _troubles(path: Path, check: Callable[[Path], None]) -> Iterator[Trouble]:
    try:
        check(path)
    except IiesError as error:
        yield Trouble(error.code, dict(error.params))


def _holder(state: Path) -> Trouble | None:
    path = state / "lock"
    try:
        with path.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid, command = holder(path)
        return Trouble("state_locked", {"pid": pid, "command": command})
    except OSError:
        return None
    return None


def mail_facts(settings: MailSettings) -> MailFacts:
    """The mail server's settings and what can be seen to be wrong with them."""
    faults = tuple(Trouble(one.code, dict(one.params)) for one in mail_settings.faults(settings))
    return MailFacts(settings.server, settings.port, settings.sender, faults)


def _trail(state: Path, sources: Sources) -> tuple[int | None, tuple[Trouble, ...]]:
    try:
        found = sources.audit()
    except IiesError as error:
        if error.code == "no_trail" or not (state / "trail.db").exists():
            return None, ()
        return None, (Trouble(error.code, dict(error.params)),)
    faults = tuple(Trouble(f"fault_{one.code}", {"row": one.seq}) for one in found.faults)
    return found.rows, faults


def _dumpable() -> bool:
    """True where this process, made as ours are, would leave a core or let itself be traced."""
    limit, _ = resource.getrlimit(resource.RLIMIT_CORE)
    return limit != 0 or ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0) != 0


def _swaps() -> Iterator[str]:
    try:
        lines = Path("/proc/swaps").read_text("ascii", "replace").splitlines()[1:]
    except OSError:
        return
    for line in lines:
        device = line.split()[0]
        if not device.startswith(_CLOSED):
            yield device
