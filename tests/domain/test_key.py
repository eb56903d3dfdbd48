"""KEY and PIN rules."""

from __future__ import annotations

import itertools
import os
from collections import Counter

import pytest
from hypothesis import assume, given, strategies as st

from iies_tui.domain import key as keys
from iies_tui.issuance.ports.machine import Chance

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BODY = st.text(alphabet=LETTERS, min_size=34, max_size=34)


def test_check_digits_known_answers() -> None:
    """The IBAN of ISO 13616's example is the same MOD 97-10: GB82 WEST 1234 5698 7654 32."""
    assert keys.check_digits("WEST12345698765432GB") == "82"
    assert keys.check_digits("0" * 34) == "98"


@given(BODY)
def test_what_is_checked_passes(body: str) -> None:
    assert keys.passes_check(body + keys.check_digits(body))


@given(BODY, st.integers(0, 35), st.sampled_from(LETTERS))
def test_a_wrong_letter_or_digit_is_found(body: str, place: int, other: str) -> None:
    """A letter for a letter, a digit for a digit; one for the other shifts, and 1 in 97 passes."""
    right = body + keys.check_digits(body)
    assume(right[place].isdigit() == other.isdigit())
    wrong = right[:place] + other + right[place + 1 :]
    assert keys.passes_check(wrong) == (wrong == right)


@given(BODY, st.integers(0, 34))
def test_two_neighbors_swapped_are_found(body: str, place: int) -> None:
    """Of one kind; ``B1`` and ``1B`` are both read as 111."""
    right = body + keys.check_digits(body)
    assume(right[place].isdigit() == right[place + 1].isdigit())
    wrong = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    assert keys.passes_check(wrong) == (wrong == right)


@pytest.mark.parametrize(
    "text",
    ["", "A" * 35, "A" * 37, "A" * 35 + " ", "A" * 35 + "é", "A" * 35 + "\n", "A" * 35 + "\x7f"],
)
def test_what_is_no_key(text: str) -> None:
    assert not keys.is_key(text)
    assert not keys.passes_check(text)


def test_foreign_keys_are_keys_that_fail_the_check() -> None:
    for text in ("a" * 36, "!" * 36, "~" * 36, "A" * 36, "é" * 34 + "00"):
        assert not keys.passes_check(text)
    assert keys.is_key("a" * 36)
    assert keys.is_key("!~" * 18)


def test_minted_keys_pass_and_have_their_form() -> None:
    for _ in range(200):
        key = keys.mint_key(os.urandom)
        assert keys.is_key(key)
        assert keys.passes_check(key)
        assert keys.key_tail(key) == key[31:]


def _giving(drawn: bytes) -> Chance:
    return lambda count: drawn


def test_minting_a_key_has_no_bias() -> None:
    """Every byte value gives one of 32 characters, each eight times."""
    every = bytes(range(256))
    seen: Counter[str] = Counter()
    for start in range(0, 256, 32):
        drawn = every[start : start + 32] + bytes(2)
        seen.update(keys.mint_key(_giving(drawn))[:32])
    assert len(seen) == 32
    assert set(seen.values()) == {8}


def test_minting_a_pin_draws_again_where_it_would_be_biased() -> None:
    draws = itertools.chain([b"\xff\xff\xff\xff", (42 * 10**8).to_bytes(4, "big")], [bytes(4)])
    assert keys.mint_pin(lambda n: next(draws)) == "00000000"
    assert keys.mint_pin(lambda n: (42 * 10**8 - 1).to_bytes(4, "big")) == "99999999"


@pytest.mark.parametrize(
    ("text", "taken", "short"),
    [
        ("123", False, True),
        ("1234", True, True),
        ("1234567", True, True),
        ("12345678", True, False),
        ("x" * 32, True, False),
        ("x" * 33, False, False),
        ("é€ß日", True, True),
    ],
)
def test_pins(text: str, taken: bool, short: bool) -> None:
    assert keys.is_pin(text) is taken
    assert keys.is_short_pin(keys.count_characters(text.encode())) is short


@pytest.mark.parametrize("text", [" A", "A ", "A A", "A\tA", "A\u00a0A"])
def test_blanks(text: str) -> None:
    assert keys.has_blanks(text)
    assert not keys.has_blanks("AA")
