"""The heading of a batch's file: our own names, or the plain words of an office's spreadsheet."""

from __future__ import annotations

import difflib
import re

from iies_tui.domain.batch_columns import COLUMNS, PEOPLE, PERSON, PROBLEMS

_PLAIN: dict[str, tuple[str, ...]] = {
    "form": ("form type", "card type", "type of card", "form number"),
    "icc": (*("company code", "insurance company code", "insurer code", "icc code", "icc number"),),
    "policy": ("policy number", "policy no", "policy num", "binder number", "policy or binder"),
    "effective": ("effective date", "eff date", "eff", "policy effective date", "effective on"),
    "expiration": (
        *("expiration date", "exp date", "exp", "expires", "expiry", "expiry date"),
        *("policy expiration date", "expires on"),
    ),
    "organization_name": ("organization", "business name", "name of organization"),
    "organization_fein": (
        *("fein", "ein", "federal tax id", "tax id", "federal employer identification number"),
        "fein number",
    ),
    "address1": ("address", "street", "street address", "address line", "mailing address"),
    "address2": ("city state zip", "city state and zip", "city state zip code"),
    "vehicle_year": ("year", "model year", "yr", "year of vehicle"),
    "vehicle_make": ("make", "make of vehicle"),
    "vehicle_vin": ("vin", "vin number", "vehicle identification number", "vin no"),
    "fleet_vehicles": ("number of vehicles", "fleet size", "vehicles in fleet"),
    "fleet_for_hire": ("for hire",),
    "as_registered": ("as on registration", "exactly as on registration"),
}
_PERSON: dict[str, tuple[str, ...]] = {
    "last": ("last name", "last", "surname", "family name"),
    "first": ("first name", "first", "given name"),
    "middle": ("middle initial", "middle name", "middle", "mi"),
    "suffix": ("suffix", "name suffix"),
    "driver_license": (
        *("driver license", "drivers license", "driver license number", "license number"),
        *("drivers license number", "dl", "dl number", "client id", "ny license", "ny client id"),
    ),
}


def column(heading: str) -> str:
    """The column that a heading names: ``VIN`` is vehicle_vin. Empty where it names none."""
    return _KNOWN.get(_folded(heading), "")


def nearest(heading: str) -> str:
    """The column that an unknown heading was probably meant to name, or empty."""
    close = difflib.get_close_matches(_folded(heading)[:60], _KNOWN, 1, 0.8)
    return _KNOWN[close[0]] if close else ""


def _folded(heading: str) -> str:
    """Lower case, words parted by one space; ``#`` is "number", and an apostrophe is nothing."""
    plain = heading.lower().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    text = " ".join(re.sub(r"[^a-z0-9]+", " ", plain.replace("#", " number ")).split())
    return text.removeprefix("the ")


def _names() -> dict[str, str]:
    known = {_folded(name): name for name in (*COLUMNS, PROBLEMS)}
    for name, plain in _PLAIN.items():
        known |= dict.fromkeys(plain, name)
    known |= {f"address line {n}": f"address{n}" for n in (1, 2, 3, 4)}
    known |= {f"address {n}": f"address{n}" for n in (1, 2, 3, 4)}
    for part in PERSON:
        for word in _PERSON[part]:
            known[word] = known[f"registrant {word}"] = f"registrant1_{part}"
            known[f"second registrant {word}"] = f"registrant2_{part}"
            for number in PEOPLE:
                target = f"registrant{number}_{part}"
                known |= dict.fromkeys((f"registrant {number} {word}", f"{word} {number}"), target)
    return known


_KNOWN = _names()
