"""What a card is: the request a clerk makes, and the facts that one card states.

A request is for one customer and one policy, with one or several vehicles; it becomes one
card a vehicle (15 NYCRR 32.9), or one card for ALL OWNED VEHICLES (15 NYCRR 32.13(c)).
Values are stored as they print: NFC, upper case where the rule wants it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum

ALL_OWNED_VEHICLES = "ALL OWNED VEHICLES"
"""The only wording allowed in place of a vehicle (15 NYCRR 32.13(c))."""


class Form(StrEnum):
    """Card types a terminal may issue (15 NYCRR 32.9). FS-75 is NYAIP's alone."""

    FS_20 = "FS-20"
    FS_21 = "FS-21"


class Mode(IntEnum):
    """What a card is worth, in its bar code and on its face (``docs/envelope.md``)."""

    LIVE = 1
    SPECIMEN = 2
    TRAINING = 3


class Layout(StrEnum):
    """How a card's page is laid out. A choice of the office: no rule asks for either."""

    PLAIN = "plain"
    """Two large parts, which fill the page."""
    WINDOW = "window"
    """The address in the window of a No. 10 envelope, two smaller parts below the fold."""


@dataclass(frozen=True, slots=True)
class Registrant:
    """A person as registered with DMV (15 NYCRR 32.10(b)(8) to (12)).

    ``driver_license`` is the 9-digit NY driver license or client ID number, or empty.
    """

    last: str
    first: str
    middle: str = ""
    suffix: str = ""
    driver_license: str = ""

    @property
    def printed(self) -> str:
        """The name as the card prints it: ``SMITH JOHN A``, no comma (15 NYCRR 32.13)."""
        return " ".join(part for part in (self.last, self.first, self.middle, self.suffix) if part)


@dataclass(frozen=True, slots=True)
class Organization:
    """The one organization a card may bear (15 NYCRR 32.10(b)(13), (14)).

    ``fein`` is nine digits without the hyphen, or empty.
    """

    name: str
    fein: str = ""


@dataclass(frozen=True, slots=True)
class Vehicle:
    """Model year, DMV's make (up to five characters) and the VIN in upper case."""

    year: int
    make: str
    vin: str


@dataclass(frozen=True, slots=True)
class Fleet:
    """How many vehicles stand behind ALL OWNED VEHICLES (15 NYCRR 32.13(c))."""

    vehicles: int
    for_hire: bool


@dataclass(frozen=True, slots=True)
class CardRequest:
    """What the clerk asks for; becomes ``len(vehicles)`` cards, or one for a fleet.

    Exactly one of ``vehicles`` (non-empty) and ``fleet`` is given, and exactly one of
    ``registrants`` (one or two) and ``organization``. Only ``domain.request`` and the rules
    in ``domain.rules`` say whether a request may be issued. ``as_registered`` names the values that
    are exactly as on the registration (``domain.waived``), in the order of the names there.
    """

    form: Form
    icc: str
    policy: str
    effective: date
    expiration: date
    registrants: tuple[Registrant, ...]
    organization: Organization | None
    address: tuple[str, ...]
    vehicles: tuple[Vehicle, ...]
    fleet: Fleet | None
    as_registered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What one card states, in the rule's elements. ``vehicle`` None: ALL OWNED VEHICLES.

    ``current`` is the day of issue, entered by the program (15 NYCRR 32.10(b)(4)).
    ``insurer_name`` and ``address`` are printed but are no claims of the bar code.
    ``as_registered`` is the request's; ``waived`` are the codes of the rules that were waived for
    this card (``domain.waived``), sorted.
    """

    form: Form
    license: str
    icc: str
    insurer_name: str
    policy: str
    current: date
    effective: date
    expiration: date
    registrants: tuple[Registrant, ...]
    organization: Organization | None
    address: tuple[str, ...]
    vehicle: Vehicle | None
    as_registered: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The one or two name lines of the card's face."""
        if self.organization is not None:
            return (self.organization.name,)
        return tuple(registrant.printed for registrant in self.registrants)


@dataclass(frozen=True, slots=True)
class Agency:
    """The issuer's own words on the card: name, address lines, telephone, message."""

    name: str = ""
    address: tuple[str, ...] = ()
    telephone: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class SealedCard:
    """A card with its bar code: all that is needed to put it on paper.

    ``serial`` is the printed form (``7K3M9QXD-000123-X``), ``check_code`` ten characters
    without their hyphen, ``digits`` the decimal text that the symbol carries, ``root_words``
    the first words of the authority's root. ``issued_at`` is aware, UTC, whole seconds.
    ``information``: the text of the page for the policyholder that goes with it, or empty.
    """

    facts: CardFacts
    serial: str
    check_code: str
    mode: Mode
    mode_reason: str
    issued_at: datetime
    digits: str
    authority: str
    root_words: str
    agency: Agency = Agency()
    layout: Layout = Layout.PLAIN
    information: str = ""
