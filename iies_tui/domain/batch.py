"""A batch under way: what was ordered, and how far it is.

Its rows are kept in the register, sealed like all records. How far it is, is not written anywhere
else: the register's cards say which row they are of, so no counter can disagree with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAX_ONE_PDF = 2000
"""Cards in one PDF: as many pages as a verifier reads of one file."""


class BatchState(StrEnum):
    """OPEN: begun and not all issued. DONE: every row has its card, and all was delivered.

    GIVEN_UP: the clerk wants no more of its cards; what is issued stands. The same file, given
    again, takes it up where it was left.
    """

    OPEN = "OPEN"
    DONE = "DONE"
    GIVEN_UP = "GIVEN_UP"


class Repeated(StrEnum):
    """What is done with rows whose vehicle has a card for the same policy and dates already.

    ASK: they are problems, until somebody has said which. SKIP: they get no other card. ISSUE:
    they get another one.
    """

    ASK = "ask"
    SKIP = "skip"
    ISSUE = "issue"


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """How the cards leave. ``folder`` is an absolute directory; ``queue`` a printer's, or empty.

    ``one_pdf``: one file of all cards, made when the last is issued, instead of one a vehicle.
    ``fax_sheet`` and ``tiff``: with their fax sheets, which nobody gets unasked. ``anyway``: print
    though the printer says that it is not ready.
    """

    folder: str
    queue: str = ""
    one_pdf: bool = False
    fax_sheet: bool = False
    tiff: bool = False
    repeated: Repeated = Repeated.ASK
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class KeptBatch:
    """A batch as the register keeps it. ``number`` counts this issuer's batches from 1.

    ``digest`` is ``batch_file.Batch.digest``; ``rows`` how many it has; ``skipped`` the numbers of
    rows that get no card; ``begun`` aware UTC, whole seconds.
    """

    number: int
    digest: str
    rows: int
    order: BatchOrder
    state: BatchState
    begun: datetime
    skipped: tuple[int, ...] = ()


def binding(digest: str, row: int) -> str:
    """What a card's register entry bears of its batch: no two cards bear the same."""
    return f"{digest}:{row}"


def row_of(binding: str) -> int:
    """The row's number in a ``binding``."""
    return int(binding.rpartition(":")[2])
