"""The terminal itself: what Start shows, printers, training."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from iies_tui.session.protocol.answers import Done, ProblemInfo
from iies_tui.session.protocol.frames import Request


@dataclass(frozen=True, slots=True)
class Hello(Request["Terminal"]):
    """The first request of every screen process: what terminal this is."""


@dataclass(frozen=True, slots=True)
class Activity(Request[Done]):
    """The clerk pressed a key or pasted; at most one a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerInfo:
    """``added`` is an ISO day; ``name`` is empty where the bundle does not list the issuer.

    ``recovery``: a recovery code opens its register.
    """

    license: str
    name: str
    key_tail: str
    added: str
    enrolled: bool
    disabled: bool = False
    recovery: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleInfo:
    """``issued``, ``refresh_by``, ``expires`` are ISO days; ``days_left`` until ``expires``."""

    authority: str
    root_words: str
    version: int
    issued: str
    refresh_by: str
    expires: str
    days_left: int
    training: bool
    issuers: int
    insurers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """What Start shows. ``notices`` are codes with words in ``notice.<code>``.

    ``sign_off_seconds`` and ``warn_seconds`` are the idle time and the warning before its end.
    ``mail_server`` empty: none is set up; ``mail_fault``: why nothing could be sent by it.
    ``contact``: whom to ask for a new bundle or KEY, in the owner's words, or empty.
    ``owner``: an owner's code was made.
    """

    version: str
    state_dir: str
    training: bool
    issuers: list[IssuerInfo]
    bundle: BundleInfo | None
    notices: list[ProblemInfo]
    sign_off_seconds: int
    warn_seconds: int
    absolute_seconds: int
    printer: str
    folder: str
    mail_server: str = ""
    mail_sender: str = ""
    mail_fault: ProblemInfo | None = None
    contact: str = ""
    owner: bool = True


@dataclass(frozen=True, slots=True)
class MakeTraining(Request["TrainingMade"]):
    """Make a training terminal in ``directory`` (absolute)."""

    directory: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingMade:
    """What ``iies-tui train --json`` prints, with the directory."""

    directory: str
    license: str
    key: str
    pin: str
    bundle: str
    authority: str


@dataclass(frozen=True, slots=True)
class ListQueues(Request["Queues"]):
    """The print queues that CUPS has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueInfo:
    name: str
    description: str
    accepting: bool
    stopped: bool
    default: bool
    fax: bool
    reasons: list[str] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Queues:
    """``error`` is a code where CUPS does not answer, else empty."""

    queues: list[QueueInfo]
    error: str = ""


@dataclass(frozen=True, slots=True)
class TestPage(Request["Tested"]):
    """Print a page that is no card. Nobody need be signed on."""

    queue: str


@dataclass(frozen=True, slots=True)
class WatchTestPage(Request["Tested"]):
    """How a test page is doing now: its ``job`` of ``queue``."""

    queue: str
    job: int


@dataclass(frozen=True, slots=True)
class Tested:
    """How a test page stands: ``state`` is a ``delivery.State``, RELEASED while it may still come
    out."""

    job: int
    state: str
    reasons: list[str] = dataclasses.field(default_factory=list)
