"""Help: F1 on every screen. Pages to turn; letters search all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget

from iies_tui.text import words
from iies_tui.tui.keyboard.commands import Command, bindings
from iies_tui.tui.page import Scroll
from iies_tui.tui.widgets.lines import KeysLine, Line
from iies_tui.tui.widgets.picker import Picker, Row
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.words.help_pages import TOPICS, Hit, content, pages, search

_FIND = Command("find_help", "", "", "A-Z")
_PAGES = Command("pages", "right", "turn(1)", "Left Right")
_SCROLL = Command("scroll", "down", "move(1)", "Up Down")
_OPEN = Command("open", "enter", "open", "Enter")
_CLOSE = Command("close", "escape,f1", "close", "Esc")
_BACK = Command("back", "escape", "close", "Esc")
_WIDEST, _AROUND = 100, 30
"""Cells of the box, and of what stands beside a hit's line: frame, bar, its page's title."""


class HelpScreen(ModalScreen[None]):
    """One page a topic. Typing searches: hits in place of the page, Enter opens one of them."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(_PAGES, _SCROLL, _OPEN, _CLOSE),
        Binding("left", "turn(-1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(14)", show=False, priority=True),
        Binding("pageup", "move(-14)", show=False, priority=True),
        Binding("home", "move(-10000)", show=False, priority=True),
        Binding("end", "move(10000)", show=False, priority=True),
    ]

    def __init__(self, topic: str) -> None:
        super().__init__()
        self._at = TOPICS.index(topic) if topic in TOPICS else 0
        self._hits: list[Hit] = []
        self._listing = False
        self._marked = ""

    def compose(self) -> ComposeResult:
        """Title, search, the page or the hits, keys."""
        with Vertical(classes="help"):
            yield Line("", id="help-title", classes="dialog-title")
            yield TextField(words("help.find"), id="help-find", max_length=40, width=40)
            yield Scroll(id="help-scroll")
            yield Picker(id="help-hits")
            yield KeysLine((_FIND, _PAGES, _SCROLL, _CLOSE))

    async def on_mount(self) -> None:
        self.query_one("#help-find", TextField).enter()
        await self._show_page()

    # -- a page ---------------------------------------------------------------------------

    async def _show_page(self, block: int | None = None) -> None:
        """Page ``_at``; ``block`` is scrolled to."""
        page = pages()[self._at]
        self._listing = False
        self.query_one("#help-hits").display = False
        scroll = self.query_one("#help-scroll", Scroll)
        scroll.display = True
        title = words("help.title", title=page.title, number=self._at + 1, count=len(TOPICS))
        self.query_one("#help-title", Line).update(title)
        drawn, _ = content(page, self._marked)
        await scroll.remove_children()
        lines: list[Widget] = [Line(text, classes="help-block") for text in drawn]
        await scroll.mount_all(lines)
        scroll.scroll_home(animate=False)
        if block is not None and block < len(lines):
            self.call_after_refresh(scroll.scroll_to_widget, lines[block], animate=False, top=True)
        self.query_one(KeysLine).show((_FIND, _PAGES, _SCROLL, _CLOSE))

    async def action_turn(self, by: int) -> None:
        """Another page; in a word that is being typed, the arrows move in it."""
        if self._listing:
            entry = self.query_one("#help-find", TextField).target
            move = getattr(entry, f"action_cursor_{'right' if by > 0 else 'left'}")
            move()
            return
        self._at = (self._at + by) % len(TOPICS)
        await self._show_page()

    def action_move(self, by: int) -> None:
        """Lines of the page, or the bar over the hits."""
        if not self._listing:
            self.query_one("#help-scroll", Scroll).scroll_relative(y=by, animate=False)
            return
        picker = self.query_one(Picker)
        if self._hits:
            at = (picker.highlighted or 0) + by
            picker.highlighted = max(0, min(at, len(self._hits) - 1))

    # -- the search -----------------------------------------------------------------------

    @on(Field.Changed, "#help-find")
    async def _typed(self) -> None:
        typed = self.query_one("#help-find", TextField).value.strip()
        self._marked = typed
        if not typed:
            await self._show_page()
            return
        self._hits = search(typed)
        self._listing = True
        self.query_one("#help-scroll").display = False
        picker = self.query_one(Picker)
        picker.display = True
        picker.fill(self._rows())
        count = len(self._hits)
        found = words("help.found" if count else "help.found_none", count=count)
        self.query_one("#help-title", Line).update(found)
        keys = (_OPEN, _SCROLL, _BACK) if count else (_BACK,)
        self.query_one(KeysLine).show(keys)

    def _rows(self) -> Iterable[Row]:
        room = max(20, min(self.size.width, _WIDEST) - _AROUND)
        for number, hit in enumerate(self._hits):
            title = pages()[hit.page].title
            yield Row(str(number), f"{title[:18]:<18}  {hit.line[:room]}")

    async def action_open(self) -> None:
        """The page of the hit under the bar, scrolled to it; on a page, nothing."""
        chosen = self.query_one(Picker).chosen if self._listing else None
        if chosen is not None:
            hit = self._hits[int(chosen)]
            self._at = hit.page
            await self._show_page(hit.block)

    async def action_close(self) -> None:
        """Out of the search, else back to the work."""
        field = self.query_one("#help-find", TextField)
        if self._listing:
            field.value = ""  # which shows the page again
        else:
            self.dismiss(None)

    def on_paste(self, event: events.Paste) -> None:
        """Nothing here but the field takes a paste."""
        event.stop()
