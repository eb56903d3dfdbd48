"""Secrets from files, or typed unseen: PIN, KEY, passphrase."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from getpass import getpass
from pathlib import Path

from iies_tui.authority.training import PASSPHRASE_FILE
from iies_tui.domain.errors import Refused, WrongUsage
from iies_tui.domain.wiping import wipe
from iies_tui.text import words

MAX_SECRET = 1024


BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def read_secret(path: str) -> bytearray:
    """A PIN's, KEY's or recovery code's bytes less one trailing newline, nothing else removed.

    What an editor or a mail program put around it would be tried as a part of it, and count as a
    wrong PIN. Raise Refused ``secret_dressed`` for that, and as ``read_passphrase`` does.
    """
    secret = _read(path)
    found = [words(f"secret_dress.{one}") for one in _dress(secret)]
    if found:
        wipe(secret)
        raise Refused("secret_dressed", path=path, found=", ".join(found))
    return secret


def read_passphrase(path: str) -> bytes:
    """A passphrase's bytes less one trailing newline; it may hold anything else.

    Raise Refused ``cannot_read`` or ``secret_too_long``.
    """
    return bytes(_read(path))


def _read(path: str) -> bytearray:
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


def _dress(secret: bytearray) -> Iterator[str]:
    """What surrounds a secret without being a part of it, by name."""
    if not secret:
        yield "empty"
        return
    if secret.startswith(BYTE_ORDER_MARKS):
        yield "mark"
    if b"\r" in secret:
        yield "windows"
    if b"\n" in secret:
        yield "lines"
    bare = secret.rstrip(b"\r\n")
    if bare.startswith((b" ", b"\t")):
        yield "before"
    if bare.endswith((b" ", b"\t")):
        yield "behind"


def authority_passphrase(directory: str, file: str | None, *, new: bool = False) -> bytes:
    """The file's, a training authority's own, or what somebody types; a ``new`` one twice.

    Raise WrongUsage ``passphrase_needed`` where nobody can be asked, Refused as
    ``read_passphrase`` does, or ``passphrase_differs``.
    """
    beside = Path(directory) / PASSPHRASE_FILE
    if file or (not new and beside.is_file()):
        return read_passphrase(file or str(beside))
    if not sys.stdin.isatty():
        raise WrongUsage("passphrase_needed")
    typed = getpass(words("cli.type_passphrase"))
    if new and getpass(words("cli.type_passphrase_again")) != typed:
        raise Refused("passphrase_differs")
    return typed.encode()
