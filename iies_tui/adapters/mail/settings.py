"""The mail server of a terminal: the table ``[mail]`` of ``config.toml`` (docs/settings.md).

The password is never in it: a systemd credential ``iies-mail-password``, else a 0600 file outside
the state directory. It is read for each attempt and kept nowhere.
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from iies_tui.adapters.keys import pepper
from iies_tui.adapters.machine.files import failed, read_private
from iies_tui.domain.errors import MachineFailed, WrongUsage
from iies_tui.domain.insurer import is_icc

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


_TEXTS = ("server", "from", "from_name", "user", "password_file", "ca_file", "security")
_NUMBERS = {"port": (1, 65_535), "timeout_seconds": (1, 600), "retry_seconds": (1, 3_600)}


def read(table: Mapping[str, object], path: str) -> MailSettings:
    """``[mail]`` of ``path``. Raise WrongUsage ``config_*``, naming the entry that is wrong."""
    for name, value in table.items():
        _check_kind(name, value, path)
    text = {name: str(table.get(name, "")).strip() for name in _TEXTS}
    if text["server"] and not _HOST.match(text["server"]):
        raise WrongUsage("config_mail_server", path=path, name="mail.server")
    if bool(text["server"]) and not text["from"]:
        raise WrongUsage("config_mail_from", path=path, name="mail.from")
    try:
        security = Security(text["security"] or Security.STARTTLS)
    except ValueError as error:
        raise WrongUsage("config_mail_security", path=path, name="mail.security") from error
    return MailSettings(
        server=text["server"],
        port=_number(table, "port", PORTS[security]),
        security=security,
        sender=_sender(text["from"], path),
        sender_name=_shown(text["from_name"], path, "mail.from_name"),
        user=_shown(text["user"], path, "mail.user", ascii_only=True),
        password_file=_file(text["password_file"], path, "mail.password_file"),
        ca_file=_file(text["ca_file"], path, "mail.ca_file"),
        timeout_seconds=_number(table, "timeout_seconds", 60),
        retry_seconds=_number(table, "retry_seconds", 60),
        insurers=_insurers(table.get("insurers", []), path),
    )


def _check_kind(name: str, value: object, path: str) -> None:
    full = f"mail.{name}"
    if name in _TEXTS:
        if not isinstance(value, str):
            raise WrongUsage("config_text", path=path, name=full)
    elif name in _NUMBERS:
        low, high = _NUMBERS[name]
        if type(value) is not int or not low <= value <= high:
            raise WrongUsage("config_range", path=path, name=full, low=low, high=high)
    elif name == "password":
        raise WrongUsage("config_mail_password", path=path, name=full)
    elif name != "insurers":
        raise WrongUsage("config_unknown", path=path, name=full)


def _number(table: Mapping[str, object], name: str, default: int) -> int:
    value = table.get(name, default)
    return value if isinstance(value, int) else default


def _sender(typed: str, path: str) -> str:
    if not typed:
        return ""
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise WrongUsage("config_mail_from", path=path, name="mail.from") from error
    return found.ascii_email or found.normalized


def _shown(text: str, path: str, name: str, *, ascii_only: bool = False) -> str:
    if not text.isprintable() or len(text) > 200 or (ascii_only and not text.isascii()):
        raise WrongUsage("config_mail_text", path=path, name=name)
    return text


def _file(text: str, path: str, name: str) -> Path | None:
    if not text:
        return None
    found = Path(text).expanduser()
    if not found.is_absolute():
        raise WrongUsage("config_relative", path=path, name=name)
    return found


def _insurers(value: object, path: str) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(o, str) and is_icc(o) for o in value):
        raise WrongUsage("config_mail_insurers", path=path, name="mail.insurers")
    return frozenset(value)


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
