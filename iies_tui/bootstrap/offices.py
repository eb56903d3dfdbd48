"""The authority's use cases, its sheets, and a training terminal."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from iies_tui import __version__
from iies_tui.bootstrap.state import TRAIL
from iies_tui.domain.errors import Refused
from iies_tui.domain.saved_files import Ending

if TYPE_CHECKING:
    from iies_tui.authority.authority import Authority
    from iies_tui.authority.training import Training
    from iies_tui.session.services import Services


@contextlib.contextmanager
def authority(directory: Path) -> Iterator[Authority]:
    """One authority's use cases, its directory locked. Raise MachineFailed ``state_locked``."""
    from iies_tui.adapters.keys.derivation import Argon2Derivation
    from iies_tui.adapters.machine.clock import SystemClock
    from iies_tui.adapters.machine.statelock import StateLock
    from iies_tui.adapters.records.trail import TrailFile
    from iies_tui.adapters.trust.authority_store import AuthorityDirectory
    from iies_tui.authority.authority import Authority

    lock = StateLock(directory)
    clock = SystemClock()
    trail = TrailFile(directory / TRAIL, clock, cards=False)
    try:
        store = AuthorityDirectory(directory, os.urandom)
        yield Authority(store, trail, clock, os.urandom, Argon2Derivation())
    finally:
        trail.close()
        lock.release()


def make_training(
    own: Services, directory: Path, open_services: Callable[[Path], Services]
) -> Training:
    """A training authority, its bundle, and one issuer set up in ``directory``.

    Refused ``train_refused`` where the directory holds an issuer or a bundle already.
    """
    directory = directory.absolute()
    if directory == own.terminal.state:
        return _train(own, directory)
    other = open_services(directory)
    try:
        return _train(other, directory)
    finally:
        other.lock.release()


def _train(target: Services, directory: Path) -> Training:
    from iies_tui.adapters.machine.files import private_directory, write_atomically
    from iies_tui.adapters.trust.icc_csv import read
    from iies_tui.authority import training
    from iies_tui.text import words

    installed = target.trust.installed()
    home = directory / "authority"
    # A bundle without an issuer, whose training authority lies here: a run that was killed.
    unfinished = installed is not None and installed.training and home.is_dir()
    if target.vault.issuers() or (installed is not None and not unfinished):
        raise Refused("train_refused", path=str(directory))
    private_directory(home)
    names = (words("training.authority"), words("training.issuer"))
    with authority(home) as office:
        insurers = read(training.insurers_csv()).insurers
        made = training.make_training(office, home, insurers, names, write_atomically)
    target.import_bundle(made.data, made.root)
    target.add_issuer(made.license, made.key.encode())
    return made


def save_sheets(directory: Path, license: str, kid: bytes, texts: Mapping[str, str]) -> list[Path]:
    """Each sheet as text and as PDF, named by license, key id and which it is; 0600."""
    from iies_tui.adapters.machine.files import file_stem
    from iies_tui.adapters.machine.folder import FileFolder
    from iies_tui.adapters.paper.sheet import sheet_of_text

    folder, stem = FileFolder(), f"{file_stem(license)}-{kid.hex()}"
    saved = []
    for name, text in texts.items():
        saved.append(folder.save(directory, f"{stem}-{name}{Ending.TEXT}", text.encode()))
        pdf = sheet_of_text(text, __version__)
        saved.append(folder.save(directory, f"{stem}-{name}{Ending.PDF}", pdf))
    return saved
