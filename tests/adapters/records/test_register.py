"""The register: nothing readable without the key, found by its words, damage told."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from iies_tui.adapters.records import card_record
from iies_tui.adapters.records.register import FileRegister, FileRegisterStore
from iies_tui.domain.card import SealedCard
from iies_tui.domain.delivery import State
from iies_tui.domain.errors import MachineFailed
from iies_tui.domain.mail import MailState
from iies_tui.issuance.ports.records import RegisterEntry
from tests.support import mail_samples, samples

LICENSE = "BR-123456/123"
WRAP = bytes(range(32))


@pytest.fixture
def store(tmp_path: Path) -> FileRegisterStore:
    return FileRegisterStore(tmp_path, os.urandom)


@pytest.fixture
def made(store: FileRegisterStore) -> FileRegister:
    return store.enrol(LICENSE, WRAP)


def entry(seed: int = 1, **changes: object) -> RegisterEntry:
    card = samples.sealed(seed=seed)
    return RegisterEntry(card, State.SEALED, pdf_hash=bytes(32), fax_hash=b"x" * 32, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("card", [samples.small(), samples.sealed(), samples.fleet(),
                                  samples.largest()])  # fmt: skip
def test_cards_there_and_back(card: SealedCard) -> None:
    assert card_record.from_json(card_record.to_json(card)) == card


def test_kept_updated_and_found_after_a_restart(
    store: FileRegisterStore, made: FileRegister
) -> None:
    one = entry(queue="FRONT", job=7, trail_seq=3)
    made.add(one)
    assert made.get(one.card.serial) == one
    later = replace(one, state=State.RELEASED, copies=2, reprints=1)
    made.update(later)
    made.close()
    again = store.open(LICENSE, WRAP)
    assert again.get(one.card.serial) == later
    assert again.in_state([State.RELEASED, State.HELD]) == (later,)
    assert again.in_state([State.SEALED]) == ()
    assert again.get("nothing") is None


def test_a_serial_is_kept_once(made: FileRegister) -> None:
    made.add(entry())
    with pytest.raises(MachineFailed):
        made.add(entry())
    assert len(made.search("", 10)) == 1


@pytest.mark.parametrize("words", [
    "", "doe", "DO jo", "1hgcm826", "pa-1234567-01", "pa1234567",
    "north country", "albany", "123456789", "2003 honda",
])  # fmt: skip
def test_found_by_prefixes_in_any_order(made: FileRegister, words: str) -> None:
    made.add(entry())
    assert len(made.search(words, 10)) == 1


@pytest.mark.parametrize("words", ["smith", "doe smith", '" OR 1', "x*", "NEAR(doe", "\0"])
def test_words_are_data_and_no_query(made: FileRegister, words: str) -> None:
    made.add(entry())
    assert len(made.search(words, 10)) == (1 if words == "\0" else 0)


def test_found_by_its_serial_newest_first(made: FileRegister) -> None:
    for seed in range(1, 6):
        made.add(entry(seed))
    serial = entry(3).card.serial
    assert [one.card.serial for one in made.search(serial, 10)] == [serial]
    found = [one.card.serial for one in made.search("doe", 3)]
    assert found == [entry(seed).card.serial for seed in (5, 4, 3)]


def test_settings(made: FileRegister) -> None:
    assert made.setting("draft") is None
    made.set_setting("draft", {})
    assert made.setting("draft") == {}
    made.set_setting("draft", {"a": [1, None, "é"]})
    assert made.setting("draft") == {"a": [1, None, "é"]}
    made.set_setting("draft", None)
    assert made.setting("draft") is None


TWO_READINGS = ['{"a": 1, "a": 2}', '{"a": NaN}', "[" * 100 + "]" * 100, '{"a"', ""]


@pytest.mark.parametrize("text", TWO_READINGS)
def test_a_setting_that_is_no_strict_json_is_told(made: FileRegister, text: str) -> None:
    made._database.execute("INSERT INTO setting VALUES ('options', ?)", (text,))
    with pytest.raises(MachineFailed, match="database_damaged"):
        made.setting("options")


@pytest.mark.parametrize("text", TWO_READINGS)
def test_a_card_that_is_no_strict_json_is_told(made: FileRegister, text: str) -> None:
    made.add(entry())
    made._database.execute("UPDATE card SET body = ?", (text,))
    with pytest.raises(MachineFailed, match="register_damaged"):
        made.search("", 10)


def test_nothing_can_be_read_on_the_disk(made: FileRegister, tmp_path: Path) -> None:
    one = entry()
    made.add(one)
    made.set_setting("draft", "A HALF-FILLED FORM")
    made.search("doe", 10)
    data = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    facts = one.card.facts
    for secret in ("DOE", "JOHN", facts.policy, "1HGCM82633A004352", one.card.serial,
                   one.card.check_code, "HALF-FILLED", "CREATE TABLE", "SQLite"):  # fmt: skip
        assert secret.encode() not in data
        assert secret.lower().encode() not in data
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in tmp_path.iterdir())


def test_another_key_opens_nothing(store: FileRegisterStore, made: FileRegister) -> None:
    with pytest.raises(MachineFailed, match="register_damaged"):
        store.open(LICENSE, bytes(32))


def test_a_key_file_of_another_issuer_opens_nothing(
    store: FileRegisterStore, made: FileRegister, tmp_path: Path
) -> None:
    (tmp_path / "register-BR-123456+123.keys").rename(tmp_path / "register-PC-1.keys")
    with pytest.raises(MachineFailed, match="register_damaged"):
        store.open("PC-1", WRAP)


def test_a_missing_key_file_is_not_made_anew_over_a_register(
    store: FileRegisterStore, made: FileRegister, tmp_path: Path
) -> None:
    made.add(entry())
    made.close()
    kept = (tmp_path / "register-BR-123456+123.keys").rename(tmp_path / "kept")
    assert store.exists(LICENSE)
    with pytest.raises(MachineFailed, match="register_damaged"):
        store.open(LICENSE, WRAP)
    with pytest.raises(MachineFailed, match="register_damaged"):
        store.enrol(LICENSE, WRAP)
    kept.rename(tmp_path / "register-BR-123456+123.keys")
    assert len(store.open(LICENSE, WRAP).search("", 10)) == 1


def test_a_missing_database_is_not_made_anew_under_its_key(
    store: FileRegisterStore, made: FileRegister, tmp_path: Path
) -> None:
    made.close()
    path = tmp_path / "register-BR-123456+123.db"
    kept = path.rename(tmp_path / "kept")
    with pytest.raises(MachineFailed, match="register_damaged"):
        store.open(LICENSE, WRAP)
    assert not path.exists()
    kept.rename(path)
    assert store.open(LICENSE, WRAP).search("", 10) == ()


def test_a_first_sign_on_goes_on_where_a_crash_left_the_key_file_alone(
    store: FileRegisterStore, made: FileRegister, tmp_path: Path
) -> None:
    made.close()
    (tmp_path / "register-BR-123456+123.db").unlink()
    keys = (tmp_path / "register-BR-123456+123.keys").read_bytes()
    again = store.enrol(LICENSE, WRAP)
    again.add(entry())
    assert (tmp_path / "register-BR-123456+123.keys").read_bytes() == keys
    again.close()
    assert len(store.open(LICENSE, WRAP).search("", 10)) == 1


def test_every_bit_of_the_key_file_counts(
    store: FileRegisterStore, made: FileRegister, tmp_path: Path
) -> None:
    path = tmp_path / "register-BR-123456+123.keys"
    good = path.read_bytes()
    for position in range(len(good)):
        path.write_bytes(good[:position] + bytes((good[position] ^ 1,)) + good[position + 1 :])
        with pytest.raises(MachineFailed, match="register_damaged"):
            store.open(LICENSE, WRAP)


def test_a_changed_page_is_found_out(
    store: FileRegisterStore, made: FileRegister, tmp_path: Path
) -> None:
    made.add(entry())
    made.close()
    path = tmp_path / "register-BR-123456+123.db"
    data = bytearray(path.read_bytes())
    for position in range(2000, len(data), 1500):
        data[position] ^= 1
    path.write_bytes(data)
    with pytest.raises(MachineFailed):
        store.open(LICENSE, WRAP).search("", 10)


# -- the outbox ------------------------------------------------------------------------------


def test_messages_are_kept_in_their_order_and_final_ones_lose_their_bytes(
    store: FileRegisterStore, made: FileRegister
) -> None:
    one, two = mail_samples.entry(id="f" * 16), mail_samples.entry(id="0" * 16, serial="another")
    made.outbox.add(one, b"first")
    made.outbox.add(two, b"second")
    made.close()
    box = store.open(LICENSE, WRAP).outbox
    assert box.of_card("") == box.in_state([MailState.QUEUED]) == (one, two)
    assert box.of_card(one.serial) == (one,)
    assert box.message(one.id) == b"first"
    later = replace(one, state=MailState.DOUBTFUL, attempts=3, reason="no_reply", detail="words")
    box.update(later)
    assert box.get(one.id) == later
    assert box.message(one.id) == b"first"
    box.update(replace(later, state=MailState.SENT))
    assert box.message(one.id) == b""
    assert box.message(two.id) == b"second"
    assert (box.get("nothing"), box.message("nothing")) == (None, b"")


def test_a_register_of_before_the_outbox_gets_one_and_loses_nothing(
    store: FileRegisterStore, made: FileRegister, tmp_path: Path
) -> None:
    made.add(entry())
    made._database.execute("DROP TABLE outbox")
    made.close()
    again = store.open(LICENSE, WRAP)
    assert again.get(entry().card.serial) == entry()
    assert again.outbox.of_card("") == ()
    again.outbox.add(mail_samples.entry(), b"a message")
    assert len(again.outbox.of_card("")) == 1


def test_no_address_can_be_read_on_the_disk(made: FileRegister, tmp_path: Path) -> None:
    made.outbox.add(mail_samples.entry(), b"Subject: a message to read")
    data = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"jane.doe" not in data
    assert b"a message to read" not in data
