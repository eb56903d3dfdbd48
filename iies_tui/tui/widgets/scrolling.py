"""Scroll bars in whole cells: the eighths of a block are no glyphs of the console font."""

from __future__ import annotations

from typing import ClassVar

from textual.containers import VerticalScroll
from textual.scrollbar import ScrollBarRender
from textual.widget import Widget


class WholeCells(ScrollBarRender):
    """A scroll bar whose ends are whole cells in its color."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


class Scroll(VerticalScroll):
    """Scrolls what does not fit; takes no focus of its own."""

    def __init__(self, *children: Widget, id: str | None = None, classes: str = "") -> None:
        super().__init__(*children, id=id, classes=classes, can_focus=False)
        self.vertical_scrollbar.renderer = WholeCells  # type: ignore[misc]
