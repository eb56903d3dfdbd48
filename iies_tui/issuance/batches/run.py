"""A batch at work: one card a step, so that it stops between two cards whenever nobody asks for
the next one.

Printing does not run ahead of the paper: at most ``WINDOW`` jobs are with the printer at a time,
and the next card is not even sealed before one of them is out (docs/adr/0060-batches.md).
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from iies_tui.domain.batch import BatchState, KeptBatch, binding, row_of
from iies_tui.domain.batch_file import Batch, Row
from iies_tui.domain.delivery import State
from iies_tui.domain.errors import IiesError, Problem, Refused
from iies_tui.domain.request_csv import to_json
from iies_tui.domain.saved_files import batch_pdf
from iies_tui.domain.trail import Event
from iies_tui.issuance.batches.one_pdf import OnePdf, Part
from iies_tui.issuance.cards.issue import IssueCards, IssuedCard
from iies_tui.issuance.delivery import job_states
from iies_tui.issuance.delivery.deliver import Deliver
from iies_tui.issuance.delivery.hand_out import (
    HandedOut,
    HandOut,
    Order,
    ToFolder,
    ToPrinter,
)
from iies_tui.issuance.keys.sign_on import SignedOnIssuer
from iies_tui.issuance.options import options_of
from iies_tui.issuance.ports.machine import Clock
from iies_tui.issuance.ports.records import RegisterEntry, Trail

WINDOW = 3
"""Jobs of a batch that may be with the printer at a time."""
STEP_SECONDS = 0.3
"""How long a step of many small parts may take."""

ON_PAPER = frozenset({State.RELEASED, State.BLOCKED})
LATE = frozenset({State.SEALED, State.SUBMITTING, State.HELD}) | ON_PAPER
"""Sealed, and its way not known to be over: a crash or a full disk came in between."""


@dataclass(frozen=True, slots=True)
class BatchPorts:
    """The use cases that a batch is made of."""

    issue: IssueCards
    hand_out: HandOut
    deliver: Deliver
    one_pdf: OnePdf
    trail: Trail
    clock: Clock


@dataclass(frozen=True, slots=True)
class Step:
    """What a step came to. ``done`` of ``total`` rows have their card.

    ``phase``: ``issuing``; ``paper``: waiting for the printer, for ``reasons``; ``binding``:
    ``part`` of the one PDF; ``done``: all of it. ``entry`` is the card that was sealed or delivered
    in this step, with the files ``saved``; ``problems`` are why it went no further.
    """

    phase: str
    done: int
    total: int
    entry: RegisterEntry | None = None
    trail_seq: int = 0
    saved: Mapping[str, Path] = field(default_factory=dict)
    part: Part | None = None
    reasons: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class BatchRun:
    """``end`` is what the batch is when there is nothing left to do; no rows are issued where it is
    GIVEN_UP, what is sealed is delivered all the same."""

    ports: BatchPorts
    issuer: SignedOnIssuer
    batch: Batch
    kept: KeptBatch
    end: BatchState = BatchState.DONE
    total: int = field(init=False)
    _pending: deque[Row] = field(init=False)
    _late: deque[str] = field(init=False)
    _on_paper: list[str] = field(init=False)
    _reasons: tuple[str, ...] = ()
    _binding: Iterator[Part] | None = None
    _bound: bool = False

    def __post_init__(self) -> None:
        entries = self.issuer.register.of_batch(self.kept.digest)
        have = {row_of(entry.batch) for entry in entries}
        passed = have | set(self.kept.skipped)
        self._pending = deque(row for row in self.batch.rows if row.number not in passed)
        self._late = deque(entry.card.serial for entry in entries if self._is_late(entry))
        self._on_paper = []
        self.total = len(self.batch.rows) - len(set(self.kept.skipped) - have)

    @property
    def done(self) -> int:
        """Rows that have their card."""
        return self.total - len(self._pending)

    def step(self) -> Step:
        """The next thing that is to be done, one card's worth.

        Raise MachineFailed where not even that can be found out; what was done stands.
        """
        try:
            lost = self._watch_paper()
        except IiesError as error:
            return self._stopped("paper", _problem(error))
        if lost is not None:
            return lost
        if len(self._on_paper) >= WINDOW:
            return self._step("paper", reasons=self._reasons)
        if self._late:
            return self._catch_up(self._late[0])
        if self._pending and self.end is BatchState.DONE:
            return self._issue(self._pending[0])
        if self._on_paper:
            return self._step("paper", reasons=self._reasons)
        if self.kept.order.one_pdf and not self._bound:
            return self._bind()
        self._finish()
        return self._step("done")

    # -- cards -----------------------------------------------------------------------------

    def _issue(self, row: Row) -> Step:
        order = self.kept.order
        try:
            (issued,) = self.ports.issue(
                self.issuer,
                to_json(row),
                lambda *_: None,
                fax_sheet=order.fax_sheet or order.tiff,
                batch=binding(self.kept.digest, row.number),
            )
        except IiesError as error:
            told = error.problems if isinstance(error, Refused) else ()
            problems = [dataclasses.replace(one, row=row.number) for one in told]
            return self._stopped("issuing", *(problems or [_problem(error, row.number)]))
        self._pending.popleft()
        return self._told(self.ports.hand_out.issued(self.issuer, issued, self._order()), issued)

    def _catch_up(self, serial: str) -> Step:
        """A card that was sealed and not delivered: drawn again, the same bytes. A job that never
        began is let go: going on with the batch is the clerk's say.
        """
        order, ports = self._order(), self.ports
        try:
            found = ports.deliver.watch(self.issuer, serial)
            entry = found.entry
            held = entry.state is State.HELD or job_states.HELD in found.reasons
            if held and not ports.deliver.printer.status(entry.queue, entry.job).started:
                entry = ports.deliver.print_now(self.issuer, serial).entry
            if entry.state is not State.SEALED:
                self._late.popleft()
                self._on_paper += [serial] if entry.state in ON_PAPER else []
                return self._step("issuing", entry=entry)
            pages = ports.hand_out.draw(entry, order)
        except IiesError as error:
            return self._stopped("issuing", _problem(error, serial=serial))
        self._late.popleft()
        return self._told(ports.hand_out.pages(self.issuer, serial, pages, order))

    def _told(self, out: HandedOut, issued: IssuedCard | None = None) -> Step:
        """A card that was handed out. What failed is late: it is done first next time."""
        serial = out.entry.card.serial
        if out.failures:
            self._late.appendleft(serial)
        elif out.entry.state in ON_PAPER:
            self._on_paper.append(serial)
        problems = tuple(_problem(error, serial=serial) for error in out.failures)
        step = self._step("issuing", entry=out.entry, problems=problems)
        return dataclasses.replace(
            step, saved=out.saved, trail_seq=issued.trail_seq if issued else 0
        )

    def _order(self) -> Order:
        """How each card leaves; a fax for a modem is a file of its own in any case."""
        order, options = self.kept.order, options_of(self.issuer.register)
        return Order(
            ToFolder(
                Path(order.folder),
                card=not order.one_pdf,
                fax_sheet=order.fax_sheet and not order.one_pdf,
                fax_file=options.fax_kind(wanted=True) if order.tiff else None,
            ),
            ToPrinter(order.queue, options.sheets, anyway=order.anyway) if order.queue else None,
            paper_follows=order.one_pdf,
            whole=True,
        )

    def _is_late(self, entry: RegisterEntry) -> bool:
        """In one PDF a card without a printer waits for the others, and is not late."""
        order = self.kept.order
        if entry.state is State.SEALED and order.one_pdf and not order.queue:
            return False
        return entry.state in LATE

    # -- paper -----------------------------------------------------------------------------

    def _watch_paper(self) -> Step | None:
        """Forget what is out; a card of which it is not known whether it is ends the run."""
        reasons: list[str] = []
        for serial in tuple(self._on_paper):
            delivered = self.ports.deliver.watch(self.issuer, serial)
            state = delivered.entry.state
            if state not in ON_PAPER:
                self._on_paper.remove(serial)
            if state is State.UNKNOWN:
                problem = Problem("", "paper_unknown", {"serial": serial})
                return self._stopped("paper", problem)
            reasons += [one for one in delivered.reasons if one != job_states.QUIET]
        self._reasons = tuple(dict.fromkeys(reasons))
        return None

    # -- the end ---------------------------------------------------------------------------

    def _bind(self) -> Step:
        """Parts of the one PDF for ``STEP_SECONDS``."""
        if self._binding is None:
            self._binding = self._one_pdf()
        end, part = self.ports.clock.boot() + STEP_SECONDS, None
        try:
            for part in self._binding:
                if part.path is not None or self.ports.clock.boot() >= end:
                    break
            else:
                self._bound = True
        except IiesError as error:
            self._binding = None
            return self._stopped("binding", _problem(error))
        return dataclasses.replace(self._step("binding"), part=part)

    def _one_pdf(self) -> Iterator[Part]:
        order, register = self.kept.order, self.issuer.register
        entries = [
            entry for entry in register.of_batch(self.kept.digest) if entry.state is not State.VOID
        ]
        if not entries:
            return
        cards = [entry.card for entry in entries]
        for fax in (False, True) if order.fax_sheet else (False,):
            target = Path(order.folder) / batch_pdf(self.kept.number, fax=fax)
            yield from self.ports.one_pdf(self.issuer, cards, self.kept.number, target, fax=fax)
        register.update_all(
            [
                dataclasses.replace(entry, state=State.SAVED)
                for entry in entries
                if entry.state is State.SEALED
            ]
        )

    def _finish(self) -> None:
        """In the trail first: where that cannot be written, the batch stays open."""
        if self.kept.state is self.end:
            return
        self.ports.trail.append(
            Event.BATCH,
            self.issuer.license,
            {"act": self.end.value.lower(), "batch": self.kept.number, "cards": self.done},
            self.issuer.clerk,
        )
        self.kept = dataclasses.replace(self.kept, state=self.end)
        self.issuer.register.update_batch(self.kept)

    # -- telling ---------------------------------------------------------------------------

    def _step(
        self,
        phase: str,
        *,
        entry: RegisterEntry | None = None,
        reasons: tuple[str, ...] = (),
        problems: tuple[Problem, ...] = (),
    ) -> Step:
        return Step(phase, self.done, self.total, entry=entry, reasons=reasons, problems=problems)

    def _stopped(self, phase: str, *problems: Problem) -> Step:
        return self._step(phase, problems=problems)


def _problem(error: IiesError, row: int | None = None, serial: str = "") -> Problem:
    params = {**error.params, "serial": serial} if serial else error.params
    return Problem("", error.code, params, row)
