"""A card handed out: into a folder, to a printer or a fax queue, by e-mail.

The only way by which a card leaves, right after it was sealed, later from the register, and row by
row in a batch. Each way records its step before its act (``docs/adr/0010-held-jobs.md``,
``docs/adr/0050-mail-once.md``); the folder comes first, then the paper, so that what is printed was
saved, or it is told that it was not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from iies_tui.domain.delivery import State
from iies_tui.domain.errors import IiesError, Refused
from iies_tui.domain.mail import MailEntry
from iies_tui.domain.pages import FaxFile
from iies_tui.domain.saved_files import Ending
from iies_tui.issuance.cards.draw_again import DrawAgain
from iies_tui.issuance.cards.issue import IssuedCard
from iies_tui.issuance.delivery.deliver import PRINTED, Deliver, Delivered, Issuer
from iies_tui.issuance.delivery.save import SaveCard
from iies_tui.issuance.delivery.send_mail import SendMail
from iies_tui.issuance.ports.records import RegisterEntry


@dataclass(frozen=True, slots=True)
class ToFolder:
    """Files into the absolute ``directory``: the card page, the fax sheet, a fax file of it."""

    directory: Path
    card: bool = True
    fax_sheet: bool = False
    fax_file: FaxFile | None = None


@dataclass(frozen=True, slots=True)
class ToPrinter:
    """``copies`` of the card page to a CUPS queue, or the fax sheet to a fax queue's ``fax_to``.

    ``cover``: behind a cover page. ``anyway``: though the printer says that it is not ready.
    """

    queue: str
    copies: int = 1
    fax_to: str = ""
    cover: bool = False
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class ToMail:
    """To an ``address`` as typed; into the outbox, or into a ``file`` for another mail program."""

    address: str
    fax_sheet: bool = False
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """Which ways a card goes; None: not that way.

    ``paper_follows``: it will be on paper all the same (the one PDF of a batch), and is not done
    with when it is saved. ``whole``: what fails is done again from the start, so that nothing goes
    to the printer once saving has failed.
    """

    folder: ToFolder | None = None
    printer: ToPrinter | None = None
    mail: ToMail | None = None
    paper_follows: bool = False
    whole: bool = False

    @property
    def saves_fax(self) -> bool:
        """True where what is saved is made of the fax sheet."""
        return self.folder is not None and bool(self.folder.fax_sheet or self.folder.fax_file)

    @property
    def faxes(self) -> bool:
        """True where the fax sheet goes to a fax queue."""
        return self.printer is not None and bool(self.printer.fax_to)


@dataclass(frozen=True, slots=True)
class Pages:
    """A card's exact bytes that were read back: its page, and its fax sheet where it is wanted.

    ``tiff`` and ``covered``, the sheet as a fax file and behind its cover page, are made when their
    turn comes where they are empty.
    """

    card: bytes
    fax: bytes = b""
    tiff: bytes = b""
    covered: bytes = b""


@dataclass(frozen=True, slots=True)
class HandedOut:
    """Where the card stands now. ``failures``: why a way was not gone to its end, in order.

    ``saved``: absolute paths by their endings; ``reasons``: what the printer said; ``mail``: the
    message of the outbox, saved as ``mail_file`` where that was ordered.
    """

    entry: RegisterEntry
    saved: Mapping[str, Path] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    mail: MailEntry | None = None
    mail_file: Path | None = None
    failures: tuple[IiesError, ...] = ()


@dataclass(frozen=True, slots=True)
class HandOut:
    """``fax_file`` makes a fax sheet's PDF into a file for a fax modem."""

    save: SaveCard
    deliver: Deliver
    again: DrawAgain
    send_mail: SendMail
    fax_file: Callable[[bytes, FaxFile], bytes]

    def check(self, order: Order) -> None:
        """Can the folder be written, does the queue take jobs? Before anything is sealed for it.

        Raise as ``Deliver.preflight`` and ``Folder.check``.
        """
        if order.folder is not None:
            self.save.folder.check(order.folder.directory)
        if order.printer is not None:
            printer = order.printer
            self.deliver.preflight(printer.queue, printer.fax_to, anyway=printer.anyway)

    def issued(self, issuer: Issuer, card: IssuedCard, order: Order) -> HandedOut:
        """A card that was sealed just now. Nothing is raised: a sealed card is told, never lost."""
        return self.pages(issuer, card.card.serial, pages_of(card), order)

    def pages(self, issuer: Issuer, serial: str, pages: Pages, order: Order) -> HandedOut:
        """A card that is on no paper, with its pages. What fails is told in ``failures``."""
        saved: Mapping[str, Path] = {}
        reasons: tuple[str, ...] = ()
        failures: list[IiesError] = []
        try:
            saved = self._save(issuer, serial, pages, order)
        except IiesError as error:
            failures.append(error)
        if order.printer is not None and not (failures and order.whole):
            try:
                reasons = self._print(issuer, serial, pages, order.printer).reasons
            except IiesError as error:
                failures.append(error)
        entry = self.deliver.entry(issuer, serial)
        return HandedOut(entry, saved, reasons, failures=tuple(failures))

    def once_more(
        self, issuer: Issuer, serial: str, order: Order, prove: Callable[[], None]
    ) -> HandedOut:
        """A card of the register by one way, the same bytes, drawn anew.

        Its job that still waits is taken back first; where there is paper or an e-mail already,
        ``prove`` asks for the PIN, and raises where it is not given. A reprint is counted, and is
        one copy. Raise what a way raises; the card then stands as it stood.
        """
        entry = issuer.register.get(serial)
        if entry is None:
            raise Refused("no_such_card", serial=serial)
        if order.mail is not None:
            return self._mail(issuer, entry, order.mail, prove)
        if entry.state is State.VOID:
            raise Refused("is_void", serial=serial)
        self.check(order)
        pages = self.draw(entry, order)
        entry = self.deliver.take_back(issuer, serial)
        reprint = entry.state in PRINTED
        if reprint:
            prove()
        saved = self._save(issuer, serial, pages, order)
        if order.printer is None:
            return HandedOut(self.deliver.entry(issuer, serial), saved)
        printer = replace(order.printer, copies=1) if reprint else order.printer
        printed = self._print(issuer, serial, pages, printer, reprint=reprint)
        return HandedOut(printed.entry, saved, printed.reasons)

    def draw(self, entry: RegisterEntry, order: Order) -> Pages:
        """All that the order sends of a card of the register, before anything is changed for it.

        Raise Refused ``pdf_differs``, MachineFailed ``read_back_failed``.
        """
        fax = self.again.fax(entry) if order.saves_fax or order.faxes else b""
        kind = order.folder.fax_file if order.folder else None
        printer = order.printer
        return Pages(
            b"" if order.faxes and order.folder is None else self.again.page(entry),
            fax,
            self.fax_file(fax, kind) if kind else b"",
            self.again.covered_fax(entry, printer.fax_to) if printer and printer.cover else b"",
        )

    def _save(self, issuer: Issuer, serial: str, pages: Pages, order: Order) -> Mapping[str, Path]:
        folder = order.folder
        if folder is None:
            return {}
        files: dict[str, bytes] = {Ending.PDF: pages.card} if folder.card else {}
        if folder.fax_sheet and pages.fax:
            files[Ending.FAX_PDF] = pages.fax
        if folder.fax_file is not None and pages.fax:
            files[Ending.FAX_TIFF] = pages.tiff or self.fax_file(pages.fax, folder.fax_file)
        if not files:
            return {}
        follows = order.paper_follows or order.printer is not None
        return self.save(issuer, serial, folder.directory, files, paper_follows=follows)

    def _print(
        self,
        issuer: Issuer,
        serial: str,
        pages: Pages,
        printer: ToPrinter,
        *,
        reprint: bool = False,
    ) -> Delivered:
        covered = pages.covered
        if printer.cover and not covered:
            covered = self.again.covered_fax(self.deliver.entry(issuer, serial), printer.fax_to)
        return self.deliver.print_card(
            issuer,
            serial,
            (printer.fax_to and pages.fax) or pages.card,
            printer.queue,
            copies=printer.copies,
            reprint=reprint,
            fax_to=printer.fax_to,
            covered=covered,
        )

    def _mail(
        self, issuer: Issuer, entry: RegisterEntry, order: ToMail, prove: Callable[[], None]
    ) -> HandedOut:
        serial, path = entry.card.serial, None
        self.send_mail.may_send(entry, order.address, queued=order.file is None)
        if self.send_mail.another(issuer, entry):
            prove()
        if order.file is None:
            made = self.send_mail.queue(issuer, serial, order.address, fax_sheet=order.fax_sheet)
        else:
            made, path = self.send_mail.save(
                issuer, serial, order.address, order.file, fax_sheet=order.fax_sheet
            )
        return HandedOut(self.deliver.entry(issuer, serial), mail=made, mail_file=path)


def pages_of(card: IssuedCard) -> Pages:
    """The pages of a card that was sealed just now."""
    return Pages(card.page.pdf, card.fax.pdf if card.fax else b"")
