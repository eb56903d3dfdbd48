"""A trail row's exact bytes, both versions (``docs/trail.md``).

Canonical CBOR of ``{1: version, 2: seq, 3: previous hash, 4: unix time, 5: event, 6: actor,
7: clerk, 8: details}``, in version 2 with ``9: 16 random bytes``; the hash is SHA-256 of them.
Version 2 is written; version 1 is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.domain.errors import MachineFailed
from iies_tui.domain.trail import SALT, Detail, Event, TrailRow

MAX_ROW = 4096


def encode(
    seq: int,
    previous: bytes,
    time: datetime,
    event: Event,
    actor: str,
    clerk: str,
    details: Mapping[str, Detail],
    salt: bytes = b"",
) -> tuple[bytes, TrailRow]:
    """A row's bytes and the row; of version 1 without a salt.

    Raise MachineFailed ``trail_row_too_long``.
    """
    fields: dict[int, object] = {
        1: 2 if salt else 1,
        2: seq,
        3: previous,
        4: int(time.timestamp()),
        5: event.value,
        6: actor,
        7: clerk,
        8: dict(details),
    }
    if salt:
        fields[9] = salt
    data = canonical.encode(fields)
    if len(data) > MAX_ROW:
        raise MachineFailed("trail_row_too_long")
    digest = hashlib.sha256(data).digest()
    return data, TrailRow(seq, previous, time, event, actor, clerk, dict(details), digest, salt)


def decode(data: bytes, digest: bytes) -> TrailRow:
    """A row from its bytes; the stored hash must be theirs. Raise MachineFailed."""
    try:
        fields = canonical.decode(data, max_bytes=MAX_ROW, max_depth=2)
        match fields:
            case {
                1: 1 | 2 as version,
                2: int(seq),
                3: bytes(previous),
                4: int(time),
                5: str(event),
                6: str(actor),
                7: str(clerk),
                8: dict(details),
                **rest,
            } if (
                set(rest) == ({9} if version == 2 else set())
                and isinstance(salt := rest.get(9, b""), bytes)
                and len(salt) == (SALT if version == 2 else 0)
                and all(type(name) is str for name in details)
                and all(type(value) in (str, int, bytes) for value in details.values())
                and hashlib.sha256(data).digest() == digest
            ):
                moment = datetime.fromtimestamp(time, UTC)
                return TrailRow(
                    seq, previous, moment, Event(event), actor, clerk, details, digest, salt
                )
    except (ValueError, OverflowError, OSError) as error:
        raise MachineFailed("trail_damaged") from error
    raise MachineFailed("trail_damaged")
