"""The session process: it ends with its other side, keeps its deadlines, and dies well anywhere.

The deaths are real: ``strace`` sends SIGKILL at the nth system call of a kind. What is left is then
looked at by the shipped program.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from iies_tui.session import codec, protocol
from iies_tui.session.client import (
    RequestFailed,
    SessionLost,
    session_command,
)
from tests.support import terminal as terminals
from tests.support.in_time import in_time
from tests.support.session_client import WatchedClient
from tests.support.terminal import REQUEST, Ran, Terminal

CALLS = ("fsync", "fdatasync", "rename", "unlink", "pwrite64")


@contextlib.asynccontextmanager
async def session(terminal: Terminal) -> AsyncIterator[WatchedClient]:
    client = WatchedClient(session_command(sys.executable, terminal.state), terminal.environment)
    client.start()
    try:
        yield client
    finally:
        client.kill()


def pid_of(client: WatchedClient) -> int:
    assert client.pid is not None
    return client.pid


def socket_of(client: WatchedClient) -> socket.socket:
    assert client._socket is not None
    return client._socket


async def sign_on(client: WatchedClient, terminal: Terminal) -> protocol.SignedOn:
    pin = bytearray(terminal.made["pin"].encode())
    found = await client.ask(protocol.SignOn(terminal.license), [pin])
    assert pin == bytes(len(pin))
    return found


def alive(pid: int) -> bool:
    """False for a zombie too: it holds nothing any more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_gone(pid: int, seconds: float) -> float:
    begun = time.monotonic()
    while alive(pid):
        assert time.monotonic() - begun < seconds, "still alive"
        time.sleep(0.02)
    return time.monotonic() - begun


def config(terminal: Terminal, idle: int, absolute: int = 600) -> None:
    path = terminal.state / "config.toml"
    path.write_text(f"[sign_off]\nidle_seconds = {idle}\nabsolute_seconds = {absolute}\n")
    path.chmod(0o600)


# -- one conversation --------------------------------------------------------------------------


async def test_nothing_is_dumped_and_nothing_is_said(terminal: Terminal) -> None:
    async with session(terminal) as client:
        await client.ask(protocol.Hello())
        status = Path(f"/proc/{client.pid}")
        limits = (status / "limits").read_text()
        core = next(line for line in limits.splitlines() if line.startswith("Max core"))
        assert core.split()[4:6] == ["0", "0"]
        for number in (0, 1, 2):
            assert (status / "fd" / str(number)).readlink() == Path("/dev/null")
        arguments = (status / "cmdline").read_bytes().split(b"\0")
        assert arguments[1] == b"-I"
        # Not dumpable: its files in /proc belong to root, whoever runs it; and it is in a
        # process group of its own, so that Ctrl-C at the terminal is the UI's alone to judge.
        assert (status / "mem").stat().st_uid == 0
        assert os.getpgid(pid_of(client)) == client.pid


async def test_killed_is_reaped_and_every_question_is_answered(terminal: Terminal) -> None:
    async with session(terminal) as client:
        await client.ask(protocol.Hello())
        pid = pid_of(client)
        asked = asyncio.create_task(client.ask(protocol.ListQueues()))
        await asyncio.sleep(0)
        client.kill()
        assert not Path(f"/proc/{pid}").exists()
        with pytest.raises(SessionLost):
            await asked
        with pytest.raises(SessionLost):
            await client.ask(protocol.Hello())
        client.kill()


async def test_a_session_that_dies_is_noticed(terminal: Terminal) -> None:
    async with session(terminal) as client:
        await client.ask(protocol.Hello())
        os.kill(pid_of(client), signal.SIGKILL)
        await asyncio.wait_for(client.lost.wait(), 120)


async def test_what_needs_somebody_signed_on_is_refused(terminal: Terminal) -> None:
    async with session(terminal) as client:
        refused: list[protocol.Request[Any]] = [
            protocol.Search(),
            protocol.Issue(request=REQUEST),
            protocol.Open(),
        ]
        for request in refused:
            with pytest.raises(RequestFailed) as caught:
                await client.ask(request)
            assert caught.value.failed.code == "not_signed_on"
        await sign_on(client, terminal)
        with pytest.raises(RequestFailed) as caught:
            await sign_on(client, terminal)
        assert caught.value.failed.code == "signed_on_already"


@pytest.mark.parametrize("frame", [
    b"\0\0\0\0J", b"\xff\xff\xff\xffJ", b"\0\0\0\5X1234", b"\0\0\0\5J{}{}", b"GET / HTTP/1.1\r\n",
    codec.frame_head(9, codec.KIND_JSON) + b'{"v": 1 }', codec.frame_head(5000, codec.KIND_SECRET),
])  # fmt: skip
async def test_what_is_not_the_protocol_ends_the_session(terminal: Terminal, frame: bytes) -> None:
    async with session(terminal) as client:
        await client.ask(protocol.Hello())
        socket_of(client).send(frame + bytes(5000 if frame.endswith(b"S") else 0))
        await asyncio.wait_for(client.lost.wait(), 120)


async def test_an_issue_forgets_the_draft_that_it_was_made_of(terminal: Terminal) -> None:
    """F10 on Result, or a crash: the issued card never comes back as a form that was begun."""
    drafts = []
    for drafted in (False, True):
        async with session(terminal) as client:
            await sign_on(client, terminal)
            await client.ask(protocol.SaveDraft({"policy": "PA-1"}))
            await client.ask(protocol.Issue(request=REQUEST, drafted=drafted))
        async with session(terminal) as client:
            drafts.append((await sign_on(client, terminal)).draft)
    assert drafts == [{"policy": "PA-1"}, None]


async def test_a_cancelled_question_leaves_the_session_whole(terminal: Terminal) -> None:
    async with session(terminal) as client:
        asked = asyncio.create_task(client.ask(protocol.Hello()))
        await asyncio.sleep(0.01)
        asked.cancel()
        assert await client.ask(protocol.Activity()) == protocol.Done()


# -- its end -------------------------------------------------------------------------------------


async def test_it_ends_within_a_second_of_its_other_side_also_at_work(terminal: Terminal) -> None:
    async def hung_up_at_work() -> float:
        async with session(terminal) as client:
            await sign_on(client, terminal)
            pid = pid_of(client)
            asked = asyncio.create_task(client.ask(protocol.Issue(request=REQUEST)))
            await asyncio.sleep(0.3)
            socket_of(client).shutdown(2)
            took = wait_gone(pid, 120)
            with pytest.raises(SessionLost):
                await asked
            return took

    await in_time(1.0, hung_up_at_work)
    assert terminal.run("trail", "verify").code == 0


async def test_a_recovery_code_needs_the_pin_but_right_at_the_enrolment(
    terminal: Terminal,
) -> None:
    """A minute at somebody's unattended terminal must not give the key to the register."""
    async with session(terminal) as client:
        await sign_on(client, terminal)
        await client.ask(protocol.BeginRecoveryCode())
        with pytest.raises(RequestFailed, match="code_needs_pin"):
            await client.ask(protocol.BeginRecoveryCode())
    async with session(terminal) as client:
        await sign_on(client, terminal)
        with pytest.raises(RequestFailed, match="code_needs_pin"):
            await client.ask(protocol.BeginRecoveryCode())
        for pin, code in ((b"00000000", "sign_on_failed"), (b"", "sign_on_failed")):
            with pytest.raises(RequestFailed, match=code):
                begin = protocol.BeginRecoveryCode()
                await client.ask(begin, [bytearray(pin)])
        with pytest.raises(RequestFailed, match="recovery_not_begun"):
            await client.ask(protocol.ConfirmRecoveryCode(), [])
        await asyncio.sleep(1.2)  # two wrong ones, counted as at the sign-on: there is a wait
        right = bytearray(terminal.made["pin"].encode())
        await client.ask(protocol.BeginRecoveryCode(), [right])
    assert terminal.events().count("sign_on_failed") == 2


async def test_a_pipe_to_verify_keeps_nobody_waiting(terminal: Terminal) -> None:
    os.mkfifo(terminal.home / "pipe")
    async with session(terminal) as client:
        with pytest.raises(RequestFailed, match="not_a_plain_file"):
            request = protocol.Verify(path=str(terminal.home / "pipe"))
            await client.ask(request)


async def test_idle_ends_it_and_a_key_puts_it_off(terminal: Terminal) -> None:
    config(terminal, idle=3)

    async def left_alone() -> float:
        async with session(terminal) as client:
            await sign_on(client, terminal)
            for _ in range(6):
                await asyncio.sleep(1)
                await client.ask(protocol.Activity())
            last = time.monotonic()
            await asyncio.wait_for(client.lost.wait(), 120)
            took = time.monotonic() - last
            assert took >= 3.0
            return took

    await in_time(3.0 + 2.0, left_alone)


async def test_no_key_puts_off_the_absolute_end(terminal: Terminal) -> None:
    config(terminal, idle=5, absolute=10)
    async with session(terminal) as client:
        begun = time.monotonic()
        await sign_on(client, terminal)
        signed = time.monotonic()
        with pytest.raises(SessionLost):
            while time.monotonic() - signed < 120:
                await client.ask(protocol.Activity())
                await asyncio.sleep(0.2)
        assert begun + 10.0 <= time.monotonic() <= signed + 15.0


async def test_a_ui_that_stopped_reading_does_not_keep_it_alive(terminal: Terminal) -> None:
    """Both directions full: whatever blocks, the clock's thread ends it."""
    config(terminal, idle=3)
    async with session(terminal) as client:
        await sign_on(client, terminal)
        pid, pipe = pid_of(client), socket_of(client)
        assert client._reading is not None
        client._reading.cancel()
        await asyncio.sleep(0)
        frames = b"".join(
            codec.pack(codec.Message(number, protocol.Activity())) for number in range(100, 1100)
        )
        with contextlib.suppress(BlockingIOError):
            while True:
                pipe.send(frames)
        assert wait_gone(pid, 120) > 1.0


async def test_a_job_at_work_delays_the_sign_off_by_no_more_than_two_seconds(
    terminal: Terminal,
) -> None:
    config(terminal, idle=3)
    many = {**REQUEST, "policy": "LONG", "vehicles": [
        {"year": 1970, "make": "FORD", "vin": f"F{number:07d}"} for number in range(400)
    ]}  # fmt: skip

    async def at_work() -> float:
        async with session(terminal) as client:
            await sign_on(client, terminal)
            begun = time.monotonic()
            asked = asyncio.create_task(client.ask(protocol.Issue(request=many)))
            await asyncio.wait_for(client.lost.wait(), 120)
            took = time.monotonic() - begun
            assert took >= 2.5
            with pytest.raises(SessionLost):
                await asked
            return took

    await in_time(3.0 + 1.0 + 2.0, at_work)
    # A long job was cut off between or inside cards: all that was begun is settled.
    settled(terminal)


# -- its death at any moment -----------------------------------------------------------------------


def settled(terminal: Terminal) -> list[str]:
    """The shipped program again: chain whole, intents settled, serials never twice. The serials."""
    again = terminal.issue()
    assert again.code == 0, again.err
    ran = terminal.run("trail", "verify", again.json["cards"][0]["pdf"], "--json")
    assert ran.code == 0, ran.out
    rows = terminal.trail()
    by_event: dict[str, list[str]] = {}
    for row in rows:
        by_event.setdefault(row["event"], []).append(row["details"].get("serial", ""))
    intents = by_event["intent"]
    assert len(set(intents)) == len(intents)
    assert sorted(intents) == sorted(by_event["sealed"] + by_event.get("void", []))
    found = terminal.run("register", "search", *terminal.signed(), "--json").json["cards"]
    stands = {one["serial"] for one in found if one["state"] != "VOID"}
    assert stands == set(by_event["sealed"])
    assert not [path for path in terminal.state.rglob("*") if path.suffix == ".new"]
    return intents


def killed_at(terminal: Terminal, call: str, number: int, *words: str | Path) -> Ran:
    """Run a command whose processes die at the nth ``call`` that one of them makes."""
    inject = f"inject={call}:signal=SIGKILL:when={number}"
    strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject]
    return terminal.run(*words, before=strace)


def counted(terminal: Terminal, *words: str | Path) -> dict[str, int]:
    """How many system calls of each kind the busiest thread makes: strace counts each by itself."""
    record = terminal.home / "calls"
    strace = ["strace", "-f", "-qq", "-o", os.fspath(record), "-e", f"trace={','.join(CALLS)}"]
    assert terminal.run(*words, before=strace).code == 0
    made = Counter(
        tuple(line.partition("(")[0].split()) for line in record.read_text().splitlines()
    )
    return {
        call: max((count for (_, *name), count in made.items() if name == [call]), default=0)
        for call in CALLS
    }


@pytest.mark.heavy
def test_killed_at_any_system_call_of_an_issue(
    trained: Terminal,
    tmp_path: Path,
    full_count: Callable[..., int],
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    rehearsal = terminals.copy(trained, tmp_path / "rehearsal")
    words = ["issue", rehearsal.request(), *rehearsal.signed(), "--fax-sheet", "--json"]
    calls = counted(rehearsal, *words)
    points = [(call, number) for call, most in calls.items() for number in range(1, most + 1)]
    chosen = full_count("issue killed", sample=6, full=len(points))
    if chosen < len(points):
        points = random.Random(20261122).sample(points, chosen)
    deaths = 0
    for index, (call, number) in enumerate(points):
        terminal = terminals.copy(trained, tmp_path / f"killed{index}")
        ran = killed_at(
            terminal, call, number,
            "issue", terminal.request(), *terminal.signed(), "--fax-sheet", "--json",
        )  # fmt: skip
        assert "Traceback" not in ran.err, (call, number)
        deaths += ran.code != 0
        settled(terminal)
    assert deaths > len(points) // 2
    record_figure("issue killed", {"points": len(points), "deaths": deaths})


@pytest.mark.heavy
def test_killed_at_any_system_call_of_the_first_sign_on(
    trained: Terminal, tmp_path: Path, full_count: Callable[..., int]
) -> None:
    rehearsal = terminals.copy(trained, tmp_path / "rehearsal")
    calls = counted(rehearsal, "register", "search", *rehearsal.signed())
    points = [(call, number) for call, most in calls.items() for number in range(1, most + 1)]
    chosen = full_count("sign-on killed", sample=4, full=len(points))
    for index, (call, number) in enumerate(random.Random(7).sample(points, chosen)):
        terminal = terminals.copy(trained, tmp_path / f"killed{index}")
        killed_at(terminal, call, number, "register", "search", *terminal.signed())
        assert terminal.run("register", "search", *terminal.signed()).code == 0, (call, number)
        assert terminal.run("trail", "verify").code == 0


@pytest.mark.heavy
def test_killed_at_any_moment_of_a_batch(
    trained: Terminal, tmp_path: Path, full_count: Callable[..., int]
) -> None:
    """kill -9 of the real session process, at a moment and not at a call."""
    chance = random.Random(3)
    for index in range(full_count("batch killed", sample=2, full=40)):
        terminal = terminals.copy(trained, tmp_path / f"killed{index}")
        vehicles = [{"year": 1970, "make": "FORD", "vin": f"F{number:07d}"} for number in range(12)]
        request = terminal.request(vehicles=vehicles)
        running = subprocess.Popen(
            terminal.command("issue", request, *terminal.signed(), "--json"),
            env=terminal.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        pid = session_of(running.pid)
        time.sleep(1.0 + chance.random() * 3)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        out, err = running.communicate(timeout=240)
        assert running.returncode in (0, 3), err
        assert "Traceback" not in err
        if running.returncode == 3:
            assert json.loads(out)["errors"][0]["code"] == "session_lost"
        settled(terminal)


def session_of(pid: int) -> int:
    """The child of a command, once there is one."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if found := children.read_text().split():
            return int(found[0])
        time.sleep(0.02)
    raise AssertionError("no session was started")


# -- a disk that fills up ------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB of its own."""
    where = tmp_path / "small"
    where.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "none", where], check=True)
    try:
        yield where
    finally:
        subprocess.run(["umount", "-l", where], check=True)


def fill(where: Path, but: int = 0) -> Path:
    """Fill a disk, all but so many bytes."""
    path = where / "filler"
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    os.truncate(path, max(0, path.stat().st_size - but))
    return path


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")


@needs_root
@pytest.mark.parametrize("left", [0, 4096, 12_288, 20_480, 28_672, 40_960, 65_536])
def test_a_full_disk_under_the_records(trained: Terminal, small_disk: Path, left: int) -> None:
    terminal = terminals.copy(trained, small_disk / "home")
    out = small_disk.parent / "out"
    assert terminal.issue(None, "--out", out).code == 0
    filler = fill(small_disk, left)
    home = filler.parent / "home"
    words: list[str | Path] = ["issue", home / "request.json", "--license", terminal.license]
    words += ["--pin-file", home / "pin", "--out", out, "--issue-again", "--json"]
    ran = terminal.run(*words)
    assert "Traceback" not in ran.err
    if ran.code != 0:
        assert ran.code == 3
        assert ran.json["errors"][0]["code"] == "disk_full", ran.out
    filler.unlink()
    settled(terminal)


@needs_root
@pytest.mark.parametrize("left", [0, 4096, 16_384])
def test_a_full_disk_at_setup(trained: Terminal, small_disk: Path, left: int) -> None:
    terminal = terminals.copy(trained, small_disk / "home")
    key = terminal.file("key", "ANOTHER-36-character-KEY-of-no-check")
    words: list[str | Path] = [
        "setup",
        "add",
        "--license",
        "PC-000777",
        "--key-file",
        key,
        "--use-anyway",
        "--json",
    ]
    filler = fill(small_disk, left)
    ran = terminal.run(*words)
    assert ran.code in (0, 3)
    if ran.code == 3:
        assert ran.json["errors"][0]["code"] == "disk_full"
    filler.unlink()
    again = terminal.run(*words)
    assert again.code == 0 or (ran.code == 3 and again.json["errors"][0]["code"] == "issuer_exists")
    issuers = terminal.run("setup", "list", "--json").json["issuers"]
    assert [one["license"] for one in issuers] == [terminal.license, "PC-000777"]


@needs_root
def test_a_full_stick_loses_no_card(terminal: Terminal, small_disk: Path) -> None:
    """The records are elsewhere: the card is sealed only where its file has room to be tried."""
    filler = fill(small_disk, 8192)
    ran = terminal.issue(None, "--out", small_disk / "cards")
    assert ran.code == 3
    assert ran.json["errors"][0]["code"] == "disk_full"
    assert [path.name for path in (small_disk / "cards").iterdir()] == []
    for card in ran.json["cards"]:
        assert card["pdf"] is None
    filler.unlink()
    settled(terminal)
