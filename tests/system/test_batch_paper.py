"""A batch through the real session process and a real cupsd: stopped by the deadline, killed,
printed; each row one card, each card once on paper."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from iies_tui.session import protocol
from iies_tui.session.client import SessionLost
from tests.support import batch_samples as fleets, terminal as terminals
from tests.support.cups_fixture import PrivateCups, running_cups
from tests.support.terminal import Terminal
from tests.support.till import QUEUE, Till

ROWS = 300
"""More than any machine makes in the seconds until the sign-off."""


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


async def begin(till: Till, wanted: protocol.ReadBatch, out: Path, queue: str) -> None:
    await till.session.ask(wanted)
    while not (await till.session.ask(protocol.CheckBatch())).whole:
        await till.session.ask(protocol.Activity())
    order = protocol.BeginBatch(folder=str(out), queue=queue, repeated="skip")
    await till.session.ask(order)


async def cards_of(till: Till, digest: str) -> protocol.BatchCardList:
    return await till.session.ask(protocol.BatchCards(digest))


async def test_the_deadline_ends_a_batch_at_work_and_it_goes_on_at_the_next_sign_on(
    trained: Terminal,
    tmp_path: Path,
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    """Nobody at the keyboard: the session ends by itself, whatever is being made."""
    terminal = terminals.copy(trained, tmp_path / "home")
    idle = 8
    settings = terminal.state / "config.toml"
    settings.write_text(f"[sign_off]\nidle_seconds = {idle}\nabsolute_seconds = 600\n")
    settings.chmod(0o600)
    file = terminal.file("fleet.csv", fleets.to_csv(fleets.fleet(ROWS)))
    # Without CUPS: the socket is there for nobody.
    till = Till(terminal, PrivateCups(tmp_path / "no-cups"))
    try:
        await till.sign_on()
        await begin(till, protocol.ReadBatch(str(file)), tmp_path / "out", "")
        await till.session.ask(protocol.Activity())
        touched = time.monotonic()
        with pytest.raises(SessionLost):
            while True:
                await till.session.ask(protocol.StepBatch())
        late = time.monotonic() - touched - idle
        till.close()
        settings.unlink()
        await till.sign_on()
        (batch,) = await listed(till)
        assert batch.state == "OPEN"
        before = batch.done
        assert before < ROWS
        await begin(till, protocol.ReadBatch(digest=batch.digest), tmp_path / "out", "")
        step = await till.session.ask(protocol.StepBatch())
        assert step.done in (before, before + 1)
        found = await cards_of(till, batch.digest)
        assert max(Counter(found.rows).values()) == 1
    finally:
        till.close()
    assert terminal.run("trail", "verify").code == 0
    record_figure("batch-sign-off", {"seconds_after_the_deadline": round(late, 2)})


async def listed(till: Till) -> list[protocol.BatchInfo]:
    wanted = protocol.ListBatches(open_only=True)
    return (await till.session.ask(wanted)).batches


@pytest.mark.heavy
async def test_a_printed_batch_is_on_paper_once_whoever_is_killed(
    till: Till,
    cups: PrivateCups,
    tmp_path: Path,
    full_count: Callable[..., int],
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    """The session is killed at any moment, cupsd every other time; a clerk answers."""
    count = full_count("batch-printed-rows", sample=4, full=60)
    kills = full_count("batch-printed-kills", sample=2, full=20)
    chance = random.Random(11)
    file = till.terminal.file("fleet.csv", fleets.to_csv(fleets.fleet(count)))
    wanted = protocol.ReadBatch(str(file))
    for turn in range(kills + 1):
        await till.sign_on()
        for batch in await listed(till):
            wanted = protocol.ReadBatch(digest=batch.digest)
        # What is asked after the sign-on is answered first; the rest comes with the batch.
        for card in till.opened:
            if card.paper.state in ("UNKNOWN", "BLOCKED"):
                await till.settle(card.serial)
        await begin(till, wanted, tmp_path / "out", QUEUE)
        until = None if turn == kills else time.monotonic() + chance.uniform(0.5, 3)
        await work(till, until)
        till.close()
        if turn < kills and turn % 2:
            cups.crash()
            cups.start()
    await till.sign_on()
    (batch,) = await listed(till)
    found = await cards_of(till, batch.digest)
    assert sorted(found.rows) == list(range(2, count + 2))
    assert {card.paper.state for card in found.cards} <= {"COMPLETED", "HANDED_OVER"}
    while (await hand_over(till, batch.digest)).left:
        pass
    figure = await till.check_all()
    record_figure("batch-printed", {"kills": kills, "asked": till.asked, **figure})
    assert till.terminal.run("trail", "verify").code == 0


async def hand_over(till: Till, digest: str) -> protocol.BatchHanded:
    return await till.session.ask(protocol.HandOverBatch(digest))


async def work(till: Till, until: float | None) -> None:
    """Steps until the moment comes, killed while one is at work, or to the end."""
    while True:
        await till.session.ask(protocol.Activity())
        asked = asyncio.create_task(till.session.ask(protocol.StepBatch()))
        if until is not None:
            left = max(0.01, until - time.monotonic())
            done, _ = await asyncio.wait([asked], timeout=left)
            if not done:
                till.close()
                with pytest.raises(SessionLost):
                    await asked
                return
        step = await asked
        for problem in step.problems:
            assert problem.code == "paper_unknown", problem
            await till.settle(str(problem.params["serial"]))
        if step.phase == "done":
            return
        await asyncio.sleep(0.05)
