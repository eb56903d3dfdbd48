"""The shipped program on a pseudo-terminal of 80×24, seen as a person sees it (pyte).

Keys go in as bytes, the screen comes out as text. ``TERM=linux`` unless told otherwise.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte

KEYS = {
    "enter": b"\r",
    "esc": b"\x1b",
    "tab": b"\t",
    "back": b"\x7f",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "f1": b"\x1b[[A",
    "f2": b"\x1b[[B",
    "f3": b"\x1b[[C",
    "f4": b"\x1b[[D",
    "f5": b"\x1b[[E",
    "f6": b"\x1b[17~",
    "f7": b"\x1b[18~",
    "f8": b"\x1b[19~",
    "f9": b"\x1b[20~",
    "f10": b"\x1b[21~",
    "f13": b"\x1b[25~",
    "f12": b"\x1b[24~",
}
"""The Linux console's own sequences."""


_FORKING = threading.Lock()
"""Several consoles may be started at once."""


class Console:
    """One run of the program, its terminal and its screen."""

    def __init__(
        self,
        state: Path,
        environment: Mapping[str, str] = {},
        words: Sequence[str] = (),
        size: tuple[int, int] = (80, 24),
        term: str = "linux",
    ) -> None:
        self.screen = pyte.HistoryScreen(*size, history=1000)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = bytearray()
        self.keys = 0
        command = self.command(state, words)
        with _FORKING:
            child, self._master = pty.fork()
            if child == 0:
                os.environ.update({**environment, "TERM": term, "LANG": "C.UTF-8"})
                os.execvp(command[0], command)
            # Or the next terminal's program would hold this one open.
            os.set_inheritable(self._master, False)
        self.pid = child
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def command(self, state: Path, words: Sequence[str]) -> list[str]:
        """What runs on the terminal."""
        return [sys.executable, "-I", "-m", "iies_tui", "--state", str(state), "run", *words]

    def __enter__(self) -> Console:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up, as a closed terminal does, and wait for the program's end."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1
        end = time.monotonic() + 120
        while time.monotonic() < end:
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                return
            time.sleep(0.05)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        raise AssertionError("the program outlived its terminal")

    def read(self, seconds: float) -> None:
        """Take what comes for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            ready, _, _ = select.select([self._master], [], [], left)
            if not ready:
                return
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return
            if not data:
                return
            self.raw += data
            self._stream.feed(data)

    @property
    def text(self) -> str:
        """The screen's lines without trailing blanks."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait(self, text: str, seconds: float = 120.0) -> str:
        """Wait until the screen shows ``text``; the whole screen."""
        end = time.monotonic() + seconds
        while text not in self.text:
            if time.monotonic() > end:
                raise AssertionError(f"not in {seconds} s: {text!r}\n{self.text}")
            self.read(0.05)
        return self.text

    def wait_any(self, *texts: str, seconds: float = 120.0) -> str:
        """Wait until the screen shows one of ``texts``; the whole screen."""
        end = time.monotonic() + seconds
        while not any(text in self.text for text in texts):
            if time.monotonic() > end:
                raise AssertionError(f"not in {seconds} s: {texts}\n{self.text}")
            self.read(0.05)
        return self.text

    def wait_gone(self, text: str, seconds: float = 120.0) -> str:
        """Wait until the screen does not show ``text`` any more."""
        end = time.monotonic() + seconds
        while text in self.text:
            if time.monotonic() > end:
                raise AssertionError(f"still after {seconds} s: {text!r}\n{self.text}")
            self.read(0.05)
        return self.text

    def press(self, *keys: str) -> None:
        """Named keys, one after the other, as fast as a quick hand."""
        for key in keys:
            self.keys += 1
            os.write(self._master, KEYS[key])
            self.read(0.06)

    def type(self, text: str) -> None:
        """A field's characters."""
        for character in text:
            os.write(self._master, character.encode())
            self.read(0.005)
        self.read(0.1)
