"""The terminal's settings, ``<state>/config.toml``, edited by the office owner (docs/settings.md).

An unknown name or a value out of range is told by name; the rest is not guessed. Without the file
every default holds.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from platformdirs import user_documents_path, user_state_path

from iies_tui.adapters.machine.files import failed
from iies_tui.adapters.mail import settings as mail_settings
from iies_tui.adapters.mail.settings import MailSettings, Security
from iies_tui.domain.errors import MachineFailed, WrongUsage
from iies_tui.domain.insurer import is_icc
from iies_tui.domain.options import warn_before

MAX_FILE = 65_536


@dataclass(frozen=True, slots=True)
class Config:
    """``queue`` empty: the folder is the default destination. ``max_term_days``, ``max_back_days``,
    ``max_temporary_days``, ``max_ahead_days`` zero: no limit, since no rule was found;
    ``acceptance_days`` is DMV's 45. ``as_registered``, ``apostrophe`` as in ``dates.Limits``.
    ``contact``: whom a clerk asks for a new trust bundle.
    """

    idle_seconds: int = 300
    absolute_seconds: int = 43_200
    queue: str = ""
    folder: Path = Path()
    acceptance_days: int = 45
    max_term_days: int = 0
    max_back_days: int = 0
    mail: MailSettings = field(default_factory=MailSettings)
    max_temporary_days: int = 0
    max_ahead_days: int = 0
    contact: str = ""
    as_registered: bool = True
    apostrophe: bool = False

    @property
    def warn_seconds(self) -> int:
        """How long before the idle sign-off the clerk is warned."""
        return warn_before(self.idle_seconds)


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number, both ends included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Text:
    """One line, empty as good as none. ``accept`` converts it, ``code`` tells what it raises."""

    accept: Callable[[str], object] = str
    code: str = "config_text"


@dataclass(frozen=True, slots=True)
class Iccs:
    """A list of insurance company codes."""


def _full_path(text: str) -> Path:
    path = Path(text).expanduser()  # RuntimeError where the system does not know the user
    if not path.is_absolute():
        raise ValueError(text)
    return path


_PATH = Text(_full_path, "config_relative")
_DAYS = Number(0, 3650)
SETTINGS: dict[str, tuple[str, Number | Flag | Text | Iccs]] = {
    "sign_off.idle_seconds": ("idle_seconds", Number(3, 900)),
    "sign_off.absolute_seconds": ("absolute_seconds", Number(10, 43_200)),
    "printer.queue": ("queue", Text()),
    "folder.path": ("folder", _PATH),
    "card.acceptance_days": ("acceptance_days", Number(1, 3650)),
    "card.max_term_days": ("max_term_days", _DAYS),
    "card.max_back_days": ("max_back_days", _DAYS),
    "card.max_temporary_days": ("max_temporary_days", _DAYS),
    "card.max_ahead_days": ("max_ahead_days", _DAYS),
    "card.as_registered": ("as_registered", Flag()),
    "card.apostrophe": ("apostrophe", Flag()),
    "authority.contact": ("contact", Text()),
    "mail.server": ("server", Text(mail_settings.host, "config_mail_server")),
    "mail.security": ("security", Text(Security, "config_mail_security")),
    "mail.port": ("port", Number(1, 65_535)),
    "mail.from": ("sender", Text(mail_settings.address, "config_mail_from")),
    "mail.from_name": ("sender_name", Text(mail_settings.shown, "config_mail_text")),
    "mail.user": ("user", Text(mail_settings.user, "config_mail_text")),
    "mail.password_file": ("password_file", _PATH),
    "mail.ca_file": ("ca_file", _PATH),
    "mail.insurers": ("insurers", Iccs()),
    "mail.timeout_seconds": ("timeout_seconds", Number(1, 600)),
    "mail.retry_seconds": ("retry_seconds", Number(1, 3_600)),
}
"""By table and name: the field of ``Config`` (``MailSettings`` for ``mail``), whose default is the
setting's, and the kind."""


def defaults() -> dict[str, str]:
    """What holds where a setting is not in the file, by name; empty where that is nothing."""
    config = Config(folder=default_folder())
    found = {}
    for name, (attribute, _) in SETTINGS.items():
        value = getattr(config.mail if name.startswith("mail.") else config, attribute)
        found[name] = str(value) if value else ""
    return found


def default_state() -> Path:
    """``$STATE_DIRECTORY`` (systemd), else the XDG state directory."""
    if given := os.environ.get("STATE_DIRECTORY"):
        return Path(given.split(":")[0])
    return user_state_path("iies-tui")


def default_folder() -> Path:
    """``$XDG_DOCUMENTS_DIR/IIES cards``."""
    given = Path(os.environ.get("XDG_DOCUMENTS_DIR", ""))
    return (given if given.is_absolute() else user_documents_path()) / "IIES cards"


def load(state: Path) -> Config:
    """Read ``config.toml``. Raise WrongUsage ``config_*`` naming the entry, MachineFailed."""
    path = file_of(state)
    return read(tables_of(path)[0], os.fspath(path))


def file_of(state: Path) -> Path:
    """Where a terminal's settings are."""
    return state / "config.toml"


def tables_of(path: Path) -> tuple[dict[str, Any], str]:
    """A settings file's tables and its text, both empty where there is none.

    Raise WrongUsage ``config_not_toml``, MachineFailed.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        return {}, ""
    except OSError as error:
        raise failed(error, path) from error
    if len(data) > MAX_FILE:
        raise MachineFailed("file_too_large", path=os.fspath(path), limit=MAX_FILE)
    try:
        text = data.decode("utf-8")
        return tomllib.loads(text), text
    except (ValueError, RecursionError) as error:
        raise WrongUsage("config_not_toml", path=os.fspath(path), reason=str(error)) from error


def read(tables: dict[str, Any], path: str) -> Config:
    """The settings of a file's tables. Raise WrongUsage ``config_*`` naming the entry."""
    values: dict[str, Any] = {"folder": default_folder()}
    mail: dict[str, Any] = {}
    for table, entries in tables.items():
        if not isinstance(entries, dict):
            raise WrongUsage("config_unknown", path=path, name=table)
        for name, value in entries.items():
            field, found = take(f"{table}.{name}", value, path)
            if found != "":
                (mail if table == "mail" else values)[field] = found
    return Config(**values, mail=mail_settings.complete(MailSettings(**mail), path))


def take(name: str, value: object, path: str) -> tuple[str, object]:
    """The field and its value; an empty text stays one, whatever the field.

    Raise WrongUsage ``config_*`` naming the entry.
    """
    if name not in SETTINGS:
        code = "config_mail_password" if name == "mail.password" else "config_unknown"
        raise WrongUsage(code, path=path, name=name)
    field, kind = SETTINGS[name]
    if isinstance(kind, Number):
        if type(value) is not int or not kind.low <= value <= kind.high:
            raise WrongUsage("config_range", path=path, name=name, low=kind.low, high=kind.high)
        return field, value
    if isinstance(kind, Flag):
        if not isinstance(value, bool):
            raise WrongUsage("config_flag", path=path, name=name)
        return field, value
    if isinstance(kind, Iccs):
        if not isinstance(value, list) or not all(isinstance(o, str) and is_icc(o) for o in value):
            raise WrongUsage("config_mail_insurers", path=path, name=name)
        return field, frozenset(value)
    if not isinstance(value, str) or not (text := value.strip()).isprintable():
        raise WrongUsage("config_text", path=path, name=name)
    try:
        return field, kind.accept(text) if text else ""
    except (ValueError, RuntimeError) as error:
        raise WrongUsage(kind.code, path=path, name=name) from error
