"""KEY and PIN: their forms, their check, how they are minted (``docs/key.md``).

The DFS instructions say 36 characters, told apart by their last five, and nothing of an alphabet;
so any 36 printable ASCII characters without blanks are a KEY. Those that our authority mints are
34 characters of Crockford's base 32 (170 random bits; upper-case letters and digits without I, L,
O, U, which a reader mistakes) and two ISO 7064 MOD 97-10 check digits. KEY and PIN count byte for
byte: nothing here changes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from iies_tui.domain.serial import CROCKFORD

KEY_LENGTH = 36
TAIL = 5
PIN_LENGTH = 8
"""Digits of a minted PIN, and the length under which a foreign one is warned about."""

MAX_PIN = 32
MIN_PIN = 4

_CHECKED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PIN_SPACE = 10**PIN_LENGTH
_UNBIASED = 2**32 - 2**32 % _PIN_SPACE
"""Draws below this are as many for each PIN; the others are drawn again."""


def has_blanks(text: str) -> bool:
    """True where white space stands before, after or inside."""
    return any(character.isspace() for character in text)


def is_key(text: str) -> bool:
    """True for 36 printable ASCII characters without blanks."""
    return len(text) == KEY_LENGTH and all("!" <= character <= "~" for character in text)


def passes_check(key: str) -> bool:
    """True where the last two characters are the MOD 97-10 check digits of the first 34.

    False for a foreign KEY of other characters; such a KEY is taken only after "use it anyway".
    """
    if not is_key(key) or not key[-2:].isdigit():
        return False
    if any(character not in _CHECKED for character in key):
        return False
    return _number(key) % 97 == 1


def check_digits(body: str) -> str:
    """The two ISO 7064 MOD 97-10 check digits of upper-case letters and digits."""
    return f"{98 - _number(body + '00') % 97:02d}"


def _number(text: str) -> int:
    """Letters as two digits, A = 10 to Z = 35, the whole read as one decimal number."""
    return int("".join(str(_CHECKED.index(character)) for character in text))


def key_tail(key: str) -> str:
    """The last five characters: what a caller reads out, and all that is ever shown."""
    return key[-TAIL:]


def mint_key(chance: Callable[[int], bytes]) -> str:
    """A new KEY. Five bits of each random byte choose a character, so none is likelier."""
    body = "".join(CROCKFORD[byte & 31] for byte in chance(KEY_LENGTH - 2))
    return body + check_digits(body)


def mint_pin(chance: Callable[[int], bytes]) -> str:
    """A new PIN: eight digits, each of the hundred million as likely."""
    while True:
        drawn = int.from_bytes(chance(4), "big")
        if drawn < _UNBIASED:
            return f"{drawn % _PIN_SPACE:0{PIN_LENGTH}d}"


def is_pin(text: str) -> bool:
    """True for 4 to 32 characters, whatever they are."""
    return MIN_PIN <= len(text) <= MAX_PIN


def count_characters(utf8: Iterable[int]) -> int:
    """Of a secret's bytes, without a copy of it."""
    return sum(1 for byte in utf8 if byte & 0xC0 != 0x80)


def is_short_pin(characters: int) -> bool:
    """True where a warning is due: fewer characters than a minted PIN has."""
    return characters < PIN_LENGTH
