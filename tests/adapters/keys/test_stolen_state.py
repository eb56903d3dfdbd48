"""A state directory in a thief's hands without its pepper; hostile files; known answers.

All 10,000 four-digit PINs are tried on a copy, with every KEY that the copy could give away. The
cost of a guess is reduced here, and only here: the thief's luck does not depend on it.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cryptography_vectors
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from iies_tui.adapters.checks import selftest
from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.keys import throttle, vault
from iies_tui.adapters.keys.derivation import Argon2Derivation
from iies_tui.adapters.keys.pepper import Pepper, Source
from iies_tui.adapters.keys.vault import FileVault
from iies_tui.adapters.records import register
from iies_tui.adapters.records.register import FileRegisterStore
from iies_tui.domain.errors import IiesError, MachineFailed
from tests.support.key_terminal import CHEAP, LICENSE, KeyTerminal

HERE = 0.05
"""Seconds within which any hostile file is refused."""

MEMORY = 256 * 1024
"""Bytes of Python's memory that refusing one may take at most."""


@pytest.mark.heavy
def test_no_four_digit_pin_opens_a_copy_without_its_pepper(
    tmp_path: Path,
    full_count: Callable[..., int],
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    terminal = KeyTerminal(tmp_path / "owner")
    terminal.key = terminal.fresh()[0]
    terminal.add(LICENSE, terminal.key)
    terminal.on(b"4711", again=True).register.close()  # the PIN is one of those that are tried
    stolen = tmp_path / "thief" / "state"
    shutil.copytree(terminal.state, stolen)

    (path,) = (stolen / "issuers").glob("*.vault")
    file = vault.parse(path.read_bytes())
    for guess in (bytes(32), bytes(range(1, 33)), file.sealed[:32]):
        reader = FileVault(stolen, Pepper(guess, Source.FILE, Path()), os.urandom)
        with pytest.raises(MachineFailed, match="pepper_differs"):
            reader.unseal(LICENSE)
        # Lying about which pepper it is does not help: it is authenticated.
        forged = replace(file, pepper=Pepper(guess, Source.FILE, Path()).id)
        path.write_bytes(forged.to_bytes())
        with pytest.raises(MachineFailed, match="vault_damaged"):
            reader.unseal(LICENSE)

    registers, derivation = FileRegisterStore(stolen, os.urandom), Argon2Derivation(CHEAP)
    keys = [bytes(36), file.sealed[:36], file.sealed[16:], b"0" * 31 + file.tail.encode()]
    count = full_count("PINs on a stolen state directory", sample=500, full=10_000)
    chance, opened = random.Random(3), 0
    pins = range(10_000) if count == 10_000 else [4711, *chance.sample(range(10_000), count - 1)]
    for pin in pins:
        for key in keys:
            derived = derivation.derive(LICENSE, key, f"{pin:04d}".encode())
            try:
                registers.open(LICENSE, derived.register_wrap_key()).close()
                opened += 1
            except MachineFailed as error:
                assert error.code == "register_damaged"
    record_figure("stolen state directory", {"pins": len(list(pins)), "opened": opened})
    assert opened == 0
    # The test can fail: with the KEY, which the pepper guards, the PIN is among those 10,000.
    right = derivation.derive(LICENSE, terminal.key, b"4711")
    registers.open(LICENSE, right.register_wrap_key()).close()


# -- hostile files -------------------------------------------------------------------------------


def mutated(good: bytes, chance: random.Random) -> bytes:
    data = bytearray(good)
    for _ in range(chance.randint(1, 6)):
        position = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0 if position < len(data):
                data[position] = chance.randrange(256)
            case 1:
                del data[position : position + chance.randint(1, 8)]
            case 2:  # a length or a number of up to eight bytes: huge sizes, huge costs
                head = chance.choice((0x1A, 0x1B, 0x3B, 0x5A, 0x5B, 0x7B, 0x9B, 0xBB, 0xDB))
                size = 8 if head & 0x1F == 0x1B else 4
                data[position:position] = bytes((head,)) + b"\xff" * size
            case 3:
                data[position:position] = bytes(chance.randint(1, 400))
            case _:
                data[position:position] = chance.choice((b"\x81", b"\xa1", b"\xc2")) * 200
        if not data:
            return b""
    return bytes(data)


def hostile(good: bytes, count: int, seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    made = 0
    while made < count:
        data = mutated(good, chance)
        if data != good:
            made += 1
            yield data


@pytest.mark.heavy
def test_mutated_vaults_registers_and_counts_are_refused_fast_and_without_memory(
    tmp_path: Path,
    full_count: Callable[..., int],
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    terminal = KeyTerminal(tmp_path)
    terminal.enrol().register.close()
    key = terminal.derivation.derive(LICENSE, terminal.key, terminal.pin).register_wrap_key()
    (sealed,) = (terminal.state / "issuers").glob("*.vault")
    (keys,) = terminal.state.glob("register-*.keys")
    (attempts,) = (terminal.state / "issuers").glob("*.attempts")
    targets: list[tuple[Path, int, Callable[[], object]]] = [
        (sealed, 10_000, lambda: terminal.vault.unseal(LICENSE)),
        (keys, 5_000, lambda: terminal.registers.open(LICENSE, key)),
        (attempts, 2_000, lambda: terminal.throttle.state(LICENSE)),
    ]
    for path, full, act in targets:
        count = full_count(f"hostile {path.suffix} files", sample=full // 10, full=full)
        act()  # what is imported at the first call is not what a file costs
        files = hostile(path.read_bytes(), count, len(path.name))
        slowest, most, taken = _attack(path, files, act, 1 if count == full else 8)
        record_figure(
            f"hostile {path.suffix} files",
            {"count": count, "slowest_ms": round(slowest * 1000, 2), "most_bytes": most},
        )
        assert taken == 0 or path == attempts, path
        assert slowest < HERE and most < MEMORY, path


def _attack(
    path: Path, files: Iterator[bytes], act: Callable[[], object], each: int
) -> tuple[float, int, int]:
    """(slowest second, most bytes, how many were taken). Memory is watched at one of ``each``."""
    good, slowest, most, taken = path.read_bytes(), 0.0, 0, 0
    for number, data in enumerate(files):
        path.write_bytes(data)
        begun = time.thread_time()
        taken += _tried(act)
        slowest = max(slowest, time.thread_time() - begun)
        if number % each == 0:  # again, because watching memory takes longer than refusing
            tracemalloc.start()
            _tried(act)
            most = max(most, tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    path.write_bytes(good)
    return slowest, most, taken


def _tried(act: Callable[[], object]) -> bool:
    """True where the file was taken."""
    try:
        act()
    except IiesError:
        return False
    return True


def test_no_field_of_a_vault_says_how_much_work_to_do(tmp_path: Path) -> None:
    terminal = KeyTerminal(tmp_path)
    terminal.enrol().register.close()
    (path,) = (terminal.state / "issuers").glob("*.vault")
    fields: Any = canonical.decode(path.read_bytes(), max_bytes=512)
    for kdf in (0, 2, 3, 2**16, 2**31, 2**32, 2**63, -1, b"\1", "1", [1], None):
        data = canonical.encode({**fields, 4: kdf}) if kdf is not None else b""
        begun = time.thread_time()
        with pytest.raises(ValueError):
            vault.parse(data)
        assert time.thread_time() - begun < HERE


@pytest.mark.parametrize("module", [vault, register, throttle])
def test_files_are_small_by_decree(module: Any) -> None:
    limits = [value for name, value in vars(module).items() if re.match("_?MAX_(FILE|KEYS)", name)]
    assert limits and max(limits) <= 512


# -- known answers -------------------------------------------------------------------------------


def test_gcm_siv_known_answers_of_rfc_8452() -> None:
    """As we call it: a 256-bit key, a 96-bit nonce, associated data."""
    cases = list(_siv_cases("ciphers/AES/GCM-SIV/openssl.txt"))
    assert len(cases) >= 24
    for case in cases:
        cipher = AESGCMSIV(case["key"])
        sealed = case["ciphertext"] + case["tag"]
        if case["plaintext"]:
            assert cipher.encrypt(case["iv"], case["plaintext"], case["aad"]) == sealed
            assert cipher.decrypt(case["iv"], sealed, case["aad"]) == case["plaintext"]
        with pytest.raises(InvalidTag):
            changed = sealed[:-1] + bytes((sealed[-1] ^ 1,))
            cipher.decrypt(case["iv"], changed, case["aad"])


def _siv_cases(name: str) -> Iterator[dict[str, bytes]]:
    with cryptography_vectors.open_vector_file(name, "r") as file:
        text = file.read()
    for block in text.split("COUNT")[1:]:
        pairs = (line.partition("=")[::2] for line in block.splitlines()[1:] if "=" in line)
        case = {
            label.strip().lower(): bytes.fromhex(value)
            for label, value in pairs
            if not label.startswith("#")
        }
        if len(case["key"]) == 32:
            yield {"aad": b"", **case}


def test_the_self_test_passes_here_and_finds_a_library_that_computes_something_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    results = list(selftest.run(selftest.all_checks()))
    assert len(results) == 7 and all(passed for _, passed in results), results
    selftest.at_start()

    monkeypatch.setattr(selftest, "quick", lambda: (("HKDF", lambda: False),))
    with pytest.raises(MachineFailed, match="selftest_failed"):
        selftest.at_start()
    broken = (("broken", lambda: 1 // 0 == 0),)
    assert list(selftest.run(broken)) == [("broken", False)]
