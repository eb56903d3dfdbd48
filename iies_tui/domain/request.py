"""The request for cards as it comes in: a JSON object (``docs/commands.md``), read strictly.

Everything wrong is listed at once, each by its path. Values are normalized as they print (NFC,
upper case); whatever else is changed on the way (blanks folded, ``JR.`` as JR) is told as a note.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from iies_tui.domain import rules, strict_json
from iies_tui.domain.card import (
    ALL_OWNED_VEHICLES,
    CardFacts,
    CardRequest,
    Fleet,
    Form,
    Organization,
    Registrant,
    Vehicle,
)
from iies_tui.domain.dates import Limits
from iies_tui.domain.errors import Problem, Refused
from iies_tui.domain.findings import Findings
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.reader import Reader
from iies_tui.domain.rules import Draft, DraftRegistrant, DraftVehicle
from iies_tui.domain.waived import AS_REGISTERED, codes_of

MAX_BYTES = 1024 * 1024
"""A request file's size; a longer one is refused unread."""
MAX_VEHICLES = 2000
MAX_ITEMS = 8
"""Registrants and address lines that are looked at; the rules allow fewer."""

_REQUIRED = ("form", "icc", "policy", "effective", "expiration", "vehicles")
_OPTIONAL = ("registrants", "organization", "address", "fleet", "as_registered")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the draft, what is wrong with its form, and what was changed.

    ``request`` is None where the form has problems.
    """

    draft: Draft
    findings: Findings

    @property
    def request(self) -> CardRequest | None:
        return None if self.findings.problems else _request(self.draft)


@dataclass(frozen=True, slots=True)
class Examined:
    """A request with all that form and rules have to say; ``request`` None where it is refused."""

    request: CardRequest | None
    insurer: Insurer | None
    findings: Findings


def load_json(text: bytes | str) -> object:
    """A request file's value, whatever it is. Raise Refused ``request_`` and a ``Fault``."""
    try:
        return strict_json.load(text, strict_json.Bounds(MAX_BYTES))
    except strict_json.NotStrict as error:
        raise Refused(f"request_{error.fault}", (), **error.params) from None


def read(data: object) -> Reading:
    """Read as much as can be read; never raises."""
    reader = Reader()
    fields = reader.fields("", data, _REQUIRED, _OPTIONAL)
    if fields is None:
        return Reading(_EMPTY, reader.findings())
    vehicles, words = _vehicles(reader, fields)
    fleet = _fleet(reader, fields)
    if words and fleet == ():
        reader.problem("fleet", "fleet_missing")
        fleet = None
    draft = Draft(
        form=_form(reader, fields),
        icc=reader.text("", fields, "icc"),
        policy=reader.text("", fields, "policy"),
        effective=reader.day("", fields, "effective"),
        expiration=reader.day("", fields, "expiration"),
        registrants=_registrants(reader, fields),
        organization=_organization(reader, fields),
        address=_address(reader, fields),
        vehicles=vehicles,
        fleet=fleet,
        as_registered=_as_registered(reader, fields),
    )
    return Reading(draft, reader.findings())


def examine(
    data: object,
    *,
    insurer: Callable[[str], Insurer | None],
    license: str,
    today: date,
    limits: Limits,
) -> Examined:
    """Form and rules together, all findings at once. ``insurer`` looks an ICC up."""
    reading = read(data)
    draft = reading.draft
    if draft is _EMPTY:
        return Examined(None, None, reading.findings)
    known = insurer(draft.icc) if draft.icc else None
    ruled = rules.check(draft, insurer=known, license=license, today=today, limits=limits)
    findings = _in_form_order(reading.findings + ruled)
    request = None if findings.problems else reading.request
    return Examined(request, known, findings)


def to_json(request: CardRequest) -> dict[str, object]:
    """The object that ``read`` reads back as the same request."""
    organization, fleet = request.organization, request.fleet
    return {
        "form": request.form.value,
        "icc": request.icc,
        "policy": request.policy,
        "effective": request.effective.isoformat(),
        "expiration": request.expiration.isoformat(),
        "registrants": [
            {
                "last": person.last,
                "first": person.first,
                "middle": person.middle,
                "suffix": person.suffix,
                "driver_license": person.driver_license,
            }
            for person in request.registrants
        ],
        "organization": (
            {"name": organization.name, "fein": organization.fein} if organization else None
        ),
        "address": list(request.address),
        "vehicles": (
            ALL_OWNED_VEHICLES
            if fleet
            else [{"year": v.year, "make": v.make, "vin": v.vin} for v in request.vehicles]
        ),
        "fleet": {"vehicles": fleet.vehicles, "for_hire": fleet.for_hire} if fleet else None,
        "as_registered": list(request.as_registered),
    }


def facts(
    request: CardRequest, license: str, insurer: Insurer, today: date
) -> tuple[CardFacts, ...]:
    """What each card of a checked request states: one a vehicle, or one for a fleet.

    ``today`` is the current date that the program enters by itself (15 NYCRR 32.10(b)(4)).
    """
    vehicles: tuple[Vehicle | None, ...] = request.vehicles or (None,)
    return tuple(
        CardFacts(
            form=request.form,
            license=license,
            icc=request.icc,
            insurer_name=insurer.name,
            policy=request.policy,
            current=today,
            effective=request.effective,
            expiration=request.expiration,
            registrants=request.registrants,
            organization=request.organization,
            address=request.address,
            vehicle=one,
            as_registered=request.as_registered,
            waived=codes_of(request.as_registered, request.registrants, one),
        )
        for one in vehicles
    )


_EMPTY = Draft(None, None, None, None, None, None, None, None, None, None)
_ORDER = (
    "", "license", "form", "icc", "policy", "effective", "expiration", "registrants",
    "organization", "address", "vehicles", "fleet", "as_registered",
)  # fmt: skip


def _in_form_order(findings: Findings) -> Findings:
    """Problems of form and of rules, sorted as the form's fields stand."""

    def place(problem: Problem) -> tuple[int, int]:
        head, _, rest = problem.field.partition("[")
        head = head.partition(".")[0]
        number = rest.partition("]")[0]
        return (
            _ORDER.index(head) if head in _ORDER else len(_ORDER),
            int(number) if number.isdigit() else -1,
        )

    return Findings(
        tuple(sorted(findings.problems, key=place)), tuple(sorted(findings.notes, key=place))
    )


def _form(reader: Reader, fields: dict[str, object]) -> Form | None:
    """FS-20 or FS-21; FS-75 is issued by NYAIP alone (15 NYCRR 32.9)."""
    text = reader.text("", fields, "form")
    if text is None:
        return None
    if text in {form.value for form in Form}:
        return Form(text)
    if text in {"FS-75", "FS75"}:
        reader.problem("form", "form_fs75")
    elif not text:
        reader.problem("form", "required")
    else:
        reader.problem("form", "form_unknown")
    return None


def _registrants(
    reader: Reader, fields: dict[str, object]
) -> tuple[DraftRegistrant | None, ...] | None:
    if fields.get("registrants") is None:
        return ()
    items = reader.items("", fields, "registrants", MAX_ITEMS)
    if items is None:
        return None
    return tuple(_registrant(reader, f"registrants[{n}]", item) for n, item in enumerate(items))


def _registrant(reader: Reader, path: str, item: object) -> DraftRegistrant | None:
    known = ("middle", "suffix", "driver_license")
    person = reader.fields(path, item, ("last", "first"), known)
    if person is None:
        return None
    return DraftRegistrant(
        reader.text(path, person, "last"),
        reader.text(path, person, "first"),
        reader.initial(path, person, "middle"),
        reader.suffix(path, person, "suffix"),
        reader.compact(path, person, "driver_license"),
    )


def _organization(
    reader: Reader, fields: dict[str, object]
) -> tuple[()] | tuple[str | None, str | None] | None:
    value = fields.get("organization")
    if value is None:
        return ()
    inner = reader.fields("organization", value, ("name",), ("fein",))
    if inner is None:
        return None
    return (
        reader.text("organization", inner, "name"),
        reader.compact("organization", inner, "fein", tell=False),
    )


def _address(reader: Reader, fields: dict[str, object]) -> tuple[str | None, ...] | None:
    """All lines, so that each keeps its number; the request leaves empty ones out."""
    if fields.get("address") is None:
        return ()
    items = reader.items("", fields, "address", MAX_ITEMS)
    if items is None:
        return None
    return tuple(reader.value(f"address[{n}]", item) for n, item in enumerate(items))


def _vehicles(
    reader: Reader, fields: dict[str, object]
) -> tuple[tuple[DraftVehicle | None, ...] | None, bool]:
    """The vehicles, and whether ALL OWNED VEHICLES stands for them: no other wording."""
    value = fields.get("vehicles")
    if isinstance(value, str):
        if value == ALL_OWNED_VEHICLES:
            return (), True
        reader.problem("vehicles", "vehicles_words", wording=ALL_OWNED_VEHICLES)
        return None, False
    if "vehicles" not in fields:
        return None, False
    items = reader.items("", fields, "vehicles", MAX_VEHICLES)
    if items is None:
        return None, False
    return tuple(_vehicle(reader, f"vehicles[{n}]", item) for n, item in enumerate(items)), False


def _vehicle(reader: Reader, path: str, item: object) -> DraftVehicle | None:
    one = reader.fields(path, item, ("year", "make", "vin"), ())
    if one is None:
        return None
    return DraftVehicle(
        reader.number(path, one, "year"),
        reader.text(path, one, "make"),
        reader.compact(path, one, "vin"),
    )


def _fleet(
    reader: Reader, fields: dict[str, object]
) -> tuple[()] | tuple[int | None, bool | None] | None:
    value = fields.get("fleet")
    if value is None:
        return ()
    inner = reader.fields("fleet", value, ("vehicles", "for_hire"), ())
    if inner is None:
        return None
    return reader.number("fleet", inner, "vehicles"), reader.truth("fleet", inner, "for_hire")


def _as_registered(reader: Reader, fields: dict[str, object]) -> tuple[str, ...] | None:
    """The names of values, each as it is written in ``AS_REGISTERED`` and once."""
    if fields.get("as_registered") is None:
        return ()
    items = reader.items("", fields, "as_registered", len(AS_REGISTERED))
    if items is None:
        return None
    for number, item in enumerate(items):
        if item not in AS_REGISTERED:
            known = ", ".join(AS_REGISTERED)
            reader.problem(f"as_registered[{number}]", "as_registered_unknown", known=known)
        elif item in items[:number]:
            reader.problem(f"as_registered[{number}]", "as_registered_twice", name=str(item))
    return tuple(name for name in AS_REGISTERED if name in items)


def _request(draft: Draft) -> CardRequest | None:
    """The request of a draft that has no problem of form: nothing in it is None."""
    if draft.form is None or draft.effective is None or draft.expiration is None:
        return None
    organization = fleet = None
    if draft.organization:
        name, fein = draft.organization
        organization = Organization(name or "", fein or "")
    if draft.fleet:
        count, for_hire = draft.fleet
        fleet = Fleet(count or 0, bool(for_hire))
    return CardRequest(
        form=draft.form,
        icc=draft.icc or "",
        policy=draft.policy or "",
        effective=draft.effective,
        expiration=draft.expiration,
        registrants=tuple(
            Registrant(
                p.last or "", p.first or "", p.middle or "", p.suffix or "", p.driver_license or ""
            )
            for p in draft.registrants or ()
            if p is not None
        ),
        organization=organization,
        address=tuple(line for line in draft.address or () if line),
        vehicles=tuple(
            Vehicle(v.year or 0, v.make or "", v.vin or "")
            for v in draft.vehicles or ()
            if v is not None
        ),
        fleet=fleet,
        as_registered=draft.as_registered or (),
    )
