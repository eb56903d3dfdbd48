"""The symbol's size is known before it is drawn, and never past what PDF417 can correct."""

from __future__ import annotations

import pdf417gen
import pytest

from iies_tui.adapters.barcode.symbol import (
    LEVELS,
    MAX_CODEWORDS,
    codeword_count,
    make_symbol,
    strongest_level,
    width_of,
)
from iies_tui.domain.errors import Refused
from tests.support.samples import LARGEST_DIGITS, random_digits

QUIETLY_BROKEN = 2420
"""Digits that pdf417gen encodes at level 6 without a word, though the symbol has 955 words."""


@pytest.mark.parametrize("length", [13, 43, 44, 45, 88, 700, 1050, LARGEST_DIGITS, 2000])
@pytest.mark.parametrize("columns", [14, 16])
def test_every_codeword_is_counted(length: int, columns: int) -> None:
    digits = random_digits(length)
    for level in LEVELS:
        if codeword_count(digits, columns, level) > MAX_CODEWORDS:
            continue
        drawn = pdf417gen.encode(digits, columns=columns, security_level=level)
        assert codeword_count(digits, columns, level) == len(drawn) * columns


def test_the_largest_claims_make_44_rows_of_14_columns_at_level_5() -> None:
    digits = random_digits(LARGEST_DIGITS)
    assert codeword_count(digits, 1, 5) == 1 + 546 + 64
    assert codeword_count(digits, 14, 5) == 44 * 14


def test_a_symbol_past_928_codewords_is_refused_where_the_library_says_nothing() -> None:
    digits = random_digits(QUIETLY_BROKEN)
    drawn = pdf417gen.encode(digits, columns=16, security_level=6)
    assert len(drawn) * 16 > MAX_CODEWORDS
    with pytest.raises(Refused) as refused:
        make_symbol(digits, 16, 6)
    assert refused.value.code == "symbol_too_large"


def test_the_strongest_level_that_fits_is_chosen_and_never_8() -> None:
    assert 8 not in LEVELS
    assert strongest_level(random_digits(1050), 16, 90) == 7
    assert strongest_level(random_digits(LARGEST_DIGITS), 14, 46) == 5
    assert strongest_level(random_digits(LARGEST_DIGITS), 14, 49) == 6
    assert strongest_level(random_digits(2300), 16, 90) == 6
    with pytest.raises(Refused, match="symbol_too_large"):
        strongest_level(random_digits(LARGEST_DIGITS), 14, 42)
    with pytest.raises(Refused, match="symbol_too_large"):
        strongest_level(random_digits(2700), 16, 90)


@pytest.mark.parametrize("text", ["", "1" * 12, "12345678901234x", "١٢٣" * 10, " " * 20])
def test_only_digits_are_drawn(text: str) -> None:
    with pytest.raises(Refused, match="symbol_not_digits"):
        make_symbol(text, 16, 5)


@pytest.mark.parametrize(("columns", "level"), [(0, 5), (31, 5), (16, 8), (16, 4)])
def test_columns_and_level_out_of_range_are_a_program_error(columns: int, level: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        make_symbol(random_digits(700), columns, level)


def test_runs_are_the_librarys_modules_and_nothing_else() -> None:
    digits = random_digits(700)
    symbol = make_symbol(digits, 16, 5)
    modules = [[0] * symbol.width for _ in range(symbol.rows)]
    for run in symbol.runs:
        before, after = run.start - 1, run.start + run.length
        assert before < 0 or modules[run.row][before] == 0
        modules[run.row][run.start : after] = [1] * run.length
    drawn = pdf417gen.encode(digits, columns=16, security_level=5)
    expected = ["".join(format(word, "b") for word in row) for row in drawn]
    assert ["".join(map(str, row)) for row in modules] == expected
    assert symbol.width == width_of(16) == len(expected[0])
