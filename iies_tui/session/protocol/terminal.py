"""The terminal itself: what Start shows, printers, training."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from iies_tui.session.protocol.answers import ProblemInfo
from iies_tui.session.protocol.trust import BundleInfo


@dataclass(frozen=True, slots=True)
class Hello:
    """Asked first. Reply ``Terminal``."""


@dataclass(frozen=True, slots=True)
class Activity:
    """The clerk pressed a key or pasted; at most one a second. Reply ``Done``."""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Terminal:
    """What Start shows. ``notices`` are codes with words in ``notice.<code>``.

    ``sign_off_seconds`` and ``warn_seconds`` are the idle time and the warning before its end.
    ``mail_server`` empty: none is set up; ``mail_fault``: why nothing could be sent by it.
    ``contact``: whom to ask for a new bundle or KEY, in the owner's words, or empty.
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


@dataclass(frozen=True, slots=True)
class MakeTraining:
    """Make a training terminal in ``directory`` (absolute). Reply ``TrainingMade``."""

    directory: str


@dataclass(frozen=True, slots=True)
class TrainingMade:
    """What ``iies-tui train --json`` prints, with the directory."""

    directory: str
    license: str
    key: str
    pin: str
    bundle: str
    authority: str


@dataclass(frozen=True, slots=True)
class ListQueues:
    """Reply ``Queues``."""


@dataclass(frozen=True, slots=True)
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
class TestPage:
    """Print a page that is no card. Nobody need be signed on. Reply ``Tested``."""

    queue: str


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of a test page within seconds: ``state`` is a ``delivery.State``."""

    job: int
    state: str
    reasons: list[str] = dataclasses.field(default_factory=list)
