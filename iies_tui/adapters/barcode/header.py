"""An envelope's protected header, entry by entry (``docs/envelope.md``).

Version 2 holds the card's values in one array under one private label, version 1 under a label
each, which took 39 bytes more. Version 1 says nothing of the drawing; it is read and not made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from iies_tui.adapters.barcode.values import malformed, moment, number, octets, same, same_list
from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.domain.card import Mode
from iies_tui.domain.drawing import DIGEST_BYTES, MAX_LAYOUT, Drawn
from iies_tui.domain.envelope import Stamp
from iies_tui.domain.serial import Serial

ED25519 = -19

ALG, CRIT, KID, CWT, CARD = 1, 2, 4, 15, -70001
IAT, CTI = 6, 7

VERSION = 2
_MEMBERS = 7
"""Of the array: version, recipient, mode, intent, face, layout, drawn."""

_VERSION_1 = [-70001, -70002, -70003, -70004, -70005]
"""Version 1's labels: version, recipient, mode, intent, face."""


def encode(kid: bytes, recipient: bytes, stamp: Stamp) -> bytes:
    """The header's bytes, which the encryption binds and the signature covers.

    Raise ValueError where ``stamp.drawn`` is None: version 1 is not made any more.
    """
    drawn = stamp.drawn
    if drawn is None:
        raise ValueError("a card that says nothing of its drawing")
    digests = drawn.card + drawn.fax + drawn.information
    mode, layout = int(stamp.mode), drawn.layout
    return canonical.encode(
        {
            ALG: ED25519,
            CRIT: [CARD],
            KID: kid,
            CWT: {IAT: int(stamp.issued_at.timestamp()), CTI: stamp.serial.to_bytes()},
            CARD: [VERSION, recipient, mode, stamp.intent, stamp.face, layout, digests],
        }
    )


def read(header: dict[Any, Any]) -> tuple[bytes, bytes, Stamp]:
    """Key id, recipient's id and stamp; the algorithm is looked at before anything else.

    Refused ``malformed`` with the layer ``algorithm``, ``critical``, ``version`` or ``header``.
    """
    if not same(header.get(ALG), ED25519):
        raise malformed("algorithm")
    if isinstance(header.get(CARD), list):
        values, labels = _version_2(header), [CARD]
    else:
        values, labels = _version_1(header), _VERSION_1
    cwt = header.get(CWT)
    if set(header) != {ALG, CRIT, KID, CWT, *labels}:
        raise malformed("header")
    if not isinstance(cwt, dict) or set(cwt) != {IAT, CTI}:
        raise malformed("header")
    recipient, mode, intent, face, *drawing = values
    try:
        stamp = Stamp(
            issued_at=moment(cwt[IAT]),
            serial=Serial.from_bytes(octets(cwt[CTI], 8)),
            mode=Mode(number(mode)),
            intent=octets(intent, 16),
            face=octets(face, 16),
            drawn=_drawn(*drawing) if drawing else None,
        )
        return octets(header[KID], 8), octets(recipient, 8), stamp
    except ValueError as error:
        raise malformed("header") from error


def _version_2(header: dict[Any, Any]) -> Sequence[object]:
    """The array's members after the version."""
    if not same_list(header.get(CRIT), [CARD]):
        raise malformed("critical")
    version, *members = header[CARD] or [None]
    if not same(version, VERSION):
        raise malformed("version")
    if len(members) != _MEMBERS - 1:
        raise malformed("header")
    return members


def _version_1(header: dict[Any, Any]) -> Sequence[object]:
    """The values after the version, each from its own label."""
    if not same_list(header.get(CRIT), _VERSION_1):
        raise malformed("critical")
    if not same(header.get(CARD), 1):
        raise malformed("version")
    return [header.get(label) for label in _VERSION_1[1:]]


def _drawn(layout: object, digests: object) -> Drawn:
    """The 16 bytes of ``drawn``. Raise ValueError for any other value."""
    version = number(layout)
    if not 1 <= version <= MAX_LAYOUT:
        raise ValueError("not a layout")
    whole = octets(digests, 3 * DIGEST_BYTES)
    parts = (whole[at : at + DIGEST_BYTES] for at in range(0, len(whole), DIGEST_BYTES))
    return Drawn(version, *parts)
