"""The pepper: made once, outside the state directory, and never replaced in silence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from iies_tui.adapters.keys import pepper
from iies_tui.domain.errors import MachineFailed


def load(may_make: bool = True) -> pepper.Pepper:
    return pepper.load(os.urandom, may_make=may_make)


def test_made_once_and_found_again() -> None:
    first = load()
    assert load(may_make=False) == first
    assert first.source is pepper.Source.FILE
    assert first.path.stat().st_mode & 0o777 == 0o600
    assert first.path.parent.stat().st_mode & 0o777 == 0o700
    assert repr(first.value) not in repr(first)


def test_not_made_anew_where_keys_are_sealed_under_another() -> None:
    with pytest.raises(MachineFailed, match="pepper_missing"):
        load(may_make=False)


@pytest.mark.parametrize("data", [b"", bytes(31), bytes(33)])
def test_a_damaged_one_is_told(data: bytes) -> None:
    path = load().path
    path.write_bytes(data)
    with pytest.raises(MachineFailed) as caught:
        load()
    assert caught.value.code in ("pepper_damaged", "file_too_large")
    assert path.read_bytes() == data


def test_one_that_others_can_read_is_refused() -> None:
    load().path.chmod(0o644)
    with pytest.raises(MachineFailed, match="too_open"):
        load()


def test_a_credential_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", os.fspath(tmp_path))
    assert load().source is pepper.Source.FILE
    (tmp_path / "iies-pepper").write_bytes(b"from the unit" * 4)
    found = load()
    assert found.source is pepper.Source.CREDENTIAL
    assert len(found.value) == 32
    (tmp_path / "iies-pepper").write_bytes(b"short")
    with pytest.raises(MachineFailed, match="pepper_damaged"):
        load()


def test_a_credential_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", os.fspath(tmp_path))
    (tmp_path / "iies-pepper").mkdir()
    with pytest.raises(MachineFailed):
        load()


def test_a_relative_config_home_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "config")
    assert pepper.directory() == Path.home() / ".config" / "iies-tui"
