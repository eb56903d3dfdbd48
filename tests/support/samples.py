"""Fictional cards for the tests: small, usual and the largest, sealed with random digits.

The digits are what a scanner would type; where a test needs a real envelope, it makes one.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime

from iies_tui.domain.card import (
    Agency,
    CardFacts,
    Form,
    Mode,
    Organization,
    Registrant,
    SealedCard,
    Vehicle,
)
from iies_tui.domain.face import check_code
from iies_tui.domain.serial import Serial

SMALL_DIGITS, USUAL_DIGITS, LARGEST_DIGITS = 700, 1050, 1597
"""Digits of a symbol: less than any card has, about what one has, the most one may have."""

AGENCY = Agency(
    name="MOHAWK VALLEY AGENCY INC",
    address=("12 CANAL ST", "UTICA NY 13501"),
    telephone="315-555-0142",
    message="Ask us about your renewal.",
)


def random_digits(length: int, seed: int = 1) -> str:
    """``length`` decimal digits, the first of them not zero."""
    chance = random.Random(seed)
    return chance.choice("123456789") + "".join(chance.choices("0123456789", k=length - 1))


def facts() -> CardFacts:
    """A usual card: two registrants, one vehicle."""
    return CardFacts(
        form=Form.FS_20,
        license="PC-123456",
        icc="901",
        insurer_name="NORTH COUNTRY MUTUAL INS CO",
        policy="PA-1234567-01",
        current=date(2026, 11, 22),
        effective=date(2026, 12, 1),
        expiration=date(2027, 12, 1),
        registrants=(
            Registrant("DOE", "JOHN", "Q", "", "123456789"),
            Registrant("DOE", "JANE", "R", "", "987654321"),
        ),
        organization=None,
        address=("1 MAIN ST", "ALBANY NY 12207"),
        vehicle=Vehicle(2003, "HONDA", "1HGCM82633A004352"),
    )


def sealed(
    card_facts: CardFacts | None = None,
    *,
    mode: Mode = Mode.LIVE,
    digits: int = USUAL_DIGITS,
    seed: int = 1,
    agency: Agency = AGENCY,
) -> SealedCard:
    """A sealed card of the facts (the usual ones where None) with random digits."""
    chance = random.Random(seed)
    return SealedCard(
        facts=facts() if card_facts is None else card_facts,
        serial=str(Serial(chance.getrandbits(40), chance.randint(1, 999_999))),
        check_code=check_code(chance.getrandbits(50)),
        mode=mode,
        mode_reason="live" if mode is Mode.LIVE else "training_bundle",
        issued_at=datetime(2026, 11, 22, 15, 4, 5, tzinfo=UTC),
        digits=random_digits(digits, seed),
        authority="TRAINING AUTHORITY",
        root_words="abandon ability able about",
        agency=agency,
    )


def small() -> SealedCard:
    """One registrant, the shortest words."""
    short = replace(facts(), registrants=(Registrant("LI", "AN"),), policy="A1", address=())
    return sealed(short, digits=SMALL_DIGITS, agency=Agency())


def fleet() -> SealedCard:
    """ALL OWNED VEHICLES of an organization."""
    return sealed(
        replace(
            facts(),
            registrants=(),
            organization=Organization("ADIRONDACK HAULING LLC", "123456789"),
            vehicle=None,
        ),
        mode=Mode.TRAINING,
    )


def largest(mode: Mode = Mode.SPECIMEN) -> SealedCard:
    """The longest values a card is expected to bear, and the largest symbol."""
    long_facts = replace(
        facts(),
        insurer_name="GREAT LAKES AND SAINT LAWRENCE SEAWAY FARMERS MUTUAL FIRE INSURANCE COMPANY",
        policy="PA-1234567-01-ABCDEFGHIJ-2026",
        license="BR-1234567890/1234567890",
        registrants=(
            Registrant("VANDERBILT-MONTGOMERY-FEATHERSTONE", "CHRISTOPHER-ALEXANDER", "Q", "III"),
            Registrant("VANDERBILT-MONTGOMERY-FEATHERSTONE", "WILHELMINA-ALEXANDRA", "R", "IV"),
        ),
        address=(
            "C/O ADIRONDACK PROPERTY MANAGEMENT",
            "BUILDING 12 APARTMENT 1204",
            "12345 NORTH SARATOGA SPRINGS AVE",
            "SARATOGA SPRINGS NY 12866-1234",
        ),
    )
    agency = Agency(
        name="MOHAWK VALLEY AND CENTRAL NEW YORK INSURANCE AGENCY INC",
        address=("12345 OLD CANAL STREET WEST", "SECOND FLOOR", "UTICA NY 13501-1234"),
        telephone="315-555-0142",
        message="Ask us about your renewal, we are open on Saturdays.",
    )
    return sealed(long_facts, mode=mode, digits=LARGEST_DIGITS, agency=agency)
