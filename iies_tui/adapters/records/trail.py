"""The trail: an append-only chain of rows in ``trail.db``, readable without a PIN (docs/trail.md).

The columns beside a row's bytes repeat what the bytes say, for look-ups, and ``verify`` compares
them. Triggers refuse UPDATE and DELETE: they guard against our own mistakes; against somebody with
the file, the chain and the cards that pin it do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import apsw

from iies_tui.adapters.machine.files import failed
from iies_tui.adapters.records import trail_tree
from iies_tui.adapters.records.database import connect, translated
from iies_tui.adapters.records.trail_row import decode, encode
from iies_tui.domain import note as notes
from iies_tui.domain.errors import MachineFailed
from iies_tui.domain.trail import (
    GENESIS,
    SALT,
    TERMINAL,
    Checkpoint,
    Detail,
    Event,
    Note,
    TrailRow,
)
from iies_tui.issuance.clock_ahead import seconds_ahead
from iies_tui.issuance.clock_guard import went_back
from iies_tui.issuance.ports.machine import Chance, Clock

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
CREATE TABLE IF NOT EXISTS note (
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
CREATE TRIGGER IF NOT EXISTS note_no_update BEFORE UPDATE ON note
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS note_no_delete BEFORE DELETE ON note
  BEGIN SELECT RAISE(ABORT, 'append-only'); END;
"""


_Signers = tuple[Callable[[TrailRow], Checkpoint], Callable[[notes.TreeHead], Note]]


class TrailFile:
    """Port ``Trail`` on one database; one writer, held by the state lock.

    After a failed commit the object refuses every further append (``trail_stopped``): what is on
    the disk is not known any more, so nothing is issued until the program starts anew.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        *,
        read_only: bool = False,
        cards: bool = True,
        chance: Chance = os.urandom,
    ) -> None:
        """``cards``: False for an authority's trail, whose clock nobody is asked about."""
        if read_only:
            _check_there(path)
        self._path = path
        self._clock = clock
        self._chance = chance
        self._cards = cards
        self._stopped = False
        self._database = connect(path, read_only=read_only)
        self._end = MAX_SEQ
        """The last row that the reading methods tell of."""
        self._head: TrailRow | None = None
        self._origin = ""
        """The log's name in notes, once a note asked for it."""
        with translated(path):
            if not read_only:
                self._database.execute(_SCHEMA + trail_tree.SCHEMA)
            elif not self._database.table_exists(None, "trail"):
                raise MachineFailed("no_trail", path=str(path))
        if read_only:
            # A terminal may be writing at this moment: all of them must tell of the same rows.
            self._end = self._count()
        else:
            self._head = self._last()
            with translated(path):
                self._tree = trail_tree.load(self._database, self._head.seq if self._head else 0)
            if self._is_far_ahead(clock.now()):
                self._tell_clock(clock.now())

    def append(
        self, event: Event, actor: str, details: Mapping[str, Detail], clerk: str = ""
    ) -> TrailRow:
        """One row in a transaction of its own."""
        return self._append(actor, clerk, {event: details}, None)

    def append_checkpointed(
        self,
        event: Event,
        actor: str,
        details: Mapping[str, Detail],
        clerk: str,
        checkpoint: Callable[[TrailRow], Checkpoint],
        note: Callable[[notes.TreeHead], Note],
        before: Mapping[Event, Mapping[str, Detail]] = MappingProxyType({}),
    ) -> TrailRow:
        """One row, an issuer's signature over it and one over all rows, in one transaction, with
        the rows that stand before it."""
        return self._append(actor, clerk, {**before, event: details}, (checkpoint, note))

    def _append(
        self,
        actor: str,
        clerk: str,
        rows: Mapping[Event, Mapping[str, Detail]],
        sign: _Signers | None,
    ) -> TrailRow:
        """All rows or none; the last one is signed, and given back."""
        if self._stopped:
            raise MachineFailed("trail_stopped")
        now = self._clock.now()
        if not rows.keys() & {Event.CLOCK_ALARM, Event.CLOCK_AHEAD}:
            self._tell_clock(now)
        made, head = [], self._head
        for event, details in rows.items():
            seq, previous = (head.seq + 1, head.hash) if head else (1, GENESIS)
            salt = self._chance(SALT)
            data, head = encode(seq, previous, now, event, actor, clerk, details, salt)
            made.append((data, head))
        self._stopped = True
        with translated(self._path), self._database:
            for data, row in made:
                serial = str(row.details.get("serial", ""))
                self._database.execute(
                    "INSERT INTO trail VALUES (?, ?, ?, ?, ?)",
                    (row.seq, data, row.hash, row.event.value, serial),
                )
                trail_tree.add(self._database, self._tree, row.seq, data)
            if sign is not None:
                self._sign(row, *sign)
        self._stopped = False
        self._head = row
        if Event.EPOCH in rows:
            self._origin = ""
        return row

    def _is_far_ahead(self, now: datetime) -> int:
        """Seconds, 0 where it is not."""
        return seconds_ahead(now, self._head.time) if self._cards and self._head else 0

    def _tell_clock(self, now: datetime) -> None:
        """Said once, and before the first record under that clock, whoever writes it."""
        if self._head and (back := went_back(now, self._head.time)):
            self.append(Event.CLOCK_ALARM, TERMINAL, {"seconds_back": back})
        elif ahead := self._is_far_ahead(now):
            self.append(Event.CLOCK_AHEAD, TERMINAL, {"seconds_ahead": ahead})

    def _sign(
        self,
        row: TrailRow,
        checkpoint: Callable[[TrailRow], Checkpoint],
        note: Callable[[notes.TreeHead], Note],
    ) -> None:
        """The two signatures, before the commit: one that was never committed is never shown."""
        one, two = checkpoint(row), note(self._tree_head())
        self._database.execute(
            "INSERT INTO checkpoint VALUES (?, ?, ?)", (one.seq, one.kid, one.signed)
        )
        self._database.execute("INSERT INTO note VALUES (?, ?, ?)", (two.seq, two.kid, two.signed))

    def _tree_head(self) -> notes.TreeHead:
        """What a note over every row so far states."""
        self._origin = self._origin or self._log_name()
        return notes.TreeHead(self._origin, self._tree.size, self._tree.root())

    def _log_name(self) -> str:
        """Raise MachineFailed where no epoch was begun, without which there is no serial either."""
        first = self._one("SELECT bytes, hash FROM trail WHERE seq = 1", ())
        epoch = self.last(Event.EPOCH)
        number = epoch.details.get("epoch") if epoch else None
        if first is None or not isinstance(number, bytes):
            raise MachineFailed("trail_damaged")
        return notes.origin(first.hash, number)

    def head(self) -> TrailRow | None:
        """The newest row."""
        return self._head or self._last()

    def rows(self, since: int = 1) -> Iterator[TrailRow]:
        """Rows in order, decoded from their bytes. Raise MachineFailed ``trail_damaged``."""
        for row, _ in self.records(since):
            yield row

    def records(self, since: int = 1) -> Iterator[tuple[TrailRow, bytes]]:
        """Each row with its exact bytes. Raise MachineFailed ``trail_damaged``."""
        for _, *found in self._batches("SELECT seq, bytes, hash FROM trail", since):
            row = _row(found)
            yield row, bytes(found[0])  # type: ignore[call-overload]

    def checkpoints(self) -> Iterator[Checkpoint]:
        """Every checkpoint, in the order of the rows. Raise MachineFailed ``trail_damaged``."""
        for found in self._batches("SELECT seq, kid, signed FROM checkpoint"):
            yield Checkpoint(*_signed(found))

    def notes(self) -> Iterator[Note]:
        """Every signed note, in the order of the rows. Raise MachineFailed ``trail_damaged``."""
        for found in self._batches("SELECT seq, kid, signed FROM note"):
            yield Note(*_signed(found))

    def nodes(self) -> Iterator[tuple[int, bytes]]:
        """(seq, node) of the stored tree, for ``verify``; none where there is no tree yet."""
        for seq, node in self._batches("SELECT seq, node FROM tree"):
            yield int(str(seq)), bytes(node)  # type: ignore[call-overload]

    def find_serial(self, event: Event, serial: str) -> TrailRow | None:
        """The last row of that kind about a serial."""
        return self._one(
            "SELECT bytes, hash FROM trail WHERE serial = ? AND event = ?"
            " ORDER BY seq DESC LIMIT 1",
            (serial, event.value),
        )

    def last(self, event: Event) -> TrailRow | None:
        """The newest row of a kind."""
        return next(iter(self.newest(event, 1)), None)

    def newest(self, event: Event, limit: int) -> tuple[TrailRow, ...]:
        """At most so many rows of a kind, newest first."""
        with translated(self._path):
            found = self._database.execute(
                "SELECT bytes, hash FROM trail WHERE event = ? ORDER BY seq DESC LIMIT ?",
                (event.value, limit),
            ).fetchall()
        return tuple(_row(row) for row in found)

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
        for seq, event, serial in self._batches("SELECT seq, event, serial FROM trail"):
            yield int(str(seq)), str(event), str(serial)

    def close(self) -> None:
        self._database.close()

    def _batches(self, query: str, since: int = 1) -> Iterator[Sequence[object]]:
        """Rows of ``query`` by their ``seq``; between two batches the writer gets its turn.

        None where its table is not there: two came with version 2, and readers make none.
        """
        with translated(self._path):
            if not self._database.table_exists(None, query.rpartition(" ")[2]):
                return
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


def _row(found: Sequence[object]) -> TrailRow:
    match found:
        case [bytes(data), bytes(digest)]:
            return decode(data, digest)
    raise MachineFailed("trail_damaged")


def _signed(found: Sequence[object]) -> tuple[int, bytes, bytes]:
    match found:
        case [int(seq), bytes(kid), bytes(signed)]:
            return seq, kid, signed
    raise MachineFailed("trail_damaged")
