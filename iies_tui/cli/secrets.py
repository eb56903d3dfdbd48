"""Secrets from files: PIN, KEY, passphrase."""

from __future__ import annotations

from pathlib import Path

from iies_tui.domain.errors import Refused

MAX_SECRET = 1024


def read_secret(path: str) -> bytearray:
    """The file's bytes less one trailing newline, nothing else removed (design section 4).

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
