"""Pages and what they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from iies_tui.domain.card import SealedCard
from iies_tui.domain.drawing import Drawn


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page in points (1/72 in) from the lower left corner; page from 0."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Document:
    """Finished PDF bytes and where the symbols stand in them, for the read-back."""

    pdf: bytes
    symbols: tuple[Box, ...]
    title: str
    pages: int


class PageStack(Protocol):
    """A file that is being drawn page by page."""

    def add(self, card: SealedCard) -> None:
        """One page more. Refused as ``Paper.card_page``."""

    def finish(self) -> Document:
        """The whole file; nothing can be added afterwards."""


class Paper(Protocol):
    """Draws. The same card and program version give the same bytes."""

    def check(self, card: SealedCard) -> None:
        """Refused where a value cannot be printed whole; ``card.digits`` is not looked at."""

    def drawn(self, card: SealedCard) -> Drawn:
        """The digests of what the card's pages are drawn from; ``card.digits`` is not looked at."""

    def card_page(self, cards: Sequence[SealedCard]) -> Document:
        """Letter portrait, two identical parts a card; behind a card its page for the policyholder,
        where it has one.
        """

    def fax_sheet(self, card: SealedCard, cover_to: str = "") -> Document:
        """One Letter page: the card 3 in high, the large bar code, what DMV must be told.

        ``cover_to``: before it a cover page to that number.
        """

    def stack(self, title: str, *, fax: bool) -> PageStack:
        """One file of many cards, or of their fax sheets, drawn one at a time."""
