"""A vehicle's model year and make, and fleets (15 NYCRR 32.13(c)).

DMV writes a make in at most five characters, two-word makes as ``ME/BE``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from iies_tui.domain.findings import Collector

MAX_MAKE = 5
OLDEST_YEAR = 1885
"""The first car's year."""
YEARS_AHEAD = 2
"""A model year may be sold before its calendar year; two ahead is ample."""
FLEET, FLEET_FOR_HIRE = 5, 10
"""How many vehicles a fleet needs at least (15 NYCRR 32.13(c))."""
MAX_FLEET = 99_999

_MAKE = re.compile(r"[A-Z0-9][A-Z0-9/]{1,4}\Z")


@dataclass(frozen=True, slots=True)
class KnownVehicle:
    """What a catalog says that a VIN is: the make as it writes it, in capital letters.

    ``year`` None where position 10 and the catalog leave it open.
    """

    make: str
    model: str
    year: int | None


def last_year(this_year: int) -> int:
    """The latest model year that a card may name."""
    return this_year + YEARS_AHEAD


def dmv_make(text: str) -> str:
    """The five-letter form to propose: ``CHEVROLET`` as CHEVR, ``MERCEDES-BENZ`` as ME/BE."""
    words = re.findall(r"[A-Z0-9]+", text.upper())
    if len(words) > 1:
        return f"{words[0][:2]}/{words[1][:2]}"
    return words[0][:MAX_MAKE] if words else ""


def is_make(typed: str, known: str) -> bool:
    """True where DMV's letters may stand for the catalog's make.

    ``ME/BE`` and ``MERCE`` for MERCEDES-BENZ, ``LANDR``, ``LA/RO`` and ``ROVER`` for LAND ROVER:
    DMV's own table is not published.
    """
    words = re.findall(r"[A-Z0-9]+", known.upper())
    whole = "".join(words)
    return typed == dmv_make(known) or any(
        word.startswith(typed) or typed == word[:MAX_MAKE] for word in (whole, *words)
    )


def check_known_make(found: Collector, field: str, make: str | None, known: str) -> None:
    """The make typed against what the catalog says of the VIN: a note, never a refusal.

    A vehicle already registered keeps what its registration says (15 NYCRR 32.4).
    """
    if make and not is_make(make, known):
        found.note(field, "vin_make", known=dmv_make(known), make=make)


def check_year(found: Collector, field: str, year: int | None, this_year: int) -> None:
    """A model year there can be. None was reported already."""
    if year is not None and not OLDEST_YEAR <= year <= last_year(this_year):
        found.problem(field, "year_range", first=OLDEST_YEAR, last=last_year(this_year))


def check_make(found: Collector, field: str, make: str | None) -> None:
    """DMV's five-letter form."""
    if make is None:
        return
    if not make:
        found.problem(field, "required")
    elif not _MAKE.match(make):
        proposal = dmv_make(make)
        if proposal and _MAKE.match(proposal):
            found.problem(field, "make_form", proposal=proposal)
        else:
            found.problem(field, "make_unreadable")


def check_fleet(found: Collector, vehicles: int | None, for_hire: bool | None) -> None:
    """ALL OWNED VEHICLES from five vehicles on, ten if for hire (15 NYCRR 32.13(c))."""
    if vehicles is None:
        return
    needed = FLEET_FOR_HIRE if for_hire else FLEET
    if vehicles < needed:
        code = "fleet_small_hire" if for_hire else "fleet_small"
        found.problem("fleet.vehicles", code, needed=needed, count=vehicles)
    elif vehicles > MAX_FLEET:
        found.problem("fleet.vehicles", "fleet_large", limit=MAX_FLEET)
