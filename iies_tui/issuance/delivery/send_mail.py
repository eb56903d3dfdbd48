"""A card of the register as a message: into the outbox, or as a file.

Refused where 15 NYCRR 32.16 refuses (``domain.mail.refusal``). The attached pages are the exact
bytes that were read back and whose hash the register has; they are kept with the message, so that
a second attempt, even under another version of the program, sends what the first one did.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from pathlib import Path

from iies_tui.domain import mail
from iies_tui.domain.delivery import State
from iies_tui.domain.errors import Refused
from iies_tui.domain.mail import MailEntry, MailState
from iies_tui.domain.saved_files import Ending
from iies_tui.issuance.cards.draw_again import DrawAgain
from iies_tui.issuance.delivery.deliver import PRINTED, Issuer
from iies_tui.issuance.delivery.outbox import OutboxSteps
from iies_tui.issuance.ports.delivery import Folder, Letter, Mailer
from iies_tui.issuance.ports.machine import Chance, Clock
from iies_tui.issuance.ports.records import RegisterEntry


@dataclass(frozen=True, slots=True)
class SendMail:
    """``insurers``: ICCs whose insurers allow e-mail, as the owner lists them; empty: none are
    listed, and the clerk answers for it."""

    mailer: Mailer
    again: DrawAgain
    folder: Folder
    steps: OutboxSteps
    clock: Clock
    chance: Chance
    insurers: Set[str] = frozenset()

    def check(self, entry: RegisterEntry) -> None:
        """May this card go by e-mail? Refused ``is_void``, ``mail_temporary``, ``mail_fleet``,
        ``mail_insurer``."""
        if entry.state is State.VOID:
            raise Refused("is_void", serial=entry.card.serial)
        facts = entry.card.facts
        if code := mail.refusal(facts, self.insurers):
            raise Refused(code, icc=facts.icc, insurer=facts.insurer_name)

    def another(self, issuer: Issuer, entry: RegisterEntry) -> bool:
        """True where the card is on paper already, or went by e-mail, or may have."""
        of_card = issuer.register.outbox.of_card(entry.card.serial)
        return entry.state in PRINTED or any(one.state in mail.OUT for one in of_card)

    def queue(self, issuer: Issuer, serial: str, typed: str, *, fax_sheet: bool) -> MailEntry:
        """Into the outbox, due at once. Raise as ``check`` and as ``Mailer.ready``."""
        entry, address = self._ready(issuer, serial, typed, queued=True)
        made, message = self._compose(entry, address, fax_sheet, MailState.QUEUED)
        self.steps.record(issuer, made)
        issuer.register.outbox.add(made, message)
        return made

    def save(
        self, issuer: Issuer, serial: str, typed: str, target: Path, *, fax_sheet: bool
    ) -> tuple[MailEntry, Path]:
        """The message as a file, for another mail program; no mail server is needed.

        ``target`` is a directory, or a file that ends in ``.eml``.
        """
        entry, address = self._ready(issuer, serial, typed, queued=False)
        named = target.suffix.lower() == Ending.EML and not target.is_dir()
        directory = target.parent if named else target
        self.folder.check(directory)
        made, message = self._compose(entry, address, fax_sheet, MailState.SAVED)
        self.steps.record(issuer, made)
        name = target.name if named else f"{serial}{Ending.EML}"
        path = self.folder.save(directory, name, message)
        issuer.register.outbox.add(made, b"")
        if entry.state is State.SEALED:
            issuer.register.update(replace(entry, state=State.SAVED))
        return made, path

    def may_send(self, entry: RegisterEntry, typed: str, *, queued: bool) -> str:
        """The address of a message that may go. Raise as ``check`` and ``Mailer.address``, and
        where it is to be ``queued`` as ``Mailer.ready``."""
        self.check(entry)
        address = self.mailer.address(typed)
        if queued:
            self.mailer.ready()
        return address

    def _ready(
        self, issuer: Issuer, serial: str, typed: str, *, queued: bool
    ) -> tuple[RegisterEntry, str]:
        entry = issuer.register.get(serial)
        if entry is None:
            raise Refused("no_such_card", serial=serial)
        return entry, self.may_send(entry, typed, queued=queued)

    def _compose(
        self, entry: RegisterEntry, address: str, fax_sheet: bool, state: MailState
    ) -> tuple[MailEntry, bytes]:
        serial, now, id = entry.card.serial, self.clock.now(), self.chance(8).hex()
        files = [(f"{serial}{Ending.PDF}", self.again.page(entry))]
        if fax_sheet:
            files.append((f"{serial}{Ending.FAX_PDF}", self.again.fax(entry)))
        message = self.mailer.compose(Letter(id, now, address, entry.card, tuple(files), fax_sheet))
        return MailEntry(id, serial, address, fax_sheet, state, now, now), message
