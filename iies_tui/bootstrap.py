"""The only composition root: which adapter stands behind which port.

Everything third-party is imported inside these functions, so that a command that needs little
starts fast and the UI process never loads a key library at all.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from iies_tui import __version__
from iies_tui.domain.bundle import Bundle
from iies_tui.domain.errors import Refused

if TYPE_CHECKING:
    from iies_tui.adapters.bundle import InstalledTrust
    from iies_tui.adapters.icc_csv import InsurerTable
    from iies_tui.adapters.profile_open import OpenProfile
    from iies_tui.adapters.trail import TrailFile
    from iies_tui.authority.authority import Authority
    from iies_tui.authority.training import Training
    from iies_tui.domain.compromise import Notice
    from iies_tui.domain.insurer import Insurer
    from iies_tui.domain.trail import Event, TrailRow
    from iies_tui.issuance.audit import Audit
    from iies_tui.issuance.doctor import Finding
    from iies_tui.issuance.import_insurers import UnsignedInsurers
    from iies_tui.issuance.ports import BarcodeProfile, InsurerList, Trail, Trust
    from iies_tui.issuance.verify import Faces, Opener, SymbolReport, Verify
    from iies_tui.issuance.witness import WitnessedTrust
    from iies_tui.session.services import Services

TRAIL = "trail.db"
TRUST = "trust"
MAX_SOURCE = 64 * 1024 * 1024
"""Bytes of a file to verify."""
MAX_TYPED = 1024 * 1024
"""Of a scanner's keystrokes."""


def state_directory(given: str | None) -> Path:
    """``--state``, else ``$STATE_DIRECTORY``, else the XDG state directory; absolute."""
    from iies_tui.adapters.config import default_state

    return Path(given).expanduser().absolute() if given else default_state().absolute()


def check_state(state: Path) -> None:
    """Make the directory or check that it is ours alone, before a screen is painted over it."""
    from iies_tui.adapters.files import private_directory

    private_directory(state)


def services(state: Path) -> Services:
    """Everything that issues, on one locked state directory. Raise IiesError.

    The lock lives as long as the process: the kernel frees it however the process ends.
    """
    from iies_tui.adapters import config, pepper, selftest
    from iies_tui.adapters.clock import SystemClock
    from iies_tui.adapters.cups.jobs import CupsPrinter
    from iies_tui.adapters.derivation import Argon2Derivation
    from iies_tui.adapters.files import check_private_tree, remove_left_over
    from iies_tui.adapters.folder import FileFolder
    from iies_tui.adapters.head_memory import FileHeadMemory
    from iies_tui.adapters.machine import machine_mark
    from iies_tui.adapters.paper import LetterPaper
    from iies_tui.adapters.paper.test_page import test_page
    from iies_tui.adapters.profiles import find
    from iies_tui.adapters.recovery import recovery_key
    from iies_tui.adapters.register import FileRegisterStore
    from iies_tui.adapters.statelock import StateLock
    from iies_tui.adapters.symbol_reader import ZxingReader
    from iies_tui.adapters.throttle import FileThrottle
    from iies_tui.adapters.tiff import fax_tiff
    from iies_tui.adapters.trail import TrailFile
    from iies_tui.adapters.vault import FileVault
    from iies_tui.domain.dates import Limits
    from iies_tui.issuance.again import DrawAgain
    from iies_tui.issuance.compromise import Compromise
    from iies_tui.issuance.deliver import Deliver
    from iies_tui.issuance.enrol import AddIssuer
    from iies_tui.issuance.import_bundle import ImportBundle
    from iies_tui.issuance.import_insurers import ImportInsurers
    from iies_tui.issuance.issue import IssueCards
    from iies_tui.issuance.recover import Recover
    from iies_tui.issuance.recovery_code import MakeRecoveryCode
    from iies_tui.issuance.remove import RemoveIssuer
    from iies_tui.issuance.replace_key import ReplaceKey
    from iies_tui.issuance.save import SaveCard
    from iies_tui.issuance.serials import Serials
    from iies_tui.issuance.sign_on import SignOn
    from iies_tui.issuance.witness import WitnessedTrust
    from iies_tui.session.services import Services, Terminal

    lock = StateLock(state)
    for directory in (state, state / "issuers", state / TRUST):
        remove_left_over(directory)
    check_private_tree(state)
    selftest.at_start()
    settings = config.load(state)
    clock, chance = SystemClock(), os.urandom
    trail = TrailFile(state / TRAIL, clock)
    trust, unsigned = WitnessedTrust(bundle_file(state), trail.last), unsigned_insurers(state)
    secret = pepper.load(chance, may_make=not any((state / "issuers").glob("*.vault")))
    vault = FileVault(state, secret, chance)
    throttle = FileThrottle(state, pepper.directory(), clock)
    memory = FileHeadMemory(state, pepper.directory())
    serials = Serials(trail, chance, machine_mark(), memory)
    serials.begin()
    profile, printer, reader = find(), CupsPrinter(), ZxingReader()
    insurers, paper = insurer_list(trust, unsigned), LetterPaper(__version__)
    deliver = Deliver(trail, printer, clock)
    registers = FileRegisterStore(state, chance)
    sign_on = SignOn(vault, throttle, Argon2Derivation(), registers, trust, trail, clock)
    made = Services(
        lock=lock,
        terminal=Terminal(
            state=state,
            version=__version__,
            idle_seconds=settings.idle_seconds,
            warn_seconds=settings.warn_seconds,
            absolute_seconds=settings.absolute_seconds,
            queue=settings.queue,
            folder=settings.folder,
        ),
        clock=clock,
        vault=vault,
        throttle=throttle,
        trust=trust,
        trail=trail,
        printer=printer,
        insurers=insurers,
        add_issuer=AddIssuer(vault, throttle, trail, clock, registers),
        import_bundle=ImportBundle(trust, trail),
        import_insurers=ImportInsurers(trust, unsigned, trail),
        sign_on=sign_on,
        registers=registers,
        replace_key=ReplaceKey(sign_on, recovery_key),
        remove_issuer=RemoveIssuer(sign_on),
        recovery_code=MakeRecoveryCode(registers, trail, chance, recovery_key),
        compromise=Compromise(vault, registers, trail, clock),
        sheet=_sheet,
        notice=_notice,
        issue=IssueCards(
            trail=trail,
            trust=trust,
            insurers=insurers,
            profile=profile,
            paper=paper,
            reader=reader,
            serials=serials,
            clock=clock,
            chance=chance,
            limits=Limits(
                registration_days=settings.acceptance_days,
                max_term_days=settings.max_term_days or None,
                max_back_days=settings.max_back_days or None,
            ),
        ),
        save=SaveCard(FileFolder(), trail),
        deliver=deliver,
        recover=Recover(deliver, trail),
        again=DrawAgain(paper, reader),
        test_page=lambda: test_page(__version__),
        fax_tiff=fax_tiff,
        verify_file=lambda path, bundle: verify_source(path, verifier(bundle)),
        verify_digits=lambda text, bundle: verifier(bundle).keystrokes("-", text),
        make_training=lambda directory: make_training(made, directory),
    )
    return made


def _sheet(title: str, lines: Sequence[str]) -> bytes:
    from iies_tui.adapters.paper.sheet import sheet

    return sheet(title, lines, __version__)


def _notice(notice: Notice) -> tuple[str, bytes, bytes]:
    from iies_tui.adapters import notice as letters

    page = letters.notice_page(notice, __version__)
    return letters.notice_text(notice), letters.notice_mail(notice), page


def bundle_file(state: Path) -> InstalledTrust:
    """The trust bundle's file of a state directory, whoever put it there."""
    from iies_tui.adapters.bundle import InstalledTrust

    return InstalledTrust(state / TRUST)


def installed_trust(state: Path) -> WitnessedTrust:
    """The trust bundle that this directory's trail saw being imported; needs no lock."""
    from iies_tui.issuance.witness import WitnessedTrust

    def last(event: Event) -> TrailRow | None:
        with read_trail(state) as trail:
            return trail.last(event)

    return WitnessedTrust(bundle_file(state), last)


def unsigned_insurers(state: Path) -> UnsignedInsurers:
    """The unsigned insurer list of a state directory; reading it needs no lock."""
    from iies_tui.adapters.insurer_file import InsurerFile

    return InsurerFile(state / TRUST)


def insurer_list(trust: Trust, unsigned: UnsignedInsurers) -> Callable[[], InsurerList]:
    """The bundle's insurers and what an unsigned list adds, indexed once a version."""
    from iies_tui.adapters.insurers import InsurerIndex
    from iies_tui.domain.insurer import combine

    kept: list[tuple[Bundle | None, tuple[Insurer, ...], InsurerIndex]] = []

    def current() -> InsurerList:
        bundle, added = trust.installed(), unsigned.installed()
        if not kept or kept[0][0] is not bundle or kept[0][1] is not added:
            signed = bundle.insurers if bundle else ()
            kept[:] = [(bundle, added, InsurerIndex(combine(signed, added)))]
        return kept[0][2]

    return current


@contextlib.contextmanager
def read_trail(state: Path) -> Iterator[TrailFile]:
    """The trail for reading, without the lock. Raise MachineFailed ``no_trail``."""
    from iies_tui.adapters.clock import SystemClock
    from iies_tui.adapters.trail import TrailFile

    trail = TrailFile(state / TRAIL, SystemClock(), read_only=True)
    try:
        yield trail
    finally:
        trail.close()


def audit_trail(state: Path, cards: Sequence[str]) -> Audit:
    """Examine the whole trail; ``cards``: files whose symbols must be announced in it."""
    from iies_tui.adapters.profile_open import OpenProfile
    from iies_tui.issuance.audit import audit

    profile = OpenProfile()
    pins = [pin for card in cards for pin in _pins(Path(card), profile)]
    with read_trail(state) as trail:
        return audit(
            trail.rows(),
            trail.columns(),
            trail.checkpoints(),
            bundle_file(state).installed(),
            profile.checkpoint_authentic,
            pins,
        )


def doctor(state: Path) -> tuple[Finding, ...]:
    """What is right and wrong with a terminal; no lock is taken and nothing is changed."""
    from iies_tui.adapters import machine_facts
    from iies_tui.adapters.clock import SystemClock
    from iies_tui.adapters.cups.jobs import CupsPrinter
    from iies_tui.issuance.doctor import examine

    def last_record() -> datetime | None:
        with read_trail(state) as trail:
            head = trail.head()
            return head.time if head else None

    def of_trail(ask: Callable[[Trail], Any]) -> Any:
        with read_trail(state) as trail:
            return ask(trail)

    trusted = state / TRUST
    sources = machine_facts.Sources(
        clock=SystemClock(),
        bundle=lambda: installed_trust(state).installed() if trusted.is_dir() else None,
        audit=lambda: audit_trail(state, ()),
        trail=of_trail,
        last_record=last_record,
        queues=CupsPrinter().queues,
    )
    return examine(machine_facts.gather(state, sources))


def selftest() -> Iterator[tuple[str, bool]]:
    """Every known answer and the bar code's round trip: (name, passed)."""
    from iies_tui.adapters import selftest as known

    return known.run(known.all_checks())


def _pins(path: Path, profile: OpenProfile) -> Iterator[tuple[str, bytes]]:
    from iies_tui.adapters.symbol_reader import ZxingReader

    for page in ZxingReader().pages(read_source(path)):
        for text in page.symbols:
            stamp = profile.read(text).stamp
            yield str(stamp.serial), stamp.intent


def verifier(bundle: Bundle | None, opener: Opener | None = None) -> Verify:
    """Judges symbols against one bundle, with an authority's key where it is at hand."""
    from iies_tui.adapters.clock import SystemClock
    from iies_tui.adapters.profiles import find
    from iies_tui.issuance.verify import Verify

    return Verify(find(), bundle, SystemClock(), opener)


def read_source(path: Path) -> bytes:
    """A file to verify or to import. Raise Refused ``cannot_read`` or ``source_too_large``."""
    try:
        with path.open("rb") as file:
            return read_whole(file, str(path))
    except OSError as error:
        raise Refused("cannot_read", path=str(path), reason=error.strerror or "") from error


def read_whole(file: BinaryIO, name: str) -> bytes:
    """All of an open file, ``MAX_SOURCE`` at most."""
    data = file.read(MAX_SOURCE + 1)
    if len(data) > MAX_SOURCE:
        raise Refused("source_too_large", path=name, limit=MAX_SOURCE // 1024 // 1024)
    return data


def verify_source(path: Path, verify: Verify, faces: Faces = ()) -> tuple[SymbolReport, ...]:
    """As ``verify_data``, of one file. Raise Refused ``cannot_read`` too."""
    return verify_data(str(path), read_source(path), verify, faces)


def verify_data(
    source: str, data: bytes, verify: Verify, faces: Faces = ()
) -> tuple[SymbolReport, ...]:
    """Every symbol on every page, or of what a scanner typed. Raise Refused ``not_a_picture``.

    ``faces`` are what the verifier read from the paper.
    """
    from iies_tui.adapters.symbol_reader import ZxingReader

    if _is_typed(data):
        return verify.keystrokes(source, data.decode("ascii"), faces)
    pages = ZxingReader(verify.reads).pages(data)
    return tuple(report for page in pages for report in verify.page(source, page, faces))


def _is_typed(data: bytes) -> bool:
    """True for text, as a scanner's keystrokes are; no PDF or picture is all printable ASCII."""
    if b"%PDF-" in data[:1024] or len(data) > MAX_TYPED:
        return False
    return data.isascii() and all(sign >= 32 or sign in b"\t\r\n\x1d\x04" for sign in data)


@contextlib.contextmanager
def authority(directory: Path) -> Iterator[Authority]:
    """One authority's use cases, its directory locked. Raise MachineFailed ``state_locked``."""
    from iies_tui.adapters.authority_store import AuthorityDirectory
    from iies_tui.adapters.clock import SystemClock
    from iies_tui.adapters.derivation import Argon2Derivation
    from iies_tui.adapters.statelock import StateLock
    from iies_tui.adapters.trail import TrailFile
    from iies_tui.authority.authority import Authority

    lock = StateLock(directory)
    clock = SystemClock()
    trail = TrailFile(directory / TRAIL, clock)
    try:
        store = AuthorityDirectory(directory, os.urandom)
        yield Authority(store, trail, clock, os.urandom, Argon2Derivation())
    finally:
        trail.close()
        lock.release()


def make_training(own: Services, directory: Path) -> Training:
    """A training authority, its bundle, and one issuer set up in ``directory``.

    Refused ``train_refused`` where the directory holds an issuer or a bundle already.
    """
    directory = directory.absolute()
    if directory == own.terminal.state:
        return _train(own, directory)
    other = services(directory)
    try:
        return _train(other, directory)
    finally:
        other.lock.release()


def _train(target: Services, directory: Path) -> Training:
    from iies_tui.adapters.files import private_directory, write_atomically
    from iies_tui.adapters.icc_csv import read
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


def installed_bundle(state: Path, file: str | None) -> Bundle | None:
    """The bundle of a file where one is given, else the installed one; no lock is needed."""
    if file:
        return bundle_file(state).read(read_source(Path(file)))
    trust = installed_trust(state)
    if trust.replaced():
        raise Refused("bundle_replaced")
    return trust.installed()


def insurer_table(path: Path) -> InsurerTable:
    """Insurers of a CSV file, and notes by line. Refused ``icc_csv`` with problems by line."""
    from iies_tui.adapters.icc_csv import read

    return read(read_source(path))


def check_folder(directory: Path) -> None:
    """Make it and write to it, before something is made that must be saved there."""
    from iies_tui.adapters.folder import FileFolder

    FileFolder().check(directory)


def save_sheets(directory: Path, license: str, kid: bytes, texts: Mapping[str, str]) -> list[Path]:
    """Each sheet as text and as PDF, named by license, key id and which it is; 0600."""
    from iies_tui.adapters.files import file_stem
    from iies_tui.adapters.folder import FileFolder
    from iies_tui.adapters.paper.sheet import CODE, sheet

    folder, stem = FileFolder(), f"{file_stem(license)}-{kid.hex()}"
    saved = []
    for name, text in texts.items():
        title, *lines = text.rstrip("\n").split("\n")
        marked = [
            CODE + line.strip() if line.startswith("    ") and "  " not in line.strip() else line
            for line in lines
        ]
        saved.append(folder.save(directory, f"{stem}-{name}.txt", text.encode()))
        saved.append(
            folder.save(directory, f"{stem}-{name}.pdf", sheet(title, marked, __version__))
        )
    return saved


def write_file(path: Path, data: bytes) -> None:
    """A whole file or none (0600). Raise MachineFailed."""
    from iies_tui.adapters.files import write_atomically

    write_atomically(path, data)


def fingerprint(root: bytes) -> str:
    """A root's fingerprint, hexadecimal."""
    from iies_tui.adapters import root as roots

    return roots.fingerprint(root)


def root_words(root: bytes) -> str:
    """A root's fingerprint in words."""
    from iies_tui.adapters import root as roots

    return roots.root_words(root)


def profile() -> BarcodeProfile:
    """The bar code's profile."""
    from iies_tui.adapters.profiles import find

    return find()
