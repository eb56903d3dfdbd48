"""Whatever the printer, its queue or cupsd do: told in words within five seconds, nothing lost,
nothing doubled. The shipped session process against a real cupsd with a faulty back end.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from iies_tui.domain.delivery import State
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import has
from tests.support import terminal as terminals
from tests.support.cups_fixture import PrivateCups, running_cups
from tests.support.terminal import Terminal
from tests.support.till import Till

WITHIN = 5.0


@dataclass(frozen=True, slots=True)
class Condition:
    """``order``: what the back end does; ``state`` and one of ``reasons`` must be told."""

    order: tuple[str, ...]
    state: State
    reasons: tuple[str, ...]


CONDITIONS: dict[str, Condition] = {
    "exit 0": Condition(("exit 0",), State.COMPLETED, ()),
    "exit 1": Condition(("exit 1",), State.BLOCKED, ("printer-stopped", "paused")),
    "exit 2": Condition(("exit 2",), State.BLOCKED, ("job-held", "auth-info-required")),
    "exit 3": Condition(("exit 3",), State.BLOCKED, ("job-held",)),
    "exit 4": Condition(("exit 4",), State.BLOCKED, ("printer-stopped", "paused")),
    "exit 5": Condition(("exit 5",), State.UNKNOWN, ("job-canceled", "job-aborted")),
    "exit 6": Condition(("exit 6",), State.BLOCKED, ()),
    "exit 7": Condition(("exit 7",), State.BLOCKED, ()),
    "out of paper": Condition(
        ("state +media-empty-report", "sleep 600"), State.BLOCKED, ("media-empty",)
    ),
    "hang": Condition(("sleep 600",), State.RELEASED, ("quiet",)),
}
ON_THE_SERVER = ("cupsd down", "cupsd hangs", "queue deleted")


@pytest.fixture
def cups() -> Iterator[PrivateCups]:
    with running_cups() as server:
        yield server


@pytest.fixture
def till(trained: Terminal, cups: PrivateCups, tmp_path: Path) -> Iterator[Till]:
    made = Till(terminals.copy(trained, tmp_path / "home"), cups)
    yield made
    made.close()


async def told(till: Till, serial: str, test: Callable[[protocol.CardInfo], bool]) -> float:
    """Seconds until the card's state is the expected one."""
    began = time.monotonic()
    while not test(card := await till.card(protocol.Watch(serial))):
        assert time.monotonic() - began < WITHIN, card
        await asyncio.sleep(0.1)
    assert all(has(f"printer_reason.{reason}") for reason in card.paper.reasons), card.paper.reasons
    assert has(f"delivery.{card.paper.state}")
    return time.monotonic() - began


async def withdraw(till: Till, serial: str) -> None:
    """Its job is cancelled; the clerk looks and answers; it is printed on a good printer."""
    state = (await till.card(protocol.Watch(serial))).paper.state
    if state in (State.BLOCKED.value, State.RELEASED.value, State.HELD.value):
        await till.card(protocol.Withdraw(serial))
    await till.settle(serial, "GOOD")


async def of_the_printer(till: Till, queue: str, condition: Condition) -> float:
    till.cups.add_queue(queue)
    if condition.order != ("exit 0",):
        till.cups.order(queue, *condition.order)
    (card,) = (await till.issue(queue)).cards

    def right(now: protocol.CardInfo) -> bool:
        wanted = not condition.reasons or bool(set(condition.reasons) & set(now.paper.reasons))
        return State(now.paper.state) is condition.state and wanted

    took = await told(till, card.serial, right)
    till.cups.order(queue)
    await withdraw(till, card.serial)
    till.cups.run("lpadmin", "-x", queue)
    return took


async def of_the_server(till: Till, queue: str, name: str) -> float:
    till.cups.add_queue(queue)
    if name == "queue deleted":
        till.cups.order(queue, "sleep 600")
        (card,) = (await till.issue(queue)).cards
        till.cups.run("lpadmin", "-x", queue)
        took = await told(till, card.serial, lambda now: now.paper.state == State.UNKNOWN.value)
        await withdraw(till, card.serial)
        with pytest.raises(RequestFailed, match="no_such_queue"):
            await till.issue(queue)
        return took
    till.cups.order(queue, "sleep 1")
    (card,) = (await till.issue(queue)).cards
    if name == "cupsd down":
        till.cups.stop_server()
    else:
        till.cups.pause()
    began = time.monotonic()
    code = "cups_down" if name == "cupsd down" else "cups_hangs"
    for request in (protocol.Watch(card.serial), protocol.Print(serial=card.serial, queue="GOOD")):
        with pytest.raises(RequestFailed, match=code):
            await till.card(request)
    with pytest.raises(RequestFailed, match=code):
        await till.issue("GOOD")  # nothing is sealed for a printer that cannot be asked
    took = time.monotonic() - began
    assert took < WITHIN and has(f"error.{code}")
    if name == "cupsd down":
        till.cups.start()
    else:
        till.cups.resume()
    await till.settle(card.serial, "GOOD")
    return took


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """``names``: a test each with ``--full``; the sample has all of them at one desk."""
    if "names" in metafunc.fixturenames:
        every = (*CONDITIONS, *ON_THE_SERVER)
        apart = metafunc.config.getoption("--full")
        cases = [(name,) for name in every] if apart else [every]
        metafunc.parametrize("names", cases, ids=every if apart else ["all of them"])


@pytest.mark.heavy
def test_told_within_five_seconds_none_lost_none_doubled(
    till: Till,
    names: tuple[str, ...],
    full_count: Callable[..., int],
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    async def whole(name: str, times: int) -> dict[str, object]:
        asked, took = till.asked, []
        for number in range(times):
            queue = f"{name.upper().replace(' ', '_')}_{number}"
            if name in CONDITIONS:
                took.append(await of_the_printer(till, queue, CONDITIONS[name]))
            else:
                took.append(await of_the_server(till, queue, name))
        found = await till.check_all()
        return {
            "times": times,
            "slowest_seconds": round(max(took), 2),
            "asked": till.asked - asked,
            **found,
        }

    async def every_one() -> None:
        await till.sign_on()
        till.cups.add_queue("GOOD")
        for name in names:
            times = full_count(f"paper-once-{name}", sample=1, full=20)
            record_figure(f"paper-once-{name}", await whole(name, times))

    asyncio.run(every_one())


@pytest.mark.heavy
def test_a_silent_printer_is_told_as_stalled_after_a_minute(
    till: Till, full_count: Callable[..., int]
) -> None:
    if not full_count("paper-once-stalled", sample=0, full=1):
        return

    async def whole() -> None:
        await till.sign_on()
        till.cups.add_queue("GOOD")
        till.cups.order("GOOD", "sleep 600")
        (card,) = (await till.issue("GOOD")).cards
        end = time.monotonic() + 75
        while "stalled" not in (await till.card(protocol.Watch(card.serial))).paper.reasons:
            assert time.monotonic() < end
            await asyncio.sleep(1)
        till.cups.order("GOOD")
        await withdraw(till, card.serial)
        await till.check_all()

    asyncio.run(whole())
