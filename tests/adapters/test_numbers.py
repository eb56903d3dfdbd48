"""To Python ``True == 1``: no format of ours takes ``true`` where a number belongs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.keys import passphrase, vault
from iies_tui.adapters.keys.derivation import Cost
from iies_tui.adapters.keys.throttle import LIMIT, FileThrottle
from iies_tui.adapters.machine.files import write_atomically
from iies_tui.adapters.records import backup, trail_row
from iies_tui.adapters.records.head_memory import FileHeadMemory
from iies_tui.domain.errors import IiesError
from iies_tui.session import codec
from tests.support.fakes import FakeClock

CHEAP = Cost(memory=8, passes=1)
VAULT = {
    1: "iies-vault", 2: 1, 3: "PC-000001", 4: 1, 5: 1, 6: bytes(8), 7: bytes(12), 8: bytes(52),
    9: "AAAAA", 10: bytes(8),
}  # fmt: skip
ROW = {1: 1, 2: 1, 3: bytes(32), 4: 1, 5: "signed_on", 6: "PC-000001", 7: "", 8: {}}
BACKUP = {1: "iies-backup", 2: 1, 3: 1, 4: {}}


def read_row(data: bytes) -> object:
    return trail_row.decode(data, hashlib.sha256(data).digest())


def read_backup(content: bytes) -> object:
    head = backup.MAGIC + bytes(backup.SALT + backup.NONCE)
    sealed = passphrase.cipher(b"x", bytes(16), CHEAP).encrypt(bytes(12), content, head)
    return backup.open_sealed(head + sealed, b"x", CHEAP)


FORMATS: dict[str, tuple[dict[int, object], Callable[[bytes], object]]] = {
    "vault": (VAULT, vault.parse),
    "row": (ROW, read_row),
    "backup": (BACKUP, read_backup),
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_good_one_is_read(name: str) -> None:
    fields, read = FORMATS[name]
    assert read(canonical.encode(fields))


@given(st.sampled_from(list(FORMATS)), st.data(), st.booleans())
def test_a_boolean_is_no_number_in_a_map(name: str, data: st.DataObject, said: bool) -> None:
    fields, read = FORMATS[name]
    label = data.draw(st.sampled_from([key for key, value in fields.items() if value == 1]))
    with pytest.raises((IiesError, ValueError)):
        read(canonical.encode({**fields, label: said}))


@pytest.mark.parametrize("place", range(3))
def test_a_count_of_attempts_with_true_in_it_counts_as_unreadable(
    place: int, tmp_path: Path
) -> None:
    throttle = FileThrottle(tmp_path / "state", tmp_path / "pepper", FakeClock())
    throttle.count("PC-000001")
    (path,) = (tmp_path / "state" / "issuers").glob("*.attempts")
    record = canonical.decode(path.read_bytes(), max_bytes=128)
    assert isinstance(record, list)
    assert record[place] == 1
    write_atomically(path, canonical.encode([*record[:place], True, *record[place + 1 :]]))
    assert throttle.state("PC-000001").failures == LIMIT


@pytest.mark.parametrize("record", [[True, 1, bytes(32)], [1, True, bytes(32)]])
def test_a_remembered_head_with_true_in_it_is_none(record: list[object], tmp_path: Path) -> None:
    memory = FileHeadMemory(tmp_path / "state", tmp_path / "pepper")
    (tmp_path / "pepper").mkdir(mode=0o700, exist_ok=True)
    mark = hashlib.sha256(str((tmp_path / "state").resolve()).encode()).hexdigest()[:16]
    path = tmp_path / "pepper" / f"head-{mark}"
    write_atomically(path, canonical.encode([1, 1, bytes(32)]))
    assert memory.recall() is not None
    write_atomically(path, canonical.encode(record))
    assert memory.recall() is None


@pytest.mark.parametrize("name", ["v", "id"])
def test_a_message_between_the_processes_has_numbers(name: str) -> None:
    text = '{"v":1,"id":1,"type":"Done","body":{}}'
    assert codec.unpack(text.encode()).id == 1
    with pytest.raises(codec.ProtocolError):
        codec.unpack(text.replace(f'"{name}":1', f'"{name}":true').encode())
