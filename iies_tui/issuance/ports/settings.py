"""The terminal's settings and the password that belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from iies_tui.domain.errors import Problem


class SettingsStore(Protocol):
    """``config.toml`` by the names of ``docs/settings.md``, each value as a text."""

    def texts(self) -> Mapping[str, str]:
        """Every setting, empty where its default holds. Raise IiesError where a file is wrong."""

    def problems(self, values: Mapping[str, str]) -> tuple[Problem, ...]:
        """What would be wrong if these were written, each by its setting's name."""

    def write(self, values: Mapping[str, str]) -> None:
        """Wholly or not at all, on disk on return."""


class MailPassword(Protocol):
    """The mail server's password: it can be replaced and erased, never read."""

    def is_set(self) -> bool: ...

    def is_fixed(self) -> bool:
        """True where the system's unit gives it, so that nothing here can erase it."""

    def check(self, password: bytes | bytearray) -> None:
        """Refused ``mail_password_typed`` for what cannot be one."""

    def put(self, password: bytes | bytearray) -> None:
        """On disk on return."""

    def erase(self) -> None:
        """Overwrite and remove it, on disk on return; nothing where there is none."""
