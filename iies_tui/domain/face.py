"""The card's face as it is bound into the bar code (``docs/envelope.md``).

``face`` in the envelope is SHA-256(check code ‖ 0x0A ‖ canonical fields)[:16]. The canonical
fields are twelve lines of UTF-8, each ended by 0x0A, in this order: form, serial, issuer license,
ICC, policy, effective, expiration, name 1, name 2, model year, make, VIN. Each line is NFC, upper
case, with runs of white space folded to one blank and none at the ends, so that what a person
types from the paper compares equal. Dates are ``YYYY-MM-DD``; an absent value is an empty line;
ALL OWNED VEHICLES stands in the VIN's line. The check code is 50 random bits, ten Crockford
characters; it is printed on the face, kept in the register, and not in the symbol, so that the
hash gives nothing away to a scanner.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import astuple, dataclass

from iies_tui.domain.card import ALL_OWNED_VEHICLES, CardFacts
from iies_tui.domain.serial import CROCKFORD, crockford

_MISTAKEN = str.maketrans({"O": "0", "I": "1", "L": "1"})


@dataclass(frozen=True, slots=True)
class Face:
    """The twelve fields of the face that DMV acts on, in canonical order, as text."""

    form: str
    serial: str
    license: str
    icc: str
    policy: str
    effective: str
    expiration: str
    name1: str
    name2: str
    year: str
    make: str
    vin: str

    @classmethod
    def of(cls, facts: CardFacts, serial: str) -> Face:
        """The face that a card of these facts shows."""
        names = (*facts.names, "")
        vehicle = facts.vehicle
        return cls(
            form=facts.form.value,
            serial=serial,
            license=facts.license,
            icc=facts.icc,
            policy=facts.policy,
            effective=facts.effective.isoformat(),
            expiration=facts.expiration.isoformat(),
            name1=names[0],
            name2=names[1],
            year=str(vehicle.year) if vehicle else "",
            make=vehicle.make if vehicle else "",
            vin=vehicle.vin if vehicle else ALL_OWNED_VEHICLES,
        )

    def digest(self, check_code: str) -> bytes:
        """16 bytes. ``check_code`` in any case, with or without its hyphen."""
        lines = [normalize_check_code(check_code), *(canonical(line) for line in astuple(self))]
        return hashlib.sha256("".join(line + "\n" for line in lines).encode()).digest()[:16]


def canonical(text: str) -> str:
    """Upper case, NFC, white space folded; a text that is so already stays as it is."""
    capital = unicodedata.normalize("NFC", text).upper()
    return " ".join(unicodedata.normalize("NFC", capital).split())


def normalize_check_code(text: str) -> str:
    """Upper case without blanks and hyphens; O, I, L read as Crockford reads them."""
    return "".join(text.split()).replace("-", "").upper().translate(_MISTAKEN)


def is_check_code(text: str) -> bool:
    """True for ten Crockford characters once normalized."""
    code = normalize_check_code(text)
    return len(code) == 10 and all(character in CROCKFORD for character in code)


def check_code(random_bits: int) -> str:
    """Ten characters from 50 random bits."""
    return crockford(random_bits, 10)


def show_check_code(code: str) -> str:
    """As it is printed: ``7K3M9-QXDW2``."""
    return f"{code[:5]}-{code[5:]}"
