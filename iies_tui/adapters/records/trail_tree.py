"""The Merkle tree over the trail's rows, kept beside them so that a new row costs no more with age.

Table ``tree`` holds for each row the root of the largest complete subtree that ends with it
(``domain.merkle``). It is a cache: what it says is derived from the rows, ``trail verify`` compares
it, and rows that it does not cover yet, from before there was one, are added at the next start.
"""

from __future__ import annotations

from collections.abc import Iterable

import apsw

from iies_tui.domain.merkle import Tree, peaks_of

SCHEMA = """
CREATE TABLE IF NOT EXISTS tree (
  seq INTEGER PRIMARY KEY REFERENCES trail(seq), node BLOB NOT NULL
) STRICT;
"""


def load(database: apsw.Connection, rows: int) -> Tree:
    """The tree over the first ``rows`` rows, completed where it lags behind them."""
    covered = database.execute("SELECT coalesce(max(seq), 0) FROM tree").fetchone()
    size = int(str(covered[0])) if covered else 0
    peaks = _peaks(database, size)
    with database:
        if size > rows or peaks is None:
            database.execute("DELETE FROM tree")
            size, peaks = 0, []
        tree = Tree(size, peaks)
        if size < rows:
            missing = database.execute(
                "SELECT seq, bytes FROM trail WHERE seq > ? ORDER BY seq", (size,)
            )
            database.executemany("INSERT INTO tree VALUES (?, ?)", _nodes(tree, missing))
    return tree


def add(database: apsw.Connection, tree: Tree, seq: int, data: bytes) -> None:
    """One row's node, in the transaction that commits the row."""
    database.execute("INSERT INTO tree VALUES (?, ?)", (seq, tree.add(data)))


def _peaks(database: apsw.Connection, size: int) -> list[bytes] | None:
    """The stored peaks of a tree of that size; None where one is not there."""
    found = []
    for number in peaks_of(size):
        row = database.execute("SELECT node FROM tree WHERE seq = ?", (number,)).fetchone()
        if row is None or not isinstance(row[0], bytes) or len(row[0]) != 32:
            return None
        found.append(row[0])
    return found


def _nodes(tree: Tree, rows: Iterable[tuple[apsw.SQLiteValue, ...]]) -> Iterable[tuple[int, bytes]]:
    for seq, data in rows:
        if not isinstance(seq, int) or not isinstance(data, bytes):
            raise TypeError("the table is STRICT")
        yield seq, tree.add(data)
