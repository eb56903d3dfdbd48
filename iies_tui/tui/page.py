"""What every screen is: a status line, a body, a line of keys; and what every dialog is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from iies_tui.text import has, words
from iies_tui.tui.keyboard.commands import Command
from iies_tui.tui.widgets.lines import KeysLine, Line
from iies_tui.tui.widgets.scrolling import Scroll
from iies_tui.tui.widgets.status import Standing, StatusLine
from iies_tui.tui.widgets.text_field import Field

Answer = TypeVar("Answer")
ROOM = 76
"""Cells of a line in a dialog."""


class TypedAheadVoid(Message):
    """What was typed while a screen was awaited is not for the screen that stays."""


class Page(Screen[Answer], Generic[Answer]):
    """A full screen. ``topic`` is its help; F1 is handled by the application."""

    topic: ClassVar[str] = "start"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "roll(-1)", show=False),
        Binding("down", "roll(1)", show=False),
        Binding("pageup", "roll(-10)", show=False),
        Binding("pagedown", "roll(10)", show=False),
    ]
    commands: ClassVar[tuple[Command, ...]] = ()
    helps: ClassVar[bool] = True
    """A line over the keys says what the field with the focus is for."""
    AUTO_FOCUS = ""

    def __init__(self, standing: Standing) -> None:
        super().__init__()
        self.standing = standing
        self._status = StatusLine(standing)
        self._settled = False

    def still_settling(self) -> bool:
        """True from the push until a field has had the focus: keys typed then are kept for it."""
        self._settled = self._settled or self.focused is not None
        return not self._settled and bool(self.query(Field) if self.is_mounted else True)

    def compose(self) -> ComposeResult:
        yield self._status
        with Vertical(classes="body"):
            yield from self.body()
        if self.helps:
            yield Line("", id="field-help")
        yield KeysLine(self.commands)

    def body(self) -> Iterable[Widget]:
        raise NotImplementedError

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.tell_field()

    def tell_field(self) -> None:
        """Field help: what the field with the focus is for, or at length what is wrong with it."""
        if not (self.helps and self.is_mounted):
            return
        field = next((n for n in (self.focused or self).ancestors if isinstance(n, Field)), None)
        line = self.query_one("#field-help", Line)
        line.set_class(field is not None and bool(field.more), "-wrong")
        topic = getattr(self, "topic_now", self.topic)
        line.update((field.more or help_of(topic, field.id or "")) if field else "")

    def action_roll(self, by: int) -> None:
        """Scroll what scrolls, where no field took the key."""
        for part in self.query(Scroll):
            if part.is_attached and part.display:
                part.scroll_relative(y=by, animate=False)

    def countdown(self, seconds: float | None) -> None:
        """The time to sign-off, told four times a second."""
        self._status.countdown(seconds)


def help_of(topic: str, place: str) -> str:
    """``field_help.<topic>_<field>``, else ``field_help.<field>``; rows have their field's help."""
    name = "_".join(part for part in place.split("-") if not part.isdigit())
    keys = (f"field_help.{topic}_{name}", f"field_help.{name}")
    return next((words(key) for key in keys if has(key)), "")


class Dialog(ModalScreen[Answer], Generic[Answer]):
    """A box over the screen: arguments in, ``dismiss`` out."""

    topic: ClassVar[str] = ""
    commands: ClassVar[tuple[Command, ...]] = ()
    AUTO_FOCUS = ""

    def __init__(self, title: str, text: str = "", *, grave: bool = False) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._grave = grave

    def compose(self) -> ComposeResult:
        """Title, text, the dialog's own widgets, keys."""
        with Vertical(classes="dialog -grave" if self._grave else "dialog"):
            yield Line(self._title, classes="dialog-title")
            with Scroll(classes="dialog-body"):
                if self._text:
                    yield Line(self._text, classes="dialog-text")
                yield from self.body()
            yield KeysLine(self.commands, ROOM)

    def body(self) -> Iterable[Widget]:
        return ()


class Facts(Vertical):
    """``label  value`` rows, values as data."""

    def __init__(self, rows: Iterable[tuple[str, str]] = (), *, id: str | None = None) -> None:
        super().__init__(id=id, classes="facts")
        self._rows = list(rows)

    def compose(self) -> ComposeResult:
        yield from self._lines()

    def _lines(self) -> Iterable[Widget]:
        for label, value in self._rows:
            yield Horizontal(
                Static(label, markup=False, classes="fact-label"),
                Static(value, markup=False, classes="fact-value"),
                classes="fact",
            )

    async def show(self, rows: Iterable[tuple[str, str]]) -> None:
        rows = list(rows)
        if rows != self._rows:
            self._rows = rows
            await self.remove_children()
            await self.mount_all(self._lines())


__all__ = ["ROOM", "Dialog", "Facts", "Page", "Scroll", "TypedAheadVoid", "help_of"]
