"""Help: F1 on every screen, pages of text, scrolled with the arrows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget

from iies_tui.text import read, words
from iies_tui.tui.commands import Command, bindings
from iies_tui.tui.screens.page import Scroll
from iies_tui.tui.widgets.lines import KeysLine, Line

TOPICS = (
    "first",
    "start",
    "setup",
    "insurance",
    "registrant",
    "vehicles",
    "issue",
    "review",
    "result",
    "register",
    "options",
    "verify",
)
_PAGES = Command("pages", "right", "turn(1)", "Left Right")
_SCROLL = Command("scroll", "down", "scroll(1)", "Up Down")
_CLOSE = Command("close", "escape,f1,enter", "close", "Esc")


class HelpScreen(ModalScreen[None]):
    """One page a topic; Left and Right turn the pages."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(_PAGES, _SCROLL, _CLOSE),
        Binding("left", "turn(-1)", show=False, priority=True),
        Binding("up", "scroll(-1)", show=False, priority=True),
        Binding("pagedown,space", "scroll(15)", show=False, priority=True),
        Binding("pageup", "scroll(-15)", show=False, priority=True),
        Binding("home", "scroll(-10000)", show=False, priority=True),
        Binding("end", "scroll(10000)", show=False, priority=True),
    ]

    def __init__(self, topic: str) -> None:
        super().__init__()
        self._at = TOPICS.index(topic) if topic in TOPICS else 0

    def compose(self) -> ComposeResult:
        """Title, text, keys."""
        with Vertical(classes="help"):
            yield Line("", id="help-title", classes="dialog-title")
            yield Scroll(*self._text(), id="help-scroll")
            yield KeysLine((_PAGES, _SCROLL, _CLOSE))

    def _text(self) -> Iterable[Widget]:
        yield Line("", id="help-text")

    def on_mount(self) -> None:
        """The page asked for."""
        self._show()

    def _show(self) -> None:
        text = read(f"help/{TOPICS[self._at]}.md")
        title, _, rest = text.partition("\n")
        shown = words(
            "help.title", title=title.lstrip("# "), number=self._at + 1, count=len(TOPICS)
        )
        self.query_one("#help-title", Line).update(shown)
        self.query_one("#help-text", Line).update(plain(rest))
        self.query_one("#help-scroll", Scroll).scroll_home(animate=False)

    def action_turn(self, by: int) -> None:
        """Another page."""
        self._at = (self._at + by) % len(TOPICS)
        self._show()

    def action_scroll(self, by: int) -> None:
        """Lines down or up."""
        self.query_one("#help-scroll", Scroll).scroll_relative(y=by, animate=False)

    def action_close(self) -> None:
        """Back to the work."""
        self.dismiss(None)


def plain(markdown: str) -> Content:
    """Our few marks of Markdown for a console: headings and ``**words**`` bold, ``-`` as it is.

    Paragraphs are joined so that they wrap to the terminal's width.
    """
    parts: list[Content | str | tuple[str, str]] = []
    for block in markdown.strip().split("\n\n"):
        lines = block.split("\n")
        if lines[0].startswith("#"):
            parts += [(lines[0].lstrip("# "), "bold underline"), "\n\n"]
            lines = lines[1:]
        listed = any(line.startswith(("- ", "  ")) for line in lines)
        text = ("\n" if listed else " ").join(lines)
        for at, piece in enumerate(text.split("**")):
            parts.append((piece, "bold") if at % 2 else piece)
        parts.append("\n\n")
    return Content.assemble(*parts)
