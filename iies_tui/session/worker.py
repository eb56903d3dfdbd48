"""The session process: one thread hears, one thread works (design section 3).

The hearing thread reads frames, keeps the deadlines on the boot clock, and ends the process the
moment a deadline passes or the other side is gone, whatever the working thread is doing. Ending is
always the same: ``os._exit``, with nothing to do first, because every record is on the disk when
its call returns.
"""

from __future__ import annotations

import os
import queue
import select
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

from iies_tui.domain.errors import IiesError, MachineFailed, Refused, place_of
from iies_tui.issuance.ports import Clock
from iies_tui.session import codec, protocol
from iies_tui.session.handlers import Handlers
from iies_tui.session.services import Services

TICK = 0.25
"""Seconds between two looks at the deadlines; sign-off is due within two."""


@dataclass(slots=True)
class Deadlines:
    """Idle and absolute end, in boot-clock seconds; infinite until somebody signs on."""

    clock: Clock
    idle_seconds: float = 0.0
    idle_end: float = float("inf")
    absolute_end: float = float("inf")

    def begin(self, idle_seconds: float, absolute_seconds: float) -> None:
        now = self.clock.boot()
        self.idle_seconds = idle_seconds
        self.idle_end = now + idle_seconds
        self.absolute_end = now + absolute_seconds

    def touch(self) -> None:
        """The clerk did something."""
        if self.idle_end != float("inf"):
            self.idle_end = self.clock.boot() + self.idle_seconds

    def passed(self) -> bool:
        return self.clock.boot() >= min(self.idle_end, self.absolute_end)


@dataclass(frozen=True, slots=True)
class _Task:
    message: codec.Message
    secrets: tuple[bytearray, ...]


class Worker:
    """Serves one socket until it closes. ``build`` makes the services (it takes the state lock)."""

    def __init__(
        self, connection: socket.socket, build: Callable[[], Services], clock: Clock
    ) -> None:
        self._connection = connection
        self._build = build
        self._deadlines = Deadlines(clock)
        self._tasks: queue.SimpleQueue[_Task] = queue.SimpleQueue()
        self._sending = threading.Lock()

    def run(self) -> None:
        """Never returns: ends the process."""
        threading.Thread(target=self._work, daemon=True).start()
        try:
            self._hear()
        except (OSError, EOFError, codec.ProtocolError):
            pass
        finally:
            os._exit(0)

    # -- the hearing thread ----------------------------------------------------------------

    def _hear(self) -> None:
        secrets: list[bytearray] = []
        while True:
            length, kind = codec.read_head(self._receive(5))
            body = self._receive(length)
            if kind == codec.KIND_SECRET:
                secrets.append(body)
                continue
            message = codec.unpack(body)
            if isinstance(message.body, protocol.Activity):
                self._deadlines.touch()
                self._send(message.id, protocol.Done())
            else:
                self._tasks.put(_Task(message, tuple(secrets)))
            secrets = []

    def _receive(self, length: int) -> bytearray:
        data = bytearray(length)
        view, position = memoryview(data), 0
        while position < length:
            ready, _, _ = select.select([self._connection], [], [], TICK)
            if self._deadlines.passed():
                raise EOFError
            if ready:
                count = self._connection.recv_into(view[position:])
                if count == 0:
                    raise EOFError
                position += count
        return data

    # -- the working thread ----------------------------------------------------------------

    def _work(self) -> None:
        handlers, failure = self._start()
        while True:
            task = self._tasks.get()
            if handlers is None:
                self._send(task.message.id, failure)
            else:
                self._send(task.message.id, self._handle(handlers, task))

    def _start(self) -> tuple[Handlers | None, protocol.Failed]:
        try:
            return Handlers(self._build(), self._deadlines.begin), protocol.Failed("")
        except IiesError as error:
            return None, failed(error)
        except Exception as error:  # noqa: BLE001 (the process's edge)
            return None, failed(_unexpected(error))

    def _handle(self, handlers: Handlers, task: _Task) -> object:
        def progress(step: str, done: int, total: int) -> None:
            self._send(task.message.id, protocol.Progress(step, done, total))

        try:
            return handlers.handle(task.message.body, task.secrets, progress)
        except IiesError as error:
            return failed(error)
        except Exception as error:  # noqa: BLE001 (the process's edge)
            return failed(_unexpected(error))
        finally:
            for secret in task.secrets:
                secret[:] = bytes(len(secret))

    def _send(self, number: int, body: object) -> None:
        frame = codec.pack(codec.Message(number, body))
        try:
            with self._sending:
                self._connection.sendall(frame)
        except OSError:
            os._exit(0)


def failed(error: IiesError) -> protocol.Failed:
    """An error of ours as a reply."""
    problems = error.problems if isinstance(error, Refused) else ()
    return protocol.Failed(
        code=error.code,
        params=dict(error.params),
        problems=[
            protocol.ProblemInfo(one.field, one.code, dict(one.params), one.row) for one in problems
        ],
        exit_code=error.exit_code,
    )


def _unexpected(error: Exception) -> MachineFailed:
    return MachineFailed("unexpected", kind=type(error).__name__, place=place_of(error))
