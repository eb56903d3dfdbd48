"""What a VIN may be meant to be, and what a right one says: offered, never applied by itself."""

from __future__ import annotations

from dataclasses import dataclass

from iies_tui.domain import vin as vins
from iies_tui.domain.vehicle import is_make
from iies_tui.session.protocol import VinKnown
from iies_tui.text import words
from iies_tui.tui.form.card_form import Car


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``car`` is the row as it would stand; ``text`` says what changes and why."""

    car: Car
    text: str


def of_vin(car: Car) -> list[Suggestion]:
    """For a VIN of 17 characters that is not right: I, O, Q first, then what repairs it.

    The check digit (49 CFR 565.15(c)) finds nearly each slip and swap of neighbors; it cannot
    tell which it was, so all that would be right are shown with their position.
    """
    vin = plain(car.vin)
    if len(vin) != vins.LENGTH or vins.is_right(vin):
        return []
    letters = "".join(vins.LIKELY.get(sign, sign) for sign in vin)
    if letters != vin and vins.is_right(letters):
        at = ", ".join(str(i + 1) for i, sign in enumerate(vin) if sign in vins.LIKELY)
        return [Suggestion(_with(car, letters), words("suggest.letters", vin=letters, at=at))]
    if any(sign not in vins.LETTERS for sign in letters):
        return []
    found = []
    for repair in vins.repairs(letters):
        key = "suggest.swap" if repair.slip is vins.Slip.SWAP else "suggest.character"
        text = words(key, vin=repair.vin, at=repair.position, next=repair.position + 1)
        found.append(Suggestion(_with(car, repair.vin), text))
    return found


def of_known(car: Car, known: VinKnown, last_year: int) -> list[Suggestion]:
    """Make and year that a right VIN says, where they are not what stands there already."""
    vin = plain(car.vin)
    if not vins.is_right(vin):
        return []
    found = []
    make = car.make.strip().upper()
    year = known.year or next(iter(reversed(vins.model_years(vin, last_year))), 0)
    new_make = known.make if known.make and not (make and is_make(make, known.name)) else ""
    new_year = str(year) if year and car.year.strip() != str(year) else ""
    if new_make and new_year:
        both = Car(new_year, new_make, car.vin)
        found.append(Suggestion(both, words("suggest.both", year=new_year, make=new_make)))
    if new_make:
        told = " ".join(part for part in (known.name, known.model.upper()) if part)
        text = words("suggest.make", make=new_make, told=told)
        found.append(Suggestion(Car(car.year, new_make, car.vin), text))
    if new_year:
        found.append(
            Suggestion(Car(new_year, car.make, car.vin), words("suggest.year", year=new_year))
        )
    return found


def of_line(text: str) -> Car | None:
    """A pasted VIN, or a line of year, make and VIN; None for anything else."""
    parts = text.split()
    if len(plain(text)) == vins.LENGTH and "/" not in text:
        return Car(vin=plain(text))
    if len(parts) >= 3 and len(parts[0]) == 4 and parts[0].isdigit():
        vin = plain("".join(parts[2:]))
        if len(vin) == vins.LENGTH:
            return Car(parts[0], parts[1].upper(), vin)
    return None


def plain(vin: str) -> str:
    """As the rules read it: capital letters, no blanks and hyphens."""
    return "".join(sign for sign in vin.upper() if sign not in " -")


def _with(car: Car, vin: str) -> Car:
    return Car(car.year, car.make, vin)
