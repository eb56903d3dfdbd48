"""What is right and wrong with a terminal, and what to do about it: findings from plain facts.

Facts are gathered by an adapter, without the state directory's lock; what they mean is said here.
Words are ``doctor.<code>``. ACT means that somebody must do something; TOLD is for the owner to
know and to weigh, as what a thief of the disk alone could do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from iies_tui.domain import new_york
from iies_tui.domain.bundle import Bundle, standing_under
from iies_tui.domain.compromise import OpenCompromise
from iies_tui.domain.delivery import Queue
from iies_tui.domain.issuer import IssuerOnTerminal, ModeReason
from iies_tui.issuance.clock_guard import BUILT

LEAST_FREE = 64 * 1024 * 1024
"""Bytes of disk under which records may soon fail."""


class Weight(StrEnum):
    """How serious a finding is."""

    OK = "ok"
    TOLD = "told"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` has words in ``doctor.<code>``, or where it is an error's, in ``error.<code>``."""

    check: str
    weight: Weight
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error as a fact: its code and parameters."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IssuerFacts:
    """An issuer with what stands beside its sealed KEY."""

    issuer: IssuerOnTerminal
    disabled: bool
    alarm: bool
    other_pepper: bool
    recovery: bool


@dataclass(frozen=True, slots=True)
class MailFacts:
    """The mail server that is set up, none where ``server`` is empty; what would stop a message
    as far as it can be seen without the network."""

    server: str = ""
    port: int = 0
    sender: str = ""
    faults: tuple[Trouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found. ``trail_rows`` None: there is no trail yet. ``swaps``: devices in clear.

    ``pepper`` is ``credential``, ``file``, ``file_same_disk``, ``none`` or a Trouble.
    """

    state: str
    pepper: str | Trouble
    pepper_path: str
    files: tuple[Trouble, ...]
    holder: Trouble | None
    issuers: tuple[IssuerFacts, ...]
    damaged: tuple[str, ...]
    bundle: Bundle | Trouble | None
    trail_rows: int | None
    trail_faults: tuple[Trouble, ...]
    last_record: datetime | None
    compromised: tuple[OpenCompromise, ...]
    queues: tuple[Queue, ...] | Trouble
    now: datetime
    dumpable: bool
    swaps: tuple[str, ...]
    free: int
    mail: MailFacts | Trouble
    days_ahead: int = 0
    """Of the last record, where somebody must confirm the clock."""


def examine(facts: Facts) -> tuple[Finding, ...]:
    """Every finding, in the order in which a terminal is put right."""
    return (
        *_state(facts),
        *_pepper(facts),
        *_issuers(facts),
        *_bundle(facts),
        *_trail(facts),
        *_clock(facts),
        *_printing(facts),
        *_mail(facts),
        *_machine(facts),
    )


def _state(facts: Facts) -> Iterator[Finding]:
    for trouble in facts.files:
        yield Finding("permissions", Weight.ACT, trouble.code, trouble.params)
    if not facts.files:
        yield Finding("permissions", Weight.OK, "permissions", {"path": facts.state})
    if facts.holder is not None:
        yield Finding("lock", Weight.TOLD, "held", facts.holder.params)
    else:
        yield Finding("lock", Weight.OK, "free")


def _pepper(facts: Facts) -> Iterator[Finding]:
    where = {"path": facts.pepper_path}
    if isinstance(facts.pepper, Trouble):
        yield Finding("pepper", Weight.ACT, facts.pepper.code, facts.pepper.params)
    elif facts.pepper == "credential":
        yield Finding("pepper", Weight.OK, "pepper_credential", where)
    elif facts.pepper == "none":
        yield Finding("pepper", Weight.OK, "pepper_none")
    else:
        yield Finding("pepper", Weight.TOLD, f"pepper_{facts.pepper}", where)


def _issuers(facts: Facts) -> Iterator[Finding]:
    for license in facts.damaged:
        yield Finding("issuer", Weight.ACT, "vault_damaged", {"license": license})
    for one in facts.compromised:
        code = "compromised_late" if one.seconds < 0 else "compromised"
        params: dict[str, str | int] = {
            "license": one.license,
            "hours": abs(one.seconds) // 3600,
        }
        yield Finding("compromised", Weight.ACT, code, params)
    for facts_of in facts.issuers:
        yield from _issuer(facts_of, facts)
    if not facts.issuers and not facts.damaged:
        yield Finding("issuer", Weight.TOLD, "no_issuer")


def _issuer(one: IssuerFacts, facts: Facts) -> Iterator[Finding]:
    of = {"license": one.issuer.license}
    if one.other_pepper:
        yield Finding("issuer", Weight.ACT, "pepper_differs", of)
    if one.disabled:
        yield Finding("issuer", Weight.ACT, "disabled", of)
    if one.alarm:
        yield Finding("issuer", Weight.ACT, "counter_alarm", of)
    if one.issuer.kid is None:
        yield Finding("issuer", Weight.TOLD, "not_enrolled", of)
        return
    if not one.recovery:
        yield Finding("issuer", Weight.TOLD, "no_recovery_code", of)
    if isinstance(facts.bundle, Bundle):
        standing = standing_under(facts.bundle, one.issuer.license, one.issuer.kid, facts.now)
        good = standing.reason in (ModeReason.LIVE, ModeReason.TRAINING_BUNDLE)
        weight = Weight.OK if good else Weight.ACT
        yield Finding("issuer", weight, f"mode_{standing.reason.value}", of)


def _bundle(facts: Facts) -> Iterator[Finding]:
    bundle = facts.bundle
    if bundle is None:
        yield Finding("bundle", Weight.ACT, "no_bundle")
    elif isinstance(bundle, Trouble):
        yield Finding("bundle", Weight.ACT, bundle.code, bundle.params)
    else:
        told: dict[str, str | int] = {
            "authority": bundle.authority,
            "version": bundle.version,
            "days": (facts.now - bundle.issued).days,
            "left": (bundle.expires - facts.now).days,
        }
        if facts.now >= bundle.expires:
            yield Finding("bundle", Weight.ACT, "bundle_expired", told)
        elif facts.now >= bundle.refresh_by:
            yield Finding("bundle", Weight.ACT, "bundle_refresh", told)
        else:
            yield Finding("bundle", Weight.OK, "bundle", told)


def _trail(facts: Facts) -> Iterator[Finding]:
    for fault in facts.trail_faults:
        yield Finding("trail", Weight.ACT, fault.code, fault.params)
    if facts.trail_rows is None and not facts.trail_faults:
        yield Finding("trail", Weight.OK, "trail_none")
    elif not facts.trail_faults:
        yield Finding("trail", Weight.OK, "trail", {"rows": facts.trail_rows or 0})


def _clock(facts: Facts) -> Iterator[Finding]:
    told = {"now": new_york.written(facts.now)}
    early = facts.now < BUILT or (
        isinstance(facts.bundle, Bundle) and facts.now < facts.bundle.issued
    )
    back = facts.last_record is not None and facts.now < facts.last_record - timedelta(seconds=2)
    if early or back:
        yield Finding("clock", Weight.ACT, "clock_early" if early else "clock_back", told)
    elif facts.days_ahead:
        yield Finding("clock", Weight.ACT, "clock_ahead", {**told, "days": facts.days_ahead})
    else:
        yield Finding("clock", Weight.OK, "clock", told)


def _printing(facts: Facts) -> Iterator[Finding]:
    if isinstance(facts.queues, Trouble):
        yield Finding("printing", Weight.TOLD, "cups_none", {"code": facts.queues.code})
        return
    stopped = [one for one in facts.queues if one.stopped or not one.accepting]
    for one in stopped:
        yield Finding("printing", Weight.ACT, "queue_stopped", {"queue": one.name})
    if not stopped:
        yield Finding("printing", Weight.OK, "cups", {"queues": len(facts.queues)})


def _mail(facts: Facts) -> Iterator[Finding]:
    mail = facts.mail
    if isinstance(mail, Trouble):  # the settings as a whole: nothing starts with them
        yield Finding("mail", Weight.ACT, mail.code, mail.params)
    elif not mail.server:
        yield Finding("mail", Weight.OK, "mail_off")
    elif mail.faults:
        for fault in mail.faults:
            yield Finding("mail", Weight.ACT, fault.code, fault.params)
    else:
        told: dict[str, str | int] = {
            "server": mail.server,
            "port": mail.port,
            "sender": mail.sender,
        }
        yield Finding("mail", Weight.OK, "mail", told)


def _machine(facts: Facts) -> Iterator[Finding]:
    if facts.dumpable:
        yield Finding("memory", Weight.ACT, "dumpable")
    else:
        yield Finding("memory", Weight.OK, "no_dumps")
    if facts.swaps:
        yield Finding("swap", Weight.TOLD, "swap", {"devices": ", ".join(facts.swaps)})
    else:
        yield Finding("swap", Weight.OK, "no_swap")
    megabytes: dict[str, str | int] = {"free": facts.free // 2**20}
    if facts.free < LEAST_FREE:
        yield Finding("disk", Weight.ACT, "disk_low", megabytes)
    else:
        yield Finding("disk", Weight.OK, "disk", megabytes)
