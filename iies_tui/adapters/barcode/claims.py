"""A card's claims: the elements of 15 NYCRR 32.10(b) as a CBOR map (``docs/envelope.md``).

Labels 1 to 14 are the rule's elements in the rule's order (7, the preparation date, is NYAIP's
alone and never used; registrant 2's name parts have label 15, since the rule counts them with 8);
16 to 19 are the form and the vehicle, 20 the rules that were waived. An absent value is absent,
never empty; dates are unsigned ``YYYYMMDD``; text is NFC.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.domain.card import ALL_OWNED_VEHICLES, CardFacts, Form, Registrant
from iies_tui.domain.envelope import MAX_CLAIMS
from iies_tui.domain.errors import Problem, Refused
from iies_tui.domain.insurer import is_icc
from iies_tui.domain.issuer import is_license
from iies_tui.domain.waived import are_waived

LICENSE, ICC, POLICY, CURRENT, EFFECTIVE, EXPIRATION = 1, 2, 3, 4, 5, 6
PARTS_1, PRINTED_1, DRIVER_1 = 8, 9, 10
PRINTED_2, DRIVER_2, PARTS_2 = 11, 12, 15
ORGANIZATION, FEIN = 13, 14
FORM, YEAR, MAKE, VIN, WAIVED = 16, 17, 18, 19, 20

_REGISTRANTS = ((PARTS_1, PRINTED_1, DRIVER_1), (PARTS_2, PRINTED_2, DRIVER_2))
_ALWAYS = {LICENSE, ICC, POLICY, CURRENT, EFFECTIVE, EXPIRATION, FORM, VIN}
_EVER = _ALWAYS | {label for labels in _REGISTRANTS for label in labels}
_EVER |= {ORGANIZATION, FEIN, YEAR, MAKE, WAIVED}


def encode(facts: CardFacts) -> bytes:
    """The claims' bytes, of any length. Raise ValueError for ``waived`` that no reader takes."""
    claims: dict[int, object] = {
        LICENSE: facts.license,
        ICC: facts.icc,
        POLICY: _nfc(facts.policy),
        CURRENT: _day(facts.current),
        EFFECTIVE: _day(facts.effective),
        EXPIRATION: _day(facts.expiration),
        FORM: facts.form.value,
    }
    for registrant, labels in zip(facts.registrants, _REGISTRANTS, strict=False):
        claims |= _registrant(registrant, *labels)
    if facts.organization is not None:
        claims[ORGANIZATION] = _nfc(facts.organization.name)
        if facts.organization.fein:
            claims[FEIN] = facts.organization.fein
    if facts.vehicle is None:
        claims[VIN] = ALL_OWNED_VEHICLES
    else:
        claims |= {YEAR: facts.vehicle.year, MAKE: _nfc(facts.vehicle.make), VIN: facts.vehicle.vin}
    if facts.waived:
        if not are_waived(facts.waived):
            raise ValueError("waived")
        claims[WAIVED] = list(facts.waived)
    return canonical.encode(claims)


def _registrant(who: Registrant, parts: int, printed: int, driver: int) -> dict[int, object]:
    names = [_nfc(part) for part in (who.last, who.first, who.middle, who.suffix)]
    claims: dict[int, object] = {parts: names, printed: _nfc(who.printed)}
    if who.driver_license:
        claims[driver] = who.driver_license
    return claims


def check_size(facts: CardFacts, encoded: bytes) -> None:
    """Refused ``claims_too_long`` with the field to shorten, past ``MAX_CLAIMS`` bytes."""
    if len(encoded) <= MAX_CLAIMS:
        return
    field = longest_field(facts)
    params: dict[str, str | int] = {"size": len(encoded), "limit": MAX_CLAIMS}
    problem = Problem(field, "claims_too_long", params)
    raise Refused("claims_too_long", (problem,), field=field, **params)


def longest_field(facts: CardFacts) -> str:
    """The longest field that a clerk can shorten, by its path in the request."""
    lengths = {"policy": facts.policy}
    for index, who in enumerate(facts.registrants):
        for part in ("last", "first", "middle", "suffix"):
            # A name stands twice in the claims: in its parts and as printed.
            lengths[f"registrants[{index}].{part}"] = 2 * str(getattr(who, part))
    if facts.organization is not None:
        lengths["organization.name"] = facts.organization.name
    return max(lengths, key=lambda name: len(lengths[name].encode()))


def decode(data: bytes) -> Mapping[str, object]:
    """The claims by their names, JSON-ready. Refused ``claims_malformed`` with the field.

    ``registrants`` are maps of ``last, first, middle, suffix, printed, driver_license``;
    ``organization`` is ``{name, fein}`` or None; ``vehicle`` is ``{year, make, vin}`` or
    ``"ALL OWNED VEHICLES"``; ``waived`` is a list of codes; dates are ISO days.
    """
    try:
        claims = canonical.decode(
            data, max_bytes=MAX_CLAIMS, max_depth=2, max_items=64, booleans=True
        )
    except canonical.NotCanonical as error:
        raise _wrong("cbor") from error
    if not isinstance(claims, dict) or not _ALWAYS <= set(claims) <= _EVER:
        raise _wrong("labels")
    registrants = [
        _read_registrant(claims, *labels) for labels in _REGISTRANTS if labels[0] in claims
    ]
    _check_parties(claims, len(registrants))
    named: dict[str, object] = {
        "form": _one_of(claims, FORM, tuple(Form)),
        "license": _read(claims, LICENSE, "license", is_license),
        "icc": _read(claims, ICC, "icc", is_icc),
        "policy": _read(claims, POLICY, "policy"),
        "current": _read_day(claims, CURRENT, "current").isoformat(),
        "effective": _read_day(claims, EFFECTIVE, "effective").isoformat(),
        "expiration": _read_day(claims, EXPIRATION, "expiration").isoformat(),
        "registrants": registrants,
        "organization": _read_organization(claims),
        "vehicle": _read_vehicle(claims),
        "waived": _read_waived(claims),
    }
    if str(named["effective"]) >= str(named["expiration"]):
        raise _wrong("expiration")
    return named


def _check_parties(claims: dict[Any, Any], registrants: int) -> None:
    """One organization, or one or two persons in order (15 NYCRR 32.13)."""
    if (ORGANIZATION in claims) == (registrants > 0) or (FEIN in claims) > (ORGANIZATION in claims):
        raise _wrong("registrants")
    if PARTS_2 in claims and PARTS_1 not in claims:
        raise _wrong("registrants")
    for parts, printed, driver in _REGISTRANTS:
        if (printed in claims) != (parts in claims) or (driver in claims) > (parts in claims):
            raise _wrong("registrants")


def _read_registrant(claims: dict[Any, Any], parts: int, printed: int, driver: int) -> object:
    names = claims[parts]
    if not isinstance(names, list) or len(names) != 4:
        raise _wrong("registrants")
    if not all(isinstance(name, str) and _nfc(name) == name for name in names) or not names[0]:
        raise _wrong("registrants")
    who = Registrant(*names)
    if claims.get(printed) != who.printed:
        raise _wrong("registrants")
    license = _read(claims, driver, "driver_license", _nine_digits) if driver in claims else ""
    return {
        "last": who.last,
        "first": who.first,
        "middle": who.middle,
        "suffix": who.suffix,
        "printed": who.printed,
        "driver_license": license,
    }


def _read_organization(claims: dict[Any, Any]) -> object:
    if ORGANIZATION not in claims:
        return None
    fein = _read(claims, FEIN, "fein", _nine_digits) if FEIN in claims else ""
    return {"name": _read(claims, ORGANIZATION, "organization"), "fein": fein}


def _read_vehicle(claims: dict[Any, Any]) -> object:
    vin = _read(claims, VIN, "vin")
    if vin == ALL_OWNED_VEHICLES:
        if YEAR in claims or MAKE in claims:
            raise _wrong("vehicle")
        return vin
    year = claims.get(YEAR)
    if type(year) is not int or not 1000 <= year <= 9999:
        raise _wrong("vehicle")
    return {"year": year, "make": _read(claims, MAKE, "make"), "vin": vin}


def _read_waived(claims: dict[Any, Any]) -> list[str]:
    """Codes of rules; where none was waived there is no entry, so an empty list is refused."""
    if WAIVED not in claims:
        return []
    codes = claims[WAIVED]
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise _wrong("waived")
    if not codes or not are_waived(codes):
        raise _wrong("waived")
    return codes


def _read(claims: dict[Any, Any], label: int, name: str, rule: Any = None) -> str:
    """A text claim: there, NFC, not empty, and as its rule wants it."""
    value = claims.get(label)
    if not isinstance(value, str) or not value or _nfc(value) != value:
        raise _wrong(name)
    if rule is not None and not rule(value):
        raise _wrong(name)
    return value


def _one_of(claims: dict[Any, Any], label: int, values: tuple[str, ...]) -> str:
    value = claims.get(label)
    if not isinstance(value, str) or value not in values:
        raise _wrong("form")
    return str(value)


def _read_day(claims: dict[Any, Any], label: int, name: str) -> date:
    value = claims.get(label)
    if type(value) is not int or not 10000101 <= value <= 99991231:
        raise _wrong(name)
    try:
        return date(value // 10000, value // 100 % 100, value % 100)
    except ValueError as error:
        raise _wrong(name) from error


def _nine_digits(text: str) -> bool:
    return len(text) == 9 and text.isascii() and text.isdigit()


def _wrong(field: str) -> Refused:
    return Refused("claims_malformed", field=field)


def _day(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
