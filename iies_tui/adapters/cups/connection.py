"""Calls of libcups that cannot hang the program: a thread of their own, a limit, and giving up.

libcups blocks for good when cupsd is stopped, and a pycups connection that is used from two
threads aborts the interpreter. So every call opens its connection, uses it and drops it in one
dedicated thread (a connection to the local socket costs well under a millisecond), and a call that
has not answered in time is abandoned with that thread and that connection. Threads that hang cannot
be ended, so after three of them the session process must be replaced.

A cupsd that was stopped before the call is found out without libcups: it accepts connections and
says nothing. So a word over a plain socket comes first, and costs no thread.
"""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from iies_tui.domain.errors import MachineFailed

Answer = TypeVar("Answer")
Call = Callable[[Any], Answer]
"""Takes the ``cups.Connection``; may raise what pycups raises."""

HANG_SECONDS = 10.0
LOST_AFTER = 3

WORD_SECONDS = 3.0
SHORT_WORD_SECONDS = 0.5
"""How long cupsd has for a word before a call: less once it gave none, so that a printer that is
looked at every second does not hold up everything else."""

_OPTIONS = b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


class _SilentError(Exception):
    """cupsd accepted a connection but has not answered."""


def _word(server: str, patience: float) -> None:
    """Raise _SilentError where the local socket's other side gives no word in time."""
    if patience <= 0 or not server.startswith("/"):
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as word:
        word.settimeout(patience)
        try:
            word.connect(server)
            word.sendall(_OPTIONS)
            word.recv(1)
        except TimeoutError:
            raise _SilentError from None
        except OSError:
            return  # nobody there: libcups tells it


class CupsThread:
    """One thread that runs calls one after the other, until one hangs."""

    def __init__(self) -> None:
        self._tasks: queue.SimpleQueue[tuple[Call[Any], Future[Any], float] | None] = (
            queue.SimpleQueue()
        )
        threading.Thread(target=self._run, name="cups", daemon=True).start()

    def submit(self, call: Call[Answer], patience: float) -> Future[Answer]:
        """``patience``: seconds that cupsd has for a word before the call, 0 for none."""
        future: Future[Answer] = Future()
        self._tasks.put((call, future, patience))
        return future

    def end(self) -> None:
        """The thread ends after what it is at, however long that takes."""
        self._tasks.put(None)

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            call, future, patience = task
            try:
                import cups  # the first use of CUPS pays for it, not the first screen

                _word(cups.getServer(), patience)
                answer = call(cups.Connection())
            except Exception as error:  # noqa: BLE001 (a thread's edge: told to who waits)
                future.set_exception(error)
            else:
                future.set_result(answer)


class CupsConnection:
    """Calls of libcups with a limit; the server is libcups' own choice (``CUPS_SERVER``)."""

    def __init__(
        self,
        hang_seconds: float = HANG_SECONDS,
        lost_after: int = LOST_AFTER,
        word_seconds: float = WORD_SECONDS,
    ) -> None:
        """``word_seconds`` 0: no word before a call."""
        self._hang_seconds = hang_seconds
        self._word_seconds = self._patience = word_seconds
        self._left = lost_after
        self._thread: CupsThread | None = None
        self._one_at_a_time = threading.Lock()

    def call(self, call: Call[Answer]) -> Answer:
        """What ``call`` returns or raises.

        Raise MachineFailed: ``cups_hangs`` where it did not answer in time (it may still take
        effect later), ``cups_lost`` once three have hung.
        """
        with self._one_at_a_time:
            if self._left <= 0:
                raise MachineFailed("cups_lost")
            if self._thread is None:
                self._thread = CupsThread()
            patience = self._patience
            future = self._thread.submit(call, patience)
            self._patience = self._word_seconds
            try:
                return future.result(self._hang_seconds)
            except _SilentError:
                self._patience = min(patience, SHORT_WORD_SECONDS)
                raise MachineFailed("cups_hangs", seconds=max(1, int(patience))) from None
            except TimeoutError:
                if future.done():
                    raise
                self._abandon()
                raise MachineFailed("cups_hangs", seconds=int(self._hang_seconds)) from None

    @property
    def lost(self) -> bool:
        """True once so many calls hung that only a new process speaks to CUPS again."""
        return self._left <= 0

    def _abandon(self) -> None:
        if self._thread is not None:
            self._thread.end()
        self._thread = None
        self._left -= 1
