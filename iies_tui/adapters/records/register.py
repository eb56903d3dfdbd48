"""The register: one issuer's cards, settings and draft, encrypted (docs/key.md).

``register-<license>.db`` is SQLite3 Multiple Ciphers under a random 32-byte key. That key lies in
``register-<license>.keys``, wrapped with AES-256-GCM-SIV in up to three slots: 4 under the register
wrap key that KEY and PIN give, 5 under the recovery code once one is made, 6 under a new KEY and
PIN while a KEY is being replaced. The file is canonical CBOR
``{1: "iies-register-keys", 2: 1, 3: license, slot: [nonce, wrapped], …}`` with at least one slot;
each wrap has ``"iies-register-keys-v1" ‖ slot ‖ license`` as its associated data.

A KEY is replaced in three writes: slot 6 beside slot 4; the vault; slot 6 becomes slot 4. Whatever
dies in between, the vault's KEY opens one of the two slots, and the next sign-on tidies the other
away. After a compromise slot 4 is gone, and only slot 5 opens the register.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.machine.files import file_stem, read_private, write_atomically
from iies_tui.adapters.records import card_record
from iies_tui.adapters.records.database import STORED, connect, translated
from iies_tui.adapters.records.outbox import FileOutbox
from iies_tui.adapters.records.register_batches import (
    SCHEMA as BATCH_SCHEMA,
    RegisterBatches,
    between,
)
from iies_tui.domain import strict_json
from iies_tui.domain.delivery import State
from iies_tui.domain.errors import MachineFailed
from iies_tui.issuance.ports.machine import Chance
from iies_tui.issuance.ports.records import RegisterEntry

_MAX_KEYS = 512
_PIN_SLOT, _RECOVERY_SLOT, _NEXT_SLOT = 4, 5, 6
_SLOTS = (_PIN_SLOT, _RECOVERY_SLOT, _NEXT_SLOT)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS card (
  id INTEGER PRIMARY KEY, serial TEXT NOT NULL UNIQUE, body TEXT NOT NULL, state TEXT NOT NULL,
  queue TEXT NOT NULL, job INTEGER NOT NULL, copies INTEGER NOT NULL, reprints INTEGER NOT NULL,
  pdf_hash BLOB NOT NULL, fax_hash BLOB NOT NULL, trail_seq INTEGER NOT NULL,
  batch TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS card_state ON card(state);
CREATE VIRTUAL TABLE IF NOT EXISTS card_words USING fts5(words, tokenize = 'unicode61');
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""
_COLUMNS = "body, state, queue, job, copies, reprints, pdf_hash, fax_hash, trail_seq, batch"


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

    def enrol(self, license: str, wrap_key: bytes) -> FileRegister:
        """The register of a first sign-on: the one that is here, else a new one.

        The key file is written first, so that no register is without one; what a crash left
        between the two is gone on with. Raise as ``open`` where only the key file is missing: a
        new key would shut the register for ever.
        """
        if not self.exists(license):
            wrap = self._wrap(license, _PIN_SLOT, wrap_key, self._chance(32))
            self._write(license, {_PIN_SLOT: wrap})
        return self._open(license, wrap_key)

    def open(self, license: str, wrap_key: bytes) -> FileRegister:
        """Raise MachineFailed ``register_damaged`` where this key does not open it, or where the
        database is gone: no empty one takes its place.

        A replaced KEY's leavings are tidied away: the slot that this key opens becomes slot 4.
        """
        if not self._database_path(license).exists():
            raise MachineFailed("register_damaged", license=license)
        return self._open(license, wrap_key)

    def _open(self, license: str, wrap_key: bytes) -> FileRegister:
        wraps = self._read(license)
        slot, key = self._unwrap(license, wraps, wrap_key, (_PIN_SLOT, _NEXT_SLOT))
        if _NEXT_SLOT in wraps:
            kept = wraps[slot]
            if slot == _NEXT_SLOT:
                kept = self._wrap(license, _PIN_SLOT, wrap_key, key)
            self._write(license, {**_only(wraps, _RECOVERY_SLOT), _PIN_SLOT: kept})
        return FileRegister(self._database_path(license), key)

    def recovery_made(self, license: str) -> bool:
        """True where a recovery code opens the register. False where the file is damaged too."""
        return _RECOVERY_SLOT in self._slots(license)

    def recovery_only(self, license: str) -> bool:
        """True after a compromise: then only the recovery code opens the register."""
        return self._slots(license) == {_RECOVERY_SLOT}

    def set_recovery(self, license: str, wrap_key: bytes, code_key: bytes) -> None:
        """Wrap the register's key under a recovery code as well; an older code ends."""
        wraps = self._read(license)
        _, key = self._unwrap(license, wraps, wrap_key, (_PIN_SLOT, _NEXT_SLOT))
        wraps[_RECOVERY_SLOT] = self._wrap(license, _RECOVERY_SLOT, code_key, key)
        self._write(license, wraps)

    def begin_change(self, license: str, old_key: bytes, new_key: bytes, *, recovery: bool) -> None:
        """Wrap under a new KEY and PIN beside the old; ``old_key`` is the recovery code's, or not.

        Raise MachineFailed ``register_damaged`` where the old key does not open it.
        """
        wraps = self._read(license)
        slots = (_RECOVERY_SLOT,) if recovery else (_PIN_SLOT, _NEXT_SLOT)
        _, key = self._unwrap(license, wraps, old_key, slots)
        wraps[_NEXT_SLOT] = self._wrap(license, _NEXT_SLOT, new_key, key)
        self._write(license, wraps)

    def end_change(self, license: str, new_key: bytes) -> None:
        """The new KEY is in the vault: the old one opens the register no more."""
        wraps = self._read(license)
        _, key = self._unwrap(license, wraps, new_key, (_NEXT_SLOT,))
        pin = self._wrap(license, _PIN_SLOT, new_key, key)
        self._write(license, {**_only(wraps, _RECOVERY_SLOT), _PIN_SLOT: pin})

    def forget_pin(self, license: str) -> bool:
        """From now on only the recovery code opens the register.

        False, and nothing is changed, where no code was made: five years of records are not
        destroyed because a KEY is lost (docs/adr/0040-compromise-keeps-records.md).
        """
        wraps = self._read(license)
        if _RECOVERY_SLOT not in wraps:
            return False
        self._write(license, _only(wraps, _RECOVERY_SLOT))
        return True

    def _unwrap(
        self, license: str, wraps: dict[int, _Wrap], wrap_key: bytes, slots: Sequence[int]
    ) -> tuple[int, bytes]:
        """The slot that ``wrap_key`` opens, and the register's key."""
        cipher = AESGCMSIV(wrap_key)
        for slot in slots:
            with contextlib.suppress(InvalidTag, KeyError):
                wrap = wraps[slot]
                return slot, cipher.decrypt(wrap.nonce, wrap.sealed, _context(license, slot))
        raise MachineFailed("register_damaged", license=license)

    def _slots(self, license: str) -> frozenset[int]:
        try:
            return frozenset(self._read(license))
        except MachineFailed:
            return frozenset()

    def _write(self, license: str, wraps: dict[int, _Wrap]) -> None:
        slots = {slot: [wrap.nonce, wrap.sealed] for slot, wrap in wraps.items()}
        fields = {1: "iies-register-keys", 2: 1, 3: license, **slots}
        write_atomically(self._keys_path(license), canonical.encode(fields))

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
                for slot in _SLOTS:
                    if (wrap := _slot(slots.pop(slot, None))) is not None:
                        wraps[slot] = wrap
                if wraps and not slots:
                    return wraps
        raise damaged

    def _keys_path(self, license: str) -> Path:
        return self._state / f"register-{file_stem(license)}.keys"

    def _database_path(self, license: str) -> Path:
        return self._state / f"register-{file_stem(license)}.db"


class FileRegister(RegisterBatches):
    """Port ``Register`` on an open database."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._database = connect(path, key=key)
        with translated(path):
            self._database.execute(_SCHEMA + BATCH_SCHEMA)
        self.outbox = FileOutbox(path, self._database)

    def add(self, entry: RegisterEntry) -> None:
        """A new card, with its words for the search, in one transaction."""
        with translated(self._path), self._database:
            self._database.execute(
                f"INSERT INTO card (serial, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
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
        """State, queue, job, counts, hashes and batch; the card itself never changes."""
        self.update_all([entry])

    def update_all(self, entries: Sequence[RegisterEntry]) -> None:
        """All of them, in one transaction."""
        with translated(self._path), self._database:
            self._database.executemany(
                "UPDATE card SET state = ?, queue = ?, job = ?, copies = ?, reprints = ?,"
                " pdf_hash = ?, fax_hash = ?, trail_seq = ?, batch = ? WHERE serial = ?",
                [(*_values(entry)[1:], entry.card.serial) for entry in entries],
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

    def of_batch(self, digest: str) -> tuple[RegisterEntry, ...]:
        """The cards of a batch, oldest first."""
        return self._entries("WHERE batch > ? AND batch < ? ORDER BY id", between(digest))

    def in_state(self, states: Sequence[State]) -> tuple[RegisterEntry, ...]:
        """Newest first."""
        marks = ", ".join("?" * len(states))
        values = tuple(state.value for state in states)
        return self._entries(f"WHERE state IN ({marks}) ORDER BY id DESC", values)

    def setting(self, name: str) -> object:
        with translated(self._path):
            found = self._database.execute(
                "SELECT value FROM setting WHERE name = ?", (name,)
            ).fetchone()
        try:
            return strict_json.load(str(found[0]), STORED) if found else None
        except strict_json.NotStrict as error:
            raise MachineFailed("database_damaged", path=str(self._path)) from error

    def set_setting(self, name: str, value: object) -> None:
        with translated(self._path), self._database:
            if value is None:
                self._database.execute("DELETE FROM setting WHERE name = ?", (name,))
            else:
                self._database.execute(
                    "INSERT OR REPLACE INTO setting VALUES (?, ?)",
                    (name, json.dumps(value, allow_nan=False)),
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


def _only(wraps: dict[int, _Wrap], slot: int) -> dict[int, _Wrap]:
    return {slot: wraps[slot]} if slot in wraps else {}


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
        entry.batch,
    )


def _entry(row: Sequence[object]) -> RegisterEntry:
    body, state, queue, job, copies, reprints, pdf_hash, fax_hash, trail_seq, batch = row
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
            batch=str(batch),
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
