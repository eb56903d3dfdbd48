"""What the form offers to fill in: companies and customers of the last cards, what a VIN says."""

from __future__ import annotations

from dataclasses import dataclass

from iies_tui.session.protocol.cards import Insurers
from iies_tui.session.protocol.frames import Json, Request


@dataclass(frozen=True, slots=True)
class RecentInsurers(Request[Insurers]):
    """Companies of the issuer's newest cards, the newest first."""


@dataclass(frozen=True, slots=True)
class FindCustomers(Request["Customers"]):
    """Customers of the issuer's cards that have all the words, the newest first; without words the
    latest.
    """

    words: str = ""
    limit: int = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerInfo:
    """``request`` has a request's ``registrants``, ``organization`` and ``address``, no more."""

    names: str
    address: str
    policy: str
    request: Json


@dataclass(frozen=True, slots=True)
class Customers:
    found: list[CustomerInfo]


@dataclass(frozen=True, slots=True)
class LookAtVin(Request["VinKnown"]):
    """What the vehicle catalog says of a VIN; ``year`` as typed, or 0."""

    vin: str
    year: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VinKnown:
    """``make`` in DMV's letters and ``name`` as the catalog writes it, empty where not known;
    ``year`` 0 where it is open.
    """

    make: str = ""
    name: str = ""
    model: str = ""
    year: int = 0


@dataclass(frozen=True, slots=True)
class CopyCard(Request["Copied"]):
    """A card's request for a new card of the same customer: all but the dates."""

    serial: str


@dataclass(frozen=True, slots=True)
class Copied:
    request: Json
