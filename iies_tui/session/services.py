"""What the session process hosts; ``bootstrap`` fills it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from iies_tui.domain.bundle import Bundle
from iies_tui.domain.compromise import Notice
from iies_tui.domain.mail import Outcome
from iies_tui.issuance.batches.batches import Batches
from iies_tui.issuance.batches.problem_file import SaveProblems
from iies_tui.issuance.cards.issue import IssueCards
from iies_tui.issuance.checking.notices import Notices
from iies_tui.issuance.checking.verify import SymbolReport
from iies_tui.issuance.clock_ahead import ConfirmClock
from iies_tui.issuance.delivery.deliver import Deliver
from iies_tui.issuance.delivery.hand_out import HandOut
from iies_tui.issuance.delivery.recover import Recover
from iies_tui.issuance.delivery.save import SaveCard
from iies_tui.issuance.delivery.send_mail import SendMail
from iies_tui.issuance.delivery.void_card import VoidCard
from iies_tui.issuance.keys.compromise import Compromise
from iies_tui.issuance.keys.enrol import AddIssuer
from iies_tui.issuance.keys.owner_code import OwnerCode
from iies_tui.issuance.keys.paper_copies import KeepDocument
from iies_tui.issuance.keys.recovery_code import MakeRecoveryCode
from iies_tui.issuance.keys.remove import RemoveIssuer
from iies_tui.issuance.keys.replace_key import ReplaceKey
from iies_tui.issuance.keys.sign_on import SignOn
from iies_tui.issuance.ports.delivery import Printer
from iies_tui.issuance.ports.keys import Throttle, Vault
from iies_tui.issuance.ports.machine import Clock
from iies_tui.issuance.ports.records import RegisterStore, Trail
from iies_tui.issuance.ports.trust import InsurerList, VehicleCatalog
from iies_tui.issuance.terminal_settings import TerminalSettings
from iies_tui.issuance.trust.import_bundle import ImportBundle
from iies_tui.issuance.trust.import_insurers import ImportInsurers
from iies_tui.issuance.trust.imported_bundle import ImportedTrust


class Lock(Protocol):
    """The state directory's lock."""

    def release(self) -> None: ...


class Made(Protocol):
    """A training terminal that was made."""

    @property
    def license(self) -> str: ...

    @property
    def key(self) -> str: ...

    @property
    def pin(self) -> str: ...

    @property
    def bundle(self) -> Path: ...

    @property
    def authority(self) -> Path: ...


@dataclass(frozen=True, slots=True)
class Terminal:
    """What this terminal is set to (``config.toml``). ``mail_server`` empty: none is set up."""

    state: Path
    version: str
    idle_seconds: int
    warn_seconds: int
    absolute_seconds: int
    queue: str
    folder: Path
    mail_server: str = ""
    mail_sender: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases and ports of one state directory, which this process has locked.

    ``lock`` is held for as long as this lives. ``sheet(title, lines)`` is a plain PDF page;
    ``notice`` the notice of a compromised KEY as text, as an e-mail and as PDF.
    """

    lock: Lock
    terminal: Terminal
    clock: Clock
    vault: Vault
    throttle: Throttle
    trust: ImportedTrust
    trail: Trail
    printer: Printer
    insurers: Callable[[], InsurerList]
    vehicles: VehicleCatalog
    add_issuer: AddIssuer
    import_bundle: ImportBundle
    import_insurers: ImportInsurers
    sign_on: SignOn
    registers: RegisterStore
    confirm_clock: ConfirmClock
    replace_key: ReplaceKey
    remove_issuer: RemoveIssuer
    recovery_code: MakeRecoveryCode
    owner_code: OwnerCode
    settings: TerminalSettings
    setting_defaults: Mapping[str, str]
    test_mail: Callable[[str], Outcome]
    compromise: Compromise
    notices: Notices
    sheet: Callable[[str, Sequence[str]], bytes]
    notice: Callable[[Notice], tuple[str, bytes, bytes]]
    issue: IssueCards
    save: SaveCard
    deliver: Deliver
    recover: Recover
    hand_out: HandOut
    send_mail: SendMail
    void_card: VoidCard
    keep_document: KeepDocument
    save_problems: SaveProblems
    batches: Batches
    test_page: Callable[[], bytes]
    verify_file: Callable[[Path, Bundle | None], tuple[SymbolReport, ...]]
    verify_digits: Callable[[str, Bundle | None], tuple[SymbolReport, ...]]
    make_training: Callable[[Path], Made]
    worn_out: Callable[[], bool]
    """True once hung calls of libraries have used this process up: a new one takes its place."""
