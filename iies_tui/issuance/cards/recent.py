"""Companies and customers of an issuer's newest cards, offered once that issuer is signed on.

They are read from the register itself: nothing more is stored, and nothing is left of them once a
card is disposed of.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from iies_tui.domain.card import CardFacts
from iies_tui.issuance.ports.records import Register

LOOKS = (200, 4000)
"""How many of the newest cards are looked at: the second only where few different ones were among
the first, as after a fleet's batch."""
ENOUGH = 12

Found = TypeVar("Found", bound=Hashable)


def insurers(register: Register, limit: int = ENOUGH) -> list[str]:
    """Company codes, the one of the newest card first."""
    return _distinct(register, "", limit, lambda facts: facts.icc)


def customers(register: Register, words: str, limit: int) -> list[CardFacts]:
    """The newest card of each customer that has all the words, the newest first."""
    newest: dict[Hashable, CardFacts] = {}

    def customer(facts: CardFacts) -> Hashable:
        key = (facts.registrants, facts.organization, facts.address)
        newest.setdefault(key, facts)
        return key

    found = _distinct(register, words, limit, customer)
    return [newest[key] for key in found]


def _distinct(
    register: Register, words: str, limit: int, key: Callable[[CardFacts], Found]
) -> list[Found]:
    found: dict[Found, None] = {}
    for look in LOOKS:
        entries = register.search(words, look)
        found = dict.fromkeys(key(entry.card.facts) for entry in entries)
        if len(found) >= min(limit, ENOUGH) or len(entries) < look:
            break
    return list(found)[:limit]
