"""How a card's pages and fax files are made: choices of the office, which no rule asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from iies_tui.domain.card import Layout
from iies_tui.domain.errors import Problem, Refused

YES, NO = "yes", "no"

LAYOUT, INFORMATION, FAX_COVER, FAX_FILE = (
    "page_layout",
    "page_information",
    "fax_cover",
    "fax_file",
)
"""The names of the issuer's Options."""


class FaxFile(StrEnum):
    """A TIFF class F file for a fax modem: coding (ITU-T T.4, T.6) and lines an inch (98, 196)."""

    G3_FINE = "g3-fine"
    G3_STANDARD = "g3-standard"
    G4_FINE = "g4-fine"
    G4_STANDARD = "g4-standard"


CHOICES: Mapping[str, tuple[str, ...]] = {
    LAYOUT: tuple(layout.value for layout in Layout),
    INFORMATION: (NO, YES),
    FAX_COVER: (NO, YES),
    FAX_FILE: (NO, *(kind.value for kind in FaxFile)),
}
"""What each Option may be; the first is what holds where nothing is chosen."""


@dataclass(frozen=True, slots=True)
class PageChoice:
    """``information``: the page for the policyholder goes with the card."""

    layout: Layout = Layout.PLAIN
    information: bool = False


def chosen(name: str, value: str) -> str:
    """``value`` where it is a choice of the Option ``name``.

    Raise Refused ``option_unknown``, with the Option as its problem's field.
    """
    choices = CHOICES[name]
    if value not in choices:
        problem = Problem(name, "option_unknown", {"choices": ", ".join(choices)})
        raise Refused("option_unknown", (problem,), option=name)
    return value
