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


def page_choice(options: Mapping[str, str], layout: str = "", information: str = "") -> PageChoice:
    """The Options' choice, or what is asked for just now. Refused ``option_unknown``."""
    return PageChoice(
        Layout(_chosen(options, LAYOUT, layout)),
        _chosen(options, INFORMATION, information) == YES,
    )


def fax_cover(options: Mapping[str, str], asked: str = "") -> bool:
    """Whether a cover page goes before a fax. Refused ``option_unknown``."""
    return _chosen(options, FAX_COVER, asked) == YES


def fax_file(options: Mapping[str, str], *, wanted: bool, asked: str = "") -> FaxFile | None:
    """The fax file to save, if one is; ``wanted`` without a kind is G3 fine, which every modem
    takes. Refused ``option_unknown``.
    """
    chosen = _chosen(options, FAX_FILE, asked)
    if chosen == NO:
        return FaxFile.G3_FINE if wanted else None
    return FaxFile(chosen)


def check_options(options: Mapping[str, str]) -> None:
    """Refused ``option_unknown`` with each Option here that is none of its choices."""
    problems = tuple(
        Problem(name, "option_unknown", {"choices": ", ".join(choices)})
        for name, choices in CHOICES.items()
        if options.get(name, "") not in ("", *choices)
    )
    if problems:
        raise Refused("option_unknown", problems, option=problems[0].field)


def _chosen(options: Mapping[str, str], name: str, asked: str) -> str:
    value = asked or options.get(name, "") or CHOICES[name][0]
    check_options({name: value})
    return value
