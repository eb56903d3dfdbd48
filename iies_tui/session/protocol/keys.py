"""Setup's KEYs, sign-on, recovery code, and a compromised KEY."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from iies_tui.domain.options import Options
from iies_tui.session.protocol.answers import Done, ProblemInfo
from iies_tui.session.protocol.batches import BatchInfo
from iies_tui.session.protocol.cards import CardInfo
from iies_tui.session.protocol.frames import Json, Request
from iies_tui.session.protocol.terminal import Terminal


@dataclass(frozen=True, slots=True)
class AddIssuer(Request[Terminal]):
    """Setup; one secret: the KEY."""

    license: str
    use_anyway: bool = False


@dataclass(frozen=True, slots=True)
class ReplaceKey(Request[Terminal]):
    """Setup: a new KEY beside the old. Secrets, in order: the new KEY, the new PIN, and the proof.

    ``proof`` is ``pin`` (one secret: the old PIN), ``code`` (one: the recovery code as typed) or
    ``old_key`` (two: the old KEY, the old PIN). ``use_anyway`` takes a KEY whose check digits are
    wrong or that no bundle lists yet.
    """

    license: str
    proof: str
    use_anyway: bool = False


@dataclass(frozen=True, slots=True)
class RemoveIssuer(Request[Terminal]):
    """Setup; one secret: the PIN, none for an issuer who never signed on."""

    license: str


@dataclass(frozen=True, slots=True)
class SignOn(Request["SignedOn"]):
    """One secret: the PIN; a second one, the PIN again, where ``pin_again`` was asked for.

    ``Failed`` with code ``pin_again`` asks for the second (first sign-on of
    an issuer that no bundle lists); ``sign_on_failed`` for wrong license, PIN or KEY alike;
    ``wait`` with ``seconds``; ``disabled``. ``year``: typed where the clock is far ahead of the
    last record, which the sign-on then confirms; ``clock_year`` where it is another.
    """

    license: str
    clerk: str = ""
    year: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOn:
    """``mode`` is ``live``, ``specimen``, ``training``; ``reason`` a ``ModeReason`` value.

    ``draft`` is the half-filled form of this issuer, if any; ``options`` its Options; ``open``
    what is still open from before; ``recovery``: a recovery code was made; ``batches``: those that
    are not finished, or printed and in nobody's hand. ``sign_off_seconds`` and ``warn_seconds``
    are this issuer's idle time and the warning before its end. ``settings_changed`` names the
    terminal's settings that the owner changed since ``ConfirmSettings``; e-mail waits for it.
    """

    license: str
    name: str
    clerk: str
    mode: str
    reason: str
    enrolled_now: bool
    draft: Json | None
    options: Options
    open: list[CardInfo]
    recovery: bool = True
    batches: list[BatchInfo] = dataclasses.field(default_factory=list)
    sign_off_seconds: int = 300
    warn_seconds: int = 30
    settings_changed: list[str] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BeginRecoveryCode(Request["RecoveryCode"]):
    """A new recovery code for whoever is signed on; not yet in effect.

    Secret: the PIN; none the first time in the session that enrolled the issuer. Code
    ``code_needs_pin`` asks for it.
    """


@dataclass(frozen=True, slots=True)
class RecoveryCode:
    """Shown once. ``groups`` are eight of four characters; ``asked`` numbers, from 1."""

    groups: list[str]
    asked: list[int]


@dataclass(frozen=True, slots=True)
class KeepRecoveryCode(Request["Kept"]):
    """The code that was begun, onto paper (``queue``) or into ``folder``."""

    folder: str = ""
    queue: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a sheet went: absolute ``paths``, a print ``job`` (0: none), what failed."""

    paths: list[str]
    job: int = 0
    errors: list[ProblemInfo] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ConfirmRecoveryCode(Request[Done]):
    """Secrets: the groups that were asked back, in order. Reply ``Done``; then it is in effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compromised(Request["CompromiseTold"]):
    """Destroy the KEY now; the notice to ``folder`` (empty: the default one) and ``queue``."""

    license: str
    licensee: str = ""
    contact: str = ""
    telephone: str = ""
    folder: str = ""
    queue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
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
class AnswerCompromised(Request[Terminal]):
    """DFS was told: the 72-hour clock ends."""

    license: str
