"""The terminal in earnest: a pty with TERM=linux, read by a terminal emulator."""

from __future__ import annotations

import os
import pty
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyte
import pytest

from iies_tui.tui.terminal.look import Look
from iies_tui.tui.terminal.terminal import clear, prepare
from tests.support.fake_session import PIN
from tests.support.places import ROOT


class Terminal:
    """A child on a pty, its screen in pyte, and all bytes it wrote."""

    def __init__(self, *arguments: str, environment: dict[str, str]) -> None:
        self.screen = pyte.HistoryScreen(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self.bytes = b""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.environ.clear()
            os.environ.update(environment)
            os.chdir(ROOT)
            os.execv(sys.executable, [sys.executable, "-m", *arguments])

    def read(self, seconds: float = 0.1) -> bool:
        """False where the child is gone."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            return False
        self.bytes += data
        # pyte knows neither the kitty keyboard protocol nor the scrollback's erasure.
        self._stream.feed(data.replace(b"\x1b[<u", b"").replace(b"\x1b[>25u", b""))
        return bool(data)

    def until(self, condition: Callable[[str], bool], seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while not condition(self.text):
            assert time.monotonic() < end, f"never came; the screen was:\n{self.text}"
            self.read()

    def type(self, text: str) -> None:
        os.write(self._fd, text.encode())

    def end(self, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while self.read():
            assert time.monotonic() < end, self.text
        os.close(self._fd)
        os.waitpid(self.pid, 0)

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)


@pytest.fixture
def environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "TERM": "linux", "LANG": "C.UTF-8", "TEXTUAL_PRESS": "f12", "LINES": ""}


def outcome_of(path: Path) -> str:
    return path.read_text()


def test_signing_off_leaves_nothing_on_the_screen(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    target = tmp_path / "outcome"
    child = Terminal(
        "tests.support.terminal_child", str(target), "300", "kiosk", environment=environment
    )
    child.until(lambda text: "License number" in text)
    child.type(PIN + "\r")
    child.until(lambda text: "Company code" in text)
    child.type("901\rPOLICY-77\r")
    child.until(lambda text: "POLICY-77" in text and "NORTH COUNTRY" in text)
    assert not child.screen.cursor.hidden
    cursor = child.screen.cursor
    child.until(lambda _: (cursor.y, cursor.x) == (7, 19))  # on the focused field
    child.type("\x1b[21~")  # F10
    child.end()
    assert child.text.split() == []
    assert b"\x1b[3J" in child.bytes and PIN.encode() not in child.bytes
    assert b"\x1b]" not in child.bytes[-200:]  # the Linux console would print a title
    value = outcome_of(target)
    assert "'killed': True" in value and "Reason.KEY" in value


def test_nobody_there_leaves_nothing_on_the_screen(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    target = tmp_path / "outcome"
    child = Terminal(
        "tests.support.terminal_child", str(target), "10", "kiosk", environment=environment
    )
    child.until(lambda text: "License number" in text)
    child.type(PIN + "\r")
    child.until(lambda text: "Company code" in text)
    child.type("901\rPOLICY-77")
    child.until(lambda text: "POLICY-77" in text)
    child.end()
    assert child.text.split() == []
    assert "Reason.IDLE" in outcome_of(target)


def test_a_crash_apologizes_with_a_code_and_nothing_else(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    target = tmp_path / "outcome"
    child = Terminal(
        "tests.support.terminal_child", str(target), "300", "crash", environment=environment
    )
    child.until(lambda text: "License number" in text)
    child.type(PIN + "\r")
    child.until(lambda text: "Company code" in text)
    child.type("\x1b[20~")  # F9
    child.until(lambda text: "Sorry" in text)
    assert "ZeroDivisionError-" in child.text
    assert "SECRET" not in child.text and "Company" not in child.text
    child.type("\r")
    child.end()
    assert b"SECRET" not in child.bytes and b"Traceback" not in child.bytes
    assert "Next.QUIT" in outcome_of(target)


def test_what_could_change_textual_is_dropped() -> None:
    environment = {"TEXTUAL_PRESS": "a", "TEXTUAL_LOG": "/tmp/x", "NO_COLOR": "1", "TERM": "linux"}
    assert prepare(environment) is Look.MONO
    assert environment == {
        "TERM": "linux",
        "TEXTUAL_ANIMATIONS": "none",
        "TEXTUAL_SMOOTH_SCROLL": "0",
    }


def test_clearing_takes_screen_scrollback_and_title(tmp_path: Path) -> None:
    path = tmp_path / "terminal"
    with path.open("w") as stream:
        clear(stream, {"TERM": "xterm"})
    written = path.read_bytes()
    assert b"\x1b[2J" in written and b"\x1b[3J" in written and b"\x1b]2;\x07" in written
