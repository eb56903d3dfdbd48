"""Batches of whoever is signed on: a file looked at, begun, gone on with, given up.

No row gets two cards, whatever dies in between: each card's register entry bears its batch and row,
the register takes no second one of them, and a card that a crash left unsealed gives its row free
at the next sign-on, when it becomes VOID (docs/adr/0060-batches.md).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from iies_tui.domain.batch import (
    MAX_ONE_PDF,
    BatchOrder,
    BatchState,
    KeptBatch,
    Repeated,
    row_of,
)
from iies_tui.domain.batch_file import Batch, dump, load
from iies_tui.domain.delivery import State
from iies_tui.domain.errors import Refused
from iies_tui.domain.request_csv import check
from iies_tui.domain.saved_files import batch_folder
from iies_tui.domain.trail import Event
from iies_tui.issuance.batches.check import BatchCheck
from iies_tui.issuance.batches.run import BatchPorts, BatchRun
from iies_tui.issuance.delivery.hand_out import Order, ToFolder, ToPrinter
from iies_tui.issuance.keys.sign_on import SignedOnIssuer


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a batch stands: how many of its cards are made, printed only, in doubt."""

    kept: KeptBatch
    done: int
    printed: int
    doubtful: int

    @property
    def is_open(self) -> bool:
        """True where rows are left, or cards are printed and in no customer's hand."""
        return self.kept.state is BatchState.OPEN or bool(self.printed)


@dataclass(frozen=True, slots=True)
class Batches:
    """The use cases of a batch."""

    ports: BatchPorts

    def look(self, issuer: SignedOnIssuer, batch: Batch) -> BatchCheck:
        """Begin to check a file's rows: those that have no card yet."""
        kept = issuer.register.batch(batch.digest)
        passed = set(kept.skipped) if kept else set()
        passed |= {row_of(entry.batch) for entry in issuer.register.of_batch(batch.digest)}
        done = frozenset(row.number for row in batch.rows) & passed
        rows = check(batch, lambda data: self.ports.issue.check(issuer, data), done)
        return BatchCheck(batch, rows, kept, before=len(done))

    def look_kept(self, issuer: SignedOnIssuer, digest: str) -> BatchCheck:
        """The same of a batch in the register. Refused ``no_such_batch``."""
        self._kept(issuer, digest)
        return self.look(issuer, load(issuer.register.batch_rows(digest)))

    def begin(self, issuer: SignedOnIssuer, checked: BatchCheck, order: BatchOrder) -> BatchRun:
        """Begin a batch that was checked whole, or go on with it.

        Raise Refused ``batch_not_checked``; ``batch_refused`` with the problems; ``batch_one_pdf``
        where one PDF would have too many pages, ``batch_tiff``, ``batch_fax_queue``, and what a
        printer's queue or a folder says. Nothing is issued then.
        """
        if not checked.whole:
            raise Refused("batch_not_checked")
        problems = list(checked.problems)
        if order.repeated is Repeated.ASK:
            problems += checked.repeated
        if problems:
            raise Refused("batch_refused", tuple(problems))
        rows = len(checked.batch.rows)
        if order.one_pdf and rows > MAX_ONE_PDF:
            raise Refused("batch_one_pdf", count=rows, limit=MAX_ONE_PDF)
        if order.one_pdf and order.tiff:
            raise Refused("batch_tiff")
        self._check_ways(order)
        kept = self._keep(issuer, checked, order)
        return BatchRun(self.ports, issuer, checked.batch, kept)

    def give_up(self, issuer: SignedOnIssuer, digest: str) -> BatchRun:
        """No more rows are issued; the run delivers what is sealed. Refused ``no_such_batch``."""
        kept = self._kept(issuer, digest)
        self._check_ways(kept.order)
        batch = load(issuer.register.batch_rows(digest))
        return BatchRun(self.ports, issuer, batch, kept, end=BatchState.GIVEN_UP)

    def hand_over(self, issuer: SignedOnIssuer, digest: str, seconds: float) -> int:
        """The clerk has the paper of all that is out. Told for so long; how many are left."""
        entries = [
            entry for entry in issuer.register.of_batch(digest) if entry.state is State.COMPLETED
        ]
        clock, left = self.ports.clock, len(entries)
        end = clock.boot() + seconds
        for entry in entries:
            self.ports.deliver.hand_over(issuer, entry.card.serial)
            left -= 1
            if clock.boot() >= end:
                break
        return left

    def folder(self, issuer: SignedOnIssuer, checked: BatchCheck, documents: Path) -> str:
        """The folder it has, or a new one in ``documents``: thousands of files need their own."""
        if checked.kept is not None:
            return checked.kept.order.folder
        latest = issuer.register.batches(tuple(BatchState), 1)
        return str(documents / batch_folder(latest[0].number + 1 if latest else 1))

    def listed(self, issuer: SignedOnIssuer, limit: int) -> list[Standing]:
        """The newest batches of the register."""
        kept = issuer.register.batches(tuple(BatchState), limit)
        return [self._standing(issuer, one) for one in kept]

    def standing(self, issuer: SignedOnIssuer, digest: str) -> Standing:
        """Where a batch stands. Refused ``no_such_batch``."""
        return self._standing(issuer, self._kept(issuer, digest))

    def _standing(self, issuer: SignedOnIssuer, kept: KeptBatch) -> Standing:
        states = issuer.register.batch_states(kept.digest)
        return Standing(
            kept,
            done=sum(states.values()),
            printed=states.get(State.COMPLETED, 0),
            doubtful=states.get(State.UNKNOWN, 0) + states.get(State.BLOCKED, 0),
        )

    def _check_ways(self, order: BatchOrder) -> None:
        """Refuse an impossible delivery before any card is sealed."""
        printer = None
        if order.queue:
            # No number: two thousand faxes are nobody's wish.
            queues = self.ports.deliver.printer.queues()
            if any(one.fax for one in queues if one.name == order.queue):
                raise Refused("batch_fax_queue", queue=order.queue)
            printer = ToPrinter(order.queue, anyway=order.anyway)
        self.ports.hand_out.check(Order(ToFolder(Path(order.folder)), printer))

    def _keep(self, issuer: SignedOnIssuer, checked: BatchCheck, order: BatchOrder) -> KeptBatch:
        register, known = issuer.register, checked.kept
        skipped = {one.row or 0 for one in checked.repeated if order.repeated is Repeated.SKIP}
        if known is None:
            kept = KeptBatch(
                number=0,
                digest=checked.batch.digest,
                rows=len(checked.batch.rows),
                order=order,
                state=BatchState.OPEN,
                begun=self.ports.clock.now(),
                skipped=tuple(sorted(skipped)),
            )
            kept = register.keep_batch(kept, dump(checked.batch))
        else:
            kept = dataclasses.replace(
                known,
                order=order,
                state=BatchState.OPEN,
                skipped=tuple(sorted(skipped | set(known.skipped))),
            )
            register.update_batch(kept)
        self.ports.trail.append(
            Event.BATCH,
            issuer.license,
            {
                "act": "begun" if known is None else "resumed",
                "batch": kept.number,
                "rows": kept.rows,
                "done": checked.before,
            },
            issuer.clerk,
        )
        return kept

    def _kept(self, issuer: SignedOnIssuer, digest: str) -> KeptBatch:
        kept = issuer.register.batch(digest)
        if kept is None:
            raise Refused("no_such_batch")
        return kept
