"""The sealed KEYs: strict reading, no field that can be changed, damage that can be mended."""

from __future__ import annotations

import contextlib
import os
import random
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.keys import vault
from iies_tui.adapters.keys.pepper import Pepper, Source
from iies_tui.adapters.keys.vault import FileVault
from iies_tui.domain.errors import MachineFailed, Refused

KEY = b"FICTIONAL0KEY0OF0THIRTY0SIX0CHARS012"
LICENSE = "BR-123456/123"
ADDED = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def pepper(value: bytes = bytes(range(32))) -> Pepper:
    return Pepper(value, Source.FILE, Path("/nowhere"))


@pytest.fixture
def made(tmp_path: Path) -> FileVault:
    found = FileVault(tmp_path / "state", pepper(), os.urandom)
    found.add(LICENSE, KEY, ADDED)
    return found


def the_file(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "state" / "issuers").glob("*.vault")
    return path


def test_sealed_found_and_opened(made: FileVault, tmp_path: Path) -> None:
    (issuer,) = made.issuers()
    assert (issuer.license, issuer.key_tail, issuer.kid) == (LICENSE, "RS012", None)
    assert issuer.added == ADDED
    assert made.unseal(LICENSE) == KEY
    data = the_file(tmp_path).read_bytes()
    assert KEY not in data and KEY[:8] not in data
    assert the_file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert made.damaged() == ()


def test_the_key_id_is_kept_under_a_fresh_nonce(made: FileVault, tmp_path: Path) -> None:
    before = vault.parse(the_file(tmp_path).read_bytes())
    made.enrol(LICENSE, bytes(range(8)))
    after = vault.parse(the_file(tmp_path).read_bytes())
    assert made.issuers()[0].kid == bytes(range(8))
    assert made.unseal(LICENSE) == KEY
    assert before.nonce != after.nonce


def test_what_is_there_is_not_replaced(made: FileVault) -> None:
    with pytest.raises(Refused, match="issuer_exists"):
        made.add(LICENSE, KEY, ADDED)


def test_removed_without_a_trace(made: FileVault, tmp_path: Path) -> None:
    made.remove(LICENSE)
    assert made.issuers() == ()
    assert list((tmp_path / "state" / "issuers").iterdir()) == []
    with pytest.raises(Refused, match="no_such_issuer"):
        made.unseal(LICENSE)
    with pytest.raises(MachineFailed):
        made.remove(LICENSE)


def test_another_pepper_opens_nothing_and_says_so(made: FileVault, tmp_path: Path) -> None:
    other = FileVault(tmp_path / "state", pepper(bytes(32)), os.urandom)
    with pytest.raises(MachineFailed, match="pepper_differs"):
        other.unseal(LICENSE)


def test_a_damaged_file_is_told_and_takes_the_key_again(made: FileVault, tmp_path: Path) -> None:
    made.add("PC-000002", KEY, ADDED)
    (tmp_path / "state" / "issuers" / "BR-123456+123.vault").write_bytes(b"\0" * 512)
    assert [one.license for one in made.issuers()] == ["PC-000002"]
    assert made.damaged() == (LICENSE,)
    with pytest.raises(MachineFailed, match="vault_damaged"):
        made.unseal(LICENSE)
    made.add(LICENSE, KEY, ADDED)
    assert made.damaged() == ()
    assert made.unseal(LICENSE) == KEY


def test_a_file_under_another_issuers_name_is_damage(made: FileVault, tmp_path: Path) -> None:
    path = the_file(tmp_path)
    path.rename(path.with_name("PC-000009.vault"))
    assert made.issuers() == ()
    assert made.damaged() == ("PC-000009",)


def test_no_field_can_be_changed_without_the_pepper(made: FileVault, tmp_path: Path) -> None:
    path = the_file(tmp_path)
    fields = canonical.decode(path.read_bytes(), max_bytes=512)
    assert isinstance(fields, dict)
    others = {5: int(ADDED.timestamp()) + 1, 7: bytes(12), 8: bytes(52), 9: "XXXXX", 10: bytes(8)}
    for label, value in others.items():
        path.write_bytes(canonical.encode({**fields, label: value}))
        with pytest.raises(MachineFailed, match="vault_damaged"):
            made.unseal(LICENSE)


def test_every_bit_of_a_file_counts(made: FileVault, tmp_path: Path) -> None:
    path = the_file(tmp_path)
    good = path.read_bytes()
    for position in range(len(good)):
        for bit in range(8):
            changed = bytearray(good)
            changed[position] ^= 1 << bit
            path.write_bytes(changed)
            with pytest.raises((MachineFailed, Refused)):
                made.unseal(LICENSE)
    for length in range(len(good)):
        path.write_bytes(good[:length])
        with pytest.raises(MachineFailed):
            made.unseal(LICENSE)


@given(st.binary(max_size=600))
def test_any_bytes_are_refused_or_are_a_vault(data: bytes) -> None:
    try:
        found = vault.parse(data)
    except ValueError:
        return
    assert found.to_bytes() == data


@settings(deadline=1000)
@given(st.randoms(use_true_random=False))
def test_mutated_vaults_are_refused_at_once(chance: random.Random) -> None:
    good = bytearray(
        vault._File("PC-1", 1, 1, bytes(8), bytes(12), bytes(52), "ABCDE", b"").to_bytes()
    )
    for _ in range(chance.randint(1, 6)):
        position = chance.randrange(len(good))
        match chance.randrange(3):
            case 0:
                good[position] = chance.randrange(256)
            case 1:
                del good[position]
            case _:
                good[position:position] = chance.randbytes(chance.randint(1, 9))
    begun = time.thread_time()
    with contextlib.suppress(ValueError):
        assert vault.parse(bytes(good)).to_bytes() == bytes(good)
    assert time.thread_time() - begun < 0.5
