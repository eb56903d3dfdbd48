"""The register: one issuer's cards, settings and draft, encrypted (docs/key.md).

``register-<license>.db`` is SQLite3 Multiple Ciphers under a random 32-byte key. That key lies in
``register-<license>.keys``, wrapped with AES-256-GCM-SIV under the register wrap key that KEY and
PIN give, and, once made, under the recovery code. The file is canonical CBOR
``{1: "iies-register-keys", 2: 1, 3: license, 4: [nonce, wrapped], 5: [nonce, wrapped] or absent}``;
each wrap has ``"iies-register-keys-v1" ‖ slot ‖ license`` as its associated data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from iies_tui.adapters import canonical, card_record
from iies_tui.adapters.database import connect, translated
from iies_tui.adapters.files import file_stem, read_private, write_atomically
from iies_tui.domain.delivery import State
from iies_tui.domain.errors import MachineFailed
from iies_tui.issuance.ports import Chance, RegisterEntry

_MAX_KEYS = 512
_PIN_SLOT, _RECOVERY_SLOT = 4, 5
_SCHEMA = """
CREATE TABLE IF NOT EXISTS card (
  id INTEGER PRIMARY KEY, serial TEXT NOT NULL UNIQUE, body TEXT NOT NULL, state TEXT NOT NULL,
  queue TEXT NOT NULL, job INTEGER NOT NULL, copies INTEGER NOT NULL, reprints INTEGER NOT NULL,
  pdf_hash BLOB NOT NULL, fax_hash BLOB NOT NULL, trail_seq INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS card_state ON card(state);
CREATE VIRTUAL TABLE IF NOT EXISTS card_words USING fts5(words, tokenize = 'unicode61');
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""
_COLUMNS = "body, state, queue, job, copies, reprints, pdf_hash, fax_hash, trail_seq"


@dataclass(frozen=True, slots=True, repr=False)
class _Wrap:
    nonce: bytes
    sealed: bytes


class FileRegisterStore:
    """Port ``RegisterStore`` on the state directory."""

    def __init__(self, state: Path, chance: Chance) -> None:
        self._state = state
        self._chance = chance

    def exists(self, license: str) -> bool:
        """True where there is a register, its key file, or both."""
        return self._keys_path(license).exists() or self._database_path(license).exists()

    def create(self, license: str, wrap_key: bytes) -> FileRegister:
        """A new register; the key file is written first, so that no register is without one.

        Raise MachineFailed ``register_damaged`` where there is a register, or half of one: a new
        key would shut it for ever.
        """
        if self.exists(license):
            raise MachineFailed("register_damaged", license=license)
        key = self._chance(32)
        wrap = self._wrap(license, _PIN_SLOT, wrap_key, key)
        fields = {1: "iies-register-keys", 2: 1, 3: license, _PIN_SLOT: [wrap.nonce, wrap.sealed]}
        write_atomically(self._keys_path(license), canonical.encode(fields))
        return FileRegister(self._database_path(license), key)

    def open(self, license: str, wrap_key: bytes) -> FileRegister:
        """Raise MachineFailed ``register_damaged`` where this key does not open it."""
        wrap = self._read(license)[_PIN_SLOT]
        try:
            key = AESGCMSIV(wrap_key).decrypt(wrap.nonce, wrap.sealed, _context(license, _PIN_SLOT))
        except InvalidTag as error:
            raise MachineFailed("register_damaged", license=license) from error
        return FileRegister(self._database_path(license), key)

    def _wrap(self, license: str, slot: int, wrap_key: bytes, key: bytes) -> _Wrap:
        nonce = self._chance(12)
        return _Wrap(nonce, AESGCMSIV(wrap_key).encrypt(nonce, key, _context(license, slot)))

    def _read(self, license: str) -> dict[int, _Wrap]:
        data = read_private(self._keys_path(license), _MAX_KEYS)
        damaged = MachineFailed("register_damaged", license=license)
        if data is None:
            raise damaged
        try:
            fields = canonical.decode(data, max_bytes=_MAX_KEYS, max_depth=2)
        except ValueError as error:
            raise damaged from error
        match fields:
            case {1: "iies-register-keys", 2: 1, 3: str(stored), **slots} if stored == license:
                wraps: dict[int, _Wrap] = {}
                for slot in (_PIN_SLOT, _RECOVERY_SLOT):
                    if (wrap := _slot(slots.pop(slot, None))) is not None:
                        wraps[slot] = wrap
                if _PIN_SLOT in wraps and not slots:
                    return wraps
        raise damaged

    def _keys_path(self, license: str) -> Path:
        return self._state / f"register-{file_stem(license)}.keys"

    def _database_path(self, license: str) -> Path:
        return self._state / f"register-{file_stem(license)}.db"


class FileRegister:
    """Port ``Register`` on an open database."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._database = connect(path, key=key)
        with translated(path):
            self._database.execute(_SCHEMA)

    def add(self, entry: RegisterEntry) -> None:
        """A new card, with its words for the search, in one transaction."""
        with translated(self._path), self._database:
            self._database.execute(
                f"INSERT INTO card (serial, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                (entry.card.serial, *_values(entry)),
            )
            self._database.execute(
                "INSERT INTO card_words (rowid, words) VALUES (?, ?)",
                (self._database.last_insert_rowid(), _words(entry)),
            )

    def get(self, serial: str) -> RegisterEntry | None:
        found = self._entries("WHERE serial = ?", (serial,))
        return found[0] if found else None

    def update(self, entry: RegisterEntry) -> None:
        """State, queue, job, counts and hashes; the card itself never changes."""
        with translated(self._path), self._database:
            self._database.execute(
                "UPDATE card SET state = ?, queue = ?, job = ?, copies = ?, reprints = ?,"
                " pdf_hash = ?, fax_hash = ?, trail_seq = ? WHERE serial = ?",
                (*_values(entry)[1:], entry.card.serial),
            )

    def search(self, words: str, limit: int) -> tuple[RegisterEntry, ...]:
        """Newest first; each word is a prefix of a word of the card, all must be there."""
        parts = "".join(c if c.isalnum() else " " for c in words).split()
        if not parts:
            return self._entries("ORDER BY id DESC LIMIT ?", (limit,))
        query = " ".join(f'"{part}"*' for part in parts)
        return self._entries(
            "WHERE id IN (SELECT rowid FROM card_words WHERE card_words MATCH ?)"
            " ORDER BY id DESC LIMIT ?",
            (query, limit),
        )

    def in_state(self, states: Sequence[State]) -> tuple[RegisterEntry, ...]:
        """Newest first."""
        marks = ", ".join("?" * len(states))
        values = tuple(state.value for state in states)
        return self._entries(f"WHERE state IN ({marks}) ORDER BY id DESC", values)

    def setting(self, name: str) -> str | None:
        with translated(self._path):
            found = self._database.execute(
                "SELECT value FROM setting WHERE name = ?", (name,)
            ).fetchone()
        return str(found[0]) if found else None

    def set_setting(self, name: str, value: str | None) -> None:
        with translated(self._path), self._database:
            if value is None:
                self._database.execute("DELETE FROM setting WHERE name = ?", (name,))
            else:
                self._database.execute(
                    "INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value)
                )

    def close(self) -> None:
        self._database.close()

    def _entries(
        self, where: str, values: tuple[apsw.SQLiteValue, ...]
    ) -> tuple[RegisterEntry, ...]:
        with translated(self._path):
            found = self._database.execute(
                f"SELECT {_COLUMNS} FROM card {where}",  # noqa: S608 (our own clauses only)
                values,
            ).fetchall()
        return tuple(_entry(row) for row in found)


def _context(license: str, slot: int) -> bytes:
    return b"iies-register-keys-v1" + bytes((slot,)) + license.encode()


def _slot(value: object) -> _Wrap | None:
    match value:
        case [bytes(nonce), bytes(sealed)] if (len(nonce), len(sealed)) == (12, 48):
            return _Wrap(nonce, sealed)
    return None


def _values(entry: RegisterEntry) -> tuple[apsw.SQLiteValue, ...]:
    return (
        card_record.to_json(entry.card),
        entry.state.value,
        entry.queue,
        entry.job,
        entry.copies,
        entry.reprints,
        entry.pdf_hash,
        entry.fax_hash,
        entry.trail_seq,
    )


def _entry(row: Sequence[object]) -> RegisterEntry:
    body, state, queue, job, copies, reprints, pdf_hash, fax_hash, trail_seq = row
    try:
        return RegisterEntry(
            card=card_record.from_json(str(body)),
            state=State(str(state)),
            queue=str(queue),
            job=int(str(job)),
            copies=int(str(copies)),
            reprints=int(str(reprints)),
            pdf_hash=bytes(pdf_hash) if isinstance(pdf_hash, bytes) else b"",
            fax_hash=bytes(fax_hash) if isinstance(fax_hash, bytes) else b"",
            trail_seq=int(str(trail_seq)),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise MachineFailed("register_damaged", license="") from error


def _words(entry: RegisterEntry) -> str:
    facts = entry.card.facts
    vehicle = facts.vehicle
    parts = [
        entry.card.serial,
        entry.card.serial.replace("-", ""),
        facts.policy,
        "".join(c for c in facts.policy if c.isalnum()),
        facts.icc,
        facts.insurer_name,
        *facts.names,
        *(registrant.driver_license for registrant in facts.registrants),
        *facts.address,
    ]
    if vehicle is not None:
        parts += [str(vehicle.year), vehicle.make, vehicle.vin]
    return "\n".join(parts)
