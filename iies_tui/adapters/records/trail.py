"""The trail: an append-only chain of rows in ``trail.db``, readable without a PIN (docs/trail.md).

A row's bytes are canonical CBOR of ``{1: 1, 2: seq, 3: previous hash, 4: unix time, 5: event,
6: actor, 7: clerk, 8: details}``; its hash is SHA-256 of them. The other columns repeat what the
bytes say, for look-ups, and ``verify`` compares them. Triggers refuse UPDATE and DELETE: they guard
against our own mistakes; against somebody with the file, the chain and the cards that pin it do.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import apsw

from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.machine.files import failed
from iies_tui.adapters.records.database import connect, translated
from iies_tui.domain.errors import MachineFailed
from iies_tui.domain.trail import GENESIS, TERMINAL, Checkpoint, Detail, Event, TrailRow
from iies_tui.issuance.clock_guard import went_back
from iies_tui.issuance.ports.machine import Clock

MAX_ROW = 4096
MAX_SEQ = 2**63 - 1
BATCH = 1000
"""Rows that are read at a time."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS trail (
  seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL, hash BLOB NOT NULL,
  event TEXT NOT NULL, serial TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS trail_serial ON trail(serial, event);
CREATE INDEX IF NOT EXISTS trail_event ON trail(event, seq);
CREATE TABLE IF NOT EXISTS checkpoint (
  seq INTEGER PRIMARY KEY REFERENCES trail(seq), kid BLOB NOT NULL, signed BLOB NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS trail_no_update BEFORE UPDATE ON trail
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS trail_no_delete BEFORE DELETE ON trail
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS checkpoint_no_update BEFORE UPDATE ON checkpoint
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS checkpoint_no_delete BEFORE DELETE ON checkpoint
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
"""


class TrailFile:
    """Port ``Trail`` on one database; one writer, held by the state lock.

    After a failed commit the object refuses every further append (``trail_stopped``): what is on
    the disk is not known any more, so nothing is issued until the program starts anew.
    """

    def __init__(self, path: Path, clock: Clock, *, read_only: bool = False) -> None:
        if read_only:
            _check_there(path)
        self._path = path
        self._clock = clock
        self._stopped = False
        self._database = connect(path, read_only=read_only)
        self._end = MAX_SEQ
        """The last row that ``rows``, ``columns`` and ``checkpoints`` tell of."""
        self._head: TrailRow | None = None
        with translated(path):
            if not read_only:
                self._database.execute(_SCHEMA)
            elif not self._database.table_exists(None, "trail"):
                raise MachineFailed("no_trail", path=str(path))
        if read_only:
            # A terminal may be writing at this moment: all three must tell of the same rows.
            self._end = self._count()
        else:
            self._head = self._last()

    def append(
        self, event: Event, actor: str, details: Mapping[str, Detail], clerk: str = ""
    ) -> TrailRow:
        """One row in a transaction of its own."""
        return self._append(event, actor, details, clerk, None)

    def append_checkpointed(
        self,
        event: Event,
        actor: str,
        details: Mapping[str, Detail],
        clerk: str,
        checkpoint: Callable[[TrailRow], Checkpoint],
    ) -> TrailRow:
        """One row and an issuer's signature over it, in one transaction."""
        return self._append(event, actor, details, clerk, checkpoint)

    def _append(
        self,
        event: Event,
        actor: str,
        details: Mapping[str, Detail],
        clerk: str,
        checkpoint: Callable[[TrailRow], Checkpoint] | None,
    ) -> TrailRow:
        if self._stopped:
            raise MachineFailed("trail_stopped")
        now = self._clock.now()
        if (
            self._head
            and event is not Event.CLOCK_ALARM
            and (back := went_back(now, self._head.time))
        ):
            # Said once, and before the first record under that clock, whoever writes it.
            self.append(Event.CLOCK_ALARM, TERMINAL, {"seconds_back": back})
        seq, previous = (self._head.seq + 1, self._head.hash) if self._head else (1, GENESIS)
        data, row = encode(seq, previous, now, event, actor, clerk, details)
        self._stopped = True
        with translated(self._path), self._database:
            self._database.execute(
                "INSERT INTO trail VALUES (?, ?, ?, ?, ?)",
                (seq, data, row.hash, event.value, str(details.get("serial", ""))),
            )
            if checkpoint is not None:
                signed = checkpoint(row)
                self._database.execute(
                    "INSERT INTO checkpoint VALUES (?, ?, ?)",
                    (signed.seq, signed.kid, signed.signed),
                )
        self._stopped = False
        self._head = row
        return row

    def head(self) -> TrailRow | None:
        """The newest row."""
        return self._head or self._last()

    def rows(self, since: int = 1) -> Iterator[TrailRow]:
        """Rows in order, decoded from their bytes. Raise MachineFailed ``trail_damaged``."""
        for _, *found in self._batches("SELECT seq, bytes, hash FROM trail", since):
            yield _row(found)

    def checkpoints(self) -> Iterator[Checkpoint]:
        """Every checkpoint, in the order of the rows. Raise MachineFailed ``trail_damaged``."""
        for found in self._batches("SELECT seq, kid, signed FROM checkpoint", 1):
            match found:
                case [int(seq), bytes(kid), bytes(signed)]:
                    yield Checkpoint(seq, kid, signed)
                case _:
                    raise MachineFailed("trail_damaged")

    def find_serial(self, event: Event, serial: str) -> TrailRow | None:
        """The last row of that kind about a serial."""
        return self._one(
            "SELECT bytes, hash FROM trail WHERE serial = ? AND event = ?"
            " ORDER BY seq DESC LIMIT 1",
            (serial, event.value),
        )

    def last(self, event: Event) -> TrailRow | None:
        """The newest row of a kind."""
        return self._one(
            "SELECT bytes, hash FROM trail WHERE event = ? ORDER BY seq DESC LIMIT 1",
            (event.value,),
        )

    def of_kind(self, event: Event) -> tuple[TrailRow, ...]:
        """Every row of a kind, oldest first."""
        with translated(self._path):
            found = self._database.execute(
                "SELECT bytes, hash FROM trail WHERE event = ? ORDER BY seq", (event.value,)
            ).fetchall()
        return tuple(_row(row) for row in found)

    def open_intents(self) -> tuple[TrailRow, ...]:
        """Intents that have neither a seal nor a VOID: a crash came in between."""
        with translated(self._path):
            found = self._database.execute(
                "SELECT bytes, hash FROM trail AS intent WHERE event = ? AND NOT EXISTS ("
                "SELECT 1 FROM trail WHERE serial = intent.serial AND event IN (?, ?))"
                " ORDER BY seq",
                (Event.INTENT.value, Event.SEALED.value, Event.VOID.value),
            ).fetchall()
        return tuple(_row(row) for row in found)

    def columns(self) -> Iterator[tuple[int, str, str]]:
        """(seq, event, serial) as the look-up columns have them, for ``verify``."""
        for seq, event, serial in self._batches("SELECT seq, event, serial FROM trail", 1):
            yield int(str(seq)), str(event), str(serial)

    def close(self) -> None:
        self._database.close()

    def _batches(self, query: str, since: int) -> Iterator[Sequence[object]]:
        """Rows of ``query`` by their ``seq``; between two batches the writer gets its turn."""
        while True:
            with translated(self._path):
                found = self._database.execute(
                    f"{query} WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?",
                    (since, self._end, BATCH),
                ).fetchall()
            yield from found
            if len(found) < BATCH:
                return
            since = int(str(found[-1][0])) + 1

    def _count(self) -> int:
        with translated(self._path):
            found = self._database.execute("SELECT max(seq) FROM trail").fetchone()
        return int(str(found[0])) if found and found[0] is not None else 0

    def _last(self) -> TrailRow | None:
        return self._one("SELECT bytes, hash FROM trail ORDER BY seq DESC LIMIT 1", ())

    def _one(self, query: str, values: tuple[apsw.SQLiteValue, ...]) -> TrailRow | None:
        with translated(self._path):
            found = self._database.execute(query, values).fetchone()
        return _row(found) if found else None


def _check_there(path: Path) -> None:
    """Raise MachineFailed ``no_trail``, ``not_readable``."""
    try:
        path.stat()
    except FileNotFoundError as error:
        raise MachineFailed("no_trail", path=str(path)) from error
    except OSError as error:
        raise failed(error, path, reading=True) from error
    # Asked, not opened: closing a file of a database drops the locks that others here have on it.
    if not os.access(path, os.R_OK):
        raise MachineFailed("not_readable", path=str(path))


def encode(
    seq: int,
    previous: bytes,
    time: datetime,
    event: Event,
    actor: str,
    clerk: str,
    details: Mapping[str, Detail],
) -> tuple[bytes, TrailRow]:
    """A row's bytes and the row."""
    fields = {
        1: 1,
        2: seq,
        3: previous,
        4: int(time.timestamp()),
        5: event.value,
        6: actor,
        7: clerk,
        8: dict(details),
    }
    data = canonical.encode(fields)
    if len(data) > MAX_ROW:
        raise MachineFailed("trail_row_too_long")
    digest = hashlib.sha256(data).digest()
    return data, TrailRow(seq, previous, time, event, actor, clerk, dict(details), digest)


def _row(found: Sequence[object]) -> TrailRow:
    match found:
        case [bytes(data), bytes(digest)]:
            return decode(data, digest)
    raise MachineFailed("trail_damaged")


def decode(data: bytes, digest: bytes) -> TrailRow:
    """A row from its bytes; the stored hash must be theirs. Raise MachineFailed."""
    try:
        fields = canonical.decode(data, max_bytes=MAX_ROW, max_depth=2)
        match fields:
            case {
                1: 1,
                2: int(seq),
                3: bytes(previous),
                4: int(time),
                5: str(event),
                6: str(actor),
                7: str(clerk),
                8: dict(details),
                **rest,
            } if (
                not rest
                and all(type(name) is str for name in details)
                and all(type(value) in (str, int, bytes) for value in details.values())
                and hashlib.sha256(data).digest() == digest
            ):
                moment = datetime.fromtimestamp(time, UTC)
                return TrailRow(seq, previous, moment, Event(event), actor, clerk, details, digest)
    except (ValueError, OverflowError, OSError) as error:
        raise MachineFailed("trail_damaged") from error
    raise MachineFailed("trail_damaged")
