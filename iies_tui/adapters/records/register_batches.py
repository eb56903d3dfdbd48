"""The register's batches: a table beside the cards, in the same encrypted file.

A batch's file is kept whole, so that it goes on where the stick it came from is gone. How far it
is stands in the cards: each bears its batch and row, and the unique index on that column makes a
second card of a row impossible whatever a program thinks it knows.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import apsw

from iies_tui.adapters.records.database import STORED, translated
from iies_tui.domain import strict_json
from iies_tui.domain.batch import BatchOrder, BatchState, KeptBatch, Repeated
from iies_tui.domain.delivery import State
from iies_tui.domain.errors import MachineFailed

SCHEMA = """
CREATE UNIQUE INDEX IF NOT EXISTS card_of_row ON card(batch) WHERE batch <> '';
CREATE TABLE IF NOT EXISTS batch (
  number INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE,
  row_count INTEGER NOT NULL,
  file BLOB NOT NULL, wanted TEXT NOT NULL, state TEXT NOT NULL, begun TEXT NOT NULL,
  skipped TEXT NOT NULL
) STRICT;
"""
_COLUMNS = "number, digest, row_count, wanted, state, begun, skipped"


class RegisterBatches:
    """What a register does for batches; ``FileRegister`` has the database and its path."""

    _path: Path
    _database: apsw.Connection

    def keep_batch(self, batch: KeptBatch, rows: bytes) -> KeptBatch:
        """A new batch with its file; the batch with its number."""
        with translated(self._path), self._database:
            self._database.execute(
                "INSERT INTO batch (digest, row_count, file, wanted, state, begun, skipped)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    batch.digest,
                    batch.rows,
                    rows,
                    _order_to_json(batch.order),
                    batch.state.value,
                    batch.begun.isoformat(),
                    json.dumps(batch.skipped),
                ),
            )
            number = self._database.last_insert_rowid()
        return dataclasses.replace(batch, number=number)

    def update_batch(self, batch: KeptBatch) -> None:
        """Order, state and skipped rows; a batch's rows never change."""
        with translated(self._path), self._database:
            self._database.execute(
                "UPDATE batch SET wanted = ?, state = ?, skipped = ? WHERE digest = ?",
                (
                    _order_to_json(batch.order),
                    batch.state.value,
                    json.dumps(batch.skipped),
                    batch.digest,
                ),
            )

    def batch(self, digest: str) -> KeptBatch | None:
        """By its digest."""
        found = self._kept("WHERE digest = ?", (digest,))
        return found[0] if found else None

    def batch_rows(self, digest: str) -> bytes:
        """The file of a kept batch; empty where there is none."""
        with translated(self._path):
            found = self._database.execute(
                "SELECT file FROM batch WHERE digest = ?", (digest,)
            ).fetchone()
        return bytes(found[0]) if found else b""

    def batches(self, states: Sequence[BatchState], limit: int) -> tuple[KeptBatch, ...]:
        """Newest first."""
        marks = ", ".join("?" * len(states))
        values = (*(state.value for state in states), limit)
        return self._kept(f"WHERE state IN ({marks}) ORDER BY number DESC LIMIT ?", values)

    def batch_states(self, digest: str) -> Mapping[State, int]:
        """How many cards of a batch stand where."""
        with translated(self._path):
            found = self._database.execute(
                "SELECT state, count(*) FROM card WHERE batch > ? AND batch < ? GROUP BY state",
                between(digest),
            ).fetchall()
        return {State(str(state)): int(str(count)) for state, count in found}

    def _kept(self, where: str, values: tuple[apsw.SQLiteValue, ...]) -> tuple[KeptBatch, ...]:
        with translated(self._path):
            found = self._database.execute(
                f"SELECT {_COLUMNS} FROM batch {where}",  # noqa: S608 (our own clauses only)
                values,
            ).fetchall()
        return tuple(_batch(row) for row in found)


def between(digest: str) -> tuple[str, str]:
    """The least and the greatest text of a ``binding`` of this batch, both excluded."""
    return f"{digest}:", f"{digest};"


def _order_to_json(order: BatchOrder) -> str:
    return json.dumps(dataclasses.asdict(order))


def _batch(row: Sequence[object]) -> KeptBatch:
    number, digest, count, wanted, state, begun, skipped = row
    try:
        order: Any = strict_json.load(str(wanted), STORED)
        passed: Any = strict_json.load(str(skipped), STORED)
        return KeptBatch(
            number=int(str(number)),
            digest=str(digest),
            rows=int(str(count)),
            order=BatchOrder(**{**order, "repeated": Repeated(order["repeated"])}),
            state=BatchState(str(state)),
            begun=datetime.fromisoformat(str(begun)),
            skipped=tuple(int(one) for one in passed),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise MachineFailed("register_damaged", license="") from error
