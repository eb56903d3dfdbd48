"""What DMV would refuse, told before anything is printed: every rule of a card, at once.

Each rule is in the module of its subject, with its source; here they are put together. A rule
works on a ``Draft``, whose unreadable parts are None, so that one bad date does not hide a bad VIN.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from iies_tui.domain import dates, names, vehicle, vin
from iies_tui.domain.card import Form
from iies_tui.domain.dates import Limits
from iies_tui.domain.findings import Collector, Findings as Findings
from iies_tui.domain.insurer import Insurer, check_insurer, is_icc
from iies_tui.domain.issuer import is_license
from iies_tui.domain.registered import Registered


@dataclass(frozen=True, slots=True)
class DraftRegistrant:
    """A person as far as readable. None: reported already."""

    last: str | None
    first: str | None
    middle: str | None
    suffix: str | None
    driver_license: str | None


@dataclass(frozen=True, slots=True)
class DraftVehicle:
    """A vehicle as far as readable. None: reported already."""

    year: int | None
    make: str | None
    vin: str | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A request as far as it could be read; None stands for what was reported already.

    ``organization`` is (name, fein), ``fleet`` (vehicles, for hire); () where the request has none.
    ``registrants``, ``vehicles`` and their items likewise.
    """

    form: Form | None
    icc: str | None
    policy: str | None
    effective: date | None
    expiration: date | None
    registrants: tuple[DraftRegistrant | None, ...] | None
    organization: tuple[()] | tuple[str | None, str | None] | None
    address: tuple[str | None, ...] | None
    vehicles: tuple[DraftVehicle | None, ...] | None
    fleet: tuple[()] | tuple[int | None, bool | None] | None
    as_registered: tuple[str, ...] | None = ()


def check(
    draft: Draft,
    *,
    insurer: Insurer | None,
    license: str,
    today: date,
    limits: Limits,
) -> Findings:
    """Everything that is wrong with a request, and everything worth telling, in form order.

    ``insurer`` is what the installed list has for the request's ICC, ``license`` the issuer's
    license number, ``today`` New York's day (15 NYCRR 32.10(b)(4): the program's own).
    """
    found = Collector()
    _check_issuer(found, license, draft.icc)
    _check_form(found, draft.form)
    check_insurer(found, draft.icc, insurer)
    names.check_text(found, "policy", draft.policy, names.MAX_POLICY)
    dates.check_term(found, draft.form, draft.effective, draft.expiration, today, limits)
    _check_customer(found, draft, limits)
    names.check_address(found, draft.address)
    _check_vehicles(found, draft, today, limits)
    _check_as_registered(found, draft, limits)
    return found.findings()


def _check_issuer(found: Collector, license: str, icc: str | None) -> None:
    """The license's form; a company's license number is its own ICC (DFS instructions)."""
    if not is_license(license):
        found.problem("license", "license_form")
    elif is_icc(license) and icc is not None and is_icc(icc) and icc != license:
        found.note("icc", "icc_not_own", license=license)


def _check_form(found: Collector, form: Form | None) -> None:
    """FS-21 only by insurers of primary motor liability or their producers (15 NYCRR 32.9)."""
    if form is Form.FS_21:
        found.note("form", "form_fs21")


def _check_customer(found: Collector, draft: Draft, limits: Limits) -> None:
    """One organization or at most two individuals (15 NYCRR 32.13)."""
    people = draft.registrants
    if people is not None and draft.organization is not None:
        if people and draft.organization:
            found.problem("organization", "organization_and_registrants")
        elif not people and not draft.organization:
            found.problem("registrants", "registrants_missing")
    if draft.organization:
        names.check_organization(found, "organization", *draft.organization)
    if people is None:
        return
    if len(people) > 2:
        found.problem("registrants", "registrants_many", count=len(people))
    for number, person in enumerate(people[:2]):
        if person is not None:
            names.check_registrant(
                found,
                f"registrants[{number}]",
                person.last,
                person.first,
                person.middle,
                person.suffix,
                person.driver_license,
                _registered(draft, limits, f"registrant{number + 1}"),
                limits.apostrophe,
            )
    names.check_together(found, [(p.last, p.first) for p in people if p is not None])
    if len(people) == 2:
        _check_two(found, people[0], people[1])


def _check_two(found: Collector, one: DraftRegistrant | None, two: DraftRegistrant | None) -> None:
    """The second registrant must be another person than the first."""
    if one is None or two is None or not one.last or one.first is None:
        return
    if (one.last, one.first, one.middle, one.suffix) == (
        two.last,
        two.first,
        two.middle,
        two.suffix,
    ):
        found.problem("registrants[1].last", "registrants_same")
    elif one.driver_license and one.driver_license == two.driver_license:
        found.problem("registrants[1].driver_license", "driver_license_twice")


def _registered(draft: Draft, limits: Limits, name: str) -> Registered:
    said = limits.as_registered and name in (draft.as_registered or ())
    return Registered(name, said, limits.as_registered)


def _check_vehicles(found: Collector, draft: Draft, today: date, limits: Limits) -> None:
    """Each vehicle gets a card, or ALL OWNED VEHICLES stands for a fleet (15 NYCRR 32.13(c))."""
    vehicles, fleet = draft.vehicles, draft.fleet
    if vehicles is not None and fleet is not None:
        if vehicles and fleet:
            found.problem("fleet", "fleet_and_vehicles")
        elif not vehicles and not fleet:
            found.problem("vehicles", "vehicles_missing")
    if fleet:
        vehicle.check_fleet(found, *fleet)
    registered = _registered(draft, limits, "vin")
    seen: dict[str, int] = {}
    for number, one in enumerate(vehicles or ()):
        if one is None:
            continue
        path = f"vehicles[{number}]"
        vehicle.check_year(found, f"{path}.year", one.year, today.year)
        vehicle.check_make(found, f"{path}.make", one.make)
        last = vehicle.last_year(today.year)
        vin.check(found, f"{path}.vin", one.vin, one.year, last, registered)
        if one.vin and seen.setdefault(one.vin, number) != number:
            found.problem(f"{path}.vin", "vin_twice", other=seen[one.vin] + 1)


def _check_as_registered(found: Collector, draft: Draft, limits: Limits) -> None:
    """Only what the request has can be as on the registration, where the owner lets it be said."""
    if draft.as_registered and not limits.as_registered:
        found.problem("as_registered", "as_registered_forbidden")
        return
    values = {
        "vin": draft.vehicles,
        "registrant1": draft.registrants,
        "registrant2": draft.registrants and draft.registrants[1:],
        "organization": draft.organization,
    }
    for name in draft.as_registered or ():
        if values[name] == ():
            found.problem("as_registered", "as_registered_absent", name=name)
