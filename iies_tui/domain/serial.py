"""Serial numbers: epoch, counter, check character (``docs/architecture.md``, "Serial numbers").

Printed ``EEEEEEEE-NNNNNN-C``: the epoch is 40 random bits as eight Crockford base-32 characters,
new at first start, at every restore, when the machine id changes, and after 999,999 cards; the
counter is six decimal digits, from 000001; the check character is ISO 7064 MOD 37,36 over the
fourteen characters before it. Eight bytes in the envelope: epoch ‖ counter, big-endian.
"""

from __future__ import annotations

from dataclasses import dataclass

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base-32 alphabet: no I, L, O, U."""

MAX_COUNTER = 999_999

_ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MISTAKEN = str.maketrans({"O": "0", "I": "1", "L": "1"})


def _check_character(body: str) -> str:
    """ISO 7064 MOD 37,36, whose check character is one of its 36 characters."""
    product = 36
    for character in body:
        total = (product + _ALNUM.index(character)) % 36 or 36
        product = total * 2 % 37
    return _ALNUM[(37 - product) % 36]


def crockford(value: int, length: int) -> str:
    """``value`` in base 32, most significant first, exactly ``length`` characters."""
    if value < 0 or value >= 32**length:
        raise ValueError("value out of range")
    return "".join(CROCKFORD[value >> (5 * place) & 31] for place in reversed(range(length)))


@dataclass(frozen=True, slots=True)
class Serial:
    """One card's number. ``epoch`` is 0 to 2**40-1, ``counter`` 1 to 999,999."""

    epoch: int
    counter: int

    def __post_init__(self) -> None:
        if not 0 <= self.epoch < 2**40 or not 1 <= self.counter <= MAX_COUNTER:
            raise ValueError("serial out of range")

    def __str__(self) -> str:
        epoch, counter = crockford(self.epoch, 8), f"{self.counter:06d}"
        return f"{epoch}-{counter}-{_check_character(epoch + counter)}"

    def to_bytes(self) -> bytes:
        """Eight bytes: five of the epoch, three of the counter."""
        return self.epoch.to_bytes(5, "big") + self.counter.to_bytes(3, "big")

    @classmethod
    def from_bytes(cls, data: bytes) -> Serial:
        """Raise ValueError for anything but eight bytes in range."""
        if len(data) != 8:
            raise ValueError("a serial is eight bytes")
        return cls(int.from_bytes(data[:5], "big"), int.from_bytes(data[5:], "big"))

    @classmethod
    def parse(cls, text: str) -> Serial:
        """Read a typed serial: case, blanks and hyphens do not matter. Raise ValueError."""
        compact = "".join(text.split()).replace("-", "").upper()
        if len(compact) != 15:
            raise ValueError("a serial has fifteen characters")
        body, check = compact[:14].translate(_MISTAKEN), compact[14]
        epoch = 0
        for character in body[:8]:
            if character not in CROCKFORD:
                raise ValueError("not a serial")
            epoch = epoch * 32 + CROCKFORD.index(character)
        if not (body[8:].isascii() and body[8:].isdigit()) or _check_character(body) != check:
            raise ValueError("not a serial")
        return cls(epoch, int(body[8:]))
