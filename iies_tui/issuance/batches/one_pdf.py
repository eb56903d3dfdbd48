"""One PDF of all cards of a batch: drawn anew, read back from its exact bytes, saved whole.

Everything is done in small parts, so that whoever waits can see how far it is and stop it; what is
stopped leaves no file, and the next time begins from the start.
"""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from iies_tui.domain.card import SealedCard
from iies_tui.domain.errors import MachineFailed
from iies_tui.domain.trail import Event
from iies_tui.issuance.cards.issue import READ_BACK_DPI
from iies_tui.issuance.delivery.save import SaveCard
from iies_tui.issuance.keys.sign_on import SignedOnIssuer
from iies_tui.issuance.ports.barcode import SymbolReader
from iies_tui.issuance.ports.paper import Document, Paper
from iies_tui.issuance.ports.records import Trail

AT_ONCE = 4
"""Pages that are read back in one part."""

_WAIT = 0.25
"""Seconds between two looks at a file that is being finished."""


@dataclass(frozen=True, slots=True)
class Part:
    """How far it is: ``done`` of ``total`` parts; ``path`` where a file was just saved."""

    done: int
    total: int
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class OnePdf:
    """Makes one file of many cards."""

    paper: Paper
    reader: SymbolReader
    save: SaveCard
    trail: Trail

    def __call__(
        self,
        issuer: SignedOnIssuer,
        cards: Sequence[SealedCard],
        number: int,
        target: Path,
        *,
        fax: bool,
    ) -> Iterator[Part]:
        """Make ``target`` part by part; it is there, whole, once the last part is told.

        ``number`` is the batch's, for the trail and the title. Raise MachineFailed
        ``read_back_failed``, or what the folder says.
        """
        # Drawing is a half of it, reading back the other.
        done, total = 0, 2 * len(cards) + 1
        # The first and the last: two thousand serials are no title.
        title = f"{cards[0].serial} - {cards[-1].serial}"
        stack = self.paper.stack(title, fax=fax)
        for card in cards:
            stack.add(card)
            done += 1
            yield Part(done, total)
        document: list[Document] = []
        for _ in _beside(lambda: document.append(stack.finish())):
            yield Part(done, total)
        (whole,) = document
        for pages in self._read_back(whole, cards):
            done += pages
            yield Part(done, total)
        self.trail.append(
            Event.BATCH,
            issuer.license,
            {
                "act": "saved",
                "batch": number,
                "cards": len(cards),
                "pdf": hashlib.sha256(whole.pdf).digest(),
            },
            issuer.clerk,
        )
        path = self.save.folder.save(target.parent, target.name, whole.pdf)
        yield Part(total, total, path)

    def _read_back(self, document: Document, cards: Sequence[SealedCard]) -> Iterator[int]:
        """Each symbol says what its page's card says; how many cards, part by part.

        A card has one page with symbols, and may have another behind it without any.
        """
        pages = dict.fromkeys(box.page for box in document.symbols)
        card_on = dict(zip(pages, cards, strict=True))
        for _, found in groupby(document.symbols, lambda box: box.page // AT_ONCE):
            boxes = tuple(found)
            part = dataclasses.replace(document, symbols=boxes)
            wanted = tuple(card_on[box.page].digits for box in boxes)
            for dpi in READ_BACK_DPI:
                if self.reader.read_back(part, dpi) != wanted:
                    raise MachineFailed("read_back_failed", dpi=dpi)
            yield len({box.page for box in boxes})


def _beside(work: Callable[[], None]) -> Iterator[None]:
    """Do it in a thread of its own, and come up for air; its error is raised here."""
    failed: list[Exception] = []

    def run() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 (handed over to the thread that waits)
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_WAIT)
        yield
    if failed:
        raise failed[0]
