"""What the UI process and the session process say to each other (design section 3).

Frames on one inherited socket pair: 4-byte big-endian length of what follows, 1-byte kind,
body. Kind ``J``: JSON ``{"v": 1, "id": n, "type": name, "body": {...}}`` of one of the frozen
dataclasses below. Kind ``S``: one raw secret for the next J; several S frames precede a J that
takes several. A request is answered by zero or more ``Progress`` frames and one reply or
``Failed`` with the request's id. No pickle, no code, no file descriptors.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

VERSION = 1
MAX_FRAME = 16 * 1024 * 1024
"""Bytes; a longer frame ends the session."""

Json = dict[str, object]
"""A JSON object: a request of design section 11, or a form's raw strings."""


# -- what both sides pass around ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProblemInfo:
    """A ``domain.errors.Problem``; the UI turns code and params into words."""

    field: str
    code: str
    params: dict[str, str | int] = dataclasses.field(default_factory=dict)
    row: int | None = None


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


@dataclass(frozen=True, slots=True)
class InsurerInfo:
    icc: str
    name: str
    active: bool
    signed: bool


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
class CardInfo:
    """A card that was sealed, or stands in the register. ``state`` is a ``delivery.State``.

    ``mode`` is ``live``, ``specimen`` or ``training``; paths are absolute or None; ``effective``
    and ``expiration`` are ISO days; ``issued_at`` is ISO, UTC.
    """

    serial: str
    check_code: str
    mode: str
    state: str
    names: str
    vehicle: str
    icc: str
    insurer: str
    policy: str
    effective: str
    expiration: str
    issued_at: str
    pdf: str | None = None
    fax_pdf: str | None = None
    fax_tiff: str | None = None
    queue: str = ""
    job: int = 0
    reasons: list[str] = dataclasses.field(default_factory=list)
    trail_seq: int = 0
    reprints: int = 0


@dataclass(frozen=True, slots=True)
class SymbolInfo:
    """One symbol's verdict, as ``verify --json`` prints it (design section 11)."""

    source: str
    page: int
    verdict: str
    reason: str
    mode: str | None
    serial: str | None
    license: str | None
    kid: str | None
    issued_at: str | None
    face: str
    bundle: Json | None
    claims: Json | None


# -- requests: the UI or a command asks ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hello:
    """Asked first. Reply ``Terminal``."""


@dataclass(frozen=True, slots=True)
class Activity:
    """The clerk pressed a key or pasted; at most one a second. Reply ``Done``."""


@dataclass(frozen=True, slots=True)
class AddIssuer:
    """Setup; one secret: the KEY. Reply ``Terminal``."""

    license: str
    use_anyway: bool = False


@dataclass(frozen=True, slots=True)
class MakeTraining:
    """Make a training terminal in ``directory`` (absolute). Reply ``TrainingMade``."""

    directory: str


@dataclass(frozen=True, slots=True)
class ReplaceKey:
    """Setup: a new KEY beside the old. Secrets, in order: the new KEY, the new PIN, and the proof.

    ``proof`` is ``pin`` (one secret: the old PIN), ``code`` (one: the recovery code as typed) or
    ``old_key`` (two: the old KEY, the old PIN). ``use_anyway`` takes a KEY whose check digits are
    wrong or that no bundle lists yet. Reply ``Terminal``.
    """

    license: str
    proof: str
    use_anyway: bool = False


@dataclass(frozen=True, slots=True)
class RemoveIssuer:
    """Setup; one secret: the PIN, none for an issuer who never signed on. Reply ``Terminal``."""

    license: str


@dataclass(frozen=True, slots=True)
class BeginRecoveryCode:
    """A new recovery code for whoever is signed on; not yet in effect. Reply ``RecoveryCode``."""


@dataclass(frozen=True, slots=True)
class KeepRecoveryCode:
    """The code that was begun, onto paper (``queue``) or into ``folder``. Reply ``Kept``."""

    folder: str = ""
    queue: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmRecoveryCode:
    """Secrets: the groups that were asked back, in order. Reply ``Done``; then it is in effect."""


@dataclass(frozen=True, slots=True)
class Compromised:
    """Destroy the KEY now; the notice to ``folder`` (empty: the default one) and ``queue``.

    Reply ``CompromiseTold``.
    """

    license: str
    licensee: str = ""
    contact: str = ""
    telephone: str = ""
    folder: str = ""
    queue: str = ""


@dataclass(frozen=True, slots=True)
class AnswerCompromised:
    """DFS was told: the 72-hour clock ends. Reply ``Terminal``."""

    license: str


@dataclass(frozen=True, slots=True)
class SignOn:
    """One secret: the PIN; a second one, the PIN again, where ``pin_again`` was asked for.

    Reply ``SignedOn``. ``Failed`` with code ``pin_again`` asks for the second (first sign-on of
    an issuer that no bundle lists); ``sign_on_failed`` for wrong license, PIN or KEY alike;
    ``wait`` with ``seconds``; ``disabled``.
    """

    license: str
    clerk: str = ""


@dataclass(frozen=True, slots=True)
class FindInsurers:
    """Reply ``Insurers``: by code where ``words`` is digits, else by name."""

    words: str
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Check:
    """Check a request (design section 11) as it stands. Reply ``Checked``."""

    request: Json


@dataclass(frozen=True, slots=True)
class Issue:
    """Seal the request's cards and deliver them. Replies ``Issued``, with ``Progress`` before.

    ``folder`` is an absolute directory, or empty for the terminal's default one; ``queue`` a CUPS
    queue, or empty for the folder alone. ``Failed`` with code ``printer_not_ready`` and the
    printer's ``reasons`` before anything is sealed, unless ``anyway``. A fax queue gets the fax
    sheet, sent to the number ``fax_to``.
    """

    request: Json
    queue: str = ""
    folder: str = ""
    fax_sheet: bool = True
    tiff: bool = False
    anyway: bool = False
    fax_to: str = ""


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
    """

    serial: str
    queue: str
    anyway: bool = False
    fax_to: str = ""


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

    ``folder`` as for ``Issue``. One secret, the PIN, where the card was printed before.
    """

    serial: str
    folder: str = ""
    fax_sheet: bool = True
    tiff: bool = False


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
class TestPage:
    """Print a page that is no card. Nobody need be signed on. Reply ``Tested``."""

    queue: str


@dataclass(frozen=True, slots=True)
class Open:
    """What is open from before, newest first. Reply ``Cards``."""


@dataclass(frozen=True, slots=True)
class Search:
    """The register, newest first. Reply ``Cards``."""

    words: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Seal the half-filled form (its raw strings); empty to forget it. Reply ``Done``."""

    form: Json


@dataclass(frozen=True, slots=True)
class ListQueues:
    """Reply ``Queues``."""


@dataclass(frozen=True, slots=True)
class GetOptions:
    """Reply ``Options``."""


@dataclass(frozen=True, slots=True)
class SetOptions:
    """Reply ``Options``."""

    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class ImportBundle:
    """Propose (``confirm`` False: reply ``BundleProposed``) or install (reply ``Terminal``).

    ``digest`` is the proposal's: Refused ``import_changed`` where the file is another by now.
    """

    path: str
    root: str = ""
    confirm: bool = False
    digest: str = ""


@dataclass(frozen=True, slots=True)
class ImportInsurers:
    """An unsigned list: propose (reply ``InsurersProposed``) or install (reply ``Terminal``)."""

    path: str
    confirm: bool = False
    digest: str = ""


@dataclass(frozen=True, slots=True)
class RemoveInsurers:
    """The bundle's insurers alone from now on. Reply ``Terminal``."""


@dataclass(frozen=True, slots=True)
class Verify:
    """A file's absolute path, or digits as a scanner types them. Reply ``Verified``."""

    path: str = ""
    digits: str = ""


# -- replies ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Failed:
    """The error's code and parameters; ``exit_code`` as design section 11 says."""

    code: str
    params: dict[str, str | int] = dataclasses.field(default_factory=dict)
    problems: list[ProblemInfo] = dataclasses.field(default_factory=list)
    exit_code: int = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` steps; ``step`` names the words (``progress.<step>``)."""

    step: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing more to say."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """What Start shows. ``notices`` are codes with words in ``notice.<code>``.

    ``sign_off_seconds`` and ``warn_seconds`` are the idle time and the warning before its end.
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


@dataclass(frozen=True, slots=True)
class RecoveryCode:
    """Shown once. ``groups`` are eight of four characters; ``asked`` numbers, from 1."""

    groups: list[str]
    asked: list[int]


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a sheet went: absolute ``paths``, a print ``job`` (0: none), what failed."""

    paths: list[str]
    job: int = 0
    errors: list[ProblemInfo] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CompromiseTold:
    """The KEY is gone. ``due`` is ISO, UTC, seconds; ``register_shut``: only the recovery code
    opens the register now; ``text`` is the notice as it was saved."""

    license: str
    key_tail: str
    serials: list[str]
    due: str
    register_shut: bool
    text: str
    kept: Kept


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
class SignedOn:
    """``mode`` is ``live``, ``specimen``, ``training``; ``reason`` a ``ModeReason`` value.

    ``draft`` is the half-filled form of this issuer, if any; ``options`` its Options; ``open``
    what is still open from before; ``recovery``: a recovery code was made.
    """

    license: str
    name: str
    clerk: str
    mode: str
    reason: str
    enrolled_now: bool
    draft: Json | None
    options: dict[str, str]
    open: list[CardInfo]
    recovery: bool = True


@dataclass(frozen=True, slots=True)
class Insurers:
    found: list[InsurerInfo]


@dataclass(frozen=True, slots=True)
class Checked:
    """``problems`` must be put right; ``notes`` are told and may stand (``note.<code>``)."""

    problems: list[ProblemInfo]
    notes: list[ProblemInfo]


@dataclass(frozen=True, slots=True)
class Issued:
    """``errors``: what could not be delivered after sealing; the cards stand in the register."""

    cards: list[CardInfo]
    errors: list[ProblemInfo] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CardState:
    card: CardInfo


@dataclass(frozen=True, slots=True)
class Cards:
    cards: list[CardInfo]


@dataclass(frozen=True, slots=True)
class Reissued:
    """``request`` is the card's request (design section 11), to be corrected."""

    card: CardInfo
    request: Json


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of a test page within seconds: ``state`` is a ``delivery.State``."""

    job: int
    state: str
    reasons: list[str] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Queues:
    """``error`` is a code where CUPS does not answer, else empty."""

    queues: list[QueueInfo]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class BundleProposed:
    """What importing would change; ``root_words`` must be compared where ``new_root``.

    The lists are lines for people, ``MAX_LINES`` at most of each; ``digest`` goes into the
    confirming request.
    """

    bundle: BundleInfo
    new_root: bool
    insurers_added: int
    insurers_renamed: int
    insurers_withdrawn: int
    issuers_changed: int
    revocations_added: int
    added: list[str] = dataclasses.field(default_factory=list)
    renamed: list[str] = dataclasses.field(default_factory=list)
    withdrawn: list[str] = dataclasses.field(default_factory=list)
    issuers: list[str] = dataclasses.field(default_factory=list)
    revoked: list[str] = dataclasses.field(default_factory=list)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class InsurersProposed:
    """What an unsigned list would change; ``covered`` of its codes stay the bundle's."""

    insurers: int
    covered: int
    insurers_added: int
    insurers_renamed: int
    insurers_withdrawn: int
    added: list[str]
    renamed: list[str]
    withdrawn: list[str]
    notes: list[ProblemInfo]
    digest: str


@dataclass(frozen=True, slots=True)
class Verified:
    symbols: list[SymbolInfo]
