"""Review: names, company, VIN and dates large, and the card as it will print."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.session import protocol
from iies_tui.text import words
from iies_tui.tui.keyboard.commands import (
    BACK,
    HELP,
    ISSUE,
    NEXT_CARD,
    PREVIOUS_CARD,
    SIGN_OFF,
    Command,
    bindings,
)
from iies_tui.tui.page import Facts, Page, Scroll
from iies_tui.tui.widgets.card_face import draw_card, shown
from iies_tui.tui.widgets.lines import KeysLine, Line
from iies_tui.tui.words.wording import note

if TYPE_CHECKING:
    from iies_tui.tui.signed_on import SignedOnContext


MAX_NOTES = 6
_WRITTEN = frozenset({"blanks_removed", "signs_removed", "suffix_written"})
"""Notes that tell only how something typed is written: the card shows it as well."""
_IN_SIGHT = 3
"""Lines of notes under the card at 80x24."""


_VEHICLE = re.compile(r"vehicles\[([0-9]+)\]")


class ReviewScreen(Page[bool]):
    """True: issue it. One card at a time is shown; all of them are issued."""

    topic = "review"
    helps = False
    commands: ClassVar[tuple[Command, ...]] = (HELP, ISSUE, NEXT_CARD, SIGN_OFF, BACK)
    BINDINGS: ClassVar[list[BindingType]] = bindings(ISSUE, NEXT_CARD, PREVIOUS_CARD, BACK)

    def __init__(
        self,
        signed_on: SignedOnContext,
        checked: protocol.Checked,
    ) -> None:
        super().__init__(signed_on.standing)
        self._signed_on = signed_on
        self._cards = checked.faces
        self._notes = checked.notes
        self._facts = more_of(checked)
        self._at = 0

    def body(self) -> Iterable[Widget]:
        yield Line("", id="review-title", classes="title")
        with Scroll(classes="review"):
            yield Facts(id="large")
            yield Line("", id="card")
            yield Line("", id="review-notes")
        yield Line(words(f"review.mode_{self._signed_on.signed.mode}"), id="review-mode")

    async def on_mount(self) -> None:
        await self._show()

    def _keys(self) -> tuple[Command, ...]:
        """Only ways that lead to a card."""
        before = (PREVIOUS_CARD,) if self._at > 0 else ()
        after = (NEXT_CARD,) if self._at < len(self._cards) - 1 else ()
        return (HELP, ISSUE, *before, *after, SIGN_OFF, BACK)

    async def _show(self) -> None:
        card = self._cards[self._at]
        count = len(self._cards)
        title = words("review.title_many", number=self._at + 1, count=count)
        title = title if count > 1 else words("review.title")
        notes = self._told()
        if len(notes) > _IN_SIGHT:
            title += words("review.more_notes", count=len(notes))
        self.query_one("#review-title", Line).update(title)
        self.query_one("#review-notes", Line).update("\n".join(f"* {one}" for one in notes))
        self.query_one(KeysLine).show(self._keys())
        rows = [(words("review.name"), spaced(name)) for name in card.names]
        rows.append((words("review.company"), f"{card.icc}  {card.insurer}"))
        if len(card.vehicle) > 1:
            year, make, vin = card.vehicle
            rows.append((words("review.vin"), f"{spaced(vin)}   {year} {make}"))
        else:
            rows.append((words("review.vehicle"), spaced(card.vehicle[0])))
        dates = words(
            "review.dates", effective=shown(card.effective), expiration=shown(card.expiration)
        )
        rows += [(words("review.term"), dates), *self._facts]
        await self.query_one("#large", Facts).show(rows)
        self.query_one("#card", Line).update(draw_card(card, self._signed_on.signed))

    def _told(self) -> list[str]:
        """Of this card: what may be wrong first, then what was only written in another way; and
        which other cards have notes of their own.
        """
        own = [item for item in self._notes if _card_of(item) in (None, self._at)]
        notes = [note(item) for item in sorted(own, key=lambda item: item.code in _WRITTEN)]
        others = {at + 1 for at in map(_card_of, self._notes) if at is not None and at != self._at}
        told = notes[:MAX_NOTES]
        if others:
            *most, last = map(str, sorted(others))
            cards = words("review.and", most=", ".join(most), last=last) if most else last
            told.insert(0, words("review.notes_elsewhere", cards=cards, count=len(others)))
        return told

    async def action_next_card(self) -> None:
        self._at = min(self._at + 1, len(self._cards) - 1)
        await self._show()

    async def action_previous_card(self) -> None:
        self._at = max(self._at - 1, 0)
        await self._show()

    def action_issue(self) -> None:
        self.dismiss(True)

    def action_back(self) -> None:
        self.dismiss(False)


def _card_of(item: protocol.ProblemInfo) -> int | None:
    """The card, from 0, whose vehicle a note is about; None: it is about all."""
    found = _VEHICLE.match(item.field)
    return int(found[1]) if found else None


def spaced(text: str) -> str:
    """``D O E   J O H N``: large on a screen that has one size, where it fits."""
    wide = " ".join(text)
    return wide if len(wide) <= 62 else text


def more_of(checked: protocol.Checked) -> list[tuple[str, str]]:
    """What the bar code or a rule needs and the card's face does not show: FEIN, fleet."""
    rows: list[tuple[str, str]] = []
    if fein := checked.fein:
        rows.append((words("review.fein"), f"{fein[:2]}-{fein[2:]}"))
    if fleet := checked.fleet:
        key = "review.fleet_hire" if fleet.for_hire else "review.fleet_of"
        rows.append((words("review.fleet"), words(key, count=fleet.vehicles)))
    return rows
