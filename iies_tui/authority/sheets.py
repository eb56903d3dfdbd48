"""The two sheets of a minted issuer: the KEY's, to be sent, and the PIN's, to be told.

They go different ways, so neither holds the other's secret: the PIN's sheet has only the last five
characters of the KEY, for the caller check of the DFS instructions.
"""

from __future__ import annotations

from iies_tui.authority.authority import Minted
from iies_tui.domain.key import key_tail
from iies_tui.text import words


def key_sheet(minted: Minted, authority: str) -> str:
    """The KEY's sheet as text, also fit for the body of an e-mail."""
    return words(
        "sheet.key",
        license=minted.license,
        name=minted.name,
        authority=authority,
        key=minted.key,
    ).lstrip("\n")


def pin_sheet(minted: Minted, authority: str) -> str:
    """The PIN's sheet, for whoever answers the telephone."""
    return words(
        "sheet.pin",
        license=minted.license,
        authority=authority,
        tail=key_tail(minted.key),
        pin=minted.pin,
    ).lstrip("\n")
