"""The trail in one file that is kept elsewhere: rows it pins cannot be rewritten unseen.

JSON: ``{"format": "iies-trail-export", "version": 2, "rows": [hex of each row's bytes, in order],
"checkpoints": [[seq, kid, signed], …], "notes": [[seq, kid, note], …]}``: ``kid`` and ``signed`` in
hexadecimal, a note as its text. Version 1, which is still read, has no notes. A row's hash is
SHA-256 of its bytes, so that anybody can follow the chain with no more than docs/trail.md.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iies_tui.adapters.records.trail import TrailFile
from iies_tui.domain import note, strict_json
from iies_tui.domain.errors import Refused

FORMAT = "iies-trail-export"
MAX_EXPORT = 1024 * 1024 * 1024
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept elsewhere: the hash of each row in order, and signed notes.

    A note that was kept alone has no rows with it.
    """

    hashes: tuple[bytes, ...]
    notes: tuple[note.SignedHead, ...]


def export(trail: TrailFile) -> tuple[bytes, int, bytes]:
    """The file, how many rows, and the last one's hash. Raise MachineFailed ``trail_damaged``."""
    rows, head = [], b""
    for row, data in trail.records():
        rows.append(data.hex())
        head = row.hash
    checkpoints = [[one.seq, one.kid.hex(), one.signed.hex()] for one in trail.checkpoints()]
    notes = [[one.seq, one.kid.hex(), one.signed.decode()] for one in trail.notes()]
    record = {
        "format": FORMAT,
        "version": 2,
        "rows": rows,
        "checkpoints": checkpoints,
        "notes": notes,
    }
    return json.dumps(record, indent=0, ensure_ascii=False).encode(), len(rows), head


def read(data: bytes, path: Path) -> Kept:
    """An export of either version, or one signed note alone. Refused ``not_an_export``."""
    refused = Refused("not_an_export", path=str(path))
    try:
        if data.startswith(note.PREFIX.encode()):
            return Kept((), (note.parse(data),))
        match strict_json.load(data, strict_json.Bounds(MAX_EXPORT)):
            case {
                "format": str(name),
                "version": int(version),
                "rows": [_, *_] as rows,
                **rest,
            } if name == FORMAT and type(version) is int and version in (1, 2):
                signed: Any = rest["notes"] if version == 2 else []
            case _:
                raise refused
        return Kept(
            tuple(hashlib.sha256(bytes.fromhex(row)).digest() for row in rows),
            tuple(note.parse(text.encode()) for _, _, text in signed),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise refused from error
