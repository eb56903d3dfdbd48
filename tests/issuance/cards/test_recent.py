"""Recent companies and customers come from the issuer's own cards, the newest first."""

from __future__ import annotations

from dataclasses import replace

from iies_tui.domain.card import Registrant
from iies_tui.domain.delivery import State
from iies_tui.issuance.cards import recent
from iies_tui.issuance.ports.records import RegisterEntry
from tests.support import samples
from tests.support.fakes import FakeRegister


def register(*cards: tuple[str, str]) -> FakeRegister:
    """Cards of (company code, last name), oldest first."""
    made = FakeRegister()
    card = samples.small()
    for number, (icc, last) in enumerate(cards):
        facts = replace(card.facts, icc=icc, registrants=(Registrant(last, "ANN"),))
        one = replace(card, facts=facts, serial=f"7K3M9QXD-{number:06d}-X")
        made.add(RegisterEntry(one, State.HANDED_OVER))
    return made


def test_each_company_once_the_newest_first() -> None:
    kept = register(("901", "DOE"), ("042", "ROE"), ("901", "POE"), ("017", "DOE"))
    assert recent.insurers(kept) == ["017", "901", "042"]
    assert recent.insurers(kept, 2) == ["017", "901"]
    assert recent.insurers(FakeRegister()) == []


def test_each_customer_once_and_found_by_words() -> None:
    kept = register(("901", "DOE"), ("901", "ROE"), ("042", "DOE"))
    found = recent.customers(kept, "", 10)
    assert [facts.names for facts in found] == [("DOE ANN",), ("ROE ANN",)]
    assert found[0].icc == "042"  # of the newest card
    assert [facts.names for facts in recent.customers(kept, "ro", 10)] == [("ROE ANN",)]
    assert recent.customers(kept, "zz", 10) == []


def test_a_fleet_does_not_hide_who_came_before_it() -> None:
    before = [("042", "ROE"), ("017", "POE")]
    kept = register(*before, *[("901", "FLEET")] * (recent.LOOKS[0] + 10))
    assert recent.insurers(kept) == ["901", "017", "042"]
    assert len(recent.customers(kept, "", 10)) == 3
