"""What a card's face says, cell by cell: labels and values as they print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from iies_tui.domain.card import ALL_OWNED_VEHICLES, Agency, SealedCard
from iies_tui.domain.face import show_check_code
from iies_tui.text import words


@dataclass(frozen=True, slots=True)
class Content:
    """One field of the face. ``field`` is the request's path, for a refusal.

    ``label`` and each of ``paragraphs`` become text objects of their own, in this order, so that
    the text layer can be read back.
    """

    label: str
    paragraphs: tuple[str, ...]
    field: str


Cells = Mapping[str, tuple[Content, ...]]
"""Cells of the layout by name; a cell without content is not drawn."""


def show_date(day: date) -> str:
    """As DMV's counters write it: ``12/01/2026``."""
    return f"{day:%m/%d/%Y}"


def cells_of(card: SealedCard) -> Cells:
    """Every cell of the card's face."""
    facts = card.facts
    agency = _agency(card.agency)
    authority = Content(
        words("face_label.authority"),
        (card.authority, words("paper.root", words=card.root_words)),
        "authority",
    )
    return {
        "insurer": (_content("insurer", facts.insurer_name, "icc"),),
        "icc": (_content("icc", facts.icc, "icc"),),
        "policy": (_content("policy", facts.policy, "policy"),),
        "names": _names(card),
        "address": (Content(words("face_label.address"), facts.address, "address"),)
        if facts.address
        else (),
        **agency,
        **_vehicle(card),
        "effective": (_content("effective", show_date(facts.effective), "effective"),),
        "expiration": (_content("expiration", show_date(facts.expiration), "expiration"),),
        "license": (_content("license", facts.license, "license"),),
        "serial": (_content("serial", card.serial, "serial"),),
        "check_code": (_content("check_code", show_check_code(card.check_code), "check_code"),),
        "authority": (authority,),
        "issued": (*agency["agency_line"], authority),
    }


def _content(name: str, value: str, field: str) -> Content:
    return Content(words(f"face_label.{name}"), (value,), field)


def _names(card: SealedCard) -> tuple[Content, ...]:
    """One organization or at most two individuals (15 NYCRR 32.13)."""
    organization = card.facts.organization is not None
    return tuple(
        _content(
            f"name{place + 1}",
            name,
            "organization.name" if organization else f"registrants[{place}].last",
        )
        for place, name in enumerate(card.facts.names)
    )


def _vehicle(card: SealedCard) -> dict[str, tuple[Content, ...]]:
    vehicle = card.facts.vehicle
    if vehicle is None:
        return {"fleet": (_content("vehicle", ALL_OWNED_VEHICLES, "vehicles"),)}
    return {
        "year": (_content("year", str(vehicle.year), "vehicles[0].year"),),
        "make": (_content("make", vehicle.make, "vehicles[0].make"),),
        "vin": (_content("vin", vehicle.vin, "vehicles[0].vin"),),
    }


def _agency(agency: Agency) -> dict[str, tuple[Content, ...]]:
    """Stacked with the agency's message, or on one line without it."""
    telephone = words("paper.telephone", telephone=agency.telephone) if agency.telephone else ""
    who = tuple(line for line in (agency.name, *agency.address, telephone) if line.strip())
    all_lines = (*who, agency.message) if agency.message.strip() else who
    label = words("face_label.agency")
    return {
        "agency": (Content(label, all_lines, "agency"),) if all_lines else (),
        "agency_line": (Content(label, (" · ".join(who),), "agency"),) if who else (),
    }
