"""The shipped session process at a desk with a private cupsd, and a clerk who says what is true."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from iies_tui.domain.delivery import State
from iies_tui.session import protocol
from iies_tui.session.client import session_command
from tests.support.cups_fixture import PrivateCups
from tests.support.session_client import WatchedClient
from tests.support.terminal import REQUEST, Terminal

QUEUE = "FRONT"
SEALED_STATES = (State.SEALED.value, State.SAVED.value)


@dataclass
class Till:
    """One terminal, one issuer, one printer. ``asked``: how often the clerk had to look."""

    terminal: Terminal
    cups: PrivateCups
    client: WatchedClient | None = None
    asked: int = 0
    opened: list[protocol.CardInfo] = field(default_factory=list)

    async def sign_on(self) -> None:
        """A new session process, and what it says is open from before."""
        environment = {**self.terminal.environment, "CUPS_SERVER": str(self.cups.socket)}
        client = WatchedClient(session_command(sys.executable, self.terminal.state), environment)
        client.start()
        self.client = client
        pin = bytearray(self.terminal.made["pin"].encode())
        signed = await client.ask(protocol.SignOn(self.terminal.license), [pin])
        self.opened = signed.open

    @property
    def session(self) -> WatchedClient:
        assert self.client is not None
        return self.client

    async def issue(self, queue: str = QUEUE, **more: Any) -> protocol.Issued:
        await self.session.ask(protocol.Activity())  # or it signs off in minutes
        return await self.session.ask(
            protocol.Issue(request=REQUEST, queue=queue, fax_sheet=False, **more)
        )

    async def card(
        self, request: protocol.Request[protocol.CardState], *, pin: bool = False
    ) -> protocol.CardInfo:
        """Ask for something about one card; how it stands then."""
        secrets = [bytearray(self.terminal.made["pin"].encode())] if pin else []
        return (await self.session.ask(request, secrets)).card

    async def register(self) -> list[protocol.CardInfo]:
        return (await self.session.ask(protocol.Search("", 100_000))).cards

    def on_paper(self, serial: str) -> int:
        return sum(1 for one in self.cups.printed() if one.title == serial)

    async def settle(self, serial: str, queue: str = QUEUE, seconds: float = 30) -> None:
        """What the clerk does until the card is in hand: look, answer, print, hand over."""
        end = time.monotonic() + seconds
        while True:
            card = await self.card(protocol.Watch(serial))
            state, held = State(card.paper.state), "job-held" in card.paper.reasons
            if state in (State.HANDED_OVER, State.VOID):
                return
            if time.monotonic() > end:
                jobs = self.cups.run("lpstat", "-W", "all", "-l", "-o", check=False)
                raise AssertionError(f"not settled: {card}\n{jobs}\n{self.cups.log()[-2000:]}")
            if state is State.UNKNOWN or (state is State.BLOCKED and held):
                self.asked += 1
                out = self.on_paper(serial) > 0
                if out or state is State.UNKNOWN:
                    await self.card(protocol.Answer(serial, printed=out))
                else:
                    await self.card(protocol.PrintNow(serial))
            elif state is State.HELD:
                await self.card(protocol.PrintNow(serial))
            elif state in (State.SEALED, State.SAVED):
                await self.card(protocol.Print(serial=serial, queue=queue, anyway=True))
            elif state is State.COMPLETED:
                await self.card(protocol.HandOver(serial))
            else:
                await asyncio.sleep(0.02)

    async def check_all(self) -> dict[str, int]:
        """Each card of the register on paper once, each void one never, and nothing else.

        Returned: how many cards and voids.
        """
        cards = await self.register()
        paper = collections.Counter(one.title for one in self.cups.printed())
        found: dict[str, int] = {"cards": 0, "void": 0}
        for card in cards:
            void = card.paper.state == State.VOID.value
            assert void or card.paper.state == State.HANDED_OVER.value, card
            assert paper.pop(card.serial, 0) == (0 if void else 1), card
            found["void" if void else "cards"] += 1
        assert not paper
        return found

    def close(self) -> None:
        if self.client is not None:
            self.client.kill()
            self.client = None


def strace(pid: int, *words: str) -> subprocess.Popen[bytes]:
    """strace on a running process with all its threads, once it is attached."""
    tracer = subprocess.Popen(
        ["strace", "-f", "-p", str(pid), *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert tracer.stderr is not None
    for line in tracer.stderr:
        if b"attached" in line:
            return tracer
    raise AssertionError("strace did not attach")


def kill_at(pid: int, call: str, number: int, log: str) -> subprocess.Popen[bytes]:
    """SIGKILL to the process as a thread of it enters its ``number``-th ``call`` from now."""
    return strace(
        pid, "-o", log, "-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={number}"
    )


def end(tracer: subprocess.Popen[bytes], killed: bool = False) -> None:
    """Let go of the traced process and wait for strace's end.

    strace waits for threads of a process that was ``killed``: it is ended without asking.
    """
    if not killed:
        tracer.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            tracer.communicate(timeout=2)
            return
    tracer.kill()
    tracer.communicate()


def counted(log: str, calls: Sequence[str]) -> dict[str, int]:
    """The most that any one thread made of each call, of a strace log with ``-f``."""
    of_thread: collections.Counter[tuple[str, str]] = collections.Counter()
    with Path(log).open() as lines:
        for line in lines:
            thread, _, rest = line.partition(" ")
            of_thread[thread, rest.strip().partition("(")[0]] += 1
    return {
        call: max((n for (_, c), n in of_thread.items() if c == call), default=0) for call in calls
    }


def spread(total: int, wanted: int) -> list[int]:
    """``wanted`` numbers of 1 to ``total``, the first and the last among them."""
    if total <= wanted:
        return list(range(1, total + 1))
    return sorted({1 + round(at * (total - 1) / (wanted - 1)) for at in range(wanted)})
