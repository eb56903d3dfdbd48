"""``iies-tui issue FLEET.csv``: a batch without a screen.

The same file given again goes on where it was left, by whatever: the register knows which rows have
their card. Rows that are wrong come back in a file beside it, to be corrected and given again.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from iies_tui import bootstrap
from iies_tui.cli.asking import ask, raised
from iies_tui.cli.cards import PRINT_WAIT, card_json, say_card, signing_on
from iies_tui.cli.secrets import read_secret
from iies_tui.cli.speech import answer, errors_json, message, problem_json, problem_line, say, tell
from iies_tui.domain.batch import BatchState, Repeated
from iies_tui.domain.errors import IiesError, Problem, Refused
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed, SessionClient
from iies_tui.session.fault_lines import fault_lines
from iies_tui.text import words

PAPER_EVERY = 0.5
"""Seconds between two looks at the printer."""


@dataclass(slots=True)
class _Outcome:
    """What there is to tell. ``before`` rows had their card already; ``files``: the one PDF.

    ``nothing_new``: it was finished before, and nothing was written this time.
    """

    batch: protocol.BatchInfo | None = None
    before: int = 0
    cards: list[tuple[int, protocol.CardInfo]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    nothing_new: bool = False
    refused: bool = False


def issue_batch(arguments: argparse.Namespace) -> int:
    """Check every row, then issue: 0 where all have their card and were delivered.

    1 where rows are wrong, and nothing was issued; 3 where something stopped it on the way.
    """
    pin = read_secret(arguments.pin_file)
    outcome = _Outcome()

    async def talk(client: SessionClient) -> None:
        await client.ask(signing_on(arguments), [pin])
        path = str(Path(arguments.request).absolute())
        found = await client.ask(protocol.ReadBatch(path))
        outcome.batch, outcome.before = found.known, found.before
        if found.known is None or found.known.state != BatchState.DONE.value:
            repeated = _repeated(arguments, going_on=found.known is not None)
            await _check(client, arguments, repeated)
            await _issue(client, arguments, outcome, repeated)
        else:
            outcome.nothing_new = True
        await _list(client, outcome, found.digest)

    try:
        ask(bootstrap.state_directory(arguments.state), talk)
    except _RowsWrong as wrong:
        return _refuse(arguments, wrong)
    except IiesError as error:
        if outcome.batch is None:
            raise
        # It has begun: its cards are told, whatever stopped the rest.
        outcome.errors.append(Problem("", error.code, error.params))
    _report(arguments, outcome)
    if not outcome.errors:
        return 0
    return 1 if outcome.refused else 3


class _RowsWrong(Exception):
    """Nothing is issued. ``path``: the file of problems, empty where it could not be saved."""

    def __init__(self, problems: list[Problem], path: str, unsaved: str) -> None:
        super().__init__(len(problems))
        self.problems, self.path, self.unsaved = problems, path, unsaved


async def _check(client: SessionClient, arguments: argparse.Namespace, repeat: Repeated) -> None:
    """Every row is right before the first card is issued, or _RowsWrong with all problems."""
    problems: list[Problem] = []
    repeated: list[Problem] = []
    checked = await client.ask(protocol.CheckBatch())
    while True:
        problems += map(_problem, checked.problems)
        repeated += map(_problem, checked.repeated)
        if checked.whole:
            break
        _progress("checking", checked.looked, checked.total)
        checked = await client.ask(protocol.CheckBatch())
    _progress_end()
    for one in checked.notes:
        note = problem_line(_problem(one.note), table="note")
        tell(words("cli.batch_note", count=one.count, note=note))
    asked = repeated if repeat is Repeated.ASK else []
    if not problems and not asked:
        return
    target = str(Path(arguments.problems).absolute()) if arguments.problems else ""
    path = unsaved = ""
    try:
        wanted = protocol.SaveProblems(target, repeated=bool(asked))
        path = (await client.ask(wanted)).path
    except RequestFailed as failed:
        error = raised(failed.failed)
        unsaved = message(error.code, error.params)
    raise _RowsWrong([*problems, *asked], path, unsaved)


def _repeated(arguments: argparse.Namespace, *, going_on: bool) -> Repeated:
    """What was said of rows that have a card; a batch that goes on issues nothing twice unasked."""
    if arguments.issue_again:
        return Repeated.ISSUE
    return Repeated.SKIP if arguments.skip_issued or going_on else Repeated.ASK


async def _issue(
    client: SessionClient,
    arguments: argparse.Namespace,
    outcome: _Outcome,
    repeated: Repeated,
) -> None:
    order = protocol.BeginBatch(
        folder=str(Path(arguments.out).absolute()) if arguments.out else "",
        queue=arguments.queue,
        one_pdf=arguments.one_pdf,
        fax_sheet=arguments.fax_sheet,
        tiff=arguments.tiff,
        repeated=repeated.value,
        anyway=arguments.anyway,
    )
    outcome.batch = (await client.ask(order)).batch
    if outcome.before:
        tell(words("cli.batch_resumed", number=outcome.batch.number, done=outcome.before))
    still_since = time.monotonic()
    while True:
        step = await client.ask(protocol.StepBatch())
        outcome.files += [step.path] if step.path else []
        outcome.errors += map(_problem, step.problems)
        outcome.refused = any(problem.row for problem in step.problems)
        _progress(step.phase, step.part or step.done, step.parts or step.total)
        if step.problems or step.phase == "done":
            break
        if step.phase != "paper":
            still_since = time.monotonic()
        elif time.monotonic() - still_since > PRINT_WAIT:
            params = {"reasons": " ".join(step.reasons)}
            outcome.errors.append(Problem("", "batch_paper", params))
            break
        else:
            await asyncio.sleep(PAPER_EVERY)
    _progress_end()


async def _list(client: SessionClient, outcome: _Outcome, digest: str) -> None:
    """Every card of the batch, whenever it was issued."""
    listed = await client.ask(protocol.ListBatches())
    outcome.batch = next((one for one in listed.batches if one.digest == digest), outcome.batch)
    while True:
        wanted = protocol.BatchCards(digest, len(outcome.cards))
        page = await client.ask(wanted)
        if not page.cards:
            return
        outcome.cards += zip(page.rows, page.cards, strict=True)


def _problem(info: protocol.ProblemInfo) -> Problem:
    return Problem(info.field, info.code, info.params, info.row)


def _refuse(arguments: argparse.Namespace, wrong: _RowsWrong) -> int:
    error = Refused("batch_refused", tuple(wrong.problems))
    if arguments.json:
        answer(
            {
                "cards": [],
                "problems_file": wrong.path or None,
                "errors": errors_json(wrong.problems, error),
            }
        )
    tell(f"iies-tui: {message(error.code, error.params)}")
    for line in fault_lines(wrong.problems):
        tell(f"  {line}")
    if wrong.path:
        tell(words("cli.batch_problems", path=wrong.path))
    elif wrong.unsaved:
        tell(words("cli.batch_problems_not", reason=wrong.unsaved))
    return 1


def _report(arguments: argparse.Namespace, outcome: _Outcome) -> None:
    batch = outcome.batch
    if arguments.json:
        cards = [{**card_json(card), "row": row} for row, card in outcome.cards]
        about = batch and {
            "number": batch.number,
            "state": batch.state,
            "rows": batch.rows,
            "issued_before": outcome.before - batch.skipped,
            "skipped": batch.skipped,
            "files": outcome.files,
        }
        errors = [problem_json(one) for one in outcome.errors]
        answer({"cards": cards, "batch": about, "errors": errors})
    else:
        for _, card in outcome.cards:
            say_card(card)
        for path in outcome.files:
            say(path)
    if batch is not None:
        key = "cli.batch_done" if batch.state == BatchState.DONE.value else "cli.batch_open"
        facts = {"number": batch.number, "done": batch.done, "rows": batch.rows - batch.skipped}
        tell(words(key, skipped=batch.skipped, **facts))
        if outcome.nothing_new:
            tell(words("cli.batch_nothing_new", folder=batch.folder))
    for error in outcome.errors:
        tell(problem_line(error))


def _progress(step: str, done: int, total: int) -> None:
    """One line that is written over, for a person alone."""
    if sys.stderr.isatty():
        phase = words(f"batch_phase.{step}")
        text = words("cli.batch_progress", step=phase, done=done, total=total)
        print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)


def _progress_end() -> None:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
