"""Batches: one file at a time is read, checked and issued, step by step.

No step lasts long, so that other requests come in between and a sign-off or a cancel has nothing
to wait for.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from iies_tui.domain import new_york
from iies_tui.domain.batch import BatchOrder, Repeated, row_of
from iies_tui.domain.batch_file import MAX_BYTES, load
from iies_tui.domain.errors import Problem, Refused
from iies_tui.domain.request_csv import column_of, with_problems
from iies_tui.domain.saved_files import CARD_FILES
from iies_tui.issuance.batches.batches import Standing
from iies_tui.issuance.batches.check import BatchCheck
from iies_tui.issuance.batches.run import STEP_SECONDS, BatchRun, Step
from iies_tui.issuance.ports.records import RegisterEntry
from iies_tui.session import protocol, to_protocol
from iies_tui.session.handlers.state import SessionState, Table, read_file
from iies_tui.session.protocol.frames import Call
from iies_tui.text import words

LISTED = 100
"""Batches that a list shows."""


class BatchHandlers:
    def __init__(self, session: SessionState) -> None:
        self._session = session
        self._source: Path | None = None
        self._check: BatchCheck | None = None
        self._run: BatchRun | None = None

    def table(self) -> Table:
        return dict(
            [
                protocol.ReadBatch.by(self._read),
                protocol.CheckBatch.by(self._check_rows),
                protocol.SaveProblems.by(self._save_problems),
                protocol.BeginBatch.by(self._begin),
                protocol.GiveUpBatch.by(self._give_up),
                protocol.StepBatch.by(self._step),
                protocol.ListBatches.by(self._list),
                protocol.HandOverBatch.by(self._hand_over),
                protocol.BatchCards.by(self._cards),
            ]
        )

    # -- a file ----------------------------------------------------------------------------

    def _read(self, call: Call[protocol.ReadBatch]) -> protocol.BatchFound:
        issuer, batches = self._session.signed_on(), self._session.services.batches
        self._check = self._run = self._source = None
        if call.body.path:
            path = Path(call.body.path)
            check = batches.look(issuer, load(read_file(path, MAX_BYTES)))
            self._source = path
        else:
            check = batches.look_kept(issuer, call.body.digest)
        self._check = check
        known = self._standing(check.kept.digest) if check.kept else None
        return protocol.BatchFound(
            digest=check.batch.digest, rows=len(check.batch.rows), before=check.before, known=known
        )

    def _check_rows(self, call: Call[protocol.CheckBatch]) -> protocol.BatchChecked:
        self._session.signed_on()
        check = self._read_batch()
        before = len(check.problems), len(check.repeated)
        check.step(self._session.services.clock, STEP_SECONDS)
        notes = [protocol.NoteInfo(_info(one.first), one.count) for one in check.notes.values()]
        return protocol.BatchChecked(
            looked=check.looked,
            total=check.total,
            whole=check.whole,
            problems=[_info(one) for one in check.problems[before[0] :]],
            repeated=[_info(one) for one in check.repeated[before[1] :]],
            wrong_rows=check.wrong_rows,
            notes=notes,
        )

    def _save_problems(self, call: Call[protocol.SaveProblems]) -> protocol.ProblemsSaved:
        self._session.signed_on()
        check, body = self._read_batch(), call.body
        problems = [*check.problems, *(check.repeated if body.repeated else [])]
        data = with_problems(check.batch, problems, _say)
        target = Path(body.path) if body.path else None
        path = self._session.services.save_problems(data, self._source, target)
        return protocol.ProblemsSaved(str(path))

    def _standing(self, digest: str) -> protocol.BatchInfo:
        return batch_info(
            self._session.services.batches.standing(self._session.signed_on(), digest)
        )

    def _read_batch(self) -> BatchCheck:
        if self._check is None:
            raise Refused("batch_not_read")
        return self._check

    # -- its cards -------------------------------------------------------------------------

    def _begin(self, call: Call[protocol.BeginBatch]) -> protocol.BatchBegun:
        issuer, services, body = self._session.signed_on(), self._session.services, call.body
        check = self._read_batch()
        order = BatchOrder(
            folder=body.folder or services.batches.folder(issuer, check, services.terminal.folder),
            queue=body.queue,
            one_pdf=body.one_pdf,
            fax_sheet=body.fax_sheet,
            tiff=body.tiff,
            repeated=Repeated(body.repeated),
            anyway=body.anyway,
        )
        self._run = services.batches.begin(issuer, check, order)
        self._check = None
        return protocol.BatchBegun(self._standing(self._run.kept.digest))

    def _give_up(self, call: Call[protocol.GiveUpBatch]) -> protocol.BatchBegun:
        issuer = self._session.signed_on()
        self._run = self._session.services.batches.give_up(issuer, call.body.digest)
        return protocol.BatchBegun(self._standing(self._run.kept.digest))

    def _step(self, call: Call[protocol.StepBatch]) -> protocol.BatchStepped:
        self._session.signed_on()
        if self._run is None:
            raise Refused("batch_not_begun")
        step = self._run.step()
        if step.phase == "done":
            self._run = None
        return _stepped(step)

    def _list(self, call: Call[protocol.ListBatches]) -> protocol.BatchList:
        issuer = self._session.signed_on()
        if call.body.open_only:
            return protocol.BatchList(open_batches(self._session))
        listed = self._session.services.batches.listed(issuer, LISTED)
        return protocol.BatchList([batch_info(one) for one in listed])

    def _hand_over(self, call: Call[protocol.HandOverBatch]) -> protocol.BatchHanded:
        issuer, batches = self._session.signed_on(), self._session.services.batches
        left = batches.hand_over(issuer, call.body.digest, STEP_SECONDS)
        return protocol.BatchHanded(left, self._standing(call.body.digest))

    def _cards(self, call: Call[protocol.BatchCards]) -> protocol.BatchCardList:
        issuer, body = self._session.signed_on(), call.body
        batches = self._session.services.batches
        folder = Path(batches.standing(issuer, body.digest).kept.order.folder)
        found = issuer.register.of_batch(body.digest)[body.start : body.start + body.limit]
        return protocol.BatchCardList(
            [_card(entry, folder) for entry in found], [row_of(one.batch) for one in found]
        )


def open_batches(session: SessionState) -> list[protocol.BatchInfo]:
    """What is open from before: begun and not finished, or printed and in no customer's hand."""
    issuer = session.signed_on()
    listed = session.services.batches.listed(issuer, LISTED)
    return [batch_info(one) for one in listed if one.is_open]


def batch_info(one: Standing) -> protocol.BatchInfo:
    """A batch as it stands now."""
    kept = one.kept
    return protocol.BatchInfo(
        number=kept.number,
        digest=kept.digest,
        rows=kept.rows,
        done=one.done,
        skipped=len(kept.skipped),
        state=kept.state.value,
        begun=new_york.in_json(kept.begun),
        folder=kept.order.folder,
        queue=kept.order.queue,
        one_pdf=kept.order.one_pdf,
        fax_sheet=kept.order.fax_sheet,
        printed=one.printed,
        doubtful=one.doubtful,
    )


def _card(entry: RegisterEntry, folder: Path) -> protocol.CardInfo:
    """A card with the files of it that are in the batch's folder now."""
    paths = {ending: folder / f"{entry.card.serial}{ending}" for ending in CARD_FILES}
    return to_protocol.card(
        entry, saved={name: path for name, path in paths.items() if path.is_file()}
    )


def _stepped(step: Step) -> protocol.BatchStepped:
    entry, part = step.entry, step.part
    return protocol.BatchStepped(
        phase=step.phase,
        done=step.done,
        total=step.total,
        card=to_protocol.card(entry, saved=step.saved, trail_seq=step.trail_seq) if entry else None,
        row=row_of(entry.batch) if entry else 0,
        part=part.done if part else 0,
        parts=part.total if part else 0,
        path=str(part.path) if part and part.path else "",
        reasons=list(step.reasons),
        problems=[_info(one) for one in step.problems],
    )


def _info(one: Problem) -> protocol.ProblemInfo:
    return to_protocol.problem(dataclasses.replace(one, field=column_of(one.field)))


def _say(one: Problem) -> str:
    said = words(f"problem.{one.code}", **one.params)
    if "as_registered" not in one.params:
        return said
    return f"{said} {words('as_registered.in_file', **one.params)}"
