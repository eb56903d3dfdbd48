"""A batch: its file read, checked, begun; one step at a time, so that it stops wherever it is told
to by not being asked for the next."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from iies_tui.session.protocol.answers import ProblemInfo
from iies_tui.session.protocol.cards import CardInfo
from iies_tui.session.protocol.frames import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchInfo:
    """A batch of the register. ``state`` is a ``domain.batch.BatchState``; ``begun`` ISO, UTC.

    ``done`` of ``rows`` have their card, ``skipped`` get none; of the cards ``printed`` are out and
    in nobody's hand yet, of ``doubtful`` it is not known.
    """

    number: int
    digest: str
    rows: int
    done: int
    skipped: int
    state: str
    begun: str
    folder: str
    queue: str
    one_pdf: bool
    fax_sheet: bool
    printed: int
    doubtful: int


@dataclass(frozen=True, slots=True)
class ReadBatch(Request["BatchFound"]):
    """A CSV file's absolute ``path``, or the ``digest`` of a batch in the register.

    It is the session's batch until another is read. Reply ``BatchFound``; Failed ``csv_…`` with
    the heading's problems, ``cannot_read``, ``not_a_plain_file``, ``no_such_batch``.
    """

    path: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFound:
    """``rows`` in the file, ``before`` of them dealt with; ``known`` where it was begun before."""

    digest: str
    rows: int
    before: int
    known: BatchInfo | None


@dataclass(frozen=True, slots=True)
class CheckBatch(Request["BatchChecked"]):
    """Check some rows more of the batch that was read."""


@dataclass(frozen=True, slots=True)
class NoteInfo:
    """A note that ``count`` rows have; the first is told."""

    note: ProblemInfo
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchChecked:
    """``looked`` of ``total`` rows are checked, all of them where ``whole``.

    ``problems`` and ``repeated`` (rows that have a card already) are those of this step; ``field``
    in them is a column's name. ``wrong_rows`` and ``notes`` are of all rows so far.
    """

    looked: int
    total: int
    whole: bool
    problems: list[ProblemInfo]
    repeated: list[ProblemInfo]
    wrong_rows: int
    notes: list[NoteInfo]


@dataclass(frozen=True, slots=True)
class SaveProblems(Request["ProblemsSaved"]):
    """The clerk's own rows with the column of problems.

    ``path`` is absolute and must not be there yet; empty: beside the file that was read, or in the
    terminal's folder where that cannot be written. ``repeated``: rows that have a card already are
    problems too.
    """

    path: str = ""
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class ProblemsSaved:
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginBatch(Request["BatchBegun"]):
    """Begin the batch that was read and checked, or go on with it.

    ``folder`` is an absolute directory, or empty for one of its own in the terminal's folder.
    ``repeated`` is a ``domain.batch.Repeated``; ``fax_sheet``, ``tiff``, ``anyway`` as for
    ``Issue``. Failed ``batch_refused`` with problems, ``printer_not_ready``, ``batch_…``.
    """

    folder: str = ""
    queue: str = ""
    one_pdf: bool = False
    fax_sheet: bool = False
    tiff: bool = False
    repeated: str = "ask"
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class GiveUpBatch(Request["BatchBegun"]):
    """No more rows of it; steps deliver what is sealed."""

    digest: str


@dataclass(frozen=True, slots=True)
class BatchBegun:
    batch: BatchInfo


@dataclass(frozen=True, slots=True)
class StepBatch(Request["BatchStepped"]):
    """One card more of the batch that was begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchStepped:
    """``phase`` is ``issuing``, ``paper`` (waiting for the printer, for ``reasons``), ``binding``
    (``part`` of ``parts`` of the one PDF) or ``done``.

    ``card`` was sealed or delivered in this step, for row ``row``; ``path`` is a whole file that
    was saved; ``problems`` are why it went no further.
    """

    phase: str
    done: int
    total: int
    card: CardInfo | None = None
    row: int = 0
    part: int = 0
    parts: int = 0
    path: str = ""
    reasons: list[str] = dataclasses.field(default_factory=list)
    problems: list[ProblemInfo] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ListBatches(Request["BatchList"]):
    """Newest first; ``open_only``: begun and not finished, or printed and in nobody's hand."""

    open_only: bool = False


@dataclass(frozen=True, slots=True)
class BatchList:
    batches: list[BatchInfo]


@dataclass(frozen=True, slots=True)
class HandOverBatch(Request["BatchHanded"]):
    """The clerk has the paper of all of its cards that are out: some of them a time.

    Reply ``BatchHanded``; ask again until none is left.
    """

    digest: str


@dataclass(frozen=True, slots=True)
class BatchHanded:
    left: int
    batch: BatchInfo


@dataclass(frozen=True, slots=True)
class BatchCards(Request["BatchCardList"]):
    """Cards of a batch, oldest first."""

    digest: str
    start: int = 0
    limit: int = 500


@dataclass(frozen=True, slots=True)
class BatchCardList:
    """``rows``: the row of each card."""

    cards: list[CardInfo]
    rows: list[int]
