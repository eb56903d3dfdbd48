"""A card by e-mail: which cards may go that way, where a message stands, what a server's no means.

15 NYCRR 32.16: an electronic card is the insurer's choice, and never for temporary cards, fleets,
self-insured, dealers and transporters. The program can know the form (FS-21 is the temporary one),
that ALL OWNED VEHICLES stands for a fleet, and, where the owner lists them, which insurers allow
it. A fleet's vehicle that a card names, a self-insurer, a dealer, a transporter: no element of a
card tells them, so the clerk is told the rule instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from iies_tui.domain.card import CardFacts, Form


class MailState(StrEnum):
    """Where a message stands. HANDING is the moment between the end of the data and the server's
    word: whoever dies in it does not know whether it was taken."""

    QUEUED = "QUEUED"
    SENDING = "SENDING"
    HANDING = "HANDING"
    SENT = "SENT"
    REFUSED = "REFUSED"
    STALLED = "STALLED"
    DOUBTFUL = "DOUBTFUL"
    CANCELLED = "CANCELLED"
    SAVED = "SAVED"


_S = MailState
ALLOWED: dict[MailState, frozenset[MailState]] = {
    _S.QUEUED: frozenset({_S.SENDING, _S.STALLED, _S.DOUBTFUL, _S.CANCELLED}),
    _S.SENDING: frozenset(
        {_S.HANDING, _S.QUEUED, _S.REFUSED, _S.STALLED, _S.DOUBTFUL, _S.CANCELLED}
    ),
    _S.HANDING: frozenset({_S.SENT, _S.QUEUED, _S.REFUSED, _S.STALLED, _S.DOUBTFUL}),
    _S.DOUBTFUL: frozenset({_S.SENT, _S.QUEUED, _S.CANCELLED}),
    _S.REFUSED: frozenset({_S.QUEUED, _S.CANCELLED}),
    _S.STALLED: frozenset({_S.QUEUED, _S.CANCELLED}),
    _S.SENT: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.SAVED: frozenset(),
}
"""The steps that may be recorded; anything else is a program error."""

MOVING = (_S.QUEUED, _S.SENDING, _S.HANDING)
"""On its way by itself."""
ASKING = (_S.DOUBTFUL, _S.REFUSED, _S.STALLED)
"""Nothing more happens until the clerk says what."""
OUT = (_S.SENT, _S.HANDING, _S.DOUBTFUL, _S.SAVED)
"""The customer has it, or may have it: another message of the card is one more copy."""
FINAL = (_S.SENT, _S.CANCELLED, _S.SAVED)

MAX_ATTEMPTS = 8
WAITS = (1, 5, 10, 20, 40, 60, 60)
"""How long after each failed attempt, in the first wait's length: with 60 s, seven waits of
together 3 1/4 hours. Greylisting servers ask for 1 to 60 minutes (RFC 6647 section 5)."""


class Answer(StrEnum):
    """What the clerk answered about a message that may have arrived."""

    ARRIVED = "arrived"
    AGAIN = "again"
    CANCEL = "cancel"


ANSWERS: dict[Answer, tuple[MailState, frozenset[MailState]]] = {
    Answer.ARRIVED: (_S.SENT, frozenset({_S.DOUBTFUL})),
    Answer.AGAIN: (_S.QUEUED, frozenset(ASKING)),
    Answer.CANCEL: (_S.CANCELLED, frozenset({*ASKING, _S.QUEUED, _S.SENDING})),
}
"""What each word makes of a message, and of which."""


class Result(StrEnum):
    """What came of one attempt. Only SENT and DOUBTFUL may have put a message out."""

    SENT = "sent"
    LATER = "later"
    NEVER = "never"
    FAULT = "fault"
    DOUBTFUL = "doubtful"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``reason`` has words in ``[mail_reason]``; ``detail`` is the server's own words, one line.

    LATER: it may go another time. NEVER: the server said no to this message for good. FAULT: the
    settings, the password or the certificate must be put right first. STOPPED: taken back by us.
    """

    result: Result
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class MailEntry:
    """A message of the outbox without its bytes. ``due`` is when it may go next, aware UTC.

    ``id`` is sixteen hexadecimal digits; the Message-ID and the trail name it.
    """

    id: str
    serial: str
    address: str
    fax_sheet: bool
    state: MailState
    queued_at: datetime
    due: datetime
    attempts: int = 0
    reason: str = ""
    detail: str = ""


def refusal(facts: CardFacts, insurers: Set[str]) -> str:
    """Why this card must not go by e-mail (15 NYCRR 32.16), as an error's code, or empty.

    ``insurers`` are the ICCs whose insurers allow it; empty: the owner has listed none.
    """
    if facts.form is Form.FS_21:
        return "mail_temporary"
    if facts.vehicle is None:
        return "mail_fleet"
    if insurers and facts.icc not in insurers:
        return "mail_insurer"
    return ""


class Standing(Protocol):
    """Whatever has a message's state: its entry, or what the screens know of it."""

    @property
    def state(self) -> str: ...


Message = TypeVar("Message", bound=Standing)


def headline(entries: Sequence[Message]) -> Message | None:
    """The one message that speaks for a card: one that asks, else one on its way, else the newest
    (``entries`` are oldest first). One that was cancelled says nothing where there is another."""

    def urgency(entry: Message) -> int:
        groups = (ASKING, MOVING, (_S.SENT, _S.SAVED))
        return next((at for at, group in enumerate(groups) if entry.state in group), len(groups))

    return min(reversed(entries), key=urgency, default=None)


class Stage(StrEnum):
    """In which part of the conversation a server answered (RFC 5321 section 3.3)."""

    GREETING = "greeting"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"


_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_MEANINGS: dict[str, str] = {
    "1.1": "no_such_address",
    "1.2": "no_such_domain",
    "1.3": "no_such_address",
    "1.6": "no_such_address",
    "1.10": "no_such_domain",
    "2.1": "mailbox_closed",
    "2.2": "mailbox_full",
    "2.3": "too_large",
    "3.4": "too_large",
}
"""RFC 3463 detail codes, without their class."""


def judge_reply(code: int, text: str, stage: Stage) -> Outcome:
    """A server's refusal (4xx or 5xx) in our words (RFC 5321 section 4.2, RFC 3463).

    Whatever is neither is taken for a server that does not speak SMTP.
    """
    detail = one_line(f"{code} {text}")
    if not 400 <= code <= 599:
        return Outcome(Result.LATER, "no_smtp", detail)
    if code == 530:
        return Outcome(Result.FAULT, "login_wanted", detail)
    if code >= 500 and stage in (Stage.GREETING, Stage.SENDER):
        # It says no to whatever comes from here, not to this message.
        reason = "sender_refused" if stage is Stage.SENDER else "server_refused"
        return Outcome(Result.FAULT, reason, detail)
    later = code < 500
    result = Result.LATER if later else Result.NEVER
    enhanced = _ENHANCED.match(text)
    subject = enhanced.group(1).partition(".")[2] if enhanced else ""
    reason = _MEANINGS.get(subject, "")
    if not reason and subject.startswith("7."):
        reason = "server_later" if later else "policy"
    if not reason and not later:
        if code == 552:
            reason = "too_large"
        elif stage is Stage.RECIPIENT and code in (550, 551, 553):
            reason = "no_such_address"
    return Outcome(result, reason or ("server_later" if later else "server_refused"), detail)


MAX_DETAIL = 160


def one_line(text: str) -> str:
    """A server's words as one line of printable ASCII: they go to a screen."""
    plain = "".join(c if c.isascii() and c.isprintable() else " " for c in text)
    return " ".join(plain.split())[:MAX_DETAIL]
