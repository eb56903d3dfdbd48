"""Hostile input to the three parsers of trust: refused with a code, quickly, and never a crash."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from iies_tui.adapters.barcode.profile_open import OpenProfile
from iies_tui.adapters.trust import bundle_reader, icc_csv
from iies_tui.authority.training import insurers_csv
from iies_tui.domain.errors import Refused
from tests.support.trust_samples import bundle, digits, issuer_keys, seal, signed

INTERESTING = (0, 1, 0x18, 0x1B, 0x3B, 0x5B, 0x5F, 0x7F, 0x80, 0x9B, 0xA0, 0xBF, 0xD2, 0xF6, 0xFF)
SLOWEST = 1.0
"""Seconds of the processor that one input may take."""


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A few cuts, copies, and bytes that mean something to CBOR."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(changed) + 1)
        match chance.randrange(5):
            case 0:
                del changed[place : place + chance.randint(1, 40)]
            case 1:
                changed[place:place] = chance.randbytes(chance.randint(1, 9))
            case 2:
                changed[place:place] = changed[: chance.randint(0, 60)]
            case 3 if place < len(changed):
                changed[place] = chance.choice(INTERESTING)
            case _ if place < len(changed):
                changed[place] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _envelope(data: bytes) -> bool:
    read = PROFILE.read(digits(data))
    return read.encoded != WHOLE and PROFILE.authentic(read, issuer_keys().public)


def _bundle(data: bytes) -> bool:
    bundle_reader.read(data)
    return data != BUNDLE


def _csv(data: bytes) -> bool:
    icc_csv.read(data)
    return False


PROFILE = OpenProfile()
WHOLE, BUNDLE = seal(), signed(bundle())


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("name", "whole", "taken_wrongly"),
    [
        ("envelope", WHOLE, _envelope),
        ("bundle", BUNDLE, _bundle),
        ("csv", insurers_csv(), _csv),
    ],
    ids=["envelope", "bundle", "csv"],
)
def test_mutations(
    name: str,
    whole: bytes,
    taken_wrongly: Callable[[bytes], bool],
    full_count: Callable[..., int],
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    chance = random.Random(name)
    slowest, refused = 0.0, 0
    for _ in range(full_count(f"mutations_{name}", sample=500, full=300_000)):
        data = mutated(whole, chance)
        started = time.process_time()
        try:
            assert not taken_wrongly(data)
        except Refused:
            refused += 1
        slowest = max(slowest, time.process_time() - started)
    record_figure(f"slowest_{name}", {"seconds": round(slowest, 4), "refused": refused})
    assert refused > 0
    assert slowest < SLOWEST
