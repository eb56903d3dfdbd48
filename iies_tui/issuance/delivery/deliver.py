"""A card's way to paper and to the customer's hand, at most once.

The states and their steps are drawn in ``docs/architecture.md``, "Delivery states".

The journal is the register entry together with the trail. Each step is written there before the
act, so a crash at any point leaves at worst a step that says too much: SUBMITTING without a job,
RELEASED with a job that is still held. ``recover`` sorts these out, and where paper may be out it
asks. Only a matched CUPS job sets COMPLETED and only the clerk sets HANDED_OVER.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from iies_tui.domain.delivery import ALLOWED, JobState, JobStatus, Queue, State
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.trail import Detail, Event
from iies_tui.issuance.delivery import job_states
from iies_tui.issuance.ports.delivery import Printer
from iies_tui.issuance.ports.machine import Clock
from iies_tui.issuance.ports.records import Register, RegisterEntry, Trail

STALL_SECONDS = 60.0
"""A released job of which nothing was heard for so long is told as stalled: a dead IPP printer
gives no reason of its own."""

PRINTED = frozenset({State.COMPLETED, State.HANDED_OVER})
"""There is paper: to print again is a reprint."""

TEST_TITLE = "IIES-TEST-PAGE"
"""The name of a test page's job: no serial has it."""

FAX_NUMBER = re.compile(r"\+?[0-9][0-9 ()-]{2,30}\Z")

QUIET_SECONDS = 4.0
"""After so long without a word from the printer that is told, though nothing is wrong yet."""


class Issuer(Protocol):
    """What delivery needs of the issuer who is signed on (``sign_on.SignedOnIssuer``)."""

    @property
    def license(self) -> str: ...

    @property
    def clerk(self) -> str: ...

    @property
    def register(self) -> Register: ...


@dataclass(frozen=True, slots=True)
class Delivered:
    """A card's entry after a step. ``reasons``: keywords with words in ``[printer_reason]``.

    ``failure``: the code of the MachineFailed for which nothing could be found out, else empty.
    """

    entry: RegisterEntry
    reasons: tuple[str, ...] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True)
class _Heard:
    """What was last heard of a job, since when (boot clock), and when CUPS first began it."""

    signature: tuple[object, ...]
    since: float
    began: int


@dataclass(frozen=True, slots=True)
class Deliver:
    """The steps of a delivery. All raise MachineFailed where CUPS does not answer; the state that
    was recorded before then stands."""

    trail: Trail
    printer: Printer
    clock: Clock
    stall_seconds: float = STALL_SECONDS
    _heard: dict[str, _Heard] = field(default_factory=dict)

    # -- to paper --------------------------------------------------------------------------

    def preflight(self, queue: str, fax_to: str = "", *, anyway: bool = False) -> Queue:
        """Before anything is sealed for it: the queue takes jobs, leaves pages as they are, and its
        printer would print.

        Raise Refused ``no_such_queue``, ``queue_closed``, ``queue_setting`` (a ``setting`` that no
        job can set otherwise); ``fax_number`` where a fax queue has no number to send to;
        ``printer_not_ready`` with ``reasons``, unless ``anyway``: what a printer said last may be
        old.
        """
        found = self._taking(queue)
        if found.fax and not FAX_NUMBER.match(fax_to):
            raise Refused("fax_number", queue=queue)
        blocking = job_states.not_ready(found)
        if blocking and not anyway:
            raise Refused("printer_not_ready", queue=queue, reasons=" ".join(blocking))
        return found

    def _taking(self, queue: str) -> Queue:
        found = next((one for one in self.printer.queues() if one.name == queue), None)
        if found is None:
            raise Refused("no_such_queue", queue=queue)
        if not found.accepting:
            raise Refused("queue_closed", queue=queue)
        if forced := self.printer.forced(queue):
            raise Refused("queue_setting", queue=queue, setting=forced[0])
        return found

    def print_card(
        self,
        issuer: Issuer,
        serial: str,
        pdf: bytes,
        queue: str,
        copies: int = 1,
        reprint: bool = False,
        fax_to: str = "",
        covered: bytes = b"",
    ) -> Delivered:
        """SEALED → SUBMITTING → HELD → RELEASED. ``pdf``: the exact bytes that were read back, of
        the fax sheet where ``fax_to`` is the number of a fax queue, else of the card page.
        ``covered``: what is sent in their stead, the same sheet behind a cover page; the trail has
        its hash.

        Raise Refused: ``no_such_card``; those of ``preflight`` for the queue; ``already_printed``
        unless ``reprint`` (counted; the caller asks for the PIN); ``on_its_way`` and
        ``ask_first`` where an earlier job is not settled; ``pdf_differs`` where these are not the
        bytes that the register has for the serial.
        """
        entry = self.entry(issuer, serial)
        self._taking(queue)
        if entry.state is State.SUBMITTING:
            entry = self.settle_submission(issuer, entry).entry
        self._check_printable(entry, reprint)
        digest = hashlib.sha256(pdf).digest()
        known = entry.fax_hash if fax_to else entry.pdf_hash
        if known and known != digest:
            raise Refused("pdf_differs", serial=serial)
        if fax_to:
            entry = dataclasses.replace(entry, fax_hash=digest)
        else:
            entry = dataclasses.replace(entry, pdf_hash=digest)
        if entry.state in PRINTED:
            entry = dataclasses.replace(entry, reprints=entry.reprints + 1)
            details: dict[str, Detail] = {"serial": serial, "reprint": entry.reprints}
            self.trail.append(Event.REPRINT, issuer.license, details, issuer.clerk)
        entry = self.step(
            issuer,
            dataclasses.replace(entry, queue=queue, copies=copies),
            State.SUBMITTING,
            {"sent": hashlib.sha256(covered).digest()} if covered else {},
        )
        try:
            job = self.printer.submit_held(queue, serial, covered or pdf, copies, fax_to)
        except Refused:
            self.settle_submission(issuer, entry)
            raise
        entry = self.step(issuer, dataclasses.replace(entry, job=job), State.HELD)
        return self._release(issuer, entry)

    def print_now(self, issuer: Issuer, serial: str) -> Delivered:
        """The clerk's say: let the card's held job go (found HELD at sign-on, or held again).

        Raise Refused ``not_held`` where there is none to let go.
        """
        delivered = self.watch(issuer, serial)
        held = delivered.entry.state is State.HELD or job_states.HELD in delivered.reasons
        if not held:
            raise Refused("not_held", serial=serial, state=delivered.entry.state.value)
        return self._release(issuer, delivered.entry)

    def watch(self, issuer: Issuer, serial: str) -> Delivered:
        """How the paper is doing. Asks CUPS only while that can change anything."""
        entry = self.entry(issuer, serial)
        match entry.state:
            case State.SUBMITTING:
                return self.settle_submission(issuer, entry)
            case State.HELD:
                return self.settle_held(issuer, entry)
            case State.RELEASED | State.BLOCKED | State.UNKNOWN:
                return self._look(issuer, entry)
        return Delivered(entry)

    def withdraw(self, issuer: Issuer, serial: str) -> Delivered:
        """Cancel the card's job: SEALED where it cannot have begun, else UNKNOWN (or COMPLETED)."""
        delivered = self.watch(issuer, serial)
        entry = delivered.entry
        if entry.state not in (State.HELD, State.RELEASED, State.BLOCKED):
            return delivered
        self._record(issuer, entry, entry.state, {"act": "cancel"})
        self._cancel(entry.job)
        return self.watch(issuer, serial)

    def void(self, issuer: Issuer, serial: str, reason: str) -> Delivered:
        """VOID for ever; what of it still stands in a queue is cancelled first.

        Raise Refused ``job_still_there``, MachineFailed ``cups_…``: as long as it may still print
        behind our back, it is not called void.
        """
        entry = self.clear(issuer, serial)
        return Delivered(self.step(issuer, entry, State.VOID, {"reason": reason}, Event.VOID))

    def clear(self, issuer: Issuer, serial: str) -> RegisterEntry:
        """What of the card still stands in a queue is cancelled. Errors as for ``void``."""
        entry = self.entry(issuer, serial)
        if entry.state in (*job_states.IN_QUEUE, State.UNKNOWN):
            self._clear_queue(issuer, entry)
        return entry

    def take_back(self, issuer: Issuer, serial: str) -> RegisterEntry:
        """A card that is to go another way: its waiting job is cancelled.

        Raise Refused ``ask_first`` where paper may be out.
        """
        entry = self.entry(issuer, serial)
        if entry.state in job_states.IN_QUEUE:
            entry = self.withdraw(issuer, serial).entry
        if entry.state is State.UNKNOWN:
            raise Refused("ask_first", serial=serial)
        return entry

    def test_page(self, queue: str, pdf: bytes, actor: str) -> JobStatus:
        """Print a page that is no card, and what the printer says of it right away."""
        self._taking(queue)
        self.trail.append(Event.DELIVERY, actor, {"act": "test-page", "queue": queue})
        job = self.printer.submit_held(queue, TEST_TITLE, pdf, 1, "")
        self.printer.release(job)
        return self.watch_test_page(queue, job)

    def watch_test_page(self, queue: str, job: int) -> JobStatus:
        """How a test page's job is doing. MachineFailed ``cups_failed`` where there is none."""
        status = self.printer.status(queue, job)
        if status.state is JobState.NOT_FOUND or status.title != TEST_TITLE:
            raise MachineFailed("cups_failed", status=0)
        return status

    # -- the clerk's word ------------------------------------------------------------------

    def hand_over(self, issuer: Issuer, serial: str) -> Delivered:
        """The clerk's key press: card in hand. Refused ``not_printed`` before there is paper."""
        entry = self.entry(issuer, serial)
        if State.HANDED_OVER not in ALLOWED[entry.state]:
            if entry.state is State.HANDED_OVER:
                return Delivered(entry)
            raise Refused("not_printed", serial=serial, state=entry.state.value)
        return Delivered(self.step(issuer, entry, State.HANDED_OVER, event=Event.HANDED_OVER))

    def answer(self, issuer: Issuer, serial: str, printed: bool) -> Delivered:
        """The clerk looked at the printer, for a card that is UNKNOWN, or whose job is held again.

        Whatever of it stands in a queue is cancelled. Printed: HANDED_OVER. Not printed: SEALED, to
        be printed again. Raise Refused ``not_asked`` for a card of another state;
        ``job_still_there`` where the job may still print.
        """
        before = self.entry(issuer, serial).state
        if before not in (State.UNKNOWN, State.BLOCKED):
            raise Refused("not_asked", serial=serial)
        delivered = self.watch(issuer, serial)
        entry = delivered.entry
        if entry.state is State.COMPLETED and before is State.UNKNOWN and printed:
            return self.hand_over(issuer, serial)
        if entry.state is State.BLOCKED and job_states.HELD in delivered.reasons:
            entry = self.step(issuer, entry, State.UNKNOWN, {"why": job_states.HELD})
        elif before is State.BLOCKED or entry.state is not State.UNKNOWN:
            raise Refused("not_asked", serial=serial)
        self._clear_queue(issuer, entry)
        if printed:
            return self.hand_over(issuer, serial)
        delivered = self.watch(issuer, serial)
        if delivered.entry.state is not State.UNKNOWN:
            return delivered
        return Delivered(self.step(issuer, delivered.entry, State.SEALED, {"said": "not printed"}))

    # -- what recovery uses too ------------------------------------------------------------

    def entry(self, issuer: Issuer, serial: str) -> RegisterEntry:
        """The register's entry. Refused ``no_such_card``."""
        entry = issuer.register.get(serial)
        if entry is None:
            raise Refused("no_such_card", serial=serial)
        return entry

    def settle_submission(self, issuer: Issuer, entry: RegisterEntry) -> Delivered:
        """SUBMITTING was interrupted: what it left is cancelled, since its bytes may not be whole.

        None left: unprinted, SEALED. One that printed or may have, because somebody else let it
        go: followed like a released one.
        """
        for job in job_states.submitted(entry, self.printer.jobs_named(entry.card.serial)):
            if job.state is JobState.HELD and not job.started:
                self._record(issuer, entry, State.SUBMITTING, {"act": "cancel", "job": job.job})
                self._cancel(job.job)
        left = [
            job
            for job in job_states.submitted(entry, self.printer.jobs_named(entry.card.serial))
            if job.started or job.state in job_states.LIVE
        ]
        if not left:
            return Delivered(self.step(issuer, entry, State.SEALED), (job_states.NOT_FOUND,))
        held = self.step(issuer, dataclasses.replace(entry, job=left[-1].job), State.HELD)
        return self.settle_held(issuer, held)

    def settle_held(self, issuer: Issuer, entry: RegisterEntry) -> Delivered:
        """HELD: still held (ask), gone (SEALED), or let go by somebody else (followed)."""
        status = self.printer.status(entry.queue, entry.job)
        judgment = job_states.before_release(entry, status)
        entry = self.step(issuer, entry, judgment.state)
        if judgment.state is State.RELEASED:
            return self._look(issuer, entry)
        return Delivered(entry, judgment.reasons)

    def step(
        self,
        issuer: Issuer,
        entry: RegisterEntry,
        state: State,
        details: Mapping[str, Detail] = MappingProxyType({}),
        event: Event = Event.DELIVERY,
    ) -> RegisterEntry:
        """Record a step: trail, then register. Nothing where the card stands there already."""
        if state is entry.state:
            return entry
        if state not in ALLOWED[entry.state]:
            raise MachineFailed("wrong_step", before=entry.state.value, after=state.value)
        self._record(issuer, entry, state, details, event)
        entry = dataclasses.replace(entry, state=state)
        issuer.register.update(entry)
        return entry

    # -- inside ----------------------------------------------------------------------------

    def _record(
        self,
        issuer: Issuer,
        entry: RegisterEntry,
        state: State,
        details: Mapping[str, Detail],
        event: Event = Event.DELIVERY,
    ) -> None:
        row: dict[str, Detail] = {
            "serial": entry.card.serial,
            "state": state.value,
            "queue": entry.queue,
            "job": entry.job,
            **details,
        }
        self.trail.append(event, issuer.license, row, issuer.clerk)

    def _release(self, issuer: Issuer, entry: RegisterEntry) -> Delivered:
        """RELEASED is written first: should we fall in between, the job is found held."""
        if entry.state is State.BLOCKED or entry.state is State.HELD:
            entry = self.step(issuer, entry, State.RELEASED)
        self._heard.pop(entry.card.serial, None)
        try:
            self.printer.release(entry.job)
        except Refused:
            return self._look(issuer, entry)
        return Delivered(entry)

    def _look(self, issuer: Issuer, entry: RegisterEntry) -> Delivered:
        status = self.printer.status(entry.queue, entry.job)
        quiet, retried = self._compare(entry, status)
        judgment = job_states.after_release(entry, status, quiet >= self.stall_seconds, retried)
        if judgment.state not in (entry.state, *ALLOWED[entry.state]):
            # UNKNOWN stays so until CUPS calls the job completed or the clerk answers.
            return Delivered(entry, judgment.reasons)
        if judgment.state is State.RELEASED and quiet >= QUIET_SECONDS:
            return Delivered(
                self.step(issuer, entry, State.RELEASED), (*judgment.reasons, job_states.QUIET)
            )
        details: dict[str, Detail] = {}
        if judgment.state in (State.BLOCKED, State.UNKNOWN) or retried:
            details["why"] = " ".join(judgment.reasons)
        return Delivered(self.step(issuer, entry, judgment.state, details), judgment.reasons)

    def _compare(self, entry: RegisterEntry, status: JobStatus) -> tuple[float, bool]:
        """With what was heard before: seconds without a change, and whether CUPS tried again."""
        now, serial = self.clock.boot(), entry.card.serial
        signature = (entry.job, status.state, status.reasons, status.printer_stopped)
        heard = self._heard.get(serial)
        if heard is None or heard.signature != signature:
            began = heard.began if heard and heard.signature[0] == entry.job else 0
            heard = _Heard(signature, now, began or status.began)
            self._heard[serial] = heard
        elif not heard.began and status.began:
            heard = dataclasses.replace(heard, began=status.began)
            self._heard[serial] = heard
        retried = bool(heard.began) and status.began not in (0, heard.began)
        return now - heard.since, retried

    def _cancel(self, job: int) -> None:
        try:
            self.printer.cancel(job)
        except Refused as error:
            # Over already, or gone: what it came to is looked up next.
            if error.code != "no_such_job":
                raise

    def _clear_queue(self, issuer: Issuer, entry: RegisterEntry) -> None:
        """Nothing of the card may print any more. Refused ``job_still_there`` otherwise."""
        for job in self._live_jobs(entry):
            self._record(issuer, entry, entry.state, {"act": "cancel", "job": job})
            self._cancel(job)
        if self._live_jobs(entry):
            raise Refused("job_still_there", serial=entry.card.serial)

    def _live_jobs(self, entry: RegisterEntry) -> tuple[int, ...]:
        jobs = self.printer.jobs_named(entry.card.serial)
        return tuple(job.job for job in jobs if job.state in job_states.LIVE)

    def _check_printable(self, entry: RegisterEntry, reprint: bool) -> None:
        serial = entry.card.serial
        if entry.state is State.UNKNOWN:
            raise Refused("ask_first", serial=serial)
        if entry.state is State.VOID:
            raise Refused("is_void", serial=serial)
        if State.SUBMITTING not in ALLOWED[entry.state]:
            raise Refused("on_its_way", serial=serial, state=entry.state.value)
        if entry.state in PRINTED and not reprint:
            raise Refused("already_printed", serial=serial)
