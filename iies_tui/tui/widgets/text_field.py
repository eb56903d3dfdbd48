"""A labeled field on one line, its error under it, and what it means beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.geometry import Offset
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from iies_tui.tui.widgets.lines import Line


class Entry(Input):
    """Textual's Input without blink; the arrows move between fields; upper case if wished."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    def __init__(
        self, value: str = "", *, id: str | None = None, max_length: int = 0, upper: bool = False
    ) -> None:
        self._upper = upper
        super().__init__(value, id=id, compact=True, max_length=max_length, select_on_focus=False)
        self.cursor_blink = False

    class Pasted(Message):
        """A line was pasted; ``alone`` where nothing stood here before."""

        def __init__(self, text: str, alone: bool) -> None:
            super().__init__()
            self.text = text
            self.alone = alone

    def on_paste(self, event: events.Paste) -> None:
        lines = event.text.splitlines()
        if lines:
            whole = not self.value or self.selected_text == self.value
            self.post_message(self.Pasted(lines[0].strip(), whole))

    def validate_value(self, value: str) -> str:
        """Upper case as it is typed, so that the clerk sees what will print."""
        return value.upper() if self._upper else value

    def place_of_cursor(self) -> Offset:
        """Where the hardware cursor belongs, in cells of the screen."""
        x, y, width, _height = self.content_region
        cells = cell_len(self.value[: self.cursor_position]) - self.scroll_offset.x
        return Offset(x + min(cells, max(0, width - 1)), y)


class Field(Vertical):
    """Base of every labeled field: ``value``, ``error``, ``hint``, and Enter goes on.

    Hint and error are made when there is something to say: the form has twenty-four fields, and
    the clerk waits for it.
    """

    class Changed(Message):
        """The clerk changed the value."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> Field:
            return self.field

    class Left(Message):
        """The focus left the field, whichever way."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> Field:
            return self.field

    class Pasted(Message):
        """A line was pasted into it; ``alone`` where nothing else stood there."""

        def __init__(self, field: Field, text: str, alone: bool) -> None:
            super().__init__()
            self.field = field
            self.text = text
            self.alone = alone

        @property
        def control(self) -> Field:
            return self.field

    class Entered(Message):
        """Enter: go on to the next field."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> Field:
            return self.field

    def __init__(
        self, label: str, *, id: str, hint: str = "", classes: str = "", optional: bool = False
    ) -> None:
        super().__init__(id=id, classes=f"field {classes}")
        self._label = label
        self._hint_line = Line(hint, classes="field-hint") if hint else None
        self._error_line: Line | None = None
        self.optional = optional
        self.has_error = False
        self.more = ""

    def compose(self) -> ComposeResult:
        """Label, the entry, the hint; the error below."""
        with Horizontal(classes="field-row"):
            yield Line(self._label, classes="field-label")
            yield self.entry_widget()
            if self._hint_line is not None:
                yield self._hint_line

    def entry_widget(self) -> Widget:
        raise NotImplementedError

    @property
    def target(self) -> Widget:
        return self.query_one(".entry")

    def enter(self) -> None:
        self.target.focus(scroll_visible=True)

    def say_hint(self, text: str) -> None:
        if self._hint_line is not None:
            self._hint_line.update(text)
        elif text:
            self._hint_line = Line(text, classes="field-hint")
            self.query_one(".field-row").mount(self._hint_line)

    def say_error(self, text: str, more: str = "") -> None:
        """Words under the field, ``more`` for the line of field help; empty takes them away."""
        self.has_error = bool(text)
        self.more = more if text else ""
        self.set_class(bool(text), "-wrong")
        if self._error_line is None and text:
            self._error_line = Line(classes="field-error")
            self.mount(self._error_line)
        if self._error_line is not None:
            self._error_line.update(f"! {text}" if text else "")


class TextField(Field):
    """A line of text. ``shown`` turns what was typed into what stands there once it was left.

    ``whole``: what is typed first after an F-key or Enter led here replaces what stands there; an
    arrow or Home and End keep it, to be corrected.
    """

    def __init__(
        self,
        label: str,
        *,
        id: str,
        value: str = "",
        width: int = 0,
        max_length: int = 0,
        upper: bool = False,
        hint: str = "",
        optional: bool = False,
        shown: Callable[[str], str] | None = None,
        whole: bool = False,
        classes: str = "",
    ) -> None:
        super().__init__(label, id=id, hint=hint, optional=optional, classes=classes)
        self._entry = Entry(value, id=f"{id}-entry", max_length=max_length, upper=upper)
        self._entry.add_class("entry")
        if width:
            self._entry.styles.width = width
        self._shown = shown
        self._whole = whole

    def enter(self) -> None:
        """Put the focus here, with all of a short value selected."""
        super().enter()
        if self._whole and self._entry.value:
            self._entry.select_all()

    def select_all(self) -> None:
        """What is typed next replaces what stands here."""
        self._entry.select_all()

    def entry_widget(self) -> Widget:
        return self._entry

    @property
    def value(self) -> str:
        return self._entry.value

    @value.setter
    def value(self, value: str) -> None:
        if value != self._entry.value:
            self._entry.value = value
            self._entry.cursor_position = len(value)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self))

    def on_entry_pasted(self, event: Entry.Pasted) -> None:
        event.stop()
        self.post_message(self.Pasted(self, event.text, event.alone))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.settle()
        self.post_message(self.Entered(self))

    def settle(self) -> None:
        """Show in full what was typed quickly."""
        if self._shown is not None:
            self.value = self._shown(self.value)

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        self.settle()
        self.post_message(self.Left(self))
