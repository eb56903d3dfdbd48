"""What a card states, as it prints (15 NYCRR 32.9, 32.10, 32.13)."""

from __future__ import annotations

from datetime import date

import pytest

from iies_tui.domain.card import (
    ALL_OWNED_VEHICLES,
    CardFacts,
    Fleet,
    Form,
    Organization,
    Registrant,
)
from iies_tui.domain.insurer import Insurer, is_icc
from iies_tui.domain.request import facts, read

INSURER = Insurer("901", "NORTH COUNTRY MUTUAL INS CO")
TODAY = date(2026, 11, 22)
REQUEST: dict[str, object] = {
    "form": "FS-20",
    "icc": "901",
    "policy": "PA-1",
    "effective": "2026-12-01",
    "expiration": "2027-12-01",
    "registrants": [{"last": "DOE", "first": "JOHN"}],
    "vehicles": [
        {"year": 2003, "make": "HONDA", "vin": "1HGCM82633A004352"},
        {"year": 1967, "make": "FORD", "vin": "7R02C123456"},
    ],
}


@pytest.mark.parametrize(
    ("who", "printed"),
    [
        (Registrant("SMITH", "JOHN", "A"), "SMITH JOHN A"),
        (Registrant("SMITH", "JOHN", "A", "III"), "SMITH JOHN A III"),
        (Registrant("SMITH", "JOHN"), "SMITH JOHN"),
        (Registrant("SMITH-JONES", "JOHN", "", "JR"), "SMITH-JONES JOHN JR"),
    ],
)
def test_the_printed_name(who: Registrant, printed: str) -> None:
    """15 NYCRR 32.13: last, first, middle, no comma."""
    assert who.printed == printed


def test_one_card_a_vehicle() -> None:
    request = read(REQUEST).request
    assert request is not None
    cards = facts(request, "BR-1", INSURER, TODAY)
    assert [card.vehicle.year for card in cards if card.vehicle] == [2003, 1967]
    assert all(card.current == TODAY and card.license == "BR-1" for card in cards)
    assert all(card.insurer_name == INSURER.name and card.names == ("DOE JOHN",) for card in cards)


def test_one_card_for_a_fleet() -> None:
    fleet = REQUEST | {
        "vehicles": ALL_OWNED_VEHICLES,
        "fleet": {"vehicles": 7, "for_hire": False},
        "registrants": [],
        "organization": {"name": "ACME PAVING"},
    }
    request = read(fleet).request
    assert request is not None
    assert request.fleet == Fleet(7, for_hire=False)
    (card,) = facts(request, "BR-1", INSURER, TODAY)
    assert card.vehicle is None
    assert card.names == ("ACME PAVING",)


def test_an_organization_stands_alone() -> None:
    card = CardFacts(
        *(Form.FS_21, "123", "123", "X", "P", TODAY, TODAY, TODAY, ()),
        *(Organization("ACME"), (), None),
    )
    assert card.names == ("ACME",)


@pytest.mark.parametrize(
    ("text", "taken"),
    [("001", True), ("999", True), ("1", False), ("1234", False), ("٠٠١", False), ("001\n", False)],
)
def test_company_codes(text: str, taken: bool) -> None:
    """15 NYCRR 34.8: three digits, leading zeros matter."""
    assert is_icc(text) == taken
