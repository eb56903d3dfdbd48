"""The asking side: starts a session process and speaks to it (asyncio).

The client is all that the UI and the commands know of keys, records and printers. It never blocks
the event loop, and ``kill`` ends the session at once, which is what signing off means.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from iies_tui.domain.errors import MachineFailed
from iies_tui.domain.wiping import wipe
from iies_tui.session import codec, protocol

Reply = TypeVar("Reply")
OnProgress = Callable[[protocol.Progress], None]


class SessionLost(MachineFailed):
    """The session process ended or broke the protocol; sign on again."""

    def __init__(self) -> None:
        super().__init__("session_lost")


class RequestFailed(Exception):
    """The session answered ``Failed``: ``failed`` has the code, parameters and problems."""

    def __init__(self, failed: protocol.Failed) -> None:
        super().__init__(failed.code)
        self.failed = failed


class SessionClient:
    """One session process. ``command`` gets the socket's number appended as its last word."""

    def __init__(self, command: Sequence[str], environment: dict[str, str] | None = None) -> None:
        self._command = list(command)
        self._environment = environment
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._progress: dict[int, OnProgress] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._reading: asyncio.Task[None] | None = None
        self._sending = asyncio.Lock()
        self.lost = asyncio.Event()

    def start(self) -> None:
        """Start the process; it warms up while the first screen is painted."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                # What a library prints must never reach the clerk's screen, nor a log: whatever
                # goes wrong inside comes as a reply with a code.
                self._process = subprocess.Popen(
                    [*self._command, str(theirs.fileno())],
                    pass_fds=(theirs.fileno(),),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=self._environment,
                    start_new_session=True,
                )
            except OSError as error:
                ours.close()
                self.lost.set()
                reason = error.strerror or type(error).__name__
                raise MachineFailed("session_not_started", reason=reason) from error
        ours.setblocking(False)
        self._socket = ours

    async def ask(
        self,
        request: protocol.Request[Reply],
        secrets: Sequence[bytearray] = (),
        progress: OnProgress | None = None,
    ) -> Reply:
        """Send one request and wait for its reply; ``secrets`` are wiped once sent.

        Raise RequestFailed where the session refuses, SessionLost where it is gone.
        """
        try:
            return await self._ask(request, secrets, progress)
        finally:
            for secret in secrets:
                wipe(secret)

    async def _ask(
        self,
        request: protocol.Request[Reply],
        secrets: Sequence[bytearray],
        progress: OnProgress | None,
    ) -> Reply:
        if self._socket is None or self.lost.is_set():
            raise SessionLost
        loop = asyncio.get_running_loop()
        if self._reading is None:
            self._reading = loop.create_task(self._read())
        number = next(self._ids)
        future: asyncio.Future[Any] = loop.create_future()
        self._waiting[number] = future
        if progress is not None:
            self._progress[number] = progress
        try:
            async with self._sending:
                await self._send(codec.pack(codec.Message(number, request)), secrets)
            answer = await future
        except OSError as error:
            raise SessionLost from error
        finally:
            self._waiting.pop(number, None)
            self._progress.pop(number, None)
        if isinstance(answer, protocol.Failed):
            raise RequestFailed(answer)
        if not isinstance(answer, request.reply_type()):
            self.kill()
            raise SessionLost
        return answer

    async def _send(self, frame: bytes, secrets: Sequence[bytearray]) -> None:
        """All of it or the end of the session: half a frame would shift every later one."""
        loop, whole = asyncio.get_running_loop(), False
        try:
            for secret in secrets:
                await loop.sock_sendall(
                    self._open(), codec.frame_head(len(secret), codec.KIND_SECRET)
                )
                await loop.sock_sendall(self._open(), secret)
            await loop.sock_sendall(self._open(), frame)
            whole = True
        finally:
            if not whole:
                self.kill()

    def _open(self) -> socket.socket:
        if self._socket is None:
            raise SessionLost
        return self._socket

    async def _read(self) -> None:
        try:
            while True:
                length, kind = codec.read_head(await self._receive(5))
                body = await self._receive(length)
                if kind != codec.KIND_JSON:
                    raise codec.ProtocolError("a secret from the session")
                self._deliver(codec.unpack(body))
        except (OSError, EOFError, codec.ProtocolError):
            pass
        finally:
            self.lost.set()
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(SessionLost())

    def _deliver(self, message: codec.Message) -> None:
        if isinstance(message.body, protocol.Progress):
            if told := self._progress.get(message.id):
                told(message.body)
            return
        future = self._waiting.get(message.id)
        if future is not None and not future.done():
            future.set_result(message.body)

    async def _receive(self, length: int) -> bytearray:
        if self._socket is None:
            raise EOFError
        loop = asyncio.get_running_loop()
        data = bytearray(length)
        view, position = memoryview(data), 0
        while position < length:
            count = await loop.sock_recv_into(self._socket, view[position:])
            if count == 0:
                raise EOFError
            position += count
        return data

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone: nothing of the session stays in memory."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.lost.set()
        self._hang_up()

    def _hang_up(self) -> None:
        if self._reading is not None and not self._reading.done():
            loop = self._reading.get_loop()
            self._reading.cancel()
            if self._socket is not None and not loop.is_closed():
                # Before the number is free for another file, or the loop would watch that one.
                loop.remove_reader(self._socket)
                loop.remove_writer(self._socket)
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def session_command(
    executable: str, state: os.PathLike[str] | str, terminal: str = ""
) -> list[str]:
    """The command line of a session process; the client appends the socket's number.

    ``terminal``: the device whose screen the session clears where the UI process dies first.
    """
    words = [executable, "-I", "-m", "iies_tui", "--state", os.fspath(state), "_session"]
    return [*words, "--terminal", terminal] if terminal else words
