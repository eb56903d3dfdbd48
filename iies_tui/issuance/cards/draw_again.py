"""A card of the register drawn anew: the same bytes as the first time, or none.

What was drawn is read back as at the issue, so that what cannot be read is not printed, and then
compared with the hash that the register and the trail have of it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from iies_tui.domain.errors import Refused
from iies_tui.issuance.cards.issue import read_back
from iies_tui.issuance.ports.barcode import SymbolReader
from iies_tui.issuance.ports.paper import Document, Paper
from iies_tui.issuance.ports.records import RegisterEntry


@dataclass(frozen=True, slots=True)
class DrawAgain:
    paper: Paper
    reader: SymbolReader

    def page(self, entry: RegisterEntry) -> bytes:
        """The card page's PDF.

        Raise Refused ``pdf_differs``, MachineFailed ``read_back_failed``.
        """
        return self._checked(entry, self.paper.card_page([entry.card]), entry.pdf_hash)

    def fax(self, entry: RegisterEntry) -> bytes:
        """The fax sheet's PDF; errors as for ``page``. The issue may not have drawn one."""
        return self._checked(entry, self.paper.fax_sheet(entry.card), entry.fax_hash)

    def covered_fax(self, entry: RegisterEntry, number: str) -> bytes:
        """The fax sheet behind a cover page to ``number``, read back from these very bytes.

        No hash of it is known before; MachineFailed ``read_back_failed``.
        """
        document = self.paper.fax_sheet(entry.card, number)
        read_back(self.reader, entry.card, document)
        return document.pdf

    def _checked(self, entry: RegisterEntry, document: Document, known: bytes) -> bytes:
        read_back(self.reader, entry.card, document)
        if known and hashlib.sha256(document.pdf).digest() != known:
            raise Refused("pdf_differs", serial=entry.card.serial)
        return document.pdf
