"""Left alone, the terminal signs off within two seconds of its time, whatever goes on.

Several terminals at once, each on its own screen of a terminal emulator, each under one condition;
measured is the time from the last key until no cell of the screen shows anything of the card, and
that none comes back. ``gap`` is how long this measuring program itself did not look, so that a late
measurement can be told from a late sign-off.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support import memory, terminal as terminals
from tests.support.console import Console
from tests.support.cups_fixture import PrivateCups, running_cups
from tests.support.places import SUPPORT
from tests.support.terminal import Terminal

IDLE = 10
IDLE_MOVED = 15
"""Seconds of the terminals whose clock is moved: libfaketime looks at its file every ten."""

WITHIN = 2.0
AT_ONCE = 4
TRIES = 3
CARD = (
    "PA-7654321", "NORTH COUNTRY", "TESTPERSON", "card was issued", "Serial", "Insurance   page",
    "Clear the form?", "Options of this", "Are you still there?",
)  # fmt: skip
"""What must be gone: the form, or what stands over it."""
_FAKETIME = next(iter(Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)


@dataclass
class Alone:
    """One run: ``pressed`` is when the last key went in, ``due`` when the sign-off is due."""

    console: Console
    terminal: Terminal
    idle: int = IDLE
    pressed: float = 0.0
    woken: float = 0.0
    again: int = 0
    clock: Path | None = None
    silent: SilentCups | None = None
    later: Callable[[], None] = field(default=lambda: None)

    def key(self, *names: str) -> None:
        self.console.press(*names)
        self.pressed = time.monotonic()

    def write(self, text: str) -> None:
        """In one burst."""
        os.write(self.console._master, text.encode())
        self.pressed = time.monotonic()

    def wait(self, text: str) -> None:
        """Until the screen shows it. On a slow machine a key that does nothing (F13) goes in now
        and then, or the time would run out before the condition stands."""
        end = time.monotonic() + 120
        while text not in self.console.text:
            assert time.monotonic() < end, f"not in 120 s: {text!r}\n{self.console.text}"
            if time.monotonic() - self.pressed > 2:
                self.key("f13")
            self.console.read(0.05)

    @property
    def due(self) -> float:
        return max(self.pressed + self.idle, self.woken)

    @property
    def session(self) -> int:
        pids = memory.processes(os.fspath(self.terminal.state))
        (found,) = [pid for pid in pids if pid != self.console.pid]
        return found


class SilentCups:
    """A cupsd that hangs in every call once ``hangs`` is set, and until then takes none."""

    def __init__(self) -> None:
        # A socket's path has 108 bytes at most; pytest's own directories may be longer.
        self._home = tempfile.mkdtemp(prefix="iies-silent-")
        self.path = f"{self._home}/cups.sock"
        self.hangs = False
        self.asked = 0
        self._kept: list[socket.socket] = []
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(self.path)
        self._server.listen(16)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                one = self._server.accept()[0]
                self._kept.append(one)
                if not self.hangs:
                    one.close()
                elif one.recv(4096).startswith(b"OPTIONS"):
                    one.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                else:
                    self.asked += 1

    def close(self) -> None:
        # Not closed alone: a thread in accept() would hold it.
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        for one in (self._server, *self._kept):
            one.close()
        shutil.rmtree(self._home)


def nothing(_: Alone) -> None:
    """The form, half filled."""


def modal(run: Alone) -> None:
    run.key("f1")
    run.wait("Insurance   page")


def question(run: Alone) -> None:
    run.key("esc")
    run.wait("Clear the form?")


def print_wait(run: Alone) -> None:
    """A card on its way to a printer that takes its time: Result asks for it every second."""
    run.write("\r+9d\r+1y\r")
    run.key("f6")
    run.wait("Registrant 1")
    run.write("TESTPERSON\rQUENTIN\r")
    run.wait("QUENTIN")
    run.key("f7")
    run.wait("Year")
    run.write("2003\rHONDA\r1HGCM82633A004352")  # no Enter: it would leave the tab
    run.wait("1HGCM82633A004352")
    run.key("f9")
    run.wait("T E S T P E R S O N")
    run.key("enter")
    run.wait("Serial")
    run.wait("FRONT")
    run.key("up")


def hung_printing(run: Alone) -> None:
    """A page asked of a print service that hangs: the session is inside libcups."""
    cups = run.silent
    assert cups is not None
    run.key("f3")
    run.wait("Agency")
    run.write("\r" * 8 + "FRONT")
    run.wait("FRONT")
    cups.hangs = True
    run.key("f5")
    end = time.monotonic() + 120
    while not cups.asked:
        assert time.monotonic() < end, run.console.text
        run.console.read(0.05)


def stopped_session(run: Alone) -> None:
    os.kill(run.session, signal.SIGSTOP)


def stopped_screens(run: Alone) -> None:
    """Nobody is there to clear the screen but the session, which does; it stays so afterwards."""
    screens = run.console.pid
    os.kill(screens, signal.SIGSTOP)
    run.later = lambda: os.kill(screens, signal.SIGCONT)


def stopped_output(run: Alone) -> None:
    """What Scroll Lock does on the console: nothing that is written reaches the screen."""
    terminal = os.open(f"/proc/{run.console.pid}/fd/0", os.O_RDWR | os.O_NOCTTY)
    termios.tcflow(terminal, termios.TCOOFF)
    os.close(terminal)


def stopped_and_continued(run: Alone) -> None:
    """Both stand still for a while, the screens wake a second before the time."""
    session = run.session
    for pid in (run.console.pid, session):
        os.kill(pid, signal.SIGSTOP)
    run.console.read(run.idle - 1.0 - (time.monotonic() - run.pressed))
    os.kill(run.console.pid, signal.SIGCONT)


def slept_past(run: Alone) -> None:
    """Both sleep past the time, as no program can help; the screen clears once they wake."""
    session = run.session
    for pid in (run.console.pid, session):
        os.kill(pid, signal.SIGSTOP)
    run.console.read(run.idle + 2.0 - (time.monotonic() - run.pressed))
    run.woken = time.monotonic()
    for pid in (run.console.pid, session):
        os.kill(pid, signal.SIGCONT)


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
    nothing, print_wait, hung_printing, stopped_screens, slept_past, busy, stopped_output,
    day_forward, day_back, modal, question, stopped_session, stopped_and_continued,
)  # fmt: skip
SAMPLE = 9
"""The first so many, once each."""
MOVED = (day_forward, day_back)


def begin(home: Path, office: Office, condition: Callable[[Alone], None]) -> Alone:
    """A terminal with a half-filled form on the screen."""
    terminal = terminals.copy(office.terminal, home)
    config = terminal.state / "config.toml"
    idle = IDLE_MOVED if condition in MOVED else IDLE
    settings = f"[sign_off]\nidle_seconds = {idle}\n"
    environment, clock, silent = dict(terminal.environment), None, None
    if condition is print_wait:
        settings += '[printer]\nqueue = "FRONT"\n'
        environment["CUPS_SERVER"] = os.fspath(office.cups.socket)
    elif condition is hung_printing:
        silent = SilentCups()
        environment["CUPS_SERVER"] = silent.path
    config.write_text(settings)
    config.chmod(0o600)
    if condition in MOVED:
        assert _FAKETIME is not None, "libfaketime is not installed (kiosk/packages.sh)"
        clock = terminal.file("clock", "+0\n")
        environment |= {
            "LD_PRELOAD": f"{office.waits}:{_FAKETIME}",
            "FAKETIME_TIMESTAMP_FILE": os.fspath(clock),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",  # or every import would compile its module anew
        }
    console = Console(terminal.state, environment=environment)
    run = Alone(console, terminal, idle, clock=clock, silent=silent)
    try:
        fill_in(run)
    except BaseException:
        end(run)
        raise
    return run


def end(run: Alone) -> None:
    """Whatever was stopped goes on, and ends."""
    for pid in memory.processes(os.fspath(run.terminal.state)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    run.console.close()
    if run.silent is not None:
        run.silent.close()


def fill_in(run: Alone) -> None:
    """Sign on and begin a form."""
    console, terminal = run.console, run.terminal
    console.wait("License number")
    console.type(terminal.made["pin"])
    run.key("enter")
    run.wait("Company code")
    run.write("901")
    run.wait("NORTH COUNTRY")
    run.key("enter")
    run.write("PA-7654321")
    run.wait("PA-7654321")


def begin_anyhow(home: Path, office: Office, condition: Callable[[Alone], None]) -> Alone:
    """A terminal under its condition. Begun again where a busy machine let the time run out before
    the condition stood, or where libfaketime's own lock stopped a session."""
    for again in range(TRIES):
        try:
            run = begin(home / str(again), office, condition)
            try:
                condition(run)
            except BaseException:
                end(run)
                raise
            run.again = again
            return run
        except AssertionError:
            if again == TRIES - 1:
                raise
    raise AssertionError("no try")


@dataclass(frozen=True, slots=True)
class Seen:
    """Seconds: ``late`` after the time of the sign-off (before it, where negative) the screen
    was clear; ``gap`` the longest that nobody looked. ``again``: how often it was begun again."""

    late: float
    gap: float
    again: int

    @property
    def in_time(self) -> bool:
        return abs(self.late) <= WITHIN


def one(home: Path, office: Office, condition: Callable[[Alone], None]) -> Seen:
    """One terminal under one condition, until it is signed off and Start says so."""
    run = begin_anyhow(home, office, condition)
    try:
        first = run.console.pid
        looked, gap = time.monotonic(), 0.0
        while shows_card(run.console):
            assert looked < run.due + 120, run.console.text
            run.console.read(0.02)
            gap, looked = max(gap, time.monotonic() - looked), time.monotonic()
        late = looked - run.due
        for _ in not_yet_back(run):
            assert not shows_card(run.console), run.console.text
        run.later()
        for _ in not_yet_back(run, "no one typed", "background process stopped"):
            assert not shows_card(run.console), run.console.text
        assert run.console.pid == first
        return Seen(late, gap, run.again)
    finally:
        end(run)
        shutil.rmtree(home, ignore_errors=True)


def not_yet_back(run: Alone, *words: str) -> Iterator[None]:
    """Each look at the screen until it shows one of ``words``; without any, for half a second."""
    end = time.monotonic() + (120.0 if words else 0.5)
    while not any(one in run.console.text for one in words):
        if time.monotonic() > end:
            assert not words, run.console.text
            return
        run.console.read(0.02)
        yield


def shows_card(console: Console) -> bool:
    """Any cell of the screen or of what scrolled away."""
    history = [
        "".join(cell.data for _, cell in sorted(line.items()))
        for line in console.screen.history.top
    ]
    text = "\n".join([console.text, *history])
    return any(word in text for word in CARD)


@dataclass(frozen=True, slots=True)
class Office:
    """A terminal that signed on before, so that nothing is offered between sign-on and form;
    a print service whose printer never ends; and a library for moved clocks."""

    terminal: Terminal
    cups: PrivateCups
    waits: Path


@pytest.fixture
def office(trained: Terminal, tmp_path: Path) -> Iterator[Office]:
    terminal = terminals.copy(trained, tmp_path / "enrolled")
    assert terminal.run("register", "search", *terminal.signed()).code == 0
    waits = tmp_path / "real_waits.so"
    source = SUPPORT / "real_waits.c"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", waits, source, "-ldl"], check=True)
    with running_cups() as cups:
        cups.add_queue("FRONT")
        cups.order("FRONT", "sleep 3600")
        yield Office(terminal, cups, waits)


@pytest.mark.heavy
def test_left_alone_it_signs_off_in_time(
    office: Office,
    tmp_path: Path,
    full: bool,
    full_count: Callable[..., int],
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    count = full_count("idle sign-off", sample=SAMPLE, full=100)
    jobs = [CONDITIONS[number % len(CONDITIONS)] for number in range(count)]
    calm = [(n, job) for n, job in enumerate(jobs) if job is not busy]
    loaded = [(n, job) for n, job in enumerate(jobs) if job is busy]
    seen: dict[str, list[Seen]] = {}
    try:
        for together, share in ((AT_ONCE, calm), (1, loaded)):
            with ThreadPoolExecutor(together) as pool:
                runs = pool.map(lambda job: one(tmp_path / f"t{job[0]}", office, job[1]), share)
                for (_, job), found in zip(share, runs, strict=True):
                    seen.setdefault(job.__name__, []).append(found)
        for job in () if full else CONDITIONS[:count]:
            for again in range(TRIES - 1):
                if seen[job.__name__][-1].in_time:
                    break
                # Was it the program or the machine? Alone, a program that is late is late again.
                seen[job.__name__] = [one(tmp_path / f"alone{again}", office, job)]
    finally:
        for process in BUSY:
            process.kill()
            process.wait()
        BUSY.clear()
    late = {name: max(one.late for one in runs) for name, runs in seen.items()}
    early = {name: -min(one.late for one in runs) for name, runs in seen.items()}
    record_figure(
        "idle sign-off",
        {
            "runs": count,
            "idle_seconds": IDLE,
            "within": sum(one.in_time for runs in seen.values() for one in runs),
            "latest_after": {name: round(value, 2) for name, value in late.items()},
            "earliest_before": {name: round(value, 2) for name, value in early.items()},
            "begun_again": sum(one.again for runs in seen.values() for one in runs),
            "longest_not_looked_s": round(
                max(one.gap for runs in seen.values() for one in runs), 2
            ),
        },
    )
    assert max(late.values()) <= WITHIN and max(early.values()) <= WITHIN, (late, early, seen)
