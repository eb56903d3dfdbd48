"""One sealed file: what goes in comes out, and nothing else does."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.keys.derivation import Cost
from iies_tui.adapters.keys.passphrase import cipher
from iies_tui.adapters.records import backup
from iies_tui.domain.errors import MachineFailed, Refused

CHEAP = Cost(memory=64, passes=1, lanes=1)
PASSPHRASE = b"correct horse battery"
MADE = backup.Backup(
    datetime(2026, 12, 1, 12, 0, tzinfo=UTC),
    {
        "trail.db": b"trail",
        "config.toml": b"",
        "register-BR-123456+1.db": bytes(5000),
        "register-BR-123456+1.keys": b"keys",
        "trust/bundle.iies": b"bundle",
    },
)


def sealed() -> bytes:
    return backup.seal(MADE, PASSPHRASE, os.urandom, CHEAP)


def test_what_goes_in_comes_out() -> None:
    opened = backup.open_sealed(sealed(), PASSPHRASE, CHEAP)
    assert opened == MADE and opened.licenses == ("BR-123456/1",)


def test_nothing_of_it_can_be_read_without_the_passphrase() -> None:
    data = sealed()
    assert b"trail" not in data and b"register" not in data
    with pytest.raises(Refused, match="backup_passphrase_wrong"):
        backup.open_sealed(data, b"correct horse batterz", CHEAP)


@settings(max_examples=60)
@given(st.data())
def test_one_flipped_bit_anywhere_is_refused(data: st.DataObject) -> None:
    whole = bytearray(sealed())
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    whole[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Refused, match=r"not_a_backup|backup_passphrase_wrong"):
        backup.open_sealed(bytes(whole), PASSPHRASE, CHEAP)


@pytest.mark.parametrize("length", [0, 7, 8, 35, 36, 37, 400])
def test_half_a_file_is_refused(length: int) -> None:
    with pytest.raises(Refused, match=r"not_a_backup|backup_passphrase_wrong"):
        backup.open_sealed(sealed()[:length], PASSPHRASE, CHEAP)


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(Refused, match="backup_passphrase_short"):
        backup.seal(MADE, b"eleven char", os.urandom, CHEAP)


@pytest.mark.parametrize(
    "name", ["../trail.db", "/etc/passwd", "trust/../x", "issuers/x.vault", "lock", "trust/.x", ""]
)
def test_a_backup_lays_nothing_where_it_does_not_belong(name: str) -> None:
    """Whoever knows the passphrase may still not write where he likes."""
    evil = backup.Backup(MADE.made, {name: b"x"})
    with pytest.raises(Refused, match="not_a_backup"):
        backup.open_sealed(backup.seal(evil, PASSPHRASE, os.urandom, CHEAP), PASSPHRASE, CHEAP)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        canonical.encode({1: "iies-backup", 2: 2, 3: 0, 4: {}}),
        canonical.encode({1: "iies-backup", 2: 1, 3: 2**62, 4: {}}),
        canonical.encode({1: "iies-backup", 2: 1, 3: 0, 4: {"trail.db": "text"}}),
        canonical.encode({1: "iies-backup", 2: 1, 3: 0, 4: {}, 5: 0}),
    ],
)
def test_another_content_is_refused(content: bytes) -> None:
    salt, nonce = bytes(backup.SALT), bytes(backup.NONCE)
    head = backup.MAGIC + salt + nonce
    box = cipher(PASSPHRASE, salt, CHEAP).encrypt(nonce, content, head)
    with pytest.raises(Refused, match="not_a_backup"):
        backup.open_sealed(head + box, PASSPHRASE, CHEAP)


def test_keys_counts_and_foreign_files_stay_out(tmp_path: Path) -> None:
    state = tmp_path / "state"
    for name in (*MADE.files, "lock", "issuers/BR-123456+1.vault", "issuers/x.count", "notes.txt"):
        path = state / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(b"x")
        path.chmod(0o600)
    assert set(backup.collect(state)) == set(MADE.files)
    (state / "trail.db").chmod(0o644)
    with pytest.raises(MachineFailed, match="too_open"):
        backup.collect(state)


def test_it_is_put_in_place_whole_or_not_at_all(tmp_path: Path) -> None:
    state = tmp_path / "deep" / "state"
    beside = backup.lay_out(state, MADE)
    assert not state.exists()
    beside = backup.lay_out(state, MADE)  # what a run that was killed left is in nobody's way
    backup.put_in_place(beside, state)
    assert backup.collect(state) == dict(MADE.files)
    assert not beside.exists() and state.stat().st_mode & 0o777 == 0o700
    with pytest.raises(Refused, match="restore_not_empty"):
        backup.lay_out(state, MADE)


def test_a_link_is_no_empty_directory(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "state").symlink_to(tmp_path / "real")
    with pytest.raises(Refused, match="restore_not_empty"):
        backup.check_empty(tmp_path / "state")
