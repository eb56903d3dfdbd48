"""One writer on a state directory, named by its process id."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
from pathlib import Path

import pytest

from iies_tui.adapters.machine.statelock import BETWEEN, StateLock
from iies_tui.domain.errors import MachineFailed


def test_a_second_one_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    first = StateLock(tmp_path / "state")
    with pytest.raises(MachineFailed) as caught:
        StateLock(tmp_path / "state")
    assert caught.value.code == "state_locked"
    assert caught.value.params["pid"] == str(os.getpid())
    assert caught.value.params["command"] == Path("/proc/self/comm").read_text().strip()
    first.release()
    StateLock(tmp_path / "state").release()


def test_the_lock_ends_with_its_holder_however_that_dies(tmp_path: Path) -> None:
    told, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        StateLock(tmp_path / "state")
        os.write(tell, b"x")
        signal.pause()
    os.read(told, 1)
    with pytest.raises(MachineFailed):
        StateLock(tmp_path / "state")
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(told)
    os.close(tell)
    StateLock(tmp_path / "state").release()


def test_who_only_tries_it_keeps_nobody_out(tmp_path: Path) -> None:
    """``doctor`` takes it for the moment of looking."""
    StateLock(tmp_path / "state").release()
    looking = os.open(tmp_path / "state" / "lock", os.O_RDWR)
    fcntl.flock(looking, fcntl.LOCK_EX)
    threading.Timer(BETWEEN / 2, os.close, [looking]).start()
    StateLock(tmp_path / "state").release()


def test_a_lock_file_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    victim = tmp_path / "victim"
    victim.write_text("theirs")
    (tmp_path / "lock").symlink_to(victim)
    with pytest.raises(MachineFailed):
        StateLock(tmp_path)
    assert victim.read_text() == "theirs"


def test_a_strange_lock_file_names_nobody(tmp_path: Path) -> None:
    held = StateLock(tmp_path / "state")
    (tmp_path / "state" / "lock").write_bytes(b"\xff\xfe not a number")
    with pytest.raises(MachineFailed) as caught:
        StateLock(tmp_path / "state")
    assert caught.value.params["command"] == "?"
    held.release()
