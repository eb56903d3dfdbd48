"""Insurers and their Insurance Company Codes (15 NYCRR 34.8).

The list itself is imported (trust bundle or CSV), never built in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ICC = re.compile(r"[0-9]{3}\Z")


def is_icc(text: str) -> bool:
    """True for three ASCII digits; leading zeros matter (15 NYCRR 34.8)."""
    return _ICC.match(text) is not None


@dataclass(frozen=True, slots=True)
class Insurer:
    """One insurer of the installed list.

    ``active`` False: no longer authorized (DFS's asterisk); shown, not selectable for a new
    card. ``naic`` is five digits or empty. ``signed`` False: from an unsigned CSV list.
    """

    icc: str
    name: str
    naic: str = ""
    active: bool = True
    signed: bool = True
