"""The mail server of a terminal: the table ``[mail]`` of ``config.toml`` (docs/settings.md).

The password is never in it: a systemd credential ``iies-mail-password``, else a 0600 file outside
the state directory. It is read for each attempt and kept nowhere.
"""

from __future__ import annotations

import os
import re
import ssl
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from iies_tui.adapters.keys import pepper
from iies_tui.adapters.machine.files import failed, read_private
from iies_tui.domain.errors import MachineFailed, WrongUsage

CREDENTIAL = "iies-mail-password"
PASSWORD_FILE = "mail-password"  # noqa: S105 (its name)
MAX_PASSWORD = 1024
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\Z")


class Security(StrEnum):
    """How the connection is encrypted; there is no other way."""

    STARTTLS = "starttls"
    TLS = "tls"


PORTS = {Security.STARTTLS: 587, Security.TLS: 465}
"""Submission (RFC 6409) and submissions (RFC 8314)."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """``server`` empty: no mail is sent from here, though a message may be saved as a file.

    ``sender`` is the ASCII address of From and of the envelope; ``user`` empty: no sign-on at the
    server. ``ca_file`` None: the authorities that the system trusts. ``timeout_seconds`` is for
    each step of the conversation; ``insurers`` are ICCs whose insurers allow e-mail.
    """

    server: str = ""
    port: int = 0
    security: Security = Security.STARTTLS
    sender: str = ""
    sender_name: str = ""
    user: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None
    timeout_seconds: int = 60
    retry_seconds: int = 60
    insurers: frozenset[str] = frozenset()


def host(text: str) -> str:
    """The name of a mail server. Raise ValueError."""
    if not _HOST.match(text):
        raise ValueError(text)
    return text


def address(text: str) -> str:
    """An e-mail address in ASCII. Raise ValueError."""
    from email_validator import validate_email

    found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    return found.ascii_email or found.normalized


def shown(text: str) -> str:
    """A name that stands in a message's header. Raise ValueError."""
    if len(text) > 200:
        raise ValueError(text)
    return text


def user(text: str) -> str:
    """A user of the mail server, in ASCII. Raise ValueError."""
    return shown(text.encode("ascii").decode())


def complete(settings: MailSettings, path: str) -> MailSettings:
    """With the port of its security unless another is given. WrongUsage ``config_mail_from``
    where there is a server and no sender."""
    if not settings.server:
        return settings
    if not settings.sender:
        raise WrongUsage("config_mail_from", path=path, name="mail.from")
    return replace(settings, port=settings.port or PORTS[settings.security])


def password_place(settings: MailSettings) -> Path:
    """Where the password is looked for: the credential where systemd gives one, else the file."""
    if directory := os.environ.get("CREDENTIALS_DIRECTORY"):
        credential = Path(directory) / CREDENTIAL
        if credential.exists():
            return credential
    return settings.password_file or pepper.directory() / PASSWORD_FILE


def password(settings: MailSettings) -> str:
    """One trailing newline is removed, nothing else.

    Raise MachineFailed ``mail_no_password``, ``mail_password_form``; of a file that is not ours
    alone what ``read_private`` raises.
    """
    place = password_place(settings)
    where = os.fspath(place)
    if place.name == CREDENTIAL and os.environ.get("CREDENTIALS_DIRECTORY"):
        try:
            data: bytes | None = place.read_bytes()
        except OSError as error:
            raise failed(error, place) from error
    else:
        data = read_private(place, MAX_PASSWORD)
    if data is None:
        raise MachineFailed("mail_no_password", path=where)
    try:
        text = data.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8")
    except UnicodeDecodeError as error:
        raise MachineFailed("mail_password_form", path=where) from error
    if not (text.isascii() and text.isprintable() and text) or len(data) > MAX_PASSWORD:
        raise MachineFailed("mail_password_form", path=where)
    return text


def trust(settings: MailSettings) -> ssl.SSLContext:
    """Certificates are verified, and the server's name; TLS 1.2 or newer.

    Raise MachineFailed ``mail_ca_file`` where the configured file holds no certificate.
    """
    context = ssl.create_default_context()
    if settings.ca_file is not None:
        where = os.fspath(settings.ca_file)
        try:
            context.load_verify_locations(cafile=where)
        except OSError as error:  # ssl.SSLError is one
            raise MachineFailed("mail_ca_file", path=where) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def faults(settings: MailSettings) -> tuple[MachineFailed, ...]:
    """What would stop every message, found without the network."""
    found: list[MachineFailed] = []
    if not settings.server:
        return ()
    for check in (trust, *((password,) if settings.user else ())):
        try:
            check(settings)
        except MachineFailed as error:
            found.append(error)
    return tuple(found)
