"""A PIN or KEY as it is typed: one ``bytearray``, wiped once it has been sent.

What the terminal driver and Textual's ``Paste`` keep is out of reach; that is why signing off
re-executes the program.
"""

from __future__ import annotations

import unicodedata
from itertools import islice
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from iies_tui.domain.key import count_characters
from iies_tui.domain.wiping import wipe
from iies_tui.tui.widgets.text_field import Field

MAX_BYTES = 256
"""More than any KEY or PIN; the rest of a paste is refused, not cut."""


class SecretLine(Static, can_focus=True):
    """Shows ``*`` for each character, or the characters where ``shown``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("backspace", "erase", show=False),
        Binding("ctrl+u,delete", "erase_all", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("enter", "go_on", show=False),
    ]

    class Typed(Message):
        """Something was typed, pasted or erased."""

    class GoOn(Message):
        """Enter."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, classes="entry", markup=False)
        self._bytes = bytearray(MAX_BYTES)
        self._length = 0
        self.shown = False

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Printable keys are typed here."""
        return character is not None and character.isprintable()

    @property
    def characters(self) -> int:
        """How many characters stand there."""
        return count_characters(islice(self._bytes, self._length))

    def peek(self) -> memoryview:
        """The bytes as they stand, not copied; release it at once."""
        return memoryview(self._bytes)[: self._length]

    def take(self) -> bytearray:
        """The secret, NFC UTF-8; nothing of it stays here. Who takes it wipes it."""
        secret = self._bytes[: self._length]
        self.forget()
        if not secret.isascii():
            composed = unicodedata.normalize("NFC", secret.decode()).encode()
            wipe(secret)
            secret = bytearray(composed)
        return secret

    def put(self, secret: bytearray) -> None:
        """Replace what stands here; ``secret`` is wiped."""
        self.forget()
        self._append(secret)
        wipe(secret)
        self._changed()

    def forget(self) -> None:
        wipe(self._bytes)
        self._length = 0
        self._draw()

    def show(self, shown: bool) -> None:
        self.shown = shown
        self._draw()

    def _append(self, data: bytes | bytearray) -> None:
        if self._length + len(data) <= MAX_BYTES:
            self._bytes[self._length : self._length + len(data)] = data
            self._length += len(data)
        else:
            self.app.bell()

    def _changed(self) -> None:
        self._draw()
        self.post_message(self.Typed())

    def _draw(self) -> None:
        if self.shown:
            self.update(self._bytes[: self._length].decode(errors="replace").replace(" ", "_"))
        else:
            self.update("*" * self.characters)

    def place_of_cursor(self) -> Offset:
        x, y, width, _height = self.content_region
        return Offset(x + min(self.characters, max(0, width - 1)), y)

    def on_key(self, event: events.Key) -> None:
        if event.is_printable and event.character is not None:
            event.stop()
            event.prevent_default()
            self._append(event.character.encode())
            self._changed()

    def on_paste(self, event: events.Paste) -> None:
        """Take the first line of a paste, its blanks included: they are pointed out later."""
        event.stop()
        event.prevent_default()
        lines = event.text.splitlines()
        if lines:
            self._append(lines[0].encode())
            self._changed()

    def on_unmount(self) -> None:
        wipe(self._bytes)
        self._length = 0

    def action_erase(self) -> None:
        while self._length:
            self._length -= 1
            byte, self._bytes[self._length] = self._bytes[self._length], 0
            if byte & 0xC0 != 0x80:
                break
        self._changed()

    def action_erase_all(self) -> None:
        self.forget()
        self._changed()

    def action_go_on(self) -> None:
        self.post_message(self.GoOn())


class SecretField(Field):
    """A labeled secret."""

    def __init__(
        self, label: str, *, id: str, width: int = 0, hint: str = "", classes: str = ""
    ) -> None:
        super().__init__(label, id=id, hint=hint, classes=classes)
        self._secret = SecretLine(id=f"{id}-entry")
        if width:
            self._secret.styles.width = width

    def entry_widget(self) -> Widget:
        return self._secret

    @property
    def line(self) -> SecretLine:
        return self._secret

    def on_secret_line_typed(self, event: SecretLine.Typed) -> None:
        event.stop()
        self.post_message(self.Changed(self))

    def on_secret_line_go_on(self, event: SecretLine.GoOn) -> None:
        event.stop()
        self.post_message(self.Entered(self))
