"""The exact details of those rows whose form is fixed from version 2 on (``docs/trail.md``).

A ``sealed`` row is what reports, the office's center and a state examiner read, the others wait for
their use cases; each has these entries and no other. Other events may gain entries.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from iies_tui.domain.card import CardFacts, Form
from iies_tui.domain.drawing import MAX_LAYOUT
from iies_tui.domain.insurer import is_icc
from iies_tui.domain.issuer import is_license
from iies_tui.domain.serial import Serial
from iies_tui.domain.trail import Detail, Event, TrailRow
from iies_tui.domain.waived import are_waived

_TAIL = re.compile(r"[!-~]{1,5}\Z", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9_.]*\Z", re.ASCII)


def sealed(
    facts: CardFacts,
    *,
    serial: str,
    vehicles: int,
    layout: int,
    envelope: bytes,
    pdf: bytes,
    fax: bytes,
    copy: bytes = b"",
    replaces: str = "",
) -> dict[str, Detail]:
    """A ``sealed`` row's details.

    ``envelope``, ``pdf`` and ``fax`` are SHA-256 each, ``fax`` empty where none was drawn;
    ``vehicles`` is 1, or how many a fleet has; ``copy`` is the SHA-256 of the copy for an office's
    center, empty without one; ``replaces`` the serial of the card that this one corrects.
    """
    return {
        "serial": serial,
        "envelope": envelope,
        "pdf": pdf,
        "fax": fax,
        "icc": facts.icc,
        "form": facts.form.value,
        "vehicles": vehicles,
        "layout": layout,
        "waived": " ".join(facts.waived),
        "copy": copy,
        "replaces": replaces,
    }


def fits(row: TrailRow) -> bool:
    """False for a row of version 2 whose event has a fixed form that its details have not."""
    shape = _SHAPES.get(row.event) if row.version > 1 else None
    return shape is None or (
        shape.keys() == row.details.keys()
        and all(test(row.details[name]) for name, test in shape.items())
    )


def _octets(*lengths: int) -> Callable[[Detail], bool]:
    return lambda value: isinstance(value, bytes) and len(value) in lengths


def _number(least: int, most: int) -> Callable[[Detail], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _text(test: Callable[[str], object], *, empty: bool = False) -> Callable[[Detail], bool]:
    return lambda value: isinstance(value, str) and (bool(test(value)) if value else empty)


def _is_serial(value: str) -> bool:
    try:
        return str(Serial.parse(value)) == value
    except ValueError:
        return False


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _are_names(value: str) -> bool:
    names = value.split(" ")
    return all(_NAME.match(name) for name in names) and names == sorted(set(names))


_COUNT = _number(1, 2**63 - 1)
_DIGEST = _octets(32)
_LICENSE = _text(is_license)

_SHAPES: Mapping[Event, Mapping[str, Callable[[Detail], bool]]] = {
    Event.SEALED: {
        "serial": _text(_is_serial),
        "envelope": _DIGEST,
        "pdf": _DIGEST,
        "fax": _octets(0, 32),
        "icc": _text(is_icc),
        "form": _text(lambda value: value in {form.value for form in Form}),
        "vehicles": _COUNT,
        "layout": _number(1, MAX_LAYOUT),
        "waived": _text(lambda value: are_waived(value.split(" ")), empty=True),
        "copy": _octets(0, 32),
        "replaces": _text(_is_serial, empty=True),
    },
    Event.KEY_BLOCKED: {
        "license": _LICENSE,
        "kid": _octets(0, 8),
        "key_tail": _text(_TAIL.match, empty=True),
    },
    Event.KEY_UNBLOCKED: {"license": _LICENSE, "block": _COUNT},
    Event.CARDS_DISPOSED: {
        "license": _LICENSE,
        "before": _text(_is_day),
        "cards": _COUNT,
        "digest": _DIGEST,
    },
    Event.SETTINGS_CHANGED: {"names": _text(_are_names)},
    Event.CLOCK_AHEAD: {"seconds_ahead": _COUNT},
    Event.CLOCK_CONFIRMED: {"alarm": _COUNT, "year": _number(1970, 9999)},
}
