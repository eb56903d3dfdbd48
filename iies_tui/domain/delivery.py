"""The delivery of a card to paper: states and the steps that are allowed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a card stands on its way to the customer's hand.

    Only a matched CUPS job sets COMPLETED; only the clerk's key press sets HANDED_OVER.
    """

    SEALED = "SEALED"
    SUBMITTING = "SUBMITTING"
    HELD = "HELD"
    RELEASED = "RELEASED"
    COMPLETED = "COMPLETED"
    HANDED_OVER = "HANDED_OVER"
    BLOCKED = "BLOCKED"
    UNKNOWN = "UNKNOWN"
    SAVED = "SAVED"
    VOID = "VOID"


ALLOWED: dict[State, frozenset[State]] = {
    State.SEALED: frozenset({State.SUBMITTING, State.SAVED, State.VOID}),
    State.SUBMITTING: frozenset({State.HELD, State.SEALED, State.UNKNOWN, State.VOID}),
    State.HELD: frozenset({State.RELEASED, State.SEALED, State.UNKNOWN, State.VOID}),
    State.RELEASED: frozenset({State.COMPLETED, State.BLOCKED, State.UNKNOWN, State.VOID}),
    State.BLOCKED: frozenset({State.RELEASED, State.COMPLETED, State.UNKNOWN, State.VOID}),
    State.UNKNOWN: frozenset({State.COMPLETED, State.SEALED, State.HANDED_OVER, State.VOID}),
    State.COMPLETED: frozenset({State.HANDED_OVER, State.SUBMITTING, State.UNKNOWN, State.VOID}),
    State.SAVED: frozenset({State.HANDED_OVER, State.SUBMITTING, State.VOID}),
    State.HANDED_OVER: frozenset({State.SUBMITTING, State.VOID}),
    State.VOID: frozenset(),
}
"""The steps that may be recorded; anything else is a program error."""


VOID_REASONS = ("correction", "not_wanted", "spoiled", "lost", "other")
"""Why a card may be made void: codes, since the trail holds no personal data."""


class JobState(StrEnum):
    """What a printer says of a job, in our words (RFC 8011 section 5.3.7)."""

    HELD = "held"
    PENDING = "pending"
    PRINTING = "printing"
    STOPPED = "stopped"
    CANCELED = "canceled"
    ABORTED = "aborted"
    COMPLETED = "completed"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job with its printer's own reasons (``media-empty`` shows only on the printer).

    ``reasons`` are IPP keywords without their severity suffix. ``title`` is the job's name as CUPS
    has it, so that a number that was given away again is not taken for ours. ``started`` True once
    the printer has begun: paper may be out. ``began`` is when it last did (RFC 8011
    ``time-at-processing``, Unix seconds, 0 for not yet): CUPS sets it anew when it tries again.
    """

    job: int
    state: JobState
    reasons: tuple[str, ...] = ()
    printer_stopped: bool = False
    title: str = ""
    started: bool = False
    began: int = 0


@dataclass(frozen=True, slots=True)
class Queue:
    """A local CUPS queue. ``fax`` True for a fax queue."""

    name: str
    description: str
    accepting: bool
    stopped: bool
    default: bool
    fax: bool
    reasons: tuple[str, ...] = ()
