"""Exactly as on the registration: what saying so waives, and what nothing waives."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, strategies as st

from iies_tui.domain import vin
from iies_tui.domain.dates import Limits
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.request import Examined, examine, facts
from iies_tui.domain.waived import are_waived, codes_of
from tests.support.places import VECTORS

TODAY = date(2026, 11, 22)
INSURER = Insurer("901", "NORTH COUNTRY MUTUAL INS CO")
SCENARIO = json.loads((VECTORS / "requests" / "registered-vin-eu.json").read_text("utf-8"))
OPEN = Limits(apostrophe=True)
NAMES = ("vin", "registrant1", "registrant2")

VINS = st.text(vin.LETTERS, min_size=12, max_size=18) | st.text(
    vin.LETTERS + "IOQ*", min_size=14, max_size=17
)
YEARS = st.sampled_from([1975, 1981, 2014])
PART = st.sampled_from(["", "DOE", "O'BRIEN", "'", "MADONNA", "D0E"])
PEOPLE = st.lists(st.tuples(PART, PART, st.sampled_from(["", "Q"])), min_size=1, max_size=2)


def _request(
    vin_: str, year: int, people: list[tuple[str, str, str]], said: list[str]
) -> dict[str, object]:
    return {
        **SCENARIO["request"],
        "icc": INSURER.icc,
        "vehicles": [{"year": year, "make": "VOLKS", "vin": vin_}],
        "registrants": [
            {"last": last, "first": first, "middle": middle} for last, first, middle in people
        ],
        "as_registered": [name for name in said if name != "registrant2" or len(people) > 1],
    }


def _examined(request: dict[str, object], limits: Limits = OPEN) -> Examined:
    return examine(
        request,
        insurer={INSURER.icc: INSURER}.get,
        license="BR-123456/123",
        today=TODAY,
        limits=limits,
    )


def _codes(examined: Examined) -> set[tuple[str, str]]:
    return {(one.field, one.code) for one in examined.findings.problems}


@given(VINS, YEARS, PEOPLE, st.sets(st.sampled_from(NAMES)))
def test_saying_so_waives_what_was_offered_and_nothing_else(
    vin_: str, year: int, people: list[tuple[str, str, str]], said: set[str]
) -> None:
    """Each problem says whether saying so would waive it; said, just those are gone, each is a
    note, and the card states the rule by a code."""
    plain = _examined(_request(vin_, year, people, []))
    told = _examined(_request(vin_, year, people, sorted(said)))
    offered = {
        (one.field, one.code)
        for one in plain.findings.problems
        if one.params.get("as_registered") in said
    }
    kept = {field for field, _ in _codes(plain) - offered}
    assert {field for field, _ in _codes(told)} == kept
    waived = {one.field for one in told.findings.notes if one.code.startswith("waived_")}
    assert waived == {field for field, _ in offered}
    assert not any(one.params.get("as_registered") in said for one in told.findings.problems)
    if told.request is not None:
        (card,) = facts(told.request, "BR-123456/123", INSURER, TODAY)
        assert are_waived(card.waived)
        notes = {one.code for one in told.findings.notes if one.code.startswith("waived_")}
        assert {f"waived_{code}" for code in card.waived} == notes
        assert bool(card.waived) == (plain.request is None)


@given(VINS, YEARS, PEOPLE)
def test_forbidden_nothing_is_offered_and_nothing_waived(
    vin_: str, year: int, people: list[tuple[str, str, str]]
) -> None:
    shut = replace(OPEN, as_registered=False)
    plain = _examined(_request(vin_, year, people, []), shut)
    assert not any("as_registered" in one.params for one in plain.findings.problems)
    told = _examined(_request(vin_, year, people, ["vin"]), shut)
    assert _codes(told) == _codes(plain) | {("as_registered", "as_registered_forbidden")}


@given(VINS, YEARS, PEOPLE)
def test_the_apostrophe_is_offered_only_where_the_office_allows_it(
    vin_: str, year: int, people: list[tuple[str, str, str]]
) -> None:
    told = _examined(_request(vin_, year, people, list(NAMES)), Limits())
    assert not any(one.code == "waived_name_apostrophe" for one in told.findings.notes)
    assert (told.request is None) or not any("'" in last + first for last, first, _ in people)


@given(st.text(vin.LETTERS, min_size=17, max_size=17), st.sampled_from("IOQ*"), st.integers(0, 16))
def test_a_misread_vin_is_never_taken(text: str, sign: str, place: int) -> None:
    wrong = text[:place] + sign + text[place + 1 :]
    assert vin.waiver(wrong, 2014) == ""
    told = _examined(_request(wrong, 2014, [("DOE", "JOHN", "")], ["vin"]))
    assert [one.field for one in told.findings.problems] == ["vehicles[0].vin"]


@pytest.mark.parametrize("year", [1885, 1980])
def test_there_is_nothing_to_waive_before_1981(year: int) -> None:
    assert vin.waiver("WVGZZZ5NZEW069297", year) == ""


def test_what_is_said_of_one_value_waives_nothing_of_another() -> None:
    request = _request("WVGZZZ5NZEW069297", 2014, [("MADONNA", "", "")], ["registrant1"])
    assert _codes(_examined(request)) == {("vehicles[0].vin", "vin_check_only")}
    request["as_registered"] = ["vin"]
    assert _codes(_examined(request)) == {("registrants[0].first", "required")}
    request["as_registered"] = ["vin", "registrant1"]
    made = _examined(request).request
    assert made is not None
    said = codes_of(made.as_registered, made.registrants, made.vehicles[0])
    assert said == ("name_one", "vin_check")
