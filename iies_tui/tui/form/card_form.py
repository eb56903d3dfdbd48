"""The form as it is typed: raw strings, to and from a draft, and the request they make.

The session judges the request (``Check``); nothing here does. ``Places`` leads a problem's path
back to its field, since empty rows of the form are no part of the request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date

from iies_tui.domain import names, vin
from iies_tui.domain.card import ALL_OWNED_VEHICLES, Form
from iies_tui.domain.dates import IMPOSSIBLE, parse_quick
from iies_tui.domain.options import Options
from iies_tui.session.protocol import Json

ADDRESS_LINES = 2
MAX_VEHICLES = 50


@dataclass(slots=True)
class Person:
    """A registrant's fields."""

    last: str = ""
    first: str = ""
    middle: str = ""
    suffix: str = ""
    driver_license: str = ""

    def is_empty(self) -> bool:
        return not any(asdict(self).values())

    @property
    def name(self) -> str:
        """Last and first name as the session reads them."""
        return " ".join(names.normalize(f"{self.last} {self.first}").split())

    def as_json(self) -> Json:
        """As a request names them, blanks at the ends taken off."""
        return {name: value.strip() for name, value in asdict(self).items()}


@dataclass(slots=True)
class Car:
    """A vehicle's fields."""

    year: str = ""
    make: str = ""
    vin: str = ""

    def is_empty(self) -> bool:
        return not (self.year or self.make or self.vin)

    @property
    def plain_vin(self) -> str:
        """As the session reads it: capitals, without blanks, hyphens and points."""
        return names.normalize(re.sub(r"[\s.-]", "", self.vin))

    @property
    def is_odd(self) -> bool:
        """The VIN breaks a rule that the registration can overrule."""
        year = self.year.strip()
        number = int(year) if year.isascii() and year.isdigit() else None
        return bool(vin.waiver(self.plain_vin, number))

    def as_json(self) -> Json:
        """The year as a number where it is one."""
        year = self.year.strip()
        number: object = int(year) if year.isascii() and year.isdigit() else year
        return {"year": number, "make": self.make.strip(), "vin": self.vin.strip()}


@dataclass(slots=True)
class CardForm:
    """Everything the tabs hold. ``organization`` and ``fleet`` say which half counts.

    ``corrects``: the serial of the card that this one takes the place of, or empty.
    ``registered``: VINs and names that the clerk said are exactly as on the registration. A value
    that was changed since is another one, of which nothing was said.
    """

    form: str = Form.FS_20.value
    icc: str = ""
    policy: str = ""
    effective: str = ""
    expiration: str = ""
    organization: bool = False
    people: list[Person] = field(default_factory=lambda: [Person(), Person()])
    organization_name: str = ""
    fein: str = ""
    address: list[str] = field(default_factory=lambda: [""] * ADDRESS_LINES)
    fleet: bool = False
    vehicles: list[Car] = field(default_factory=lambda: [Car()])
    fleet_vehicles: str = ""
    for_hire: bool = False
    queue: str = ""
    fax_sheet: bool = True
    registered: list[str] = field(default_factory=list)
    corrects: str = ""

    @classmethod
    def begin(cls, options: Options) -> CardForm:
        """An empty form with the issuer's Options filled in."""
        form, icc = options.default_form.value, options.default_icc
        return cls(form=form, icc=icc, queue=options.queue or "")

    @classmethod
    def from_draft(cls, draft: Json) -> CardForm:
        """What SaveDraft kept. Unknown or ill-typed values are left out: a draft is no record."""
        known: dict[str, object] = {}
        empty = cls()
        for item in fields(cls):
            value = draft.get(item.name)
            if type(value) is type(getattr(empty, item.name)):
                known[item.name] = value
        known["people"] = _rows(draft.get("people"), Person)[:2] or [Person(), Person()]
        known["vehicles"] = _rows(draft.get("vehicles"), Car)[:MAX_VEHICLES] or [Car()]
        address = draft.get("address")
        lines = [str(line) for line in address] if isinstance(address, list) else []
        known["address"] = (lines + [""] * ADDRESS_LINES)[:ADDRESS_LINES]
        said = draft.get("registered")
        known["registered"] = [str(one) for one in said] if isinstance(said, list) else []
        return replace(empty, **known)  # type: ignore[arg-type]

    @classmethod
    def from_request(cls, request: Json, options: Options, corrects: str = "") -> CardForm:
        """A card's request (``docs/commands.md``) as it would have been typed, to be corrected."""
        organization = request.get("organization")
        named = organization if isinstance(organization, dict) else {}
        fleet = request.get("vehicles") == ALL_OWNED_VEHICLES
        draft: Json = {
            **asdict(cls.begin(options)),
            "form": request.get("form"),
            "icc": request.get("icc"),
            "policy": request.get("policy"),
            "effective": request.get("effective"),
            "expiration": request.get("expiration"),
            "organization": bool(named),
            "organization_name": str(named.get("name", "")),
            "fein": str(named.get("fein", "")),
            "people": request.get("registrants"),
            "address": request.get("address"),
            "fleet": fleet,
            "vehicles": [] if fleet else request.get("vehicles"),
            "corrects": corrects,
        }
        made = cls.from_draft(draft)
        made.people = [*made.people, Person(), Person()][:2]
        return made

    def draft(self) -> Json:
        """The raw strings; empty where nothing was typed."""
        return {} if self.is_empty() else asdict(self)

    def is_empty(self) -> bool:
        """Nothing that would be a loss: defaults and choices alone are none."""
        typed = [self.policy, self.effective, self.expiration, self.organization_name, self.fein]
        typed += [*self.address, self.fleet_vehicles]
        rows: list[Person | Car] = [*self.people, *self.vehicles]
        return not any(typed) and all(row.is_empty() for row in rows)

    def next_for_same_customer(self) -> CardForm:
        """All but the vehicle, and what was said of the registration: that is for one card."""
        return replace(
            self, vehicles=[Car()], fleet_vehicles="", fleet=False, registered=[], corrects=""
        )

    def value_at(self, place: str) -> str:
        """The VIN or the name that a field belongs to, as the session reads it."""
        kind, row, _ = place.split("-")
        return (
            self.vehicles[int(row)].plain_vin if kind == "vehicles" else self.people[int(row)].name
        )

    def as_registered(self) -> list[str]:
        """The request's names of values that are as on the registration.

        ``vin`` speaks of all vehicles: it is said only once each odd VIN was confirmed.
        """
        odd = [car.plain_vin for car in self.vehicles if car.is_odd] if not self.fleet else []
        people = [] if self.organization else [p for p in self.people if not p.is_empty()]
        found = ["vin"] if odd and all(one in self.registered for one in odd) else []
        return found + [
            f"registrant{number}"
            for number, person in enumerate(people, start=1)
            if person.name in self.registered
        ]

    def request(self, today: date) -> Json:
        """The request for a card as it stands; a date that is none stays as typed."""
        effective = iso(self.effective, today)
        people = [] if self.organization else [p for p in self.people if not p.is_empty()]
        organization: Json = {
            "name": self.organization_name.strip(),
            "fein": self.fein.replace("-", "").strip(),
        }
        request: Json = {
            "form": self.form,
            "icc": self.icc.strip(),
            "policy": self.policy.strip(),
            "effective": effective,
            "expiration": iso(self.expiration, today, base_of(effective)),
            "registrants": [person.as_json() for person in people],
            "organization": organization if self.organization else None,
            "address": [line.strip() for line in self.address if line.strip()],
            "vehicles": [car.as_json() for car in self.vehicles if not car.is_empty()],
        }
        if self.fleet:
            count = self.fleet_vehicles.strip()
            number: object = int(count) if count.isascii() and count.isdigit() else count
            request["vehicles"] = ALL_OWNED_VEHICLES
            request["fleet"] = {"vehicles": number, "for_hire": self.for_hire}
        if said := self.as_registered():
            request["as_registered"] = said
        return request

    def place_of(self, path: str) -> str:
        """The widget id of a request's path (``vehicles[0].vin`` → ``vehicles-1-vin``).

        Rows count from the form's own row, from 0, empty ones included; a path of a whole part
        leads to its first field.
        """
        plain = path.replace("[", "-").replace("]", "").replace(".", "-")
        parts = plain.split("-")
        rows: Mapping[str, list[Person | Car]] = {
            "registrants": [*self.people],
            "vehicles": [*self.vehicles],
        }
        if parts[0] in rows:
            at = int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0
            filled = [i for i, row in enumerate(rows[parts[0]]) if not row.is_empty()]
            row = filled[at] if at < len(filled) else 0
            first = "last" if parts[0] == "registrants" else "year"
            if parts[0] == "registrants" and self.organization:
                return "organization-name"
            if parts[0] == "vehicles" and self.fleet:
                return "fleet-vehicles"
            return f"{parts[0]}-{row}-{parts[2] if len(parts) > 2 else first}"
        whole = {"organization": "organization-name", "fleet": "fleet-vehicles"}
        if parts[0] == "organization" and not self.organization:
            return "registrants-0-last"
        if plain == "address":
            return "address-0"
        if parts[0] == "address" and parts[-1].isdigit():
            filled = [i for i, line in enumerate(self.address) if line.strip()]
            at = int(parts[-1])
            return f"address-{filled[at] if at < len(filled) else 0}"
        return whole.get(plain, plain)


def _rows(value: object, kind: type[Person] | type[Car]) -> list[object]:
    """Rows of strings out of a draft."""
    if not isinstance(value, list):
        return []
    names = [item.name for item in fields(kind)]
    return [
        kind(**{name: str(row.get(name, "")) for name in names})
        for row in value
        if isinstance(row, dict)
    ]


def base_of(effective: str) -> date | None:
    """The day that ``+1y`` counts from, where the effective date is one."""
    try:
        return date.fromisoformat(effective)
    except ValueError:
        return None


_NO_DAY = "2000-02-30"
"""For ``Check``, in place of a day in any shape that there is not."""


def iso(text: str, today: date, base: date | None = None) -> str:
    """``YYYY-MM-DD``; what is no date stays as it was typed, for ``Check`` to refuse."""
    try:
        return parse_quick(text, today, base).isoformat() if text.strip() else ""
    except ValueError as error:
        return _NO_DAY if error.args == (IMPOSSIBLE,) else text.strip()


def in_full(text: str, today: date, base: date | None = None) -> str:
    """``MM/DD/YYYY`` as the field shows it once left; what is no date stays."""
    try:
        return f"{parse_quick(text, today, base):%m/%d/%Y}" if text.strip() else ""
    except ValueError:
        return text
