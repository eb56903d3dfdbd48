"""Killed at any system call, the program, cupsd or both: each card comes out once.

SIGKILL strikes the shipped session process, or a real cupsd, as it enters its n-th call of a kind;
then it is started again as the terminal does, and a clerk answers truly what is asked.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed, SessionLost
from tests.support import terminal as terminals
from tests.support.cups_fixture import PrivateCups, running_cups
from tests.support.terminal import Terminal
from tests.support.till import QUEUE, Till, counted, end, kill_at, spread, strace

PROGRAM_CALLS = ("fdatasync", "sendto")
"""Each record is flushed, each word to CUPS is sent."""
CUPSD_CALLS = ("rename", "sendto", "clone3,vfork,clone")
"""Each state is written, each answer is sent, each back end is started."""
ORDERS: tuple[tuple[str, ...], ...] = ((), ("sleep 0.15",), ("after", "sleep 0.15"))
"""The printer is quick; has not begun to draw when cupsd dies; has drawn."""


@pytest.fixture
def cups() -> Iterator[PrivateCups]:
    with running_cups() as server:
        server.add_queue(QUEUE)
        yield server


@pytest.fixture
def till(trained: Terminal, cups: PrivateCups, tmp_path: Path) -> Iterator[Till]:
    made = Till(terminals.copy(trained, tmp_path / "home"), cups)
    yield made
    made.close()


async def edges_of_program(till: Till, log: str) -> list[tuple[str, int]]:
    """A card is issued and printed under strace; calls to die at, spread over all of it."""
    pid = till.session.pid
    assert pid is not None
    tracer = strace(pid, "-o", log, "-e", f"trace={','.join(PROGRAM_CALLS)}")
    (card,) = (await till.issue()).cards
    end(tracer)
    await till.settle(card.serial)
    counts = counted(log, PROGRAM_CALLS)
    return [(call, at) for call in PROGRAM_CALLS for at in spread(counts[call], 5)]


async def edges_of_cupsd(till: Till, log: str) -> list[tuple[str, int]]:
    kinds = ",".join(CUPSD_CALLS)
    tracer = strace(till.cups.pid, "-o", log, "-e", f"trace={kinds}")
    (card,) = (await till.issue()).cards
    while (await till.card(protocol.Watch(card.serial))).paper.state != "COMPLETED":
        await asyncio.sleep(0.05)
    end(tracer)
    await till.settle(card.serial)
    counts = counted(log, ("rename", "sendto"))
    edges = [(call, at) for call in ("rename", "sendto") for at in spread(counts[call], 5)]
    return [*edges, (CUPSD_CALLS[2], 1)]


async def kill_program(till: Till, call: str, number: int, log: str, cupsd_too: bool) -> bool:
    """One card, one kill, what comes after; whether the kill came before the reply."""
    before = {card.serial for card in await till.register()}
    pid = till.session.pid
    assert pid is not None
    tracer = kill_at(pid, call, number, log)
    struck = False
    try:
        await till.issue()
    except SessionLost:
        struck = True
    end(tracer, struck)
    till.close()
    if cupsd_too:
        till.cups.crash()
        till.cups.start()
    await till.sign_on()
    told = {card.serial for card in till.opened}
    for card in await till.register():
        if card.serial not in before and card.paper.state != "VOID":
            assert card.serial in told or card.paper.state == "HANDED_OVER", card
            await till.settle(card.serial)
    return struck


async def kill_cupsd(till: Till, call: str, number: int, log: str) -> bool:
    """One card, cupsd killed on the way and started again; the program lives on."""
    tracer = kill_at(till.cups.pid, call, number, log)
    serials = []
    try:
        serials = [card.serial for card in (await till.issue()).cards]
    except RequestFailed as refused:
        assert refused.failed.code.startswith("cups_"), refused.failed
    until = time.monotonic() + 2
    while till.cups.running and time.monotonic() < until:
        for serial in serials:
            try:
                card = await till.card(protocol.Watch(serial))
            except RequestFailed as refused:
                assert refused.failed.code.startswith("cups_"), refused.failed
                break
            if card.paper.state == "COMPLETED":
                until = min(until, time.monotonic() + 0.1)
        await asyncio.sleep(0.02)
    struck = not till.cups.running
    end(tracer, struck)
    till.cups.crash()
    till.cups.start()
    for serial in serials:
        await till.settle(serial)
    return struck


STRUCK = ("program", "cupsd", "both")
FULL_PARTS = 5
"""The full counts run in this many tests, each with its edges, so that what ended counts."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """``part``, ``parts``: edges ``part::parts`` are this test's.

    The sample strikes each edge of the program once, every other one together with cupsd, and every
    other edge of cupsd.
    """
    if metafunc.config.getoption("--full"):
        cases = [(who, n, FULL_PARTS) for n in range(FULL_PARTS) for who in STRUCK]
    else:
        cases = [("program", 0, 2), ("both", 1, 2), ("cupsd", 0, 2)]
    names = [f"{part + 1}of{parts}-{who}" for who, part, parts in cases]
    metafunc.parametrize(("struck", "part", "parts"), cases, ids=names)


@pytest.mark.heavy
def test_each_card_comes_out_once_whoever_is_killed(
    till: Till,
    struck: str,
    part: int,
    parts: int,
    tmp_path: Path,
    full_count: Callable[..., int],
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    times = full_count(f"paper-once-{struck}-killed-at-an-edge", sample=1, full=50)

    async def whole() -> dict[str, object]:
        log = str(tmp_path / "strace")
        await till.sign_on()
        find = edges_of_cupsd if struck == "cupsd" else edges_of_program
        edges = await find(till, log)
        assert len(edges) >= 10, edges
        mine = edges[part::parts]
        reached = kills = 0
        began = time.monotonic()
        for trial in range(times):
            for call, number in mine:
                if struck != "program":
                    till.cups.order(QUEUE, *ORDERS[kills % len(ORDERS)])
                if struck == "cupsd":
                    hit = await kill_cupsd(till, call, number, log)
                else:
                    hit = await kill_program(till, call, number, log, struck == "both")
                kills += 1
                reached += hit
            assert reached or trial > 0
        found = await till.check_all()
        return {
            "edges": [f"{call}:{number}" for call, number in mine],
            "kills": kills,
            "reached": reached,
            "asked": till.asked,
            "seconds": round(time.monotonic() - began, 1),
            **found,
        }

    figure = asyncio.run(whole())
    assert int(str(figure["reached"])) >= 0.9 * int(str(figure["kills"])), figure
    record_figure(f"paper-once-{struck}-{part + 1}-of-{parts}", figure)
    done = till.terminal.run("trail", "verify")
    assert done.code == 0, done.out + done.err
