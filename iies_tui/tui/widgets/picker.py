"""Lists to pick from: rows are data, never markup, and the one under the bar is also marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from iies_tui.tui.widgets.scrolling import WholeCells

_MARK = ">"


@dataclass(frozen=True, slots=True)
class Row:
    """``id`` is what picking it gives; one that cannot be picked is shown and passed over."""

    id: str
    text: str
    pickable: bool = True


class Rows(OptionList):
    """A bar of color says nothing on a terminal without any: the mark does."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, markup=False, compact=True)
        self.vertical_scrollbar.renderer = WholeCells  # type: ignore[misc]
        self._rows: list[Row] = []
        self._marked: int | None = None

    @property
    def chosen(self) -> str | None:
        at = self.highlighted
        return None if at is None else self.get_option_at_index(at).id

    def fill(self, rows: Iterable[Row], at: int = 0) -> None:
        """Show these, with the bar on the first that can be picked from ``at`` on."""
        self._marked, self._rows = None, []
        self.clear_options()
        self._rows = list(rows)
        self.add_options(
            Option(Content(f" {row.text}"), id=row.id, disabled=not row.pickable)
            for row in self._rows
        )
        can = [number for number, row in enumerate(self._rows) if row.pickable]
        if can:
            self.highlighted = next((number for number in can if number >= at), can[-1])

    def watch_highlighted(self, highlighted: int | None) -> None:
        super().watch_highlighted(highlighted)
        for number, mark in ((self._marked, " "), (highlighted, _MARK)):
            if number is not None and number < len(self._rows):
                content = Content(f"{mark}{self._rows[number].text}")
                self.replace_option_prompt_at_index(number, content)
        self._marked = highlighted


class Picker(Rows, can_focus=False):
    """Moved with the arrows while another field has the focus."""
