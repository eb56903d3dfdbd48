"""Years, makes and fleets (15 NYCRR 32.13(c); DMV's five-letter makes)."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from iies_tui.domain import vehicle
from iies_tui.domain.findings import Collector


@pytest.mark.parametrize(
    ("vehicles", "for_hire", "code"),
    [
        (4, False, "fleet_small"),
        (5, False, None),
        (5, None, None),
        (9, True, "fleet_small_hire"),
        (10, True, None),
        (0, False, "fleet_small"),
        (-1, True, "fleet_small_hire"),
        (99_999, False, None),
        (100_000, False, "fleet_large"),
        (None, True, None),
    ],
)
def test_fleets(vehicles: int | None, for_hire: bool | None, code: str | None) -> None:
    found = Collector()
    vehicle.check_fleet(found, vehicles, for_hire)
    assert [problem.code for problem in found.findings().problems] == ([code] if code else [])


@pytest.mark.parametrize(
    ("make", "proposal"),
    [
        ("CHEVROLET", "CHEVR"),
        ("TOYOTA", "TOYOT"),
        ("MERCEDES-BENZ", "ME/BE"),
        ("LAND ROVER", "LA/RO"),
        ("HARLEY DAVIDSON MOTOR", "HA/DA"),
        ("mini cooper", "MI/CO"),
    ],
)
def test_the_dmv_form_is_proposed(make: str, proposal: str) -> None:
    found = Collector()
    vehicle.check_make(found, "m", make)
    (problem,) = found.findings().problems
    assert (problem.code, problem.params) == ("make_form", {"proposal": proposal})


@pytest.mark.parametrize("make", ["HONDA", "BMW", "GM", "ME/BE", "FORD", "KIA"])
def test_makes(make: str) -> None:
    found = Collector()
    vehicle.check_make(found, "m", make)
    assert found.findings().problems == ()


@given(st.text(max_size=15))
def test_a_proposed_make_is_taken(text: str) -> None:
    found = Collector()
    vehicle.check_make(found, "m", text)
    for problem in found.findings().problems:
        if "proposal" in problem.params:
            again = Collector()
            vehicle.check_make(again, "m", str(problem.params["proposal"]))
            assert again.findings().problems == ()


@pytest.mark.parametrize(
    ("year", "taken"), [(1884, False), (1885, True), (2028, True), (2029, False), (None, True)]
)
def test_years(year: int | None, taken: bool) -> None:
    found = Collector()
    vehicle.check_year(found, "y", year, 2026)
    assert (found.findings().problems == ()) == taken
