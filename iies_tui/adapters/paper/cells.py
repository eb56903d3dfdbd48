"""What a card's face says, cell by cell: labels and values as they print."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from iies_tui.adapters.paper.inputs import Cells, Content
from iies_tui.domain.card import ALL_OWNED_VEHICLES, Agency, SealedCard
from iies_tui.domain.face import show_check_code
from iies_tui.domain.face_labels import LABELS
from iies_tui.text import words

_SPACES = re.compile(r"[^\S\x00-\x1f\x7f-\x9f]+")
"""White space that is no control character."""


def show_date(day: date) -> str:
    """As DMV's counters write it: ``12/01/2026``."""
    return f"{day:%m/%d/%Y}"


def folded(texts: Iterable[str]) -> tuple[str, ...]:
    """NFC with single spaces, empty ones left out: what looks alike on paper is equal.

    A control character stays, so that it is refused as a sign that cannot be printed.
    """
    parts = (_SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip(" ") for text in texts)
    return tuple(part for part in parts if part)


def cells_of(card: SealedCard) -> Cells:
    """Every cell that a layout may have room for."""
    facts = card.facts
    agency = _agency(card.agency)
    authority = _content(
        "authority",
        (card.authority, words("paper.root", words=card.root_words)),
        "authority",
    )
    return {
        "insurer": _content("insurer", (facts.insurer_name,), "icc"),
        "icc": _content("icc", (facts.icc,), "icc"),
        "policy": _content("policy", (facts.policy,), "policy"),
        "names": _names(card),
        "address": _content("address", facts.address, "address"),
        **agency,
        **_vehicle(card),
        "effective": _content("effective", (show_date(facts.effective),), "effective"),
        "expiration": _content("expiration", (show_date(facts.expiration),), "expiration"),
        "license": _content("license", (facts.license,), "license"),
        "serial": _content("serial", (card.serial,), "serial"),
        "check_code": _content("check_code", (show_check_code(card.check_code),), "check_code"),
        "authority": authority,
        "issued": (*agency["agency_line"], *authority),
    }


def name_and_address(agency: Agency) -> tuple[str, ...]:
    """The agency's lines without telephone and message."""
    return folded((agency.name, *agency.address))


def telephone_of(agency: Agency) -> str:
    """The agency's telephone as it prints, or empty."""
    number = " ".join(folded((agency.telephone,)))
    return words("paper.telephone", telephone=number) if number else ""


def _content(name: str, values: Iterable[str], field: str) -> tuple[Content, ...]:
    """A cell's one field; no cell where all of ``values`` are empty."""
    paragraphs = folded(values)
    return (Content(LABELS[name], paragraphs, field),) if paragraphs else ()


def _names(card: SealedCard) -> tuple[Content, ...]:
    """One organization or at most two individuals (15 NYCRR 32.13)."""
    organization = card.facts.organization is not None
    contents: tuple[Content, ...] = ()
    for place, name in enumerate(card.facts.names):
        field = "organization.name" if organization else f"registrants[{place}].last"
        contents += _content(f"name{place + 1}", (name,), field)
    return contents


def _vehicle(card: SealedCard) -> Cells:
    vehicle = card.facts.vehicle
    if vehicle is None:
        return {"fleet": _content("vehicle", (ALL_OWNED_VEHICLES,), "vehicles")}
    return {
        "year": _content("year", (str(vehicle.year),), "vehicles[0].year"),
        "make": _content("make", (vehicle.make,), "vehicles[0].make"),
        "vin": _content("vin", (vehicle.vin,), "vehicles[0].vin"),
    }


def _agency(agency: Agency) -> Cells:
    """Stacked with the agency's message, or on one line without it."""
    who = (*name_and_address(agency), *filter(None, (telephone_of(agency),)))
    return {
        "agency": _content("agency", (*who, agency.message), "agency"),
        "agency_line": _content("agency", (" · ".join(who),), "agency"),
    }
