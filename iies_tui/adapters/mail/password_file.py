"""The mail server's password in its file: port ``MailPassword`` (``docs/settings.md``)."""

from __future__ import annotations

import os
from collections.abc import Callable

from iies_tui.adapters.machine.files import (
    destroy,
    private_directory,
    read_private,
    write_atomically,
)
from iies_tui.adapters.mail.settings import (
    CREDENTIAL,
    MAX_PASSWORD,
    PASSWORD_FILE,
    MailSettings,
    password_place,
)
from iies_tui.domain.errors import Refused


class MailPasswordFile:
    """``settings`` reads the settings as they are at the moment: they say where the file is."""

    def __init__(self, settings: Callable[[], MailSettings]) -> None:
        self._settings = settings

    def is_set(self) -> bool:
        """True where there is a file, or the system's unit gives a password."""
        place = password_place(self._settings())
        return self.is_fixed() or read_private(place, MAX_PASSWORD) is not None

    def is_fixed(self) -> bool:
        """True where the credential of the unit goes before any file."""
        place = password_place(self._settings())
        return place.name == CREDENTIAL and bool(os.environ.get("CREDENTIALS_DIRECTORY"))

    def check(self, password: bytes | bytearray) -> None:
        """Printable ASCII on one line. Raise Refused ``mail_password_typed``."""
        text = bytes(password).decode("utf-8", "replace")
        if not (text.isascii() and text.isprintable() and text) or len(text) >= MAX_PASSWORD:
            raise Refused("mail_password_typed")

    def put(self, password: bytes | bytearray) -> None:
        """One line, mode 0600, on disk on return."""
        place = password_place(self._settings())
        if place.name == PASSWORD_FILE:
            private_directory(place.parent)
        write_atomically(place, bytes(password) + b"\n")

    def erase(self) -> None:
        """Overwrite and remove the file, on disk on return; nothing where there is none."""
        destroy(password_place(self._settings()), MAX_PASSWORD)
