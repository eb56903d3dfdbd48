"""A card of the register and its paper."""

from __future__ import annotations

from dataclasses import dataclass

from iies_tui.session.protocol.cards import CardInfo
from iies_tui.session.protocol.frames import Json, Request


@dataclass(frozen=True, slots=True)
class Open(Request["Cards"]):
    """What is open from before, newest first."""


@dataclass(frozen=True, slots=True)
class Search(Request["Cards"]):
    """The register, newest first."""

    words: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Cards:
    cards: list[CardInfo]


@dataclass(frozen=True, slots=True)
class CardState:
    card: CardInfo


@dataclass(frozen=True, slots=True)
class Watch(Request["CardState"]):
    """Ask where the paper of a card stands."""

    serial: str


@dataclass(frozen=True, slots=True)
class HandOver(Request["CardState"]):
    """The clerk's key press: card in hand."""

    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Print(Request["CardState"]):
    """Print a card of the register: the same bytes, drawn anew.

    One secret, the PIN, where it was printed before: a reprint, which is counted. ``Failed`` with
    code ``pin_needed`` asks for it. A job of the card that still waits is taken back first.
    ``fax_cover`` as for ``Issue``.
    """

    serial: str
    queue: str
    anyway: bool = False
    fax_to: str = ""
    fax_cover: str = ""


@dataclass(frozen=True, slots=True)
class PrintNow(Request["CardState"]):
    """The clerk releases the card's job, which is on hold."""

    serial: str


@dataclass(frozen=True, slots=True)
class Withdraw(Request["CardState"]):
    """Cancel the card's job."""

    serial: str


@dataclass(frozen=True, slots=True)
class Answer(Request["CardState"]):
    """The clerk looked at the printer, for a card that is UNKNOWN."""

    serial: str
    printed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Save(Request["CardState"]):
    """Save a card's files instead of printing it, or once more. Reply ``CardState`` with paths.

    ``folder``, ``tiff`` and ``fax_file`` as for ``Issue``. One secret, the PIN, where the card was
    printed before.
    """

    serial: str
    folder: str = ""
    fax_sheet: bool = True
    tiff: bool = False
    fax_file: str = ""


@dataclass(frozen=True, slots=True)
class Void(Request["CardState"]):
    """Make a card void; one secret: the PIN. Its job is cancelled.

    ``reason`` is one of ``domain.delivery.VOID_REASONS``.
    """

    serial: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reissue(Request["Reissued"]):
    """A card's request, to be corrected; one secret, the PIN, unless it is void already.

    It stands until ``Issue`` seals the corrected one.
    """

    serial: str


@dataclass(frozen=True, slots=True)
class Reissued:
    """``request`` is the card's request, to be corrected."""

    card: CardInfo
    request: Json
