"""Rules that did not hold for a card because its value stands so on the registration.

A card states the codes of such rules and nothing of the value: no personal data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

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
