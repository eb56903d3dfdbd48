"""A card of the register and its paper."""

from __future__ import annotations

from dataclasses import dataclass

from iies_tui.session.protocol.cards import CardInfo
from iies_tui.session.protocol.frames import Json


@dataclass(frozen=True, slots=True)
class Open:
    """What is open from before, newest first. Reply ``Cards``."""


@dataclass(frozen=True, slots=True)
class Search:
    """The register, newest first. Reply ``Cards``."""

    words: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Cards:
    cards: list[CardInfo]


@dataclass(frozen=True, slots=True)
class CardState:
    card: CardInfo


@dataclass(frozen=True, slots=True)
class Watch:
    """How the paper of a card is doing. Reply ``CardState``."""

    serial: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """The clerk's key press: card in hand. Reply ``CardState``."""

    serial: str


@dataclass(frozen=True, slots=True)
class Print:
    """Print a card of the register: the same bytes, drawn anew. Reply ``CardState``.

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
class PrintNow:
    """The clerk's say: let the card's held job go. Reply ``CardState``."""

    serial: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Cancel the card's job. Reply ``CardState``."""

    serial: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The clerk looked at the printer, for a card that is UNKNOWN. Reply ``CardState``."""

    serial: str
    printed: bool


@dataclass(frozen=True, slots=True)
class Save:
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
class Void:
    """Make a card void; one secret: the PIN. Its job is cancelled. Reply ``CardState``.

    ``reason`` is one of ``domain.delivery.VOID_REASONS``.
    """

    serial: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reissue:
    """Void a card and give its request back to be corrected; one secret, the PIN, unless it is void
    already. Reply ``Reissued``.
    """

    serial: str
    reason: str = "correction"


@dataclass(frozen=True, slots=True)
class Reissued:
    """``request`` is the card's request, to be corrected."""

    card: CardInfo
    request: Json
