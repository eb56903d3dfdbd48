"""The bar code: sealed, drawn, found and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from iies_tui.domain.bundle import Recipient
from iies_tui.domain.card import CardFacts
from iies_tui.domain.envelope import Envelope, Stamp
from iies_tui.domain.face import Face
from iies_tui.domain.trail import Checkpoint, TrailRow
from iies_tui.issuance.ports.keys import IssuerKeys
from iies_tui.issuance.ports.paper import Document


class BarcodeProfile(Protocol):
    """A card's content as the symbol carries it (entry point ``iies_tui.barcode_profiles``)."""

    name: str

    def check_claims(self, facts: CardFacts) -> None:
        """Refused ``claims_too_long``, with the field to shorten, past ``MAX_CLAIMS`` bytes."""

    def seal(self, facts: CardFacts, stamp: Stamp, keys: IssuerKeys, to: Recipient) -> Envelope:
        """Encrypt, then sign. Refused ``claims_too_long`` past ``MAX_CLAIMS``."""

    def digits(self, envelope: Envelope) -> str: ...

    def read(self, digits: str) -> Envelope:
        """Parse one canonical encoding. Refused ``malformed.*`` with the layer otherwise."""

    def authentic(self, envelope: Envelope, public: bytes) -> bool: ...

    def open(self, envelope: Envelope, private: bytes) -> Mapping[str, object]:
        """The claims by their names, JSON-ready. Refused where they cannot be opened."""

    def sign_checkpoint(self, row: TrailRow, keys: IssuerKeys) -> Checkpoint: ...


@dataclass(frozen=True, slots=True)
class FoundPage:
    """What a file's page holds: symbols, and the faces its text layer states."""

    page: int
    symbols: tuple[str, ...]
    faces: tuple[tuple[Face, str], ...] = ()
    """(face, check code) pairs found in the text, empty for pictures."""


class SymbolReader(Protocol):
    """Reads symbols with code that shares nothing with the drawing."""

    def read_back(self, document: Document, dpi: int) -> tuple[str, ...]:
        """Rasterize each symbol's box of the exact PDF bytes in one bit; one text a box, or ''."""

    def pages(self, data: bytes) -> Iterator[FoundPage]:
        """Every page of a PDF, PNG, JPEG or TIFF, the ladder tried. Refused ``not_a_picture``."""
