"""The owner's code and the settings behind it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from iies_tui.bootstrap.state import TRAIL

if TYPE_CHECKING:
    from iies_tui.adapters.keys.pepper import Pepper
    from iies_tui.domain.mail import Outcome
    from iies_tui.issuance.keys.owner_code import OwnerCode
    from iies_tui.issuance.ports.delivery import Printer
    from iies_tui.issuance.ports.machine import Clock
    from iies_tui.issuance.ports.records import Trail
    from iies_tui.issuance.terminal_settings import TerminalSettings

TEST_SECONDS = 10
"""For each step of a test mail at most: somebody waits for it."""


def owner_code(state: Path, secret: Pepper, trail: Trail, clock: Clock) -> OwnerCode:
    """The code of a locked state directory."""
    from iies_tui.adapters.keys import pepper
    from iies_tui.adapters.keys.owner_vault import DIRECTORY, FileOwnerVault, owner_mark
    from iies_tui.adapters.keys.throttle import FileThrottle
    from iies_tui.issuance.keys.owner_code import OwnerCode

    vault = FileOwnerVault(state, secret, os.urandom)
    throttle = FileThrottle(state, pepper.directory(), clock, DIRECTORY, owner_mark)
    return OwnerCode(vault, throttle, trail, clock)


def reset_owner_code(state: Path, code: bytearray) -> None:
    """A new code without the old one, for whoever may write the state directory. Raise IiesError.

    Refused ``owner_code_form``; MachineFailed ``state_locked`` while the program is open.
    """
    from iies_tui.adapters.keys import pepper
    from iies_tui.adapters.machine.clock import SystemClock
    from iies_tui.adapters.machine.files import check_private_tree
    from iies_tui.adapters.machine.statelock import StateLock
    from iies_tui.adapters.records.trail import TrailFile

    lock, clock = StateLock(state), SystemClock()
    try:
        check_private_tree(state)
        may_make = not any((state / "issuers").glob("*.vault"))
        secret = pepper.load(os.urandom, may_make=may_make)
        trail = TrailFile(state / TRAIL, clock)
        try:
            owner_code(state, secret, trail, clock).reset(code, code)
        finally:
            trail.close()
    finally:
        lock.release()


def terminal_settings(state: Path, printer: Printer, trail: Trail) -> TerminalSettings:
    """The settings of a locked state directory, read anew each time."""
    from iies_tui.adapters import config
    from iies_tui.adapters.mail.password_file import MailPasswordFile
    from iies_tui.adapters.settings_file import SettingsFile
    from iies_tui.issuance.terminal_settings import TerminalSettings

    password = MailPasswordFile(lambda: config.load(state).mail)
    return TerminalSettings(SettingsFile(state), password, printer, trail)


def test_mail(state: Path, address: str, clock: Clock) -> Outcome:
    """Send one message that is no card, by the settings as they stand in the file.

    Raise Refused ``mail_address``, ``mail_off``; MachineFailed.
    """
    from dataclasses import replace

    from iies_tui.adapters import config
    from iies_tui.adapters.mail.message import test_message
    from iies_tui.adapters.mail.smtp import SmtpMailer

    found = config.load(state).mail
    found = replace(found, timeout_seconds=min(found.timeout_seconds, TEST_SECONDS))
    mailer = SmtpMailer(found)
    to = mailer.address(address)
    mailer.ready()
    id, now = os.urandom(8).hex(), clock.now()
    return mailer.send(to, test_message(to, found.sender, found.sender_name, id, now), lambda: True)
