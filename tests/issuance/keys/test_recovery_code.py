"""The recovery code as it is written and typed."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, strategies as st

from iies_tui.domain import recovery


@given(st.binary(min_size=20, max_size=20))
def test_there_and_back(code: bytes) -> None:
    shown = recovery.show(code)
    assert len(shown) == 39 and all(len(group) == 4 for group in shown.split("-"))
    assert recovery.parse(shown) == bytearray(code)


def test_hands_are_forgiven() -> None:
    code = bytes.fromhex("0842108421084210842108421084210842108421")
    assert recovery.show(code).startswith("1111-1111")
    for typed in ("IL1o" + "1" * 28, "il10 " + "1111 " * 7, "iLi0-" + "-".join(["1111"] * 7)):
        changed = recovery.parse(typed)
        assert changed is not None and recovery.show(changed).startswith("1110-1111")


@pytest.mark.parametrize("typed", ["", "1" * 31, "1" * 33, "U" * 32, "é" * 32, "1" * 31 + "!"])
def test_what_cannot_be_one(typed: str) -> None:
    assert recovery.parse(typed) is None


def test_two_different_groups_are_asked_back_and_every_pair_comes() -> None:
    asked = {recovery.choose(os.urandom) for _ in range(2000)}
    assert all(1 <= first < second <= 8 for first, second in asked)
    assert len(asked) == 28


def test_only_the_groups_that_were_asked_for_answer() -> None:
    code = os.urandom(20)
    groups = recovery.groups(code)
    assert recovery.answers(code, (2, 7), (groups[1].lower(), f" {groups[6]}"))
    assert not recovery.answers(code, (2, 7), (groups[6], groups[1])) or groups[1] == groups[6]
    assert not recovery.answers(code, (2, 7), ("", ""))
    assert not recovery.answers(code, (2, 7), (groups[1],))
