"""The owner's code on the disk: what fits it, what a damaged or foreign file does."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, strategies as st

from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.keys.owner_vault import FileOwnerVault, owner_mark, parse
from iies_tui.adapters.keys.pepper import Pepper, Source
from iies_tui.domain.errors import MachineFailed, Refused
from tests.support.key_terminal import CHEAP

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def vault(home: Path, pepper: bytes = bytes(32)) -> FileOwnerVault:
    return FileOwnerVault(home, Pepper(pepper, Source.FILE, home), os.urandom, CHEAP)


def file_of(home: Path) -> Path:
    return home / "owner" / "code.vault"


def test_only_the_code_fits_and_another_start_knows_it(tmp_path: Path) -> None:
    made = vault(tmp_path)
    assert not made.exists()
    with pytest.raises(Refused, match="owner_code_missing"):
        made.fits(b"four words")
    made.put(b"four words", NOW)
    assert vault(tmp_path).exists()
    assert vault(tmp_path).fits(bytearray(b"four words"))
    assert not vault(tmp_path).fits(b"four word")
    assert file_of(tmp_path).stat().st_mode & 0o777 == 0o600
    assert b"four" not in file_of(tmp_path).read_bytes()


def test_a_new_code_ends_the_old_one_and_keeps_its_count(tmp_path: Path) -> None:
    made = vault(tmp_path)
    made.put(b"four words", NOW)
    before = owner_mark(tmp_path / "owner", "owner")
    made.put(b"five words", NOW)
    assert made.fits(b"five words") and not made.fits(b"four words")
    assert owner_mark(tmp_path / "owner", "owner") == before != "0" * 8


def test_two_terminals_with_one_code_have_nothing_in_common(tmp_path: Path) -> None:
    parts = []
    for name in ("one", "two"):
        vault(tmp_path / name).put(b"four words", NOW)
        file = parse(file_of(tmp_path / name).read_bytes())
        parts.append({file.salt, file.check, file.id})
    assert not parts[0] & parts[1]


def test_without_the_pepper_no_guess_can_be_tried(tmp_path: Path) -> None:
    vault(tmp_path).put(b"four words", NOW)
    other = vault(tmp_path, b"\1" * 32)
    with pytest.raises(MachineFailed, match="owner_code_damaged"):
        other.fits(b"four words")
    # Nor where the file is made to name the other pepper.
    fields = canonical.decode(file_of(tmp_path).read_bytes(), max_bytes=256, max_depth=1)
    assert isinstance(fields, dict)
    fields[5] = Pepper(b"\1" * 32, Source.FILE, tmp_path).id
    file_of(tmp_path).write_bytes(canonical.encode(fields))
    assert not other.fits(b"four words")


@given(data=st.data())
def test_a_changed_file_never_lets_anybody_in(data: st.DataObject) -> None:
    with TemporaryDirectory() as home:
        check_changed(Path(home), data)


def check_changed(home: Path, data: st.DataObject) -> None:
    made = vault(home)
    made.put(b"four words", NOW)
    whole = file_of(home).read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[at] ^= data.draw(st.integers(1, 255))
    file_of(home).write_bytes(changed)
    try:
        assert not made.fits(b"other words")
    except MachineFailed as error:
        assert error.code == "owner_code_damaged"
    made.put(b"five words", NOW)
    assert made.fits(b"five words")


@given(st.binary(max_size=300))
def test_nothing_but_its_own_form_is_read(data: bytes) -> None:
    with pytest.raises(ValueError):
        parse(data)
