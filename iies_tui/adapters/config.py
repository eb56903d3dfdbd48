"""The terminal's settings, ``<state>/config.toml``, edited by the office owner (docs/settings.md).

An unknown name or a value out of range is told by name; the rest is not guessed. Without the file
every default holds.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_documents_path, user_state_path

from iies_tui.adapters.machine.files import failed
from iies_tui.adapters.mail import settings as mail_settings
from iies_tui.adapters.mail.settings import MailSettings
from iies_tui.domain.errors import MachineFailed, WrongUsage
from iies_tui.domain.options import warn_before

MAX_FILE = 65_536


@dataclass(frozen=True, slots=True)
class Config:
    """``idle_seconds`` 3 to 900, ``absolute_seconds`` 10 to 43,200.

    ``queue`` empty: the folder is the default destination. ``max_term_days``, ``max_back_days``,
    ``max_temporary_days``, ``max_ahead_days`` zero: no limit, since no rule was found;
    ``acceptance_days`` is DMV's 45. ``contact``: whom a clerk asks for a new trust bundle.
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

    @property
    def warn_seconds(self) -> int:
        """How long before the idle sign-off the clerk is warned."""
        return warn_before(self.idle_seconds)


_NUMBERS = {
    ("sign_off", "idle_seconds"): ("idle_seconds", 3, 900),
    ("sign_off", "absolute_seconds"): ("absolute_seconds", 10, 43_200),
    ("card", "acceptance_days"): ("acceptance_days", 1, 3650),
    ("card", "max_term_days"): ("max_term_days", 0, 3650),
    ("card", "max_back_days"): ("max_back_days", 0, 3650),
    ("card", "max_temporary_days"): ("max_temporary_days", 0, 3650),
    ("card", "max_ahead_days"): ("max_ahead_days", 0, 3650),
}
_TEXTS = {
    ("printer", "queue"): "queue",
    ("folder", "path"): "folder",
    ("authority", "contact"): "contact",
}


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
    path = state / "config.toml"
    try:
        with path.open("rb") as file:
            text = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        return Config(folder=default_folder())
    except OSError as error:
        raise failed(error, path) from error
    if len(text) > MAX_FILE:
        raise MachineFailed("file_too_large", path=os.fspath(path), limit=MAX_FILE)
    try:
        tables = tomllib.loads(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise WrongUsage("config_not_toml", path=os.fspath(path), reason=str(error)) from error
    values: dict[str, int | str] = {}
    mail = MailSettings()
    for table, entries in tables.items():
        if not isinstance(entries, dict):
            raise WrongUsage("config_unknown", path=os.fspath(path), name=table)
        if table == "mail":
            mail = mail_settings.read(entries, os.fspath(path))
            continue
        for name, value in entries.items():
            _take(values, path, table, name, value)
    folder = Path(str(values.pop("folder", "") or default_folder())).expanduser()
    if not folder.is_absolute():
        raise WrongUsage("config_relative", path=os.fspath(path), name="folder.path")
    return Config(folder=folder, mail=mail, **values)  # type: ignore[arg-type]


def _take(values: dict[str, int | str], path: Path, table: str, name: str, value: object) -> None:
    where, full = os.fspath(path), f"{table}.{name}"
    if (table, name) in _NUMBERS:
        field, low, high = _NUMBERS[table, name]
        if type(value) is not int or not low <= value <= high:
            raise WrongUsage("config_range", path=where, name=full, low=low, high=high)
        values[field] = value
    elif (table, name) in _TEXTS:
        if not isinstance(value, str) or not value.isprintable():
            raise WrongUsage("config_text", path=where, name=full)
        values[_TEXTS[table, name]] = value
    else:
        raise WrongUsage("config_unknown", path=where, name=full)
