"""Calls of libcups that cannot hang the program: a thread of their own, a limit, and giving up.

libcups blocks for good when cupsd is stopped, and a pycups connection that is used from two
threads aborts the interpreter. So every call opens its connection, uses it and drops it in one
dedicated thread (a connection to the local socket costs well under a millisecond), and a call that
has not answered in time is abandoned with that thread and that connection. Threads that hang cannot
be ended, so after three of them the session process must be replaced.
"""

from __future__ import annotations

import queue
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


class CupsThread:
    """One thread that runs calls one after the other, until one hangs."""

    def __init__(self) -> None:
        self._tasks: queue.SimpleQueue[tuple[Call[Any], Future[Any]] | None] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="cups", daemon=True).start()

    def submit(self, call: Call[Answer]) -> Future[Answer]:
        future: Future[Answer] = Future()
        self._tasks.put((call, future))
        return future

    def end(self) -> None:
        """The thread ends after what it is at, however long that takes."""
        self._tasks.put(None)

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            call, future = task
            try:
                import cups  # the first use of CUPS pays for it, not the first screen

                answer = call(cups.Connection())
            except Exception as error:  # noqa: BLE001 (a thread's edge: told to who waits)
                future.set_exception(error)
            else:
                future.set_result(answer)


class CupsConnection:
    """Calls of libcups with a limit; the server is libcups' own choice (``CUPS_SERVER``)."""

    def __init__(self, hang_seconds: float = HANG_SECONDS, lost_after: int = LOST_AFTER) -> None:
        self._hang_seconds = hang_seconds
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
            future = self._thread.submit(call)
            try:
                return future.result(self._hang_seconds)
            except TimeoutError:
                if future.done():
                    raise
                self._abandon()
                raise MachineFailed("cups_hangs", seconds=int(self._hang_seconds)) from None

    def close(self) -> None:
        """Let the thread end."""
        with self._one_at_a_time:
            if self._thread is not None:
                self._thread.end()
                self._thread = None

    def _abandon(self) -> None:
        if self._thread is not None:
            self._thread.end()
        self._thread = None
        self._left -= 1
