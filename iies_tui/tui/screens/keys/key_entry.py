"""A KEY on its way into a field: from a file on a stick, and looked at before it is sent."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from textual import on, work
from textual.app import App
from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.domain.wiping import wipe
from iies_tui.text import words
from iies_tui.tui.dialogs.question import Question
from iies_tui.tui.keyboard.commands import CLOSE, Command, bindings
from iies_tui.tui.off_thread import off_thread
from iies_tui.tui.page import Dialog
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.secret import MAX_BYTES, SecretField
from iies_tui.tui.widgets.text_field import Field, TextField

KEY_LENGTH = 36
BLANKS = b" \t\r\n"
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
"""Byte-order marks: what an editor puts before a text that it saves as Unicode."""
_SHOWN = 6
_STICKS = (Path("/media"), Path("/run/media"), Path("/mnt"))
_READ = Command("read", "enter", "read", "Enter", priority=False)


class KeyFileDialog(Dialog[bytearray | None]):
    """The bytes of a file less one trailing newline, which the caller wipes; None for Esc."""

    commands: ClassVar[tuple[Command, ...]] = (_READ, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(CLOSE)

    def __init__(self) -> None:
        super().__init__(words("key_file.title"), words("key_file.text"))

    def body(self) -> Iterable[Widget]:
        """The path, and what lies on the sticks that are in."""
        yield TextField(words("import.path"), id="path", max_length=500)
        yield Line("", id="found")

    def on_mount(self) -> None:
        self.query_one("#path", TextField).enter()
        self._look()

    @work(group="look", exclusive=True)
    async def _look(self) -> None:
        """The only file there is stands in the field."""
        found = await off_thread(lambda: list(small_files(_STICKS)))
        field = self.query_one("#path", TextField)
        if len(found) == 1 and not field.value:
            field.value = str(found[0])
        if found:
            paths = "\n".join(f"  {path}" for path in found[:_SHOWN])
            self.query_one("#found", Line).update(f"{words('key_file.found')}\n{paths}")

    @on(Field.Entered)
    def _entered(self) -> None:
        path = self.query_one("#path", TextField).value.strip().strip("'\"")
        if path:
            self._read(path)

    @work(group="read", exclusive=True)
    async def _read(self, path: str) -> None:
        field = self.query_one("#path", TextField)
        try:
            secret = await off_thread(lambda: read_key_file(Path(path).expanduser()))
        except OSError as error:
            text = words("error.cannot_read", path=path, reason=error.strerror or "")
            field.say_error(text)
            return
        if secret is None:
            field.say_error(words("key_file.too_long"))
            return
        self.dismiss(secret)

    def action_close(self) -> None:
        self.dismiss(None)


def small_files(roots: Iterable[Path]) -> Iterable[Path]:
    """Files that a KEY could be, on what is mounted by hand or by the desktop; two levels deep."""
    for root in roots:
        for pattern in ("*/*", "*/*/*"):
            try:
                for path in sorted(root.glob(pattern)):
                    if path.is_file() and KEY_LENGTH <= path.stat().st_size <= MAX_BYTES:
                        yield path
            except OSError:
                continue


def read_key_file(path: Path) -> bytearray | None:
    """At most what a field takes, one trailing newline removed; None where there is more.

    Raise OSError. What is no printable ASCII is no KEY, and not told: anybody may stand before the
    screen, and the pepper is a small file as well.
    """
    data = bytearray(MAX_BYTES + 2)
    # A pipe or a device is no file, and opening one must not wait.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, words("key_file.no_file"))
        length = os.readv(handle, [data])
    finally:
        os.close(handle)
    end = length - 1 if length and data[length - 1] == 0x0A else length
    if end > MAX_BYTES:
        wipe(data)
        return None
    secret = data[:end]
    wipe(data)
    if secret.startswith(MARKS):
        wipe(secret)
        raise OSError(errno.EINVAL, words("key_file.mark"))
    if any(not 0x21 <= byte <= 0x7E and byte not in BLANKS for byte in secret):
        wipe(secret)
        raise OSError(errno.EINVAL, words("key_file.no_key"))
    return secret


async def key_is_right(app: App[Any], field: SecretField) -> bool:
    """36 characters, no blanks around or inside: they are pointed out and removed on request."""
    field.say_error("")
    line = field.line
    blanks = sum(1 for byte in line.peek() if byte in BLANKS)
    if blanks:
        question = Question(words("setup.blanks_title"), words("setup.key_blanks", blanks=blanks))
        if not await app.push_screen_wait(question):
            field.say_error(words("setup.has_blanks"))
            field.enter()
            return False
        line.put(bytearray(byte for byte in line.peek() if byte not in BLANKS))
    typed = line.characters
    if typed != KEY_LENGTH:
        code = "setup.key_length" if typed else "setup.key_missing"
        field.say_error(words(code, typed=typed, length=KEY_LENGTH))
        field.enter()
        return False
    return True
