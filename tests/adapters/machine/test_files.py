"""Files that are wholly old or wholly new, and directories that are ours alone."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from iies_tui.adapters.machine import files
from iies_tui.domain.errors import MachineFailed


def code_of(call: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(MachineFailed) as caught:
        call(*arguments)
    return caught.value.code


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_a_file_is_replaced_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "one"
    files.write_atomically(path, b"old")
    files.write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == ["one"]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"theirs")
    (tmp_path / "one").symlink_to(victim)
    files.write_atomically(tmp_path / "one", b"ours")
    assert victim.read_bytes() == b"theirs"


@pytest.mark.parametrize("step", ["write", "fsync"])
def test_an_error_of_the_disk_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "one"
    files.write_atomically(path, b"old")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, full)
    assert code_of(files.write_atomically, path, b"new") == "disk_full"
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["one"]


def test_a_limit_on_file_sizes_is_an_error_of_the_disk_too(tmp_path: Path) -> None:
    """A child, since the limit cannot be taken back."""
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            files.write_atomically(tmp_path / "one", bytes(5000))
        except MachineFailed as error:
            os._exit(0 if error.code == "disk_failed" else 2)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert names(tmp_path) == []


def test_reading_a_private_file(tmp_path: Path) -> None:
    path = tmp_path / "one"
    assert files.read_private(path, 10) is None
    files.write_atomically(path, b"0123456789")
    assert files.read_private(path, 10) == b"0123456789"
    assert code_of(files.read_private, path, 9) == "file_too_large"
    path.chmod(0o640)
    assert code_of(files.read_private, path, 10) == "too_open"


def test_no_link_no_directory_no_pipe_is_read(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "dir").mkdir(mode=0o700)
    assert code_of(files.read_private, tmp_path / "link", 10) == "is_a_link"
    assert code_of(files.read_private, tmp_path / "pipe", 10) == "not_a_file"
    assert code_of(files.read_private, tmp_path / "dir", 10) == "not_a_file"
    assert code_of(files.read_private, tmp_path / "target" / "below", 10) == "no_such_path"


def test_a_private_directory(tmp_path: Path) -> None:
    made = files.private_directory(tmp_path / "a" / "b")
    assert made.stat().st_mode & 0o777 == 0o700
    made.chmod(0o750)
    assert code_of(files.private_directory, made) == "too_open"
    (tmp_path / "file").write_bytes(b"")
    assert code_of(files.private_directory, tmp_path / "file") == "not_a_directory"
    (tmp_path / "link").symlink_to(made)
    assert code_of(files.private_directory, tmp_path / "link") == "is_a_link"
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    assert code_of(files.private_directory, tmp_path / "dangling") == "not_a_directory"


def test_a_directory_below_a_set_group_id_one_is_ours_all_the_same(tmp_path: Path) -> None:
    tmp_path.chmod(0o2700)
    made = files.private_directory(tmp_path / "state")
    files.private_directory(made)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_a_foreign_directory(tmp_path: Path) -> None:
    made = files.private_directory(tmp_path / "state")
    os.chown(made, 12345, -1)
    assert code_of(files.private_directory, made) == "foreign_owner"


def test_what_a_dead_writer_left_is_removed(tmp_path: Path) -> None:
    files.write_atomically(tmp_path / "kept", b"x")
    (tmp_path / ".kept.0a1b2c3d.new").write_bytes(b"half")
    files.remove_left_over(tmp_path)
    files.remove_left_over(tmp_path / "missing")
    assert names(tmp_path) == ["kept"]
