"""DMV's five letters against what a catalog calls a make."""

from __future__ import annotations

import pytest

from iies_tui.domain.findings import Collector
from iies_tui.domain.vehicle import check_known_make, is_make


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("HONDA", "HONDA"),
        ("CHEVR", "CHEVROLET"),
        ("CHEV", "CHEVROLET"),
        ("ME/BE", "MERCEDES-BENZ"),
        ("MERCE", "MERCEDES-BENZ"),
        ("LA/RO", "LAND ROVER"),
        ("LANDR", "LAND ROVER"),
        ("ROVER", "LAND ROVER"),
        ("HA/DA", "HARLEY-DAVIDSON"),
        ("BMW", "BMW"),
    ],
)
def test_letters_that_may_stand_for_the_make(typed: str, known: str) -> None:
    assert is_make(typed, known)


@pytest.mark.parametrize(("typed", "known"), [("FORD", "HONDA"), ("ONDA", "HONDA"), ("D", "HONDA")])
def test_another_make_is_a_note_and_no_refusal(typed: str, known: str) -> None:
    found = Collector()
    check_known_make(found, "vehicles[0].make", typed, known)
    findings = found.findings()
    assert not findings.problems
    assert [one.code for one in findings.notes] == ["vin_make"]


def test_no_make_typed_is_nothing_to_compare() -> None:
    found = Collector()
    check_known_make(found, "vehicles[0].make", "", "HONDA")
    assert not found.findings().notes
