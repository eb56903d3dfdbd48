"""After sign-off nothing of the clerk's secrets is in the memory of any process of ours.

The shipped program on a terminal; the PIN is typed slowly, in one burst, and pasted; root has read
all memory within a second of the screen's clearing, and reads it again once Start is there. The PIN
is a random one of twelve characters, so that no match is chance.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import string
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from iies_tui.adapters.keys.derivation import REGISTER_WRAP, SIGN, argon2_root
from iies_tui.domain.key import mint_key
from tests.support import memory, terminal as terminals
from tests.support.console import Console
from tests.support.terminal import Terminal

LICENSE = "PC-777777"
WITHIN = 1.0
"""Seconds after the screen was cleared within which memory has been read and nothing found. On a
machine that is busy with other tests a verdict only where every count is run."""

PATIENCE = 30.0
SLOWLY = 0.15
"""Seconds from key to key."""

TIMES = 100


def purpose(root: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=info).derive(root)


def paste(console: Console, text: str) -> None:
    os.write(console._master, b"\x1b[200~" + text.encode() + b"\x1b[201~")
    console.read(0.1)


def burst(console: Console, text: str) -> None:
    os.write(console._master, text.encode())
    console.read(0.1)


def slowly(console: Console, text: str) -> None:
    for character in text:
        os.write(console._master, character.encode())
        console.read(SLOWLY)


WAYS: tuple[Callable[[Console, str], None], ...] = (slowly, burst, paste)


@pytest.mark.heavy
@pytest.mark.skipif(os.geteuid() != 0, reason="only root reads another process's memory")
def test_nothing_is_left_after_a_sign_off(
    terminal: Terminal,
    full_count: Callable[..., int],
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    key = mint_key(os.urandom)
    pin = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(12))
    root = bytes(argon2_root(LICENSE, key.encode(), pin.encode()))
    sought = {"KEY": key.encode(), "PIN": pin.encode(), "root": root,
              "seed": purpose(root, SIGN), "wrap key": purpose(root, REGISTER_WRAP)}  # fmt: skip
    mark, slowest, most, looked = os.fspath(terminal.state), 0.0, 0, 0
    cycles = full_count("sign-on cycles", sample=3, full=TIMES)

    def look() -> list[str]:
        nonlocal most, looked
        picture = memory.take(memory.processes(mark))
        most, looked = max(most, picture.size), looked + 1
        return memory.search(picture, sought)

    def signed_off(console: Console) -> float:
        """F10; how long after the screen was clear memory had been read and held nothing."""
        console.press("f10")
        console.wait_gone("Company code", PATIENCE)
        cleared = time.monotonic()
        console.read(WITHIN / 2)  # the clearing is the old process's last act but one
        while True:
            picture = memory.take(memory.processes(mark))
            read = time.monotonic() - cleared
            found = memory.search(picture, sought)
            if not found:
                return read
            assert read < PATIENCE, found

    with Console(terminal.state, environment=terminal.environment) as console:
        set_up(console, key)
        assert look() == []  # the end of Setup is a new process
        for number in range(cycles):
            sign_on(console, pin, WAYS[number % len(WAYS)], first=number == 0)
            if number == 0:  # the search can find: the seed is where it is needed
                assert any(one.startswith(("seed", "wrap key")) for one in look())
            slowest = max(slowest, signed_off(console))
            console.wait("You are signed off", PATIENCE)
            found = look()
            assert found == [], (number, found)
        assert len(memory.processes(mark)) == 2  # the screens' and the session's
    record_figure(
        "memory after sign-off",
        {"cycles": cycles, "searches": looked + cycles, "clean_after_s": round(slowest, 2),
         "most_bytes": most, "forms": sorted(memory.forms(b"PIN"))},
    )  # fmt: skip
    assert slowest < (WITHIN if cycles == TIMES else PATIENCE)


def set_up(console: Console, key: str) -> None:
    console.wait("Sign on")
    console.press("f2")
    console.wait("Add Issuer")
    console.type(LICENSE)
    console.press("enter")
    paste(console, key)
    console.wait("36 of 36")
    console.press("f9")
    console.wait("was added")
    console.press("esc")
    console.wait("Setup is done")


def sign_on(
    console: Console, pin: str, enter: Callable[[Console, str], None], *, first: bool
) -> None:
    console.wait("License number")
    # Two issuers are here, so the license is typed; then PIN.
    console.type(LICENSE)
    console.press("enter")
    enter(console, pin)
    console.press("enter")
    if first:
        console.wait("Type the PIN again")
        enter(console, pin)
        console.press("enter")
    console.wait("Company code")
    console.wait("sign-off")


@pytest.mark.parametrize("which", ["screens", "session"])
def test_a_crash_of_the_machine_s_kind_leaves_no_core(
    terminal: Terminal, tmp_path: Path, which: str
) -> None:
    """SIGSEGV to either process, with core files allowed by whoever started us."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    before = set(Path.cwd().glob("core*"))
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    try:
        console = Console(terminal.state, environment=terminal.environment)
        try:
            console.wait("License number")
            console.type(terminal.made["pin"])
            console.press("enter")
            console.wait("Company code")
            (session,) = [pid for pid in memory.processes(os.fspath(terminal.state))
                          if pid != console.pid]  # fmt: skip
            for pid in (console.pid, session):
                status = Path(f"/proc/{pid}/limits").read_text()
                line = next(one for one in status.splitlines() if "core file" in one)
                assert line.split()[4:6] == ["0", "0"], line
                # Not dumpable: its files in /proc are root's, so the same user cannot trace it.
                assert Path(f"/proc/{pid}/mem").stat().st_uid == 0
            os.kill(console.pid if which == "screens" else session, signal.SIGSEGV)
            if which == "session":
                console.wait("a background process stopped")
            else:
                deadline = time.monotonic() + 120
                while memory.processes(os.fspath(terminal.state)):
                    assert time.monotonic() < deadline, "the session outlived its screens"
                    console.read(0.05)
                    os.waitpid(console.pid, os.WNOHANG)
        finally:
            if which == "session":
                console.close()
            else:
                os.close(console._master)
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    assert set(Path.cwd().glob("core*")) == before
    assert not list(terminal.home.rglob("core*"))


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a second process of another kind of right")
def test_the_same_user_cannot_trace_or_read_it(terminal: Terminal) -> None:
    """As ``nobody``: a debugger of the same user without root's rights."""
    home = Path("/tmp") / f"iies-nobody-{os.getpid()}"
    shutil.copytree(terminal.home, home)
    subprocess.run(["chown", "-R", "nobody", home], check=True)
    made = terminals.Terminal(home, terminal.made)
    try:
        with AsNobody(made.state, environment=made.environment) as console:
            console.wait("License number")
            pids = memory.processes(os.fspath(made.state))
            assert len(pids) == 2
            for pid in pids:
                for file in ("mem", "environ", "maps"):
                    read = subprocess.run(
                        [*AS_NOBODY, "head", "-c1", f"/proc/{pid}/{file}"], capture_output=True
                    )
                    assert read.returncode != 0, file
                traced = subprocess.run(
                    [*AS_NOBODY, "strace", "-p", str(pid), "-e", "trace=none"],
                    capture_output=True, text=True, timeout=120,
                )  # fmt: skip
                assert "Operation not permitted" in traced.stderr
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a second process of another kind of right")
def test_who_watched_from_the_start_is_told_and_nothing_begins(terminal: Terminal) -> None:
    """A debugger of the same user that was there before the process closed itself."""
    home = Path(tempfile.mkdtemp(prefix="iies-nobody-"))
    shutil.copytree(terminal.home, home / "home")
    subprocess.run(["chown", "-R", "nobody", home], check=True)
    made = terminals.Terminal(home / "home", terminal.made)
    try:
        with WatchedByNobody(made.state, environment=made.environment) as console:
            console.wait("Another program (strace")
            assert "License number" not in console.text
            for pid in memory.processes(os.fspath(made.state)):
                assert b"_session" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def test_python_s_own_reports_quote_nothing(tmp_path: Path) -> None:
    """A thread that dies, an error in a destructor, one past every edge."""
    program = tmp_path / "program.py"
    program.write_text(
        "import sys, threading\n"
        "sys.argv = ['iies-tui', '--version']\n"
        "from iies_tui.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "def fail():\n    raise ValueError('SECRET')\n"
        "class Gone:\n    def __del__(self):\n        fail()\n"
        "thread = threading.Thread(target=fail)\nthread.start()\nthread.join()\n"
        "Gone()\nfail()\n"
    )
    ran = subprocess.run([sys.executable, program], capture_output=True, text=True, cwd=tmp_path)
    assert ran.returncode == 1 and ran.stdout.startswith("iies-tui ")
    assert ran.stderr == ""


AS_NOBODY = ["setpriv", "--reuid=nobody", "--clear-groups", "--"]


class WatchedByNobody(Console):
    """A tracer of the same user starts the program."""

    def command(self, state: Path, words: Sequence[str]) -> list[str]:
        tracer = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=none"]
        return [*AS_NOBODY, *tracer, *super().command(state, words)]


class AsNobody(Console):
    """The program as a user without root's rights."""

    def command(self, state: Path, words: Sequence[str]) -> list[str]:
        return [*AS_NOBODY, *super().command(state, words)]
