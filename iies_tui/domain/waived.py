"""Values that stand so on the registration, and the rules that were waived for them.

A request names the values; which rules that waives, ``domain.vin`` and ``domain.names`` say. A card
states the codes of the rules that were waived and nothing of the value: no personal data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from iies_tui.domain import names, vin
from iies_tui.domain.card import Registrant, Vehicle

AS_REGISTERED = ("vin", "registrant1", "registrant2", "organization")
"""The values that a request may say are exactly as on the registration: every vehicle's VIN, a
person's name, the organization's name."""

MAX_WAIVED = 8
"""Codes on one card. With the longest codes they take 139 of the claims' 400 bytes."""

_CODE = re.compile(r"[a-z][a-z0-9_]{1,15}\Z", re.ASCII)


def are_waived(codes: Sequence[str]) -> bool:
    """True for at most ``MAX_WAIVED`` codes, sorted, none twice, each of 2 to 16 characters:
    lower-case ASCII letters, digits and underscores, a letter first.
    """
    return (
        len(codes) <= MAX_WAIVED
        and all(_CODE.match(code) for code in codes)
        and list(codes) == sorted(set(codes))
    )


def codes_of(
    as_registered: Sequence[str], registrants: Sequence[Registrant], vehicle: Vehicle | None
) -> tuple[str, ...]:
    """What one card of a request that the rules took was waived, sorted."""
    codes: set[str] = set()
    if vehicle is not None and "vin" in as_registered:
        codes.add(vin.waiver(vehicle.vin, vehicle.year))
    for number, person in enumerate(registrants, start=1):
        if f"registrant{number}" in as_registered:
            codes.update(names.waivers(person.last, person.first, person.middle))
    return tuple(sorted(codes - {""}))
