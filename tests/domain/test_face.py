"""The face as it is bound into the bar code (``docs/envelope.md``)."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import date

import pytest
from hypothesis import given, strategies as st

from iies_tui.domain.card import CardFacts, Form, Organization, Registrant, Vehicle
from iies_tui.domain.face import (
    Face,
    canonical,
    check_code,
    is_check_code,
    normalize_check_code,
    show_check_code,
)

FACTS = CardFacts(
    form=Form.FS_20,
    license="BR-123456/123",
    icc="901",
    insurer_name="NORTH COUNTRY MUTUAL INS CO",
    policy="PA-1234567-01",
    current=date(2026, 11, 22),
    effective=date(2026, 12, 1),
    expiration=date(2027, 12, 1),
    registrants=(Registrant("DOE", "JOHN", "Q"), Registrant("DOE", "JANE", suffix="III")),
    organization=None,
    address=("1 MAIN ST",),
    vehicle=Vehicle(2003, "HONDA", "1HGCM82633A004352"),
)
SERIAL = "7K3M9QXD-000123-X"
CODE = "7K3M9QXDW2"
FACE = Face.of(FACTS, SERIAL)


def test_the_bytes_that_are_hashed() -> None:
    """Fixed for good: a change here would make every card out in the world DIFFER."""
    lines = [
        CODE,
        *("FS-20", SERIAL, "BR-123456/123", "901", "PA-1234567-01", "2026-12-01", "2027-12-01"),
        *("DOE JOHN Q", "DOE JANE III", "2003", "HONDA", "1HGCM82633A004352"),
    ]
    expected = hashlib.sha256("".join(line + "\n" for line in lines).encode()).digest()[:16]
    assert FACE.digest(CODE) == expected
    assert FACE.digest(CODE).hex() == "1c5009b3677c063f70505bd613e11b5a"


def test_a_fleet_and_an_organization() -> None:
    facts = dataclasses.replace(
        FACTS, registrants=(), organization=Organization("ACME & SONS"), vehicle=None
    )
    face = Face.of(facts, SERIAL)
    assert (face.name1, face.name2) == ("ACME & SONS", "")
    assert (face.year, face.make, face.vin) == ("", "", "ALL OWNED VEHICLES")


@given(
    st.sampled_from([field.name for field in dataclasses.fields(Face)]),
    st.sampled_from([str.lower, str.upper, lambda s: f"  {s}\t", lambda s: s.replace(" ", "   ")]),
)
def test_retyping_from_paper_compares_equal(field: str, retype: object) -> None:
    assert callable(retype)
    typed = dataclasses.replace(FACE, **{field: retype(getattr(FACE, field))})
    assert typed.digest("7k3m9-qxdw2") == FACE.digest(CODE)
    assert typed.digest(" 7K3M9 - QXDW2 ") == FACE.digest(CODE)


@given(st.sampled_from([field.name for field in dataclasses.fields(Face)]), st.integers(0, 30))
def test_any_other_character_differs(field: str, place: int) -> None:
    value = getattr(FACE, field)
    place %= len(value)
    other = "Z" if value[place] != "Z" else "Y"
    changed = dataclasses.replace(FACE, **{field: value[:place] + other + value[place + 1 :]})
    assert changed.digest(CODE) != FACE.digest(CODE)


def test_values_do_not_flow_into_each_other() -> None:
    one = dataclasses.replace(FACE, name1="DOE JOHN", name2="Q")
    two = dataclasses.replace(FACE, name1="DOE", name2="JOHN Q")
    injected = dataclasses.replace(FACE, name1="DOE JOHN\nQ", name2="")
    assert len({face.digest(CODE) for face in (one, two, injected, FACE)}) == 4
    assert FACE.digest("0000000000") != FACE.digest(CODE)


@given(st.text(max_size=40))
def test_canonical_is_stable(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once
    assert "\n" not in once
    assert once == once.strip()


@given(st.integers(0, 2**50 - 1))
def test_check_codes(bits: int) -> None:
    code = check_code(bits)
    assert is_check_code(code)
    assert normalize_check_code(show_check_code(code).lower()) == code
    assert is_check_code(code.replace("0", "o").replace("1", "l"))


@pytest.mark.parametrize("text", ["", "7K3M9QXDW", "7K3M9QXDW2A", "7K3M9QXDWU", "7K3M9QXDW٢"])
def test_no_check_code(text: str) -> None:
    assert not is_check_code(text)
