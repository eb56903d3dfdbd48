"""Sign-on and Setup: the first one enrols, wrong is wrong alike, what is damaged can be mended."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from iies_tui.domain.card import Mode
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.issuer import ModeReason
from iies_tui.domain.trail import Event
from iies_tui.issuance.keys.enrol import key_problems, license_problems
from iies_tui.issuance.keys.sign_on import standing
from tests.support.office import KEY, LICENSE, PIN, Office, ready


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    made.setup()
    return made


def refused(office: Office, pin: bytes = PIN, again: bytes | None = PIN, license: str = LICENSE,
            clerk: str = "") -> str:  # fmt: skip
    with pytest.raises(Refused) as caught:
        office.sign_on(license, pin, again, clerk)
    return caught.value.code


def test_the_first_one_enrols_where_the_bundle_lists_the_key(office: Office) -> None:
    office.list_issuer()
    issuer = office.sign_on(LICENSE, PIN, None, "JQD")
    assert issuer.enrolled_now and issuer.name
    assert office.vault.issuers()[0].kid == issuer.keys.kid
    assert office.events()[-2:] == ["issuer_enrolled", "signed_on"]
    issuer.register.close()
    assert not office.sign_on(LICENSE, PIN, None, "").enrolled_now


def test_a_wrong_pin_enrols_nothing_where_the_bundle_lists_the_key(office: Office) -> None:
    office.list_issuer()
    assert refused(office, b"87654321") == "sign_on_failed"
    assert office.vault.issuers()[0].kid is None
    assert not office.registers.exists(LICENSE)


@pytest.mark.parametrize(("pin", "again", "code"), [
    (PIN, None, "pin_again"), (PIN, b"12345679", "pin_differs"), (b"123", b"123", "pin_form"),
    (b"", b"", "pin_form"), (b"1" * 33, b"1" * 33, "pin_form"),
])  # fmt: skip
def test_an_unlisted_ones_first_pin_is_typed_twice(
    office: Office, pin: bytes, again: bytes | None, code: str
) -> None:
    assert refused(office, pin, again) == code
    assert office.throttle.state(LICENSE).failures == 0
    assert office.vault.issuers()[0].kid is None


def test_a_foreign_pin_of_any_kind_is_taken(office: Office) -> None:
    pin = "pässwörd".encode()
    office.sign_on(LICENSE, pin, pin, "").register.close()
    assert refused(office, PIN) == "sign_on_failed"
    office.sign_on(LICENSE, pin, None, "")


def test_wrong_alike_and_each_in_the_trail(office: Office) -> None:
    office.signed_on().register.close()
    assert refused(office, b"00000000") == refused(office, license="PC-9") == "sign_on_failed"
    rows = [row for row in office.trail.rows() if row.event is Event.SIGN_ON_FAILED]
    assert [row.details["reason"] for row in rows] == ["wrong_pin", "unknown_issuer"]
    assert office.throttle.state(LICENSE).failures == 1


def test_counted_before_the_pin_is_tried(office: Office) -> None:
    counted: list[int] = []
    real = office.derivation.derive

    class Derivation:
        def derive(self, *arguments: object, **named: object) -> object:
            counted.append(office.throttle.state(LICENSE).failures)
            return real(*arguments, **named)  # type: ignore[arg-type]

    office.derivation = Derivation()  # type: ignore[assignment]
    office.sign_on(LICENSE, PIN, PIN, "")
    assert counted == [1]
    assert office.throttle.state(LICENSE).failures == 0


def test_waits_then_disabled_then_lifted_by_the_same_key_alone(office: Office) -> None:
    office.signed_on().register.close()
    for number in range(10):
        assert refused(office, b"00000000") == "sign_on_failed"
        if number >= 2:
            assert refused(office) in ("wait", "disabled")
        office.clock.pass_seconds(61)
    assert refused(office) == "disabled"
    with pytest.raises(Refused, match="issuer_exists"):
        office.setup(key=b"0" * 33 + b"195")
    office.setup()
    office.sign_on(LICENSE, PIN, None, "")


def test_entering_the_key_again_without_a_need_is_refused(office: Office) -> None:
    with pytest.raises(Refused, match="issuer_exists"):
        office.setup()


def test_an_older_count_put_back_is_trailed(office: Office, tmp_path: Path) -> None:
    assert refused(office, b"00000000", b"00000001") == "pin_differs"
    office.signed_on().register.close()
    (count,) = (tmp_path / "state" / "issuers").glob("*.attempts")
    old = count.read_bytes()
    for _ in range(2):
        assert refused(office, b"00000000") == "sign_on_failed"
    count.write_bytes(old)
    office.clock.pass_seconds(100)
    office.sign_on(LICENSE, PIN, None, "")
    assert "counter_alarm" in office.events()


def test_a_damaged_vault_is_told_and_takes_the_key_again(office: Office, tmp_path: Path) -> None:
    office.signed_on().register.close()
    (path,) = (tmp_path / "state" / "issuers").glob("*.vault")
    path.write_bytes(b"\0" * 100)
    with pytest.raises(MachineFailed, match="vault_damaged"):
        office.sign_on(LICENSE, PIN, PIN, "")
    office.setup()
    # The register knows the PIN: another one is wrong, however often it is typed.
    assert refused(office, b"00000000", b"00000000") == "sign_on_failed"
    assert office.sign_on(LICENSE, PIN, PIN, "").enrolled_now


def test_a_register_that_is_gone_is_not_made_anew(office: Office, tmp_path: Path) -> None:
    office.signed_on().register.close()
    for path in (tmp_path / "state").glob("register-*"):
        path.unlink()
    with pytest.raises(MachineFailed, match="register_damaged"):
        office.sign_on(LICENSE, PIN, PIN, "")
    assert not office.registers.exists(LICENSE)


def test_a_crash_before_the_key_id_is_kept_enrols_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise MachineFailed("disk_full", path="")

    monkeypatch.setattr(office.vault, "enrol", dies)
    with pytest.raises(MachineFailed):
        office.sign_on(LICENSE, PIN, PIN, "")
    monkeypatch.undo()
    assert office.sign_on(LICENSE, PIN, PIN, "").enrolled_now


@pytest.mark.parametrize("clerk", ["JOHN Q. DOE", "A\nB", "\x1b"])
def test_initials_are_initials(office: Office, clerk: str) -> None:
    assert refused(office, clerk=clerk) == "clerk_form"


def test_license_in_any_case(office: Office) -> None:
    assert office.sign_on(LICENSE.lower(), PIN, PIN, "").license == LICENSE


def test_a_clock_behind_the_last_record_is_trailed_at_the_pin(office: Office) -> None:
    office.clock.wall -= timedelta(hours=2)
    office.signed_on()
    assert office.events()[-3:] == ["clock_alarm", "issuer_enrolled", "signed_on"]
    alarm = office.trail.last(Event.CLOCK_ALARM)
    assert alarm.details == {"seconds_back": 7200}


def test_the_mode_and_its_reason(tmp_path: Path) -> None:
    office, issuer = ready(tmp_path)
    found = standing(issuer, office.trust.bundle, office.clock)
    assert (found.mode, found.reason) == (Mode.LIVE, ModeReason.LIVE)
    found = standing(issuer, None, office.clock)
    assert (found.mode, found.reason) == (Mode.SPECIMEN, ModeReason.NO_BUNDLE)


def test_problems_never_say_what_the_key_is() -> None:
    for key in (KEY[:-1], KEY + b" ", b"\xff" * 36, KEY[:-1] + b"\x7f"):
        for problem in key_problems(key):
            assert KEY.decode()[:8] not in repr(problem)
    assert key_problems(KEY) == ()
    assert license_problems(LICENSE) == ()
