"""The outbox in the register's encrypted database: port ``Outbox``.

Its table was added after the first registers were made, so it is made where it is not there; no
other table is touched, and a program that does not know it passes it over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import apsw

from iies_tui.adapters.records.database import translated
from iies_tui.domain.errors import MachineFailed
from iies_tui.domain.mail import FINAL, MailEntry, MailState

SCHEMA = """
CREATE TABLE IF NOT EXISTS outbox (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, serial TEXT NOT NULL, address TEXT NOT NULL,
  fax_sheet INTEGER NOT NULL, state TEXT NOT NULL, queued_at INTEGER NOT NULL, due INTEGER NOT NULL,
  attempts INTEGER NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, message BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS outbox_serial ON outbox(serial);
CREATE INDEX IF NOT EXISTS outbox_state ON outbox(state);
"""
_COLUMNS = "id, serial, address, fax_sheet, state, queued_at, due, attempts, reason, detail"


class FileOutbox:
    """On an open register. Times are kept as Unix seconds."""

    def __init__(self, path: Path, database: apsw.Connection) -> None:
        self._path = path
        self._database = database
        with translated(path):
            database.execute(SCHEMA)

    def add(self, entry: MailEntry, message: bytes) -> None:
        """A new message with its bytes, in one transaction."""
        with translated(self._path), self._database:
            self._database.execute(
                f"INSERT INTO outbox ({_COLUMNS}, message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608, E501
                (
                    entry.id,
                    entry.serial,
                    entry.address,
                    int(entry.fax_sheet),
                    entry.state.value,
                    int(entry.queued_at.timestamp()),
                    int(entry.due.timestamp()),
                    entry.attempts,
                    entry.reason,
                    entry.detail,
                    message,
                ),
            )

    def get(self, id: str) -> MailEntry | None:
        """One message, None where there is none of that number."""
        found = self._entries("WHERE id = ?", (id,))
        return found[0] if found else None

    def message(self, id: str) -> bytes:
        """Its bytes; empty once it is final."""
        with translated(self._path):
            found = self._database.execute(
                "SELECT message FROM outbox WHERE id = ?", (id,)
            ).fetchone()
        return found[0] if found and isinstance(found[0], bytes) else b""

    def update(self, entry: MailEntry) -> None:
        """A step. A message that is final needs its bytes no more."""
        forget = "x''" if entry.state in FINAL else "message"
        with translated(self._path), self._database:
            self._database.execute(
                "UPDATE outbox SET state = ?, queued_at = ?, due = ?, attempts = ?, reason = ?,"  # noqa: S608
                f" detail = ?, message = {forget} WHERE id = ?",
                (
                    entry.state.value,
                    int(entry.queued_at.timestamp()),
                    int(entry.due.timestamp()),
                    entry.attempts,
                    entry.reason,
                    entry.detail,
                    entry.id,
                ),
            )

    def of_card(self, serial: str) -> tuple[MailEntry, ...]:
        """Oldest first; every card's where ``serial`` is empty."""
        where, values = ("WHERE serial = ?", (serial,)) if serial else ("", ())
        return self._entries(f"{where} ORDER BY number", values)

    def in_state(self, states: Sequence[MailState]) -> tuple[MailEntry, ...]:
        """Oldest first."""
        marks = ", ".join("?" * len(states))
        values = tuple(state.value for state in states)
        return self._entries(f"WHERE state IN ({marks}) ORDER BY number", values)

    def _entries(self, where: str, values: tuple[str, ...]) -> tuple[MailEntry, ...]:
        with translated(self._path):
            found = self._database.execute(
                f"SELECT {_COLUMNS} FROM outbox {where}",  # noqa: S608 (our own clauses only)
                values,
            ).fetchall()
        return tuple(_entry(row) for row in found)


def _entry(row: Sequence[object]) -> MailEntry:
    id, serial, address, fax_sheet, state, queued_at, due, attempts, reason, detail = row
    try:
        return MailEntry(
            id=str(id),
            serial=str(serial),
            address=str(address),
            fax_sheet=bool(fax_sheet),
            state=MailState(str(state)),
            queued_at=datetime.fromtimestamp(int(str(queued_at)), UTC),
            due=datetime.fromtimestamp(int(str(due)), UTC),
            attempts=int(str(attempts)),
            reason=str(reason),
            detail=str(detail),
        )
    except (ValueError, OverflowError, OSError) as error:
        raise MachineFailed("register_damaged", license="") from error
