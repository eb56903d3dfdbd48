"""A card being made: insurers, the form, its check and its issue, the issuer's Options."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from iies_tui.domain import options
from iies_tui.session.protocol.answers import Done, ProblemInfo
from iies_tui.session.protocol.frames import Json, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperInfo:
    """Where a card's paper is. ``state`` is a ``delivery.State``; ``reasons`` a printer's.

    Paths are absolute, of the delivery that is told, or None. ``mail``: in lists, how its e-mail
    stands (a ``domain.mail.MailState``), empty where there is none.
    """

    state: str
    pdf: str | None = None
    fax_pdf: str | None = None
    fax_tiff: str | None = None
    queue: str = ""
    job: int = 0
    reasons: list[str] = dataclasses.field(default_factory=list)
    reprints: int = 0
    mail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardInfo:
    """A card that was sealed or stands in the register, and where its paper is.

    ``mode`` is ``live``, ``specimen`` or ``training``; ``effective`` and ``expiration`` are ISO
    days; ``issued_at`` is ISO, UTC; ``trail_seq`` the number of its sealed row where it was issued
    just now, else 0.
    """

    serial: str
    check_code: str
    mode: str
    names: str
    vehicle: str
    icc: str
    insurer: str
    policy: str
    effective: str
    expiration: str
    issued_at: str
    paper: PaperInfo
    trail_seq: int = 0


@dataclass(frozen=True, slots=True)
class FindInsurers(Request["Insurers"]):
    """by code where ``words`` is digits, else by name."""

    words: str
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class InsurerInfo:
    icc: str
    name: str
    active: bool
    signed: bool


@dataclass(frozen=True, slots=True)
class Insurers:
    found: list[InsurerInfo]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Request["Checked"]):
    """Check a request (``docs/commands.md``) as it stands.

    ``layout``, ``information``, ``corrects`` as for ``Issue``.
    """

    request: Json
    layout: str = ""
    information: str = ""
    corrects: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceInfo:
    """What one card's face will say, as the session read the request.

    Dates are ISO days. ``vehicle`` is year, make and VIN, or ALL OWNED VEHICLES alone.
    """

    form: str
    icc: str
    insurer: str
    policy: str
    effective: str
    expiration: str
    names: list[str]
    address: list[str]
    vehicle: list[str]


@dataclass(frozen=True, slots=True)
class FleetInfo:
    """How many vehicles an ALL OWNED VEHICLES card stands for."""

    vehicles: int
    for_hire: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """``problems`` must be put right; ``notes`` are told and may stand (``note.<code>``).

    ``faces``: one a card, in order, where there are no problems. ``fein`` (nine digits or empty)
    and ``fleet`` are what the bar code or a rule needs beside them.
    """

    problems: list[ProblemInfo]
    notes: list[ProblemInfo]
    faces: list[FaceInfo] = dataclasses.field(default_factory=list)
    fein: str = ""
    fleet: FleetInfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue(Request["Issued"]):
    """Seal the request's cards and deliver them.

    ``folder`` is an absolute directory, or empty for the terminal's default one; ``queue`` a CUPS
    queue, or empty for the folder alone. ``Failed`` with code ``printer_not_ready`` and the
    printer's ``reasons`` before anything is sealed, unless ``anyway``. A fax queue gets the fax
    sheet, sent to the number ``fax_to``. What of ``layout``, ``information``, ``fax_cover`` and
    ``fax_file`` is empty is as the issuer's Options have it (``domain.pages.CHOICES``); ``tiff``
    saves a fax file even where they want none. ``drafted``: the request is the saved draft's, which
    is forgotten as soon as a card of it is sealed. ``corrects``: the serial of the card that is
    VOID once the first one is sealed; ``Failed`` with code ``pin_needed`` where no ``Reissue`` of
    it went before in this session.
    """

    request: Json
    queue: str = ""
    folder: str = ""
    fax_sheet: bool = True
    tiff: bool = False
    anyway: bool = False
    fax_to: str = ""
    layout: str = ""
    information: str = ""
    fax_cover: str = ""
    fax_file: str = ""
    drafted: bool = False
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """``errors``: what could not be delivered after sealing; the cards stand in the register."""

    cards: list[CardInfo]
    errors: list[ProblemInfo] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SaveDraft(Request[Done]):
    """Seal the half-filled form (its raw strings); empty to forget it."""

    form: Json


@dataclass(frozen=True, slots=True)
class GetOptions(Request["Options"]):
    """The Options of whoever is signed on."""


@dataclass(frozen=True, slots=True)
class SetOptions(Request["Options"]):
    """Replace the Options, texts by name; those that are wrong are refused with their fields."""

    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Options:
    """As the session read them."""

    chosen: options.Options
