"""Single values of an envelope's header: of one type and length, or refused."""

from __future__ import annotations

from datetime import UTC, datetime

from iies_tui.domain.errors import Refused

MAX_IAT = 2**32 - 1
"""Issued-at fits 32 bits (to the year 2106): longer symbols were not measured to be read."""


def malformed(layer: str) -> Refused:
    """The refusal of a symbol whose form is wrong; ``layer`` has its words in ``layer.<layer>``."""
    return Refused("malformed", layer=layer)


def same(value: object, expected: int) -> bool:
    """True for exactly that integer: CBOR ``true`` is not 1."""
    return type(value) is int and value == expected


def same_list(value: object, expected: list[int]) -> bool:
    """True for a list of those integers in that order."""
    return (
        isinstance(value, list) and len(value) == len(expected) and all(map(same, value, expected))
    )


def number(value: object) -> int:
    """An integer that is no boolean. Raise ValueError."""
    if type(value) is not int:
        raise ValueError("not an integer")
    return value


def octets(value: object, length: int) -> bytes:
    """A byte string of that length. Raise ValueError."""
    if type(value) is not bytes or len(value) != length:
        raise ValueError("not a byte string of that length")
    return value


def moment(value: object) -> datetime:
    """Unix time in seconds as aware UTC. Raise ValueError."""
    seconds = number(value)
    if not 0 <= seconds <= MAX_IAT:
        raise ValueError("not a moment")
    return datetime.fromtimestamp(seconds, UTC)
