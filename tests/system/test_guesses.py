"""Never more than ten guesses: killed at any call of an attempt, clocks moved, old copies put back.

An attempt's worth is its derivation, which takes 64 MiB at once: that shows in the calls the
process makes. Whatever dies where, no derivation has begun whose attempt is not on the disk.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from iies_tui.adapters.keys.throttle import LIMIT, FileThrottle
from iies_tui.adapters.machine.clock import SystemClock
from iies_tui.issuance.ports.keys import Attempts
from tests.support import terminal as terminals
from tests.support.fakes import FakeClock
from tests.support.terminal import Ran, Terminal

_DERIVING = re.compile(r"mmap\(NULL, 6[78]\d{6},")
_CALL = re.compile(r"(\d+) +(\w+)\((.*)")
_FAKETIME = next(iter(Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)
WORKERS = 2


@dataclass
class Guessed:
    """A terminal at one place, put back as it was before each run."""

    terminal: Terminal
    kept: Path

    @classmethod
    def make(cls, home: Path) -> Guessed:
        terminal = terminals.make(home)
        assert terminal.run("register", "search", *terminal.signed()).code == 0  # it enrols
        kept = home.with_name(f"{home.name}-kept")
        shutil.copytree(home, kept)
        return cls(terminal, kept)

    def put_back(self, failures: int = 0) -> None:
        """``failures`` wrong PINs before, their waits over: they were made before this boot."""
        for name in ("state", "config_home"):
            shutil.rmtree(self.terminal.home / name)
            shutil.copytree(self.kept / name, self.terminal.home / name)
        throttle = FileThrottle(self.terminal.state, self.second, FakeClock(boot_name="before"))
        for _ in range(failures):
            throttle.count(self.terminal.license)

    @property
    def second(self) -> Path:
        return self.terminal.home / "config_home" / "iies-tui"

    def attempts(self) -> Attempts:
        throttle = FileThrottle(self.terminal.state, self.second, SystemClock())
        return throttle.state(self.terminal.license)

    def words(self, pin: str) -> list[str | Path]:
        file = self.terminal.file(f"pin-{pin}", pin + "\n")
        return ["register", "search", "--license", self.terminal.license, "--pin-file", file]

    def traced(self, pin: str, calls: str, *more: str) -> tuple[Ran, list[str]]:
        log = self.terminal.home / "calls"
        strace = ["strace", "-f", "-qq", "-o", os.fspath(log), "-e", f"trace={calls}", *more]
        ran = self.terminal.run(*self.words(pin), before=strace)
        return ran, log.read_text("utf-8", "replace").splitlines()


@pytest.fixture(scope="module")
def guessed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Guessed]]:
    home = tmp_path_factory.mktemp("guesses")
    yield [Guessed.make(home / f"terminal-{number}") for number in range(WORKERS)]


def attempt_path(lines: list[str]) -> list[tuple[str, int]]:
    """(call, how often its thread had made it by then) from the first look at the count."""
    first = next(at for at, line in enumerate(lines) if ".attempts" in line and "openat" in line)
    thread = lines[first].split()[0]
    made: dict[str, int] = {}
    path: list[tuple[str, int]] = []
    for at, line in enumerate(lines):
        found = _CALL.match(line)
        if found is None or found[1] != thread:
            continue
        made[found[2]] = made.get(found[2], 0) + 1
        if at >= first:
            path.append((found[2], made[found[2]]))
    return path


def test_both_counts_are_on_the_disk_before_the_derivation_begins(guessed: list[Guessed]) -> None:
    one = guessed[0]
    one.put_back()
    ran, lines = one.traced("00000000", "openat,fsync,rename,mmap")
    assert ran.code == 1 and "wrong" in ran.err
    begun = next(at for at, line in enumerate(lines) if _DERIVING.search(line))
    renamed = [at for at, line in enumerate(lines) if "rename(" in line and ".attempts" in line]
    flushed = [at for at, line in enumerate(lines) if "fsync(" in line and at < begun]
    assert len(renamed) == 2 and max(renamed) < begun
    assert len(flushed) >= 4 and max(flushed) > max(renamed)  # the directory of the last as well
    one.put_back()


@pytest.mark.heavy
def test_killed_at_any_call_of_an_attempt_no_guess_is_free(
    guessed: list[Guessed],
    full_count: Callable[..., int],
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    points: list[tuple[str, int, str, int]] = []
    for pin in ("00000000", guessed[0].terminal.made["pin"]):
        guessed[0].put_back()
        _, lines = guessed[0].traced(pin, "all")
        # The first guess of ten, and the last one: after it the issuer is disabled.
        points += [(pin, before, *at) for at in attempt_path(lines) for before in (0, LIMIT - 1)]
    points = list(dict.fromkeys(points))
    wanted = full_count("attempt killed", sample=6, full=200)
    random.Random(20261122).shuffle(points)
    pending, lock, results = iter(points), threading.Lock(), []

    def run(mine: Guessed) -> None:
        while True:
            with lock:
                point = next(pending, None) if killed() < wanted else None
            if point is None:
                return
            result = die(mine, *point)
            with lock:
                results.append(result)

    def killed() -> int:
        return sum(one.killed for one in results)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(run, guessed))
    record_figure(
        "attempt killed",
        {
            "points": len(points),
            "runs": len(results),
            "killed": killed(),
            "killed_at_the_tenth": sum(one.killed and one.before > 0 for one in results),
            "derivations_begun": sum(one.derived for one in results),
            "counted": sum(one.counted for one in results),
        },
    )
    assert killed() >= wanted  # calls differ a little from run to run: not each one dies
    for one in guessed:
        one.put_back()


@dataclass(frozen=True, slots=True)
class Died:
    """What became of one attempt."""

    before: int
    killed: bool
    derived: bool
    counted: bool


def die(mine: Guessed, pin: str, before: int, call: str, number: int) -> Died:
    """An attempt whose process is killed as it enters its nth ``call``; none is free."""
    mine.put_back(before)
    traced = "mmap" if call == "mmap" else f"mmap,{call}"
    inject = f"inject={call}:signal=SIGKILL:when={number}"
    ran, lines = mine.traced(pin, traced, "-e", inject)
    after = mine.attempts()
    began = any(_DERIVING.search(line) for line in lines)
    right = pin != "00000000"
    counted = after.failures == before + 1
    cleared = right and after.failures == 0 and began  # told right, or killed on the way to say so
    assert counted or cleared or (after.failures == before and not began), (call, number, after)
    assert after.disabled == (after.failures >= LIMIT) and not after.alarm, (call, number, after)
    return Died(before, ran.code == 3, began, counted)


def test_ten_guesses_whatever_the_clock_says_and_whatever_copy_is_put_back(
    guessed: list[Guessed],
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    """Ten years forwards and back between guesses, and an older state directory each time."""
    one = guessed[0]
    assert _FAKETIME is not None, "libfaketime is not installed (kiosk/packages.sh)"
    one.put_back(failures=LIMIT - 3)
    older = one.terminal.home / "older"
    shutil.copytree(one.kept / "state", older)

    def guess(pin: str, offset: str) -> Ran:
        moved = {
            "LD_PRELOAD": os.fspath(_FAKETIME),
            "FAKETIME": offset,
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",  # or every import would compile its module anew
        }
        return one.terminal.run(*one.words(pin), environment=moved)

    tried = 0
    for offset in ("+10y", "-10y", "+10y", "-10y", "+10y"):
        # An older state directory in place of the one that knows of the guesses.
        shutil.rmtree(one.terminal.state)
        shutil.copytree(older, one.terminal.state)
        before = one.attempts()
        ran = guess("00000000", offset)
        after = one.attempts()
        assert after.failures >= before.failures
        tried += after.failures > before.failures
        if after.failures > before.failures:
            assert "wrong" in ran.err
        # The wait runs on the boot clock: ten years more or less do not shorten it.
        again = guess(one.terminal.made["pin"], offset)
        assert again.code == 1 and ("Wait" in again.err or "disabled" in again.err), again.err
        _forget_the_wait(one.second)
    assert tried == 3
    final = one.terminal.run(*one.words(one.terminal.made["pin"]))
    assert final.code == 1 and "disabled" in final.err
    assert "counter_alarm" in one.terminal.events()
    # Only the KEY, entered again, lifts it.
    key = one.terminal.file("key", one.terminal.made["key"])
    added = one.terminal.run("setup", "add", "--license", one.terminal.license, "--key-file", key)
    assert added.code == 0
    assert one.terminal.run(*one.words(one.terminal.made["pin"])).code == 0
    record_figure("ten guesses", {"guesses": LIMIT - 3 + tried, "disabled": True})
    one.put_back()


def _forget_the_wait(second: Path) -> None:
    """As a reboot long enough ago: the test does not wait minutes; the counts stay as they are."""
    from iies_tui.adapters.encoding import cbor as canonical

    for path in second.glob("*.attempts"):
        fields = canonical.decode(path.read_bytes(), max_bytes=128)
        assert isinstance(fields, list)
        path.write_bytes(canonical.encode([*fields[:3], "an older boot", 0]))
