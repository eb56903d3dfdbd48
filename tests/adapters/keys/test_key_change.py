"""KEYs replaced, recovered, removed, compromised: nothing lost, and no moment without a way in."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from iies_tui.adapters.keys import vault
from iies_tui.adapters.records import register
from iies_tui.domain import recovery
from iies_tui.domain.bundle import ListedKey
from iies_tui.domain.compromise import Contact
from iies_tui.domain.errors import IiesError, Refused
from iies_tui.domain.trail import Event
from iies_tui.issuance.keys.compromise import answer, unanswered
from iies_tui.issuance.keys.recovery_code import Pending
from iies_tui.issuance.keys.replace_key import NewKey
from tests.support import trust_samples
from tests.support.fakes import Killed
from tests.support.key_terminal import LICENSE, KeyTerminal

Write = Callable[[Path, bytes], None]


@pytest.fixture
def terminal(tmp_path: Path) -> KeyTerminal:
    made = KeyTerminal(tmp_path)
    made.enrol().register.close()
    return made


def code_of(terminal: KeyTerminal) -> bytes:
    """Make a recovery code as a clerk does; as it stands on the paper."""
    issuer = terminal.on(terminal.pin)
    pending = terminal.recovery.begin()
    groups = recovery.groups(pending.code)
    terminal.recovery.confirm(issuer, pending, [groups[at - 1] for at in pending.asked])
    issuer.register.close()
    return recovery.show(pending.code).encode()


def refused(code: str, act: Callable[[], object]) -> None:
    with pytest.raises(IiesError) as told:
        act()
    assert told.value.code == code


# -- replaced ------------------------------------------------------------------------------------


def test_a_new_key_beside_the_old(terminal: KeyTerminal) -> None:
    key, pin = terminal.fresh()
    before = terminal.vault.issuers()[0]
    sealed = terminal.replace.by_pin(LICENSE.lower(), NewKey(key, pin), terminal.pin)
    assert sealed.key_tail == key[-5:].decode() and sealed.kid not in (None, before.kid)
    terminal.open_again()
    assert terminal.reads(pin)
    refused("sign_on_failed", lambda: terminal.on(terminal.pin))
    row = next(row for row in terminal.trail.chain if row.event is Event.KEY_REPLACED)
    assert (row.details["old_kid"], row.details["kid"]) == (before.kid, sealed.kid)
    # The old KEY and PIN open nothing any more, by whatever way they come.
    old = terminal.derivation.derive(LICENSE, terminal.key, terminal.pin).register_wrap_key()
    refused("register_damaged", lambda: terminal.registers.open(LICENSE, old))


def test_what_is_refused_changes_nothing(terminal: KeyTerminal) -> None:
    key, pin = terminal.fresh()
    files = {path: path.read_bytes() for path in terminal.state.rglob("*") if path.is_file()}
    new = NewKey(key, pin)
    by_pin = terminal.replace.by_pin
    refused("setup_refused", lambda: by_pin(LICENSE, NewKey(key + b" ", pin), terminal.pin))
    wrong = key[:-1] + (b"0" if key[-1:] != b"0" else b"1")
    refused("key_check_failed", lambda: by_pin(LICENSE, NewKey(wrong, pin), terminal.pin))
    refused("pin_form", lambda: by_pin(LICENSE, NewKey(key, b"123"), terminal.pin))
    refused("same_key", lambda: by_pin(LICENSE, NewKey(terminal.key, pin), terminal.pin))
    refused("no_such_issuer", lambda: by_pin("PC-000002", new, terminal.pin))
    refused("no_recovery_code", lambda: terminal.replace.by_code(LICENSE, new, b"x"))
    refused("recovery_failed", lambda: terminal.replace.by_old_key(LICENSE, new, key, pin))
    assert files == {path: path.read_bytes() for path in files}
    assert terminal.reads(terminal.pin)


def test_guessing_the_old_pin_there_is_counted(terminal: KeyTerminal) -> None:
    new = NewKey(*terminal.fresh())
    for _ in range(10):
        terminal.clock.pass_seconds(100)
        refused("sign_on_failed", lambda: terminal.replace.by_pin(LICENSE, new, b"00000000"))
    terminal.clock.pass_seconds(100)
    refused("disabled", lambda: terminal.replace.by_pin(LICENSE, new, terminal.pin))
    refused("disabled", lambda: terminal.on(terminal.pin))
    terminal.add(LICENSE, terminal.key)  # Setup re-enters the KEY
    assert terminal.reads(terminal.pin)


def test_a_slip_in_the_new_pin_is_found_by_the_bundle(terminal: KeyTerminal) -> None:
    key, pin = terminal.fresh()
    right = terminal.derivation.derive(LICENSE, key, pin)
    listed = replace(
        trust_samples.ISSUER, license=LICENSE, keys=(ListedKey(right.kid, right.public),)
    )
    terminal.trust.bundle = replace(trust_samples.bundle(), issuers=(listed,))
    slip = NewKey(key, pin[:-1] + b"x")
    refused("new_key_not_listed", lambda: terminal.replace.by_pin(LICENSE, slip, terminal.pin))
    assert terminal.reads(terminal.pin)
    terminal.replace.by_pin(LICENSE, NewKey(key, pin), terminal.pin)
    assert terminal.reads(pin)


class Deaths:
    """Dies before or after the nth write of a file, as a power cut does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int, after: bool) -> None:
        self.count = 0
        for module in (register, vault):
            real = module.write_atomically

            def write(path: Path, data: bytes, real: Write = real) -> None:
                self.count += 1
                if self.count == at and not after:
                    raise Killed
                real(path, data)
                if self.count == at:
                    raise Killed

            monkeypatch.setattr(module, "write_atomically", write)


@pytest.mark.parametrize("proof", ["pin", "code", "old_key"])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_death_at_any_write_leaves_the_old_key_or_the_new(
    terminal: KeyTerminal, monkeypatch: pytest.MonkeyPatch, at: int, after: bool, proof: str
) -> None:
    code = code_of(terminal) if proof == "code" else b""
    key, pin = terminal.fresh()
    new = NewKey(key, pin)
    with monkeypatch.context() as patched:
        Deaths(patched, at, after)
        with pytest.raises(Killed):
            match proof:
                case "pin":
                    terminal.replace.by_pin(LICENSE, new, terminal.pin)
                case "code":
                    terminal.replace.by_code(LICENSE, new, code)
                case _:
                    terminal.replace.by_old_key(LICENSE, new, terminal.key, terminal.pin)
    terminal.open_again()
    switched = (at, after) >= (2, True)
    works, fails = (pin, terminal.pin) if switched else (terminal.pin, pin)
    refused("sign_on_failed", lambda: terminal.on(fails))
    assert terminal.reads(works)
    # The next sign-on has tidied up: one KEY opens the register, and it can be replaced again.
    assert len(terminal.registers._read(LICENSE)) == (2 if code else 1)
    again = terminal.fresh()
    terminal.replace.by_pin(LICENSE, NewKey(*again), works)
    assert terminal.reads(again[1])
    if code:
        last = terminal.fresh()
        terminal.replace.by_code(LICENSE, NewKey(*last), code)  # the code survives every change
        assert terminal.reads(last[1])


# -- recovered -----------------------------------------------------------------------------------


def test_the_code_is_in_effect_only_once_its_groups_were_given_back(terminal: KeyTerminal) -> None:
    issuer = terminal.on(terminal.pin)
    pending = Pending(bytearray(os.urandom(20)), (2, 7))
    groups = recovery.groups(pending.code)
    for typed in ([groups[6], groups[1]], ["", ""], [groups[1]]):
        refused("recovery_groups", partial(terminal.recovery.confirm, issuer, pending, typed))
    assert not terminal.registers.recovery_made(LICENSE)
    terminal.recovery.confirm(issuer, pending, [groups[1].lower(), groups[6]])
    assert terminal.registers.recovery_made(LICENSE)


def test_a_new_code_ends_the_old(terminal: KeyTerminal) -> None:
    old, new = code_of(terminal), code_of(terminal)
    key = NewKey(*terminal.fresh())
    refused("recovery_failed", lambda: terminal.replace.by_code(LICENSE, key, old))
    terminal.replace.by_code(LICENSE, key, new)


def test_a_lost_pin_and_a_lost_vault_are_recovered(terminal: KeyTerminal) -> None:
    code = code_of(terminal)
    for path in (terminal.state / "issuers").glob("*.vault"):
        path.unlink()
    key, pin = terminal.fresh()
    refused("recovery_form", lambda: terminal.replace.by_code(LICENSE, NewKey(key, pin), b"ABCD"))
    wrong = recovery.show(os.urandom(20)).encode()
    refused("recovery_failed", lambda: terminal.replace.by_code(LICENSE, NewKey(key, pin), wrong))
    assert Event.RECOVERY_FAILED in terminal.events()
    terminal.replace.by_code(LICENSE, NewKey(key, pin), code.lower())
    assert terminal.reads(pin)


def test_another_issuers_code_opens_nothing(terminal: KeyTerminal) -> None:
    code = code_of(terminal)
    plain = recovery.parse(code.decode())
    assert plain is not None
    keys = {terminal.recovery.recovery_key(name, plain) for name in (LICENSE, "BR-123456/124")}
    assert len(keys) == 2


def test_another_pepper_takes_the_key_again_and_keeps_the_register(terminal: KeyTerminal) -> None:
    terminal.pepper = bytes(32)
    terminal.open_again()
    refused("pepper_differs", lambda: terminal.on(terminal.pin))
    assert terminal.vault.under_another_pepper() == (LICENSE,)
    terminal.add(LICENSE, terminal.fresh()[0])  # a wrong KEY
    refused("sign_on_failed", lambda: terminal.on(terminal.pin))
    terminal.pepper = bytes(range(1, 33))
    terminal.open_again()
    terminal.add(LICENSE, terminal.key)
    assert terminal.reads(terminal.pin)
    assert Event.COUNTER_ALARM not in terminal.events()


# -- removed -------------------------------------------------------------------------------------


def test_removed_with_the_pin_and_back_with_the_same_key(terminal: KeyTerminal) -> None:
    refused("pin_needed_to_remove", lambda: terminal.remove(LICENSE, None))
    refused("sign_on_failed", lambda: terminal.remove(LICENSE, b"00000000"))
    terminal.remove(LICENSE, terminal.pin)
    assert terminal.vault.issuers() == () and terminal.events()[-1] is Event.ISSUER_REMOVED
    refused("no_such_issuer", lambda: terminal.remove(LICENSE, terminal.pin))
    terminal.add(LICENSE, terminal.key)
    issuer = terminal.on(terminal.pin, again=True)
    assert issuer.register.setting("mark") == "five years"
    # Its count begins anew with it: no older state directory was put back here.
    assert Event.COUNTER_ALARM not in terminal.events()


def test_who_never_signed_on_goes_without_a_pin(terminal: KeyTerminal) -> None:
    terminal.add("PC-000002", terminal.fresh()[0])
    terminal.remove("PC-000002", None)
    assert [one.license for one in terminal.vault.issuers()] == [LICENSE]


# -- compromised ---------------------------------------------------------------------------------


def test_compromised_only_the_code_opens_the_register(terminal: KeyTerminal) -> None:
    code = code_of(terminal)
    kid = terminal.vault.issuers()[0].kid
    for number in (1, 2, 3):
        serial = {"serial": f"S{number}"}
        key_id = kid if number < 3 else b"another!"
        terminal.trail.append(Event.INTENT, LICENSE, {**serial, "kid": key_id or b""})
        if number != 2:
            terminal.trail.append(Event.SEALED, LICENSE, serial)
    done = terminal.compromise(LICENSE, Contact("AGENCY", "JANE CLERK", "518 555 0100"))
    assert done.register_shut and done.notice.serials == ("S1",) and done.notice.kid == kid
    assert done.notice.due - done.notice.at == timedelta(hours=72)
    assert list((terminal.state / "issuers").glob("*.vault")) == []
    refused("needs_recovery", lambda: terminal.add(LICENSE, terminal.key))
    new = NewKey(*terminal.fresh())
    refused(
        "recovery_failed",
        lambda: terminal.replace.by_old_key(LICENSE, new, terminal.key, terminal.pin),
    )
    old = NewKey(terminal.key, terminal.pin)
    refused("key_is_compromised", lambda: terminal.replace.by_code(LICENSE, old, code))
    again = terminal.compromise(LICENSE, Contact())  # the notice anew, and nothing else
    assert (again.notice.at, again.notice.serials) == (done.notice.at, ("S1",))
    assert terminal.events().count(Event.KEY_COMPROMISED) == 1
    terminal.replace.by_code(LICENSE, new, code)
    assert terminal.reads(bytes(new.pin))


def test_without_a_code_the_records_are_kept_and_the_key_never_comes_back(
    terminal: KeyTerminal,
) -> None:
    assert not terminal.compromise(LICENSE, Contact()).register_shut
    terminal.add(LICENSE, terminal.key)
    refused("key_is_compromised", lambda: terminal.on(terminal.pin, again=True))
    terminal.remove(LICENSE, None)
    new = NewKey(*terminal.fresh())
    terminal.replace.by_old_key(LICENSE, new, terminal.key, terminal.pin)
    assert terminal.reads(bytes(new.pin))


def test_the_clock_of_72_hours_runs_until_it_is_answered(terminal: KeyTerminal) -> None:
    assert unanswered(terminal.trail, terminal.clock) == ()
    refused("not_compromised", lambda: answer(terminal.trail, LICENSE, terminal.clock))
    terminal.compromise(LICENSE, Contact())
    terminal.clock.pass_seconds(3600)
    (open_one,) = unanswered(terminal.trail, terminal.clock)
    assert (open_one.license, open_one.seconds) == (LICENSE, 71 * 3600)
    terminal.clock.pass_seconds(80 * 3600)
    assert unanswered(terminal.trail, terminal.clock)[0].seconds < 0
    answer(terminal.trail, LICENSE.lower(), terminal.clock)
    assert unanswered(terminal.trail, terminal.clock) == ()


def test_a_damaged_key_is_compromised_as_well(terminal: KeyTerminal) -> None:
    (path,) = (terminal.state / "issuers").glob("*.vault")
    path.write_bytes(b"\0" * 100)
    terminal.compromise(LICENSE, Contact())
    assert not path.exists()
    with pytest.raises(Refused, match="no_such_issuer"):
        terminal.compromise("PC-000009", Contact())
