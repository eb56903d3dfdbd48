"""One of a few, on one line: Left and Right (or Space) choose, Enter goes on."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from iies_tui.tui.widgets.text_field import Field

Options = tuple[tuple[str, str], ...]
"""(value, words) pairs."""


class ChoiceLine(Static, can_focus=True):
    """``(*) FS-20  ( ) FS-21``; only the chosen one with arrows where they do not fit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "step(1)", show=False),
        Binding("left", "step(-1)", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("enter", "go_on", show=False),
    ]

    class Chosen(Message):
        """Another one was chosen."""

    class GoOn(Message):
        """Enter."""

    def __init__(self, options: Options, value: str, *, id: str, wide: bool = True) -> None:
        super().__init__(id=id, classes="entry", markup=False)
        self._options = options
        self._wide = wide
        self._at = next((i for i, (name, _) in enumerate(options) if name == value), 0)

    @property
    def value(self) -> str:
        """The chosen value, empty where there is nothing to choose."""
        return self._options[self._at][0] if self._options else ""

    @value.setter
    def value(self, value: str) -> None:
        self._at = next((i for i, (name, _) in enumerate(self._options) if name == value), 0)
        self._draw()

    def offer(self, options: Options, value: str) -> None:
        """Other options, with ``value`` chosen where it is among them."""
        self._options = options
        self.value = value

    def on_mount(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if not self._options:
            self.update("")
        elif self._wide:
            parts = [
                Content.styled(
                    f"({'*' if i == self._at else ' '}) {label}", "bold" * (i == self._at)
                )
                for i, (_, label) in enumerate(self._options)
            ]
            self.update(Content("   ").join(parts))
        else:
            label = self._options[self._at][1]
            self.update(f"< {label} >" if len(self._options) > 1 else label)

    def place_of_cursor(self) -> Offset:
        x, y, _width, _height = self.content_region
        before = sum(len(label) + 7 for _, label in self._options[: self._at]) if self._wide else 0
        return Offset(x + before + 1 * self._wide, y)

    def action_step(self, by: int) -> None:
        """The next or previous one, round and round."""
        if len(self._options) > 1:
            self._at = (self._at + by) % len(self._options)
            self._draw()
            self.post_message(self.Chosen())

    def action_go_on(self) -> None:
        self.post_message(self.GoOn())


class ChoiceField(Field):
    """A labeled choice."""

    def __init__(
        self,
        label: str,
        options: Options,
        *,
        id: str,
        value: str = "",
        wide: bool = True,
        hint: str = "",
        classes: str = "",
    ) -> None:
        super().__init__(label, id=id, hint=hint, classes=classes)
        self._choice = ChoiceLine(options, value, id=f"{id}-entry", wide=wide)

    def entry_widget(self) -> Widget:
        return self._choice

    @property
    def value(self) -> str:
        return self._choice.value

    @value.setter
    def value(self, value: str) -> None:
        self._choice.value = value

    def offer(self, options: Options, value: str) -> None:
        self._choice.offer(options, value)

    def on_choice_line_chosen(self, event: ChoiceLine.Chosen) -> None:
        event.stop()
        self.post_message(self.Changed(self))

    def on_choice_line_go_on(self, event: ChoiceLine.GoOn) -> None:
        event.stop()
        self.post_message(self.Entered(self))

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        self.post_message(self.Left(self))
