"""A real mail server and the shipped session process: each message arrives once or is asked about.

SIGKILL strikes the session as it enters its n-th call of a kind; then it is started again as the
terminal does, and a clerk asks the customer and says what is true.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from iies_tui.session.client import SessionLost
from tests.support import mail_server, terminal as terminals
from tests.support.mail_server import MailServer, Order, Papers
from tests.support.post_office import PostOffice
from tests.support.terminal import Terminal
from tests.support.till import counted, end, kill_at, spread, strace

CALLS = ("fdatasync", "write", "read")
"""Each record is flushed; each word to the mail server is written, each answer read."""

Figure = Callable[[str, dict[str, object]], None]


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return mail_server.make_papers(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def server(papers: Papers) -> Iterator[MailServer]:
    with mail_server.running(papers) as running:
        yield running


@pytest.fixture
def office(trained: Terminal, server: MailServer, tmp_path: Path) -> Iterator[PostOffice]:
    made = PostOffice(terminals.copy(trained, tmp_path / "home"), server)
    made.set_up()
    yield made
    made.close()


# -- the server's moods ------------------------------------------------------------------------

MOODS: dict[str, tuple[Order, str]] = {
    "accepts": (Order(), "SENT"),
    "refuses the address": (Order(rcpt="550 5.1.1 no such user", times=1), "REFUSED"),
    "refuses the message": (Order(data="554 5.7.1 looks like spam", times=1), "REFUSED"),
    "greylists": (Order(rcpt="450 4.7.1 greylisted", times=1), "SENT"),
    "greylists at the end": (Order(data="451 4.7.1 greylisted", times=1), "SENT"),
    "dies in the data": (Order(die_in_data=20_000, times=1), "SENT"),
    "dies after the dot, taken": (Order(die_after=True, taken=True, times=1), "DOUBTFUL"),
    "dies after the dot, lost": (Order(die_after=True, taken=False, times=1), "DOUBTFUL"),
    "hangs": (Order(hang="data", times=1), "SENT"),
    "hangs after the dot": (Order(hang="end", times=1), "DOUBTFUL"),
}


@pytest.mark.heavy
def test_each_message_arrives_once_whatever_the_server_does(
    office: PostOffice, full: bool, full_count: Callable[..., int], record_figure: Figure
) -> None:
    times = full_count("mail-once-each-mood-of-a-server", sample=1, full=10)
    # To wait for one that hangs is for the full count;
    # tests/adapters/mail/test_smtp.py has it cheaply.
    moods = {mood: it for mood, it in MOODS.items() if full or not it[0].hang}
    found: dict[str, int] = {}

    async def whole() -> None:
        office.set_up(timeout_seconds=2 if full else 20)
        await office.sign_on()
        await office.issue()
        for mood, (order, wanted) in moods.items():
            for _ in range(times):
                office.server.order = Order(**vars(order))
                made = await office.send()
                rested = await office.rested(made.id)
                # One that died in the data may have had it all in its buffers.
                doubt = mood == "dies in the data" and rested.state == "DOUBTFUL"
                assert rested.state == wanted or doubt, (mood, rested)
                assert office.times(made.id) <= 1, mood
                found[rested.state] = found.get(rested.state, 0) + 1
                await office.settle()
                assert office.times(made.id) == 1, mood
        found["messages"] = await office.check_all()

    asyncio.run(whole())
    record_figure("mail-once-moods", {**found, "asked": office.asked})
    assert found["messages"] == times * len(moods)
    assert office.asked >= 2 * times
    ran = office.terminal.run("trail", "verify")
    office.close()
    assert ran.code == 0, ran.out + ran.err


def test_a_fault_stops_all_that_waits_and_nothing_is_lost(
    office: PostOffice, tmp_path: Path
) -> None:
    secret = office.terminal.file("mail-password", "")

    async def whole() -> None:
        office.set_up(ca_file=mail_server.make_papers(tmp_path / "other").ca)
        await office.sign_on()
        await office.issue()
        ids = {(await office.send()).id, (await office.send()).id}
        found = [await office.rested(id) for id in ids]
        assert {(one.state, one.reason) for one in found} == {("STALLED", "certificate")}
        assert office.server.logins == [], "no password to a server that is not trusted"
        office.close()
        office.set_up()
        await office.sign_on()
        assert {made.id for made in office.opened} == ids
        secret.write_text("another\n")
        for id in ids:
            await office.answer(id, "again")
            found = [await office.rested(id)]
            assert (found[0].state, found[0].reason) == ("STALLED", "wrong_password")
        secret.write_text(mail_server.PASSWORD + "\n")
        await office.settle()
        assert await office.check_all() == 2

    asyncio.run(whole())


# -- kills -------------------------------------------------------------------------------------


async def find_edges(office: PostOffice, log: str) -> list[tuple[str, int]]:
    """A message is sent under strace; calls to die at, spread over all of it."""
    pid = office.session.pid
    assert pid is not None
    tracer = strace(pid, "-o", log, "-e", f"trace={','.join(CALLS)}")
    made = await office.send()
    assert (await office.rested(made.id)).state == "SENT"
    end(tracer)
    counts = counted(log, CALLS)
    return [(call, at) for call in CALLS for at in spread(counts[call], 6)]


async def kill_once(office: PostOffice, call: str, number: int, log: str) -> bool:
    """One message, one kill, what comes after; whether the kill came before it was sent."""
    pid = office.session.pid
    assert pid is not None
    tracer = kill_at(pid, call, number, log)
    struck = False
    try:
        made = await office.send()
        await office.rested(made.id)
    except SessionLost:
        struck = True
    end(tracer, struck)
    office.close()
    await office.sign_on()
    await office.settle()
    return struck


@pytest.mark.heavy
def test_each_message_arrives_once_wherever_the_session_is_killed(
    office: PostOffice,
    full: bool,
    tmp_path: Path,
    full_count: Callable[..., int],
    record_figure: Figure,
) -> None:
    times = full_count("mail-once-session-killed-at-an-edge", sample=1, full=6)

    async def whole() -> dict[str, object]:
        log = str(tmp_path / "strace")
        await office.sign_on()
        await office.issue()
        edges = await find_edges(office, log)
        assert len(edges) >= 10, edges
        if not full:
            edges = edges[3::8]
        kills = reached = 0
        began = time.monotonic()
        for _ in range(times):
            for call, number in edges:
                reached += await kill_once(office, call, number, log)
                kills += 1
        return {
            "edges": [f"{call}:{number}" for call, number in edges],
            "kills": kills,
            "reached": reached,
            "asked": office.asked,
            "messages": await office.check_all(),
            "seconds": round(time.monotonic() - began, 1),
        }

    figure = asyncio.run(whole())
    assert int(str(figure["reached"])) >= 0.6 * int(str(figure["kills"])), figure
    record_figure("mail-once-killed", figure)
    office.close()
    ran = office.terminal.run("trail", "verify")
    assert ran.code == 0, ran.out + ran.err
    assert b"jane.doe" not in b"".join(
        path.read_bytes() for path in office.terminal.state.rglob("*") if path.is_file()
    )
