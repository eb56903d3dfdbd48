"""What the handlers share: the services, who is signed on, and the shape of a call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.mail import headline
from iies_tui.domain.options import Options
from iies_tui.domain.pages import FaxFile
from iies_tui.issuance.cards.interrupted import void_open_intents
from iies_tui.issuance.delivery.deliver import Delivered
from iies_tui.issuance.delivery.hand_out import ToPrinter
from iies_tui.issuance.keys.sign_on import SignedOnIssuer
from iies_tui.issuance.ports.records import RegisterEntry
from iies_tui.session import protocol, to_protocol
from iies_tui.session.outbox_sender import OutboxSender
from iies_tui.session.protocol.frames import Call, Handler
from iies_tui.session.services import Services

Progress = Callable[[str, int, int], None]
DRAFT = "draft"
"""The half-filled form among the register's settings."""


Table = dict[type[protocol.Request[Any]], Handler]
"""Handlers by the request that they answer."""


@dataclass(slots=True)
class SessionState:
    """One session: at most one issuer is signed on. ``interrupted``: cards a crash made VOID.

    ``post`` hands the working thread, which all of this lives in, a job of another thread's.
    """

    services: Services
    begin: Callable[[float, float], None]
    post: Callable[[Callable[[], None]], None]
    issuer: SignedOnIssuer | None = None
    correcting: str = ""
    """The serial of the card that the PIN was given for, to be corrected."""
    interrupted: int = field(init=False)
    outbox_sender: OutboxSender = field(init=False)

    def __post_init__(self) -> None:
        services = self.services
        self.outbox_sender = OutboxSender(
            services.send_mail.steps, services.send_mail.mailer, self.post
        )
        self.interrupted = void_open_intents(self.services.trail)

    def signed_on(self) -> SignedOnIssuer:
        """The signed-on issuer. Raise Refused ``not_signed_on``."""
        if self.issuer is None:
            raise Refused("not_signed_on")
        return self.issuer


def secret(call: Call[Any], number: int) -> bytearray:
    """The call's n-th secret; the worker wipes it when the call is over."""
    if len(call.secrets) <= number:
        raise MachineFailed("unexpected", kind="secret", place=type(call.body).__name__)
    return call.secrets[number]


def read_file(path: Path, limit: int) -> bytes:
    """What the clerk gave, one byte more than ``limit`` at most; its reader says that it is large.

    Raise Refused ``no_such_path``, ``not_a_plain_file``, ``cannot_read``.
    """
    try:
        if not path.exists():
            raise Refused("no_such_path", path=str(path))
        if not path.is_file():  # a pipe would keep the session, and its lock, waiting
            raise Refused("not_a_plain_file", path=str(path))
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise Refused("cannot_read", path=str(path), reason=error.strerror or "") from error


def entry_of(issuer: SignedOnIssuer, serial: str) -> RegisterEntry:
    """A card of the register. Refused ``no_such_card``."""
    entry = issuer.register.get(serial)
    if entry is None:
        raise Refused("no_such_card", serial=serial)
    return entry


def folder_of(session: SessionState, options: Options, asked: str) -> Path:
    """Where files go: where the clerk says, else the issuer's folder, else the terminal's."""
    return Path(asked or options.folder or session.services.terminal.folder)


def fax_file(options: Options, wanted: protocol.Issue | protocol.Save) -> FaxFile | None:
    """The fax file to save: where it is asked for, or where the fax sheet and the Options want
    one. Refused ``option_unknown``."""
    kind = options.fax_kind(wanted.fax_file, wanted=wanted.tiff)
    return kind if wanted.fax_sheet or wanted.tiff or wanted.fax_file else None


def printer(options: Options, wanted: protocol.Issue | protocol.Print) -> ToPrinter:
    """The card to a printer, as often as the Options say, or its sheet to a fax queue, once.

    Raise Refused ``option_unknown``.
    """
    cover = options.cover(wanted.fax_cover) and bool(wanted.fax_to)
    copies = 1 if wanted.fax_to else options.sheets
    return ToPrinter(wanted.queue, copies, wanted.fax_to, cover=cover, anyway=wanted.anyway)


def prove(session: SessionState, issuer: SignedOnIssuer, call: Call[Any]) -> None:
    """The PIN once more, before something grave. Refused ``pin_needed`` where it was not given."""
    if not call.secrets:
        raise Refused("pin_needed")
    session.services.sign_on.prove(issuer.license, secret(call, 0))


def listed(issuer: SignedOnIssuer, card: protocol.CardInfo) -> protocol.CardInfo:
    """A card as lists show it: with how its e-mail stands."""
    entry = headline(issuer.register.outbox.of_card(card.serial))
    return replace(card, paper=replace(card.paper, mail=entry.state.value)) if entry else card


def told(delivered: Delivered) -> protocol.CardState:
    """A card after a step of its delivery, with what is to be said about it."""
    reasons = [*delivered.reasons, *([delivered.failure] if delivered.failure else [])]
    return protocol.CardState(to_protocol.card(delivered.entry, reasons=reasons))
