"""The trail in one file that is kept elsewhere: rows it pins cannot be rewritten unseen.

JSON: ``{"format": "iies-trail-export", "version": 1, "rows": [hex of each row's bytes, in order],
"checkpoints": [[seq, kid, signed], …]}``, the last two in hexadecimal. A row's hash is SHA-256 of
its bytes, so that anybody can follow the chain with no more than docs/trail.md.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from iies_tui.adapters.records.trail import TrailFile, encode
from iies_tui.domain.errors import Refused

FORMAT = "iies-trail-export"


def export(trail: TrailFile) -> tuple[bytes, int, bytes]:
    """The file, how many rows, and the last one's hash. Raise MachineFailed ``trail_damaged``."""
    rows, head = [], b""
    for row in trail.rows():
        data, again = encode(
            row.seq, row.previous, row.time, row.event, row.actor, row.clerk, row.details
        )
        rows.append(data.hex())
        head = again.hash
    checkpoints = [[one.seq, one.kid.hex(), one.signed.hex()] for one in trail.checkpoints()]
    record = {"format": FORMAT, "version": 1, "rows": rows, "checkpoints": checkpoints}
    return json.dumps(record, indent=0).encode(), len(rows), head


def hashes(data: bytes, path: Path) -> list[bytes]:
    """The hash of each row of an export, in order. Refused ``not_an_export``."""
    refused = Refused("not_an_export", path=str(path))
    try:
        record = json.loads(data)
        if record["format"] != FORMAT or record["version"] != 1 or not record["rows"]:
            raise refused
        return [hashlib.sha256(bytes.fromhex(row)).digest() for row in record["rows"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise refused from error
