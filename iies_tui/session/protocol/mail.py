"""Cards by e-mail: the outbox of whoever is signed on."""

from __future__ import annotations

from dataclasses import dataclass

from iies_tui.session.protocol.answers import ProblemInfo
from iies_tui.session.protocol.frames import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class MailInfo:
    """A message. ``state`` is a ``domain.mail.MailState``; ``reason`` has words in
    ``[mail_reason]``; ``detail`` is the server's own words; times are ISO, UTC."""

    id: str
    serial: str
    address: str
    fax_sheet: bool
    state: str
    attempts: int
    queued_at: str
    due: str
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StartMail(Request["Mails"]):
    """Send what waits, as long as this session lasts. Reply ``Mails``: all that is open."""


@dataclass(frozen=True, slots=True)
class ListMail(Request["Mails"]):
    """A card's messages; with an empty serial every card's."""

    serial: str = ""


@dataclass(frozen=True, slots=True)
class Mails:
    """Oldest first. ``refusal``: why the card that was asked for must not go by e-mail at all.

    ``again``: it is on paper or was e-mailed already, so that the PIN is asked for.
    """

    mails: list[MailInfo]
    refusal: ProblemInfo | None = None
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMail(Request["Mailed"]):
    """A card into the outbox, or, with ``save``, as a file.

    ``target`` is an absolute directory, a file that ends in ``.eml``, or empty for the terminal's
    folder. One secret, the PIN, where ``Mails.again``: ``Failed`` with ``pin_needed`` asks for it.
    """

    serial: str
    address: str
    fax_sheet: bool = False
    save: bool = False
    target: str = ""


@dataclass(frozen=True, slots=True)
class AnswerMail(Request["Mailed"]):
    """The clerk's word; ``answer`` is a ``domain.mail.Answer``."""

    id: str
    answer: str


@dataclass(frozen=True, slots=True)
class Mailed:
    """A message as it stands now; ``path`` where it was saved, absolute."""

    mail: MailInfo
    path: str = ""
