"""A vehicle's model year and make, and fleets (15 NYCRR 32.13(c)).

DMV writes a make in at most five characters, two-word makes as ``ME/BE``.
"""

from __future__ import annotations

import re

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


def last_year(this_year: int) -> int:
    """The latest model year that a card may name."""
    return this_year + YEARS_AHEAD


def dmv_make(text: str) -> str:
    """The five-letter form to propose: ``CHEVROLET`` as CHEVR, ``MERCEDES-BENZ`` as ME/BE."""
    words = re.findall(r"[A-Z0-9]+", text.upper())
    if len(words) > 1:
        return f"{words[0][:2]}/{words[1][:2]}"
    return words[0][:MAX_MAKE] if words else ""


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
