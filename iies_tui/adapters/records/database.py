"""SQLite through the library that apsw-sqlite3mc carries, opened the way records need it.

Rollback journal and ``synchronous=EXTRA``: a commit that returned is on the disk, directory entry
included. Every error of the disk or of the file becomes ``MachineFailed``.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import apsw

from iies_tui.domain.errors import MachineFailed
from iies_tui.domain.strict_json import Bounds

BUSY_MS = 10_000
"""How long a commit waits for somebody who is reading, in milliseconds."""

STORED = Bounds(64 * 1024 * 1024, depth=64, digits=4_300)
"""Of JSON in a register: a draft may be as large as a message between the processes."""


def connect(path: Path, *, key: bytes | None = None, read_only: bool = False) -> apsw.Connection:
    """Open or make a database file (0600). ``key``: 32 raw bytes of ChaCha20-Poly1305.

    ``read_only`` refuses every statement that writes. The file is opened for writing all the same
    where that is allowed: what a crash left half-committed must be rolled back before it is read.

    Raise MachineFailed ``database_damaged`` where it is not one, or not under this key.
    """
    flags = apsw.SQLITE_OPEN_READWRITE | (0 if read_only else apsw.SQLITE_OPEN_CREATE)
    with translated(path), contextlib.ExitStack() as stack:
        if not read_only and not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, 0o600))
        connection = apsw.Connection(os.fspath(path), flags=flags | apsw.SQLITE_OPEN_NOFOLLOW)
        stack.callback(connection.close)
        connection.set_busy_timeout(BUSY_MS)
        # Sorting a register must not put a customer's name into a file that nobody encrypts.
        connection.pragma("temp_store", "memory")
        if key is not None:
            connection.pragma("cipher", "chacha20")
            connection.pragma("key", f"raw:{key.hex()}")
        if read_only:
            connection.pragma("query_only", "on")
        else:
            connection.pragma("journal_mode", "delete")
            connection.pragma("synchronous", "extra")
        connection.pragma("foreign_keys", "on")
        connection.pragma("trusted_schema", "off")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
        stack.pop_all()
        return connection


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's and the system's errors into ours."""
    where = os.fspath(path)
    try:
        yield
    except apsw.FullError as error:
        raise MachineFailed("disk_full", path=where) from error
    except (apsw.NotADBError, apsw.CorruptError) as error:
        raise MachineFailed("database_damaged", path=where) from error
    except (apsw.ReadOnlyError, apsw.PermissionsError) as error:
        raise MachineFailed("not_allowed", path=where) from error
    except apsw.Error as error:
        if _was_full(error):
            raise MachineFailed("disk_full", path=where) from error
        reason = type(error).__name__.removesuffix("Error")
        raise MachineFailed("database_failed", path=where, reason=reason) from error
    except OSError as error:
        from iies_tui.adapters.machine.files import failed

        raise failed(error, path) from error


def _was_full(error: BaseException | None) -> bool:
    """True where the disk was full first: SQLite then rolls back by itself, and the end of the
    transaction, which is not there any more, fails on top of it."""
    while error is not None:
        if isinstance(error, apsw.FullError):
            return True
        error = error.__context__
    return False
