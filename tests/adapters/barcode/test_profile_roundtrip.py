"""Generated cards through symbol, picture, reader, verify and open: what comes out went in."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from PIL import Image

from iies_tui.adapters.barcode import claims
from iies_tui.adapters.barcode.profile_open import OpenProfile
from iies_tui.adapters.barcode.symbol import make_symbol, strongest_level
from iies_tui.adapters.reading.symbol_reader import ZxingReader
from iies_tui.domain.card import (
    ALL_OWNED_VEHICLES,
    CardFacts,
    Form,
    Organization,
    Registrant,
    Vehicle,
)
from iies_tui.domain.envelope import MAX_CLAIMS, Envelope, FaceMatch, Verdict
from iies_tui.domain.face import Face
from iies_tui.domain.serial import Serial
from iies_tui.issuance.checking.verify import Verify
from iies_tui.issuance.ports.keys import IssuerKeys
from tests.support.authority_helpers import SetClock
from tests.support.trust_samples import ISSUED, RECIPIENT, TO, bundle, facts, issuer_keys, stamp

COLUMNS, MODULE, ROW, QUIET = 14, 3, 9, 12
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-' ÉÑÜØŁ"


def _word(chance: random.Random, longest: int) -> str:
    text = "".join(chance.choices(LETTERS, k=chance.randint(1, longest)))
    return "A" + " ".join(text.split())


def _digits(chance: random.Random, length: int) -> str:
    return "".join(chance.choices("0123456789", k=length))


def _registrant(chance: random.Random) -> Registrant:
    return Registrant(
        _word(chance, 25),
        _word(chance, 20),
        chance.choice(["", "Q", _word(chance, 12)]),
        chance.choice(["", "II", "JR"]),
        chance.choice(["", _digits(chance, 9)]),
    )


def _card(chance: random.Random) -> CardFacts:
    """Random facts of every shape, within the claims' limit."""
    while True:
        start = date(2026, 1, 1) + timedelta(days=chance.randrange(3000))
        somebody = chance.random() < 0.7
        card = facts(
            form=chance.choice(list(Form)),
            icc=_digits(chance, 3),
            policy="P" + _digits(chance, chance.randint(1, 24)),
            effective=start,
            expiration=start + timedelta(days=chance.randint(1, 400)),
            registrants=tuple(_registrant(chance) for _ in range(chance.randint(1, 2)))
            if somebody
            else (),
            organization=None
            if somebody
            else Organization(_word(chance, 60), chance.choice(["", _digits(chance, 9)])),
            vehicle=None
            if chance.random() < 0.2
            else Vehicle(chance.randint(1920, 2028), "HONDA", "VIN" + _digits(chance, 14)),
            waived=chance.choice([(), (), ("vin_check",), ("name_one", "vin_length")]),
        )
        if len(claims.encode(card)) <= MAX_CLAIMS:
            return card


def _picture(digits: str) -> Image.Image:
    """The symbol alone, as a clean scan would have it."""
    symbol = make_symbol(digits, COLUMNS, strongest_level(digits, COLUMNS, 50))
    size = (symbol.width + 2 * QUIET) * MODULE, (symbol.rows * ROW) + 2 * QUIET * MODULE
    picture = Image.new("L", size, 255)
    for run in symbol.runs:
        left, top = (QUIET + run.start) * MODULE, QUIET * MODULE + run.row * ROW
        picture.paste(0, (left, top, left + run.length * MODULE, top + ROW))
    return picture


def _claims_of(card: CardFacts) -> dict[str, object]:
    """What an authority must read again: every element that went in, by its name."""
    vehicle, organization = card.vehicle, card.organization
    return {
        "form": str(card.form),
        "license": card.license,
        "icc": card.icc,
        "policy": card.policy,
        "current": card.current.isoformat(),
        "effective": card.effective.isoformat(),
        "expiration": card.expiration.isoformat(),
        "registrants": [{**asdict(who), "printed": who.printed} for who in card.registrants],
        "organization": asdict(organization) if organization else None,
        "vehicle": asdict(vehicle) if vehicle else ALL_OWNED_VEHICLES,
        "waived": list(card.waived),
    }


CHUNK = 500


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """In chunks of ``CHUNK`` cards for a full run, which pytest-xdist spreads."""
    if "first" in metafunc.fixturenames:
        full = metafunc.config.getoption("--full")
        metafunc.parametrize("first", range(0, 10_000, CHUNK) if full else [0])


@pytest.mark.heavy
def test_generated_cards_come_out_as_they_went_in(
    first: int, full_count: Callable[..., int]
) -> None:
    profile, reader, keys = OpenProfile(), ZxingReader(), issuer_keys()

    def opener(envelope: Envelope) -> object:
        return profile.open(envelope, RECIPIENT.private_bytes_raw())

    verify = Verify(profile, bundle(), SetClock(ISSUED), opener)  # type: ignore[arg-type]
    count = full_count("cards_through_the_symbol", sample=20, full=CHUNK)
    for seed in range(first, first + count):
        _there_and_back(seed, profile, reader, keys, verify)


def _there_and_back(
    seed: int, profile: OpenProfile, reader: ZxingReader, keys: IssuerKeys, verify: Verify
) -> None:
    chance = random.Random(seed)
    card = _card(chance)
    serial = Serial(chance.getrandbits(40), chance.randint(1, 999_999))
    face = Face.of(card, str(serial))
    its_stamp = stamp(card, serial=serial, face=face.digest("0123456789"))
    digits = profile.digits(profile.seal(card, its_stamp, keys, TO))
    file = io.BytesIO()
    _picture(digits).save(file, "PNG", compress_level=1)
    (page,) = reader.pages(file.getvalue())
    assert page.symbols == (digits,), seed
    (report,) = verify.page("card", replace(page, faces=((face, "0123456789"),)))
    assert (report.verdict, report.face) == (Verdict.GENUINE, FaceMatch.MATCH), seed
    assert report.serial == str(serial)
    assert report.claims == _claims_of(card), seed
