"""Left alone, the terminal signs off within two seconds of its time, whatever goes on.

Several terminals at once, each on its own screen of a terminal emulator, each under one condition;
measured is the time from the last key until no cell of the screen shows anything of the card.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import memory
import pytest
import terminal as terminals
from console import Console
from terminal import Terminal

IDLE = 8
IDLE_MOVED = 15
"""Seconds of the terminals whose clock is moved: libfaketime looks at its file every ten."""

WITHIN = 2.0
AT_ONCE = 6
TRIES = 3
CARD = ("PA-7654321", "NORTH COUNTRY", "Insurance   page")
"""What must be gone: the form, or the help page that stands over it."""
_FAKETIME = next(iter(Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)


@dataclass
class Alone:
    """One run: ``pressed`` is when the last key went in."""

    console: Console
    terminal: Terminal
    idle: int = IDLE
    pressed: float = 0.0
    clock: Path | None = None

    def key(self, *names: str) -> None:
        self.console.press(*names)
        self.pressed = time.monotonic()

    @property
    def session(self) -> int:
        pids = memory.processes(os.fspath(self.terminal.state))
        (found,) = [pid for pid in pids if pid != self.console.pid]
        return found


def nothing(_: Alone) -> None:
    """The form, half filled."""


def modal(run: Alone) -> None:
    run.key("f1")
    run.console.wait("Insurance   page")


def question(run: Alone) -> None:
    run.key("esc")
    run.console.wait("Empty the form?")


def stopped_session(run: Alone) -> None:
    os.kill(run.session, signal.SIGSTOP)


def stopped_and_continued(run: Alone) -> None:
    """Both processes sleep past the deadline; the screen clears as soon as they wake."""
    session = run.session
    for pid in (run.console.pid, session):
        os.kill(pid, signal.SIGSTOP)
    run.console.read(run.idle - 1.0)
    os.kill(run.console.pid, signal.SIGCONT)


def busy(run: Alone) -> None:
    """Every processor has something else to do, twice over."""
    loop = [
        sys.executable,
        "-c",
        f"import time\ne=time.time()+{IDLE + 4}\nwhile time.time()<e: pass",
    ]
    for _ in range(2 * (os.cpu_count() or 2)):
        BUSY.append(subprocess.Popen(loop))


def day_forward(run: Alone) -> None:
    assert run.clock is not None
    run.clock.write_text("+1d\n")


def day_back(run: Alone) -> None:
    assert run.clock is not None
    run.clock.write_text("-1d\n")


BUSY: list[subprocess.Popen[bytes]] = []
CONDITIONS: tuple[Callable[[Alone], None], ...] = (
    nothing, modal, question, stopped_session, stopped_and_continued, busy, day_forward, day_back,
)  # fmt: skip


def begin(home: Path, trained: Terminal, condition: Callable[[Alone], None]) -> Alone:
    """A terminal with a half-filled form on the screen."""
    terminal = terminals.copy(trained, home)
    config = terminal.state / "config.toml"
    idle = IDLE_MOVED if condition in (day_forward, day_back) else IDLE
    config.write_text(f"[sign_off]\nidle_seconds = {idle}\n")
    config.chmod(0o600)
    environment, clock = dict(terminal.environment), None
    if condition in (day_forward, day_back):
        assert _FAKETIME is not None, "libfaketime is not installed (kiosk/packages.sh)"
        clock = terminal.file("clock", "+0\n")
        environment |= {
            "LD_PRELOAD": os.fspath(_FAKETIME),
            "FAKETIME_TIMESTAMP_FILE": os.fspath(clock),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",  # or every import would compile its module anew
        }
    console = Console(terminal.state, environment=environment)
    run = Alone(console, terminal, idle, clock=clock)
    try:
        fill_in(run)
    except AssertionError:
        console.close()
        raise
    return run


def fill_in(run: Alone) -> None:
    """Sign on and begin a form."""
    console, terminal = run.console, run.terminal
    console.wait("License number", 60)
    console.type(terminal.made["pin"])
    console.press("enter")
    console.wait("Company code", 60)
    os.write(console._master, b"901")
    console.wait("NORTH COUNTRY", 30)
    run.key("enter")
    os.write(console._master, b"PA-7654321")
    run.pressed = time.monotonic()
    console.wait("PA-7654321", 30)


def begin_anyhow(home: Path, trained: Terminal, condition: Callable[[Alone], None]) -> Alone:
    """``begin``, again where libfaketime's own lock stopped a session before a clock was moved."""
    for again in range(TRIES):
        try:
            return begin(home / str(again), trained, condition)
        except AssertionError:
            if condition not in (day_forward, day_back) or again == TRIES - 1:
                raise
    raise AssertionError("no try")


def one(home: Path, trained: Terminal, condition: Callable[[Alone], None]) -> float:
    """Seconds between the time of the sign-off and a screen without the card: late, or early."""
    run = begin_anyhow(home, trained, condition)
    try:
        first = run.console.pid
        condition(run)
        deadline = run.pressed + run.idle + 30
        while shows_card(run.console):
            assert time.monotonic() < deadline, run.console.text
            run.console.read(0.02)
        gone = time.monotonic() - run.pressed - run.idle
        run.console.wait("nobody typed", 60)
        assert run.console.pid == first and not shows_card(run.console)
        return gone
    finally:
        run.console.close()
        shutil.rmtree(home, ignore_errors=True)


def shows_card(console: Console) -> bool:
    """Any cell of the screen or of what scrolled away."""
    history = [
        "".join(cell.data for _, cell in sorted(line.items()))
        for line in console.screen.history.top
    ]
    text = "\n".join([console.text, *history])
    return any(word in text for word in CARD)


@pytest.fixture(scope="module")
def enrolled(trained: Terminal, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """Signed on before, so that nothing is offered between sign-on and form."""
    terminal = terminals.copy(trained, tmp_path_factory.mktemp("enrolled") / "home")
    assert terminal.run("register", "search", *terminal.signed()).code == 0
    return terminal


@pytest.mark.heavy
def test_left_alone_it_signs_off_in_time(
    enrolled: Terminal,
    tmp_path: Path,
    full_count: Callable[..., int],
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    count = full_count("idle sign-off", sample=len(CONDITIONS), full=100)
    jobs = [CONDITIONS[number % len(CONDITIONS)] for number in range(count)]
    calm = [(n, job) for n, job in enumerate(jobs) if job is not busy]
    loaded = [(n, job) for n, job in enumerate(jobs) if job is busy]
    gone: dict[str, list[float]] = {}
    for together, share in ((AT_ONCE, calm), (1, loaded)):
        with ThreadPoolExecutor(together) as pool:
            times = pool.map(lambda job: one(tmp_path / f"t{job[0]}", enrolled, job[1]), share)
            for (_, job), seconds in zip(share, times, strict=True):
                gone.setdefault(job.__name__, []).append(seconds)
    for process in BUSY:
        process.kill()
        process.wait()
    BUSY.clear()
    late = {name: max(times) for name, times in gone.items()}
    early = {name: -min(times) for name, times in gone.items()}
    record_figure(
        "idle sign-off",
        {
            "runs": count,
            "idle_seconds": IDLE,
            "latest_after": {name: round(value, 2) for name, value in late.items()},
            "earliest_before": {name: round(value, 2) for name, value in early.items()},
        },
    )
    assert max(late.values()) <= WITHIN and max(early.values()) <= WITHIN, (late, early)
