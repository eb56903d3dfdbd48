"""The session process: one thread hears, one works, one keeps time.

The hearing thread ends the process the moment the other side is gone, the clock's thread when a
deadline on the boot clock has passed, whatever the working thread is doing. Ending is
always the same: ``os._exit``, with nothing to do first, because every record is on the disk when
its call returns.
"""

from __future__ import annotations

import os
import queue
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iies_tui.domain.errors import IiesError, MachineFailed, Refused, place_of
from iies_tui.domain.wiping import wipe
from iies_tui.issuance.ports.machine import Clock
from iies_tui.session import codec, protocol

if TYPE_CHECKING:
    from iies_tui.session.handlers import Handlers
    from iies_tui.session.services import Services

FAILED = 70
"""The exit code of a session process that broke."""

MAX_SECRETS = 4
MAX_SECRET = 4096
"""How many secrets one request may bring, and how many bytes each may have."""

TICK = 0.25
"""Seconds between two looks at the deadlines; sign-off is due within two."""

GRACE = 1.0
"""Seconds that the UI process has to sign off by itself and say why; it hears each key, and tells
of them at most twice a second."""


@dataclass(slots=True)
class Deadlines:
    """Idle and absolute end, in boot-clock seconds; infinite until somebody signs on."""

    clock: Clock
    idle_seconds: float = 0.0
    idle_end: float = float("inf")
    absolute_end: float = float("inf")

    def begin(self, idle_seconds: float, absolute_seconds: float) -> None:
        now = self.clock.boot()
        self.idle_seconds = idle_seconds + GRACE
        self.idle_end = now + self.idle_seconds
        self.absolute_end = now + absolute_seconds + GRACE

    def touch(self) -> None:
        """The clerk did something. Too late, where the end has passed already (a suspend)."""
        if not self.passed() and self.idle_end != float("inf"):
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
        self,
        connection: socket.socket,
        build: Callable[[], Services],
        clock: Clock,
        at_end: Callable[[], None] = lambda: None,
    ) -> None:
        """``at_end`` is called where the process ends by itself: the UI process may be dead or
        stopped then, and what is on its terminal is not to stay there."""
        self._connection = connection
        self._at_end = at_end
        self._build = build
        self._deadlines = Deadlines(clock)
        self._tasks: queue.SimpleQueue[_Task | Callable[[], None]] = queue.SimpleQueue()
        self._sending = threading.Lock()

    def run(self) -> None:
        """Never returns: ends the process, with 0 at the end of a conversation or a deadline."""
        for target in (self._keep_time, self._work):
            threading.Thread(target=self._to_the_end, args=(target,), daemon=True).start()
        self._to_the_end(self._hear)

    def _to_the_end(self, part: Callable[[], None]) -> None:
        """Where one thread ends, for whatever reason, the process does: half of one is none."""
        code = FAILED
        try:
            part()
            code = 0
        except (OSError, EOFError, codec.ProtocolError):
            code = 0
        finally:
            try:
                self._at_end()
            finally:
                os._exit(code)

    # -- the clock's thread ----------------------------------------------------------------

    def _keep_time(self) -> None:
        """Both deadlines, even where the other side has stopped reading and nothing can be sent."""
        pause = threading.Event()
        while not self._deadlines.passed():
            pause.wait(TICK)

    # -- the hearing thread ----------------------------------------------------------------

    def _hear(self) -> None:
        secrets: list[bytearray] = []
        while True:
            length, kind = codec.read_head(self._receive(5))
            body = self._receive(length)
            if kind == codec.KIND_SECRET:
                secrets.append(body)
                if len(secrets) > MAX_SECRETS or length > MAX_SECRET:
                    raise codec.ProtocolError("too many secrets, or too long a one")
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
            if not isinstance(task, _Task):
                task()  # of another thread's, which must not write records itself
                continue
            try:
                reply = failure if handlers is None else self._handle(handlers, task)
            finally:
                for secret in task.secrets:
                    wipe(secret)
            self._send(task.message.id, reply)
            if handlers is not None and handlers.worn_out():
                return  # the end of the process, as a sign-off is: everything is on the disk

    def _start(self) -> tuple[Handlers | None, protocol.Failed]:
        try:
            # Imported here, so that a broken installation is told as an answer with its place.
            from iies_tui.session.handlers import Handlers

            made = Handlers(self._build(), self._deadlines.begin, self._tasks.put)
            return made, protocol.Failed(code="")
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
            protocol.ProblemInfo(
                field=one.field, code=one.code, params=dict(one.params), row=one.row
            )
            for one in problems
        ],
        exit_code=error.exit_code,
    )


def _unexpected(error: Exception) -> MachineFailed:
    return MachineFailed("unexpected", kind=type(error).__name__, place=place_of(error))
