"""What the form offers to fill in: companies and customers of the last cards, what a VIN says."""

from __future__ import annotations

from dataclasses import dataclass

from iies_tui.session.protocol.frames import Json


@dataclass(frozen=True, slots=True)
class RecentInsurers:
    """Companies of the issuer's newest cards, the newest first. Reply ``Insurers``."""


@dataclass(frozen=True, slots=True)
class FindCustomers:
    """Customers of the issuer's cards that have all the words, the newest first; without words the
    latest. Reply ``Customers``.
    """

    words: str = ""
    limit: int = 40


@dataclass(frozen=True, slots=True)
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
class LookAtVin:
    """What the vehicle catalogue says of a VIN; ``year`` as typed, or 0. Reply ``VinKnown``."""

    vin: str
    year: int = 0


@dataclass(frozen=True, slots=True)
class VinKnown:
    """``make`` in DMV's letters and ``name`` as the catalogue writes it, empty where not known;
    ``year`` 0 where it is open.
    """

    make: str = ""
    name: str = ""
    model: str = ""
    year: int = 0


@dataclass(frozen=True, slots=True)
class CopyCard:
    """A card's request for a new card of the same customer: all but the dates. Reply ``Copied``."""

    serial: str


@dataclass(frozen=True, slots=True)
class Copied:
    request: Json
