"""The recovery code: 160 random bits that open an issuer's register without KEY and PIN.

Written as 32 characters of Crockford's base 32 in eight groups of four (``7K3M-9QXD-…``). Reading
forgives what hands do: case, blanks, hyphens, and the letters I, L and O for 1, 1 and 0. Two of its
groups are asked back before it takes effect, so that a code nobody wrote down is found out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from iies_tui.domain.serial import CROCKFORD, crockford

BYTES = 20
GROUPS = 8
GROUP = 4

_MISTAKEN = str.maketrans({"O": "0", "I": "1", "L": "1"})


def groups(code: bytes | bytearray) -> tuple[str, ...]:
    """The eight groups of a code of 20 bytes."""
    if len(code) != BYTES:
        raise ValueError("not a recovery code")
    text = crockford(int.from_bytes(code, "big"), GROUPS * GROUP)
    return tuple(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def show(code: bytes | bytearray) -> str:
    """As it is written down: eight groups with hyphens."""
    return "-".join(groups(code))


def fold(text: str) -> str:
    """Typed characters as the alphabet has them."""
    return "".join(c for c in text.upper() if not c.isspace() and c != "-").translate(_MISTAKEN)


def parse(text: str) -> bytearray | None:
    """The 20 bytes of a typed code, which the caller wipes; None where it cannot be one."""
    folded = fold(text)
    if len(folded) != GROUPS * GROUP or any(c not in CROCKFORD for c in folded):
        return None
    value = 0
    for character in folded:
        value = value * 32 + CROCKFORD.index(character)
    return bytearray(value.to_bytes(BYTES, "big"))


def choose(chance: Callable[[int], bytes]) -> tuple[int, ...]:
    """Which groups to ask back: two different ones, 1 to 8, in order."""
    first = chance(1)[0] % GROUPS
    second = (first + 1 + chance(1)[0] % (GROUPS - 1)) % GROUPS
    return tuple(sorted((first + 1, second + 1)))


def answers(code: bytes | bytearray, asked: Sequence[int], typed: Sequence[str]) -> bool:
    """True where the typed groups are the code's."""
    whole = groups(code)
    return [fold(text) for text in typed] == [whole[number - 1] for number in asked]
