"""What CUPS' answer means for a card: pure, so that every state can be met with every answer.

Nothing is inferred: only a matched job (number and name) that CUPS calls completed is COMPLETED,
and whatever leaves it open whether paper came out is UNKNOWN, which the clerk is asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from iies_tui.domain.delivery import JobState, JobStatus, Queue, State
from iies_tui.issuance.ports.records import RegisterEntry

BLOCKING = frozenset(
    {
        "cover-open",
        "cups-insecure-filter",
        "cups-missing-filter",
        "cups-pki-credentials-needed",
        "door-open",
        "fuser-over-temp",
        "input-tray-missing",
        "interlock-open",
        "interpreter-resource-unavailable",
        "marker-supply-empty",
        "marker-waste-full",
        "media-empty",
        "media-jam",
        "media-needed",
        "offline",
        "opc-life-over",
        "output-area-full",
        "output-tray-missing",
        "paused",
        "shutdown",
        "spool-area-full",
        "stopped-partly",
        "stopping",
        "timed-out",
        "toner-empty",
        "account-authorization-failed",
        "account-closed",
        "account-info-needed",
        "account-limit-reached",
        "auth-info-required",
        "job-canceled-at-device",
        "job-password-wait",
        "printer-stopped",
        "resources-are-not-ready",
        "unsupported-document-format",
    }
)
"""IPP keywords that keep paper from coming; others (``toner-low``) are told and no more."""

NOT_FOUND = "job-not-found"
HELD = "job-held"
CANCELED = "job-canceled"
ABORTED = "job-aborted"
STOPPED = "printer-stopped"
STALLED = "stalled"
RETRIED = "job-retried"
QUIET = "quiet"

LIVE = frozenset({JobState.HELD, JobState.PENDING, JobState.PRINTING, JobState.STOPPED})
"""The job is in the queue: it may still print."""


IN_QUEUE = frozenset({State.SUBMITTING, State.HELD, State.RELEASED, State.BLOCKED})
"""The card's job is being made, or stands in a queue."""


def not_ready(queue: Queue) -> tuple[str, ...]:
    """Why the queue's printer would not print now, as keywords; none where it would."""
    blocking = tuple(reason for reason in queue.reasons if reason in BLOCKING)
    return blocking or ((STOPPED,) if queue.stopped else ())


@dataclass(frozen=True, slots=True)
class Judgment:
    """``state``: where the card stands; ``reasons``: keywords of ``[printer_reason]``."""

    state: State
    reasons: tuple[str, ...] = ()


def matched(entry: RegisterEntry, status: JobStatus) -> bool:
    """The job is this card's: number and name. A number alone may have been given away again."""
    return (
        status.state is not JobState.NOT_FOUND
        and status.job == entry.job
        and status.title == entry.card.serial
    )


def after_release(
    entry: RegisterEntry, status: JobStatus, stalled: bool = False, retried: bool = False
) -> Judgment:
    """Judge a card that was RELEASED (or BLOCKED, or UNKNOWN).

    ``stalled``: nothing moved. ``retried``: CUPS began the job more than once, so that a
    completed one may have come out twice, which is told with COMPLETED.
    """
    if not matched(entry, status):
        return Judgment(State.UNKNOWN, (NOT_FOUND,))
    match status.state:
        case JobState.COMPLETED:
            told = _with(RETRIED, status.reasons) if retried else status.reasons
            return Judgment(State.COMPLETED, told)
        case JobState.CANCELED:
            return Judgment(State.UNKNOWN, _with(CANCELED, status.reasons))
        case JobState.ABORTED:
            return Judgment(State.UNKNOWN, _with(ABORTED, status.reasons))
        case JobState.HELD:
            return Judgment(State.BLOCKED, _with(HELD, status.reasons))
    if status.printer_stopped or status.state is JobState.STOPPED:
        return Judgment(State.BLOCKED, _with(STOPPED, status.reasons))
    if BLOCKING.intersection(status.reasons):
        return Judgment(State.BLOCKED, status.reasons)
    if retried:
        return Judgment(State.BLOCKED, _with(RETRIED, status.reasons))
    if stalled:
        return Judgment(State.BLOCKED, _with(STALLED, status.reasons))
    return Judgment(State.RELEASED, status.reasons)


def before_release(entry: RegisterEntry, status: JobStatus) -> Judgment:
    """Judge a card whose job we made and never released (state HELD).

    Not found, or ended without having begun, is unprinted. A job that somebody else let go is
    followed like one of ours (RELEASED: call ``after_release`` next).
    """
    if not matched(entry, status):
        return Judgment(State.SEALED, (NOT_FOUND,))
    if status.state is JobState.HELD and not status.started:
        return Judgment(State.HELD, (HELD,))
    if status.state in (JobState.CANCELED, JobState.ABORTED) and not status.started:
        return Judgment(State.SEALED, (CANCELED,))
    return Judgment(State.RELEASED)


def of_test_page(status: JobStatus) -> State:
    """COMPLETED, RELEASED while it may still come out, BLOCKED where somebody has to look."""
    if status.state is JobState.COMPLETED:
        return State.COMPLETED
    running = status.state in (JobState.PENDING, JobState.PRINTING)
    blocked = bool(BLOCKING.intersection(status.reasons)) or status.printer_stopped
    return State.RELEASED if running and not blocked else State.BLOCKED


def submitted(entry: RegisterEntry, jobs: Sequence[JobStatus]) -> tuple[JobStatus, ...]:
    """The jobs of this name that an interrupted submission may have left.

    A reprint's name is the first print's: finished jobs up to the number that the register knows
    are earlier ones. Whatever still stands in the queue counts, whatever its number.
    """
    return tuple(
        job
        for job in jobs
        if job.title == entry.card.serial and (job.state in LIVE or job.job > entry.job)
    )


def _with(reason: str, reasons: tuple[str, ...]) -> tuple[str, ...]:
    """``reason`` last: what the printer says of itself helps the clerk more."""
    return reasons if reason in reasons else (*reasons, reason)
