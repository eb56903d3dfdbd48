"""Everything that issues, on one locked state directory."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from iies_tui import __version__
from iies_tui.bootstrap.offices import make_training
from iies_tui.bootstrap.owner import owner_code, terminal_settings, test_mail
from iies_tui.bootstrap.state import TRAIL, TRUST
from iies_tui.bootstrap.trust import bundle_file, insurer_list, unsigned_insurers
from iies_tui.bootstrap.verifying import verifier, verify_source
from iies_tui.text import words

if TYPE_CHECKING:
    from iies_tui.domain.compromise import Notice
    from iies_tui.session.services import Services


def services(state: Path) -> Services:
    """Everything that issues, on one locked state directory. Raise IiesError.

    The lock lives as long as the process: the kernel frees it however the process ends.
    """
    from iies_tui.adapters import config
    from iies_tui.adapters.barcode.profiles import find
    from iies_tui.adapters.checks import selftest
    from iies_tui.adapters.cups.jobs import CupsPrinter
    from iies_tui.adapters.keys import pepper
    from iies_tui.adapters.keys.derivation import Argon2Derivation
    from iies_tui.adapters.keys.recovery import recovery_key
    from iies_tui.adapters.keys.throttle import FileThrottle
    from iies_tui.adapters.keys.vault import FileVault
    from iies_tui.adapters.machine.clock import SystemClock
    from iies_tui.adapters.machine.files import check_private_tree, remove_left_over
    from iies_tui.adapters.machine.folder import FileFolder
    from iies_tui.adapters.machine.identity import machine_mark
    from iies_tui.adapters.machine.statelock import StateLock
    from iies_tui.adapters.mail.smtp import SmtpMailer
    from iies_tui.adapters.paper import LetterPaper
    from iies_tui.adapters.paper.policyholder import policyholder_text
    from iies_tui.adapters.paper.printer_test import test_page
    from iies_tui.adapters.paper.tiff import fax_file
    from iies_tui.adapters.reading.symbol_reader import ZxingReader
    from iies_tui.adapters.records.head_memory import FileHeadMemory
    from iies_tui.adapters.records.register import FileRegisterStore
    from iies_tui.adapters.records.trail import TrailFile
    from iies_tui.adapters.vin_catalog import VinCatalog
    from iies_tui.domain.dates import Limits
    from iies_tui.issuance.batches.batches import Batches
    from iies_tui.issuance.batches.one_pdf import OnePdf
    from iies_tui.issuance.batches.problem_file import SaveProblems
    from iies_tui.issuance.batches.run import BatchPorts
    from iies_tui.issuance.cards.draw_again import DrawAgain
    from iies_tui.issuance.cards.issue import IssueCards
    from iies_tui.issuance.cards.serials import Serials
    from iies_tui.issuance.checking.notices import Notices
    from iies_tui.issuance.clock_ahead import ConfirmClock
    from iies_tui.issuance.delivery.deliver import Deliver
    from iies_tui.issuance.delivery.hand_out import HandOut
    from iies_tui.issuance.delivery.outbox import OutboxSteps
    from iies_tui.issuance.delivery.recover import Recover
    from iies_tui.issuance.delivery.save import SaveCard
    from iies_tui.issuance.delivery.send_mail import SendMail
    from iies_tui.issuance.delivery.void_card import VoidCard
    from iies_tui.issuance.keys.compromise import Compromise
    from iies_tui.issuance.keys.enrol import AddIssuer
    from iies_tui.issuance.keys.paper_copies import KeepDocument
    from iies_tui.issuance.keys.recovery_code import MakeRecoveryCode
    from iies_tui.issuance.keys.remove import RemoveIssuer
    from iies_tui.issuance.keys.replace_key import ReplaceKey
    from iies_tui.issuance.keys.sign_on import SignOn
    from iies_tui.issuance.trust.import_bundle import ImportBundle
    from iies_tui.issuance.trust.import_insurers import ImportInsurers
    from iies_tui.issuance.trust.imported_bundle import ImportedTrust
    from iies_tui.session.services import Services, Terminal

    lock = StateLock(state)
    for directory in (state, state / "issuers", state / "owner", state / TRUST):
        remove_left_over(directory)
    check_private_tree(state)
    selftest.at_start()
    settings = config.load(state)
    clock, chance = SystemClock(), os.urandom
    trail = TrailFile(state / TRAIL, clock)
    trust, unsigned = ImportedTrust(bundle_file(state), trail.last), unsigned_insurers(state)
    secret = pepper.load(chance, may_make=not any((state / "issuers").glob("*.vault")))
    vault = FileVault(state, secret, chance)
    throttle = FileThrottle(state, pepper.directory(), clock)
    memory = FileHeadMemory(state, pepper.directory())
    serials = Serials(trail, chance, machine_mark(), memory)
    serials.begin()
    vehicles = VinCatalog()
    profile, printer, reader = find(), CupsPrinter(), ZxingReader()
    insurers, paper = insurer_list(trust, unsigned), LetterPaper(__version__)
    deliver = Deliver(trail, printer, clock)
    registers = FileRegisterStore(state, chance)
    issue = IssueCards(
        trail=trail,
        trust=trust,
        insurers=insurers,
        profile=profile,
        paper=paper,
        reader=reader,
        serials=serials,
        clock=clock,
        chance=chance,
        vehicles=vehicles,
        limits=Limits(
            registration_days=settings.acceptance_days,
            max_term_days=settings.max_term_days or None,
            max_back_days=settings.max_back_days or None,
            max_temporary_days=settings.max_temporary_days or None,
            max_ahead_days=settings.max_ahead_days or None,
            as_registered=settings.as_registered,
            apostrophe=settings.apostrophe,
        ),
        information=lambda: policyholder_text(state),
    )
    save, again = SaveCard(FileFolder(), trail), DrawAgain(paper, reader)
    one_pdf = OnePdf(paper, reader, save, trail)
    send_mail = SendMail(
        mailer=SmtpMailer(settings.mail),
        again=again,
        folder=FileFolder(),
        steps=OutboxSteps(trail, clock, settings.mail.retry_seconds),
        clock=clock,
        chance=chance,
        insurers=settings.mail.insurers,
    )
    hand_out = HandOut(save, deliver, again, send_mail, fax_file)
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
            mail_server=settings.mail.server,
            mail_sender=settings.mail.sender,
            contact=settings.contact,
        ),
        clock=clock,
        vault=vault,
        throttle=throttle,
        trust=trust,
        trail=trail,
        printer=printer,
        insurers=insurers,
        vehicles=vehicles,
        add_issuer=AddIssuer(vault, throttle, trail, clock, registers),
        import_bundle=ImportBundle(trust, trail),
        import_insurers=ImportInsurers(trust, unsigned, trail),
        sign_on=sign_on,
        registers=registers,
        confirm_clock=ConfirmClock(trail, clock),
        replace_key=ReplaceKey(sign_on, recovery_key),
        remove_issuer=RemoveIssuer(sign_on),
        recovery_code=MakeRecoveryCode(registers, trail, chance, recovery_key),
        owner_code=owner_code(state, secret, trail, clock),
        settings=terminal_settings(state, printer, trail),
        setting_defaults=config.defaults(),
        test_mail=lambda address: test_mail(state, address, clock),
        compromise=Compromise(vault, registers, trail, clock),
        notices=Notices(trust, trail, clock, vault, registers, settings.contact),
        sheet=_sheet,
        notice=_notice,
        issue=issue,
        save=save,
        deliver=deliver,
        recover=Recover(deliver, trail),
        hand_out=hand_out,
        send_mail=send_mail,
        void_card=VoidCard(deliver, send_mail.steps),
        keep_document=KeepDocument(save.folder, printer),
        save_problems=SaveProblems(
            save.folder,
            settings.folder,
            words("batch.problems_mark"),
            words("batch.file_name"),
        ),
        batches=Batches(BatchPorts(issue, hand_out, deliver, one_pdf, trail, clock)),
        test_page=lambda: test_page(__version__),
        verify_file=lambda path, bundle: verify_source(path, verifier(bundle)),
        verify_digits=lambda text, bundle: verifier(bundle).keystrokes("-", text),
        make_training=lambda directory: make_training(made, directory, services),
        worn_out=printer.worn_out,
    )
    return made


def _sheet(title: str, lines: Sequence[str]) -> bytes:
    from iies_tui.adapters.paper.sheet import sheet

    return sheet(title, lines, __version__)


def _notice(notice: Notice) -> tuple[str, bytes, bytes]:
    from iies_tui.adapters.paper import notice as letters

    page = letters.notice_page(notice, __version__)
    return letters.notice_text(notice), letters.notice_mail(notice), page
