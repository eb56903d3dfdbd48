"""Vehicle identification numbers (15 NYCRR 32.4: a computerized process validates them).

49 CFR 565: since model year 1981 a VIN has seventeen characters without I, O and Q, a check
digit in position 9 and the model year in position 10. Older vehicles, and numbers that a state
assigned, are shorter and follow no rule that a program could check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from iies_tui.domain.findings import Collector
from iies_tui.domain.registered import UNSAID, Registered

LENGTH = 17
FIRST_YEAR = 1981
SHORT = 13
"""Up to so many characters a number may be an assigned or foreign one; 14 to 16, and 18, are
taken for a slip, 14 to 16 until the registration is said to show them. Our choice, no rule."""

SERIAL_FROM = 13
"""From this index on there are digits only (49 CFR 565.15(d))."""

DIGITS = "0123456789"
LETTERS = DIGITS + "ABCDEFGHJKLMNPRSTUVWXYZ"
LIKELY = {"I": "1", "O": "0", "Q": "0"}
"""The characters a VIN never has, and what was most likely meant."""

_VALUES = dict(zip("ABCDEFGH", range(1, 9), strict=True))
_VALUES |= dict(zip("JKLMNPR", (1, 2, 3, 4, 5, 7, 9), strict=True))
_VALUES |= dict(zip("STUVWXYZ", range(2, 10), strict=True))
_VALUES |= {digit: int(digit) for digit in DIGITS}
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"
_CYCLE = 30
_WRITTEN = re.compile(r"[A-Z0-9]+\Z")
_ALIKE = (
    *("0D", "1L", "17", "2Z", "3E", "38", "4A", "49", "5S", "56", "6G", "8B"),
    *("CG", "EF", "FP", "HN", "KX", "MN", "PR", "TY", "UV", "VW", "VY"),
)
"""Characters taken for each other by eye or by hand."""


class Slip(StrEnum):
    """One typing error that would explain a wrong check digit."""

    CHARACTER = "character"
    SWAP = "swap"


@dataclass(frozen=True, slots=True)
class Repair:
    """One change that makes the check digit right. ``position`` from 1, a swap's left one.

    ``likely``: neighbors swapped, or look-alikes. The check digit alone can always be made to fit,
    so changing it is no likelier than any other.
    """

    slip: Slip
    position: int
    vin: str
    likely: bool


def check_digit(vin: str) -> str:
    """The digit (or X) that position 9 of a 17-character VIN must be. Raise ValueError."""
    if len(vin) != LENGTH or any(sign not in _VALUES for sign in vin):
        raise ValueError("not a 17-character VIN")
    total = sum(_VALUES[sign] * weight for sign, weight in zip(vin, _WEIGHTS, strict=True))
    return "0123456789X"[total % 11]


def is_right(vin: str) -> bool:
    """True for seventeen permitted characters whose check digit is right."""
    return len(vin) == LENGTH and all(s in _VALUES for s in vin) and vin[8] == check_digit(vin)


def model_years(vin: str, last: int) -> tuple[int, ...]:
    """The years up to ``last`` that position 10 may mean, oldest first; () where it is no year.

    The code repeats every thirty years, and position 7 tells the cycles apart for cars only.
    """
    if len(vin) != LENGTH or vin[9] not in _YEAR_CODES:
        return ()
    first = 1980 + _YEAR_CODES.index(vin[9])
    return tuple(range(first, last + 1, _CYCLE))


def repairs(vin: str) -> tuple[Repair, ...]:
    """Every single character and every swap of neighbors that makes the VIN right.

    The likely ones first: swaps, then look-alikes. The last four positions hold digits (49 CFR
    565.15(d)), so what leaves a letter there is not likely, and none is put there.
    """
    found: list[tuple[int, Repair]] = []
    for place in range(LENGTH - 1):
        left, right = vin[place], vin[place + 1]
        swapped = vin[:place] + right + left + vin[place + 2 :]
        if left != right and is_right(swapped):
            likely = swapped[SERIAL_FROM:].isdigit()
            found.append((0 if likely else 2, Repair(Slip.SWAP, place + 1, swapped, likely)))
    for place, typed in enumerate(vin):
        for sign in DIGITS if place >= SERIAL_FROM else LETTERS:
            changed = vin[:place] + sign + vin[place + 1 :]
            if sign == typed or not is_right(changed):
                continue
            alike = any(sign in group and typed in group for group in _ALIKE)
            likely = alike and changed[SERIAL_FROM:].isdigit()
            repair = Repair(Slip.CHARACTER, place + 1, changed, likely)
            found.append((1 if likely else 2, repair))
    return tuple(repair for _, repair in sorted(found, key=lambda item: item[0]))


def waiver(vin: str, year: int | None) -> str:
    """The rule of ours that a VIN breaks and New York's does not have.

    ``vin_check`` for no US check digit, ``vin_length`` for 14 to 16 characters; empty where it
    breaks none, or another.

    A VIN with I, O or Q, or with a sign that no VIN has, is misread, whatever is said of it.
    """
    if not _WRITTEN.match(vin) or (year is not None and year < FIRST_YEAR):
        return ""
    if set(LIKELY) & set(vin) or is_right(vin):
        return ""
    if SHORT < len(vin) < LENGTH:
        return "vin_length"
    return "vin_check" if len(vin) == LENGTH else ""


def check(
    found: Collector,
    field: str,
    vin: str | None,
    year: int | None,
    last: int,
    registered: Registered = UNSAID,
) -> None:
    """A VIN against its own rules and the year typed (None where unknown).

    ``last`` is the latest model year there can be. The year of position 10 is a note: a vehicle
    already registered keeps what its registration says (15 NYCRR 32.4).
    """
    if vin is None:
        return
    if not vin:
        found.problem(field, "required")
    elif not _WRITTEN.match(vin) or len(vin) > LENGTH + 3:
        found.problem(field, "vin_signs")
    elif year is not None and year < FIRST_YEAR:
        found.note(field, "vin_old" if len(vin) != LENGTH else "vin_17_old", year=year)
    elif 3 <= len(vin) <= SHORT:
        found.note(field, "vin_short", count=len(vin))
    elif (code := waiver(vin, year)) and registered.said:
        # Position 10 is the model year in US numbers only: it is not compared.
        found.note(field, f"waived_{code}", count=len(vin))
    elif len(vin) != LENGTH and not (registered.said and set(LIKELY) & set(vin)):
        found.problem(field, "vin_length", count=len(vin), **(registered.offer if code else {}))
    else:
        _check_modern(found, field, vin, year, last, registered.offer if code else {})


def _check_modern(
    found: Collector,
    field: str,
    vin: str,
    year: int | None,
    last: int,
    offer: dict[str, str],
) -> None:
    wrong = [place for place, sign in enumerate(vin) if sign in LIKELY]
    if wrong:
        proposal = "".join(LIKELY.get(sign, sign) for sign in vin)
        letter = vin[wrong[0]]
        params: dict[str, str | int] = {
            "letter": letter,
            "likely": LIKELY[letter],
            "position": wrong[0] + 1,
        }
        if is_right(proposal):
            params["candidates"] = proposal
        found.problem(field, "vin_letter", **params)
        return
    if not is_right(vin):
        likely = [repair for repair in repairs(vin) if repair.likely][:4]
        offered = sorted(likely, key=lambda repair: repair.position)
        if offered:
            found.problem(
                field,
                "vin_check",
                candidates=" ".join(repair.vin for repair in offered),
                positions=", ".join(_places(repair) for repair in offered),
                **offer,
            )
        else:
            found.problem(field, "vin_check_only", **offer)
        return
    _check_model_year(found, field, vin, year, last)


def _places(repair: Repair) -> str:
    """``4`` or, for a swap, ``16-17``."""
    if repair.slip is Slip.SWAP:
        return f"{repair.position}-{repair.position + 1}"
    return str(repair.position)


def _check_model_year(found: Collector, field: str, vin: str, year: int | None, last: int) -> None:
    years = model_years(vin, last)
    if year is not None and year not in years:
        if years:
            found.note(field, "vin_year", years=" / ".join(map(str, years)), year=year)
        else:
            found.note(field, "vin_no_year", sign=vin[9])
