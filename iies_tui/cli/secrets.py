"""Secrets from files, or typed unseen: PIN, KEY, passphrase."""

from __future__ import annotations

import sys
from getpass import getpass
from pathlib import Path

from iies_tui.authority.training import PASSPHRASE_FILE
from iies_tui.domain.errors import Refused, WrongUsage
from iies_tui.text import words

MAX_SECRET = 1024


def read_secret(path: str) -> bytearray:
    """The file's bytes less one trailing newline, nothing else removed.

    Raise Refused ``cannot_read`` or ``secret_too_long``.
    """
    try:
        with Path(path).open("rb") as file:
            data = bytearray(file.read(MAX_SECRET + 1))
    except OSError as error:
        raise Refused("cannot_read", path=path, reason=error.strerror or "") from error
    if len(data) > MAX_SECRET:
        raise Refused("secret_too_long", path=path, limit=MAX_SECRET)
    if data.endswith(b"\n"):
        del data[-1]
    return data


def authority_passphrase(directory: str, file: str | None, *, new: bool = False) -> bytes:
    """The file's, a training authority's own, or what somebody types; a ``new`` one twice.

    Raise WrongUsage ``passphrase_needed`` where nobody can be asked, Refused as ``read_secret``
    does, or ``passphrase_differs``.
    """
    beside = Path(directory) / PASSPHRASE_FILE
    if file or (not new and beside.is_file()):
        return bytes(read_secret(file or str(beside)))
    if not sys.stdin.isatty():
        raise WrongUsage("passphrase_needed")
    typed = getpass(words("cli.type_passphrase"))
    if new and getpass(words("cli.type_passphrase_again")) != typed:
        raise Refused("passphrase_differs")
    return typed.encode()
