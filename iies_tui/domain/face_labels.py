"""Face version 1: the words by which a page of ours is recognized (``docs/face.md``).

They are a wire format: they are drawn by the terminal that issues a card and read by every
verifier afterwards, so they are never translated and never polished. Other words on a page are in
``text``; those go into the digests of ``domain.drawing`` too.
"""

from __future__ import annotations

from collections.abc import Mapping

HEADING = "NEW YORK STATE INSURANCE IDENTIFICATION CARD"
"""Begins each part of a card page and the card on a fax sheet."""

SPECIMEN = "SPECIMEN – NOT PROOF OF INSURANCE"
"""On every card that is not live, once in black and repeated in gray across the card."""

LABELS: Mapping[str, str] = {
    "form": "FORM",
    "insurer": "INSURANCE COMPANY",
    "icc": "NY ICC",
    "policy": "POLICY NUMBER",
    "name1": "NAME OF INSURED AND REGISTRANT",
    "name2": "AND",
    "address": "ADDRESS",
    "agency": "ISSUED BY",
    "year": "YEAR",
    "make": "MAKE",
    "vin": "VEHICLE IDENTIFICATION NUMBER",
    "vehicle": "VEHICLE",
    "effective": "EFFECTIVE 12:01 A.M.",
    "expiration": "EXPIRES 12:01 A.M.",
    "license": "ISSUER LICENSE",
    "serial": "SERIAL",
    "check_code": "CHECK CODE",
    "authority": "AUTHORITY",
}
"""A field's name and the label before its value. ``vehicle`` stands before ALL OWNED VEHICLES."""

_BEFORE, _AFTER = "Goes with insurance identification card ", "."


def goes_with(serial: str) -> str:
    """The line on a page that goes with a card and is none: the policyholder's, a fax's cover."""
    return f"{_BEFORE}{serial}{_AFTER}"


def says_it_goes_with(text: str) -> bool:
    """True for ``goes_with`` of any serial."""
    return text.startswith(_BEFORE) and text.endswith(_AFTER)
