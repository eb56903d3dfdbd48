"""A vendor's profile, installed as a package of its own, found and used without touching ours."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from iies_tui.adapters.barcode import profiles
from iies_tui.adapters.barcode.profile_open import OpenProfile
from iies_tui.domain.envelope import Verdict
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.serial import Serial
from iies_tui.issuance.checking.verify import Verify
from tests.support.authority_helpers import SetClock
from tests.support.trust_samples import bundle, digits, seal

MODULE = '''
"""A vendor's whole profile: upper-case text ``TINY:<serial>:<kid>``, for the test only."""

from datetime import UTC, datetime

from iies_tui.domain.card import Mode
from iies_tui.domain.envelope import Envelope, Stamp
from iies_tui.domain.errors import Refused
from iies_tui.domain.serial import Serial
from iies_tui.domain.trail import Checkpoint


class TinyProfile:
    name = "tiny"

    def seal(self, facts, stamp, keys, to):
        text = f"7{stamp.serial.counter:06d}{int.from_bytes(keys.kid, 'big')}"
        return self.read(text)

    def digits(self, envelope):
        return envelope.encoded.decode()

    def read(self, digits):
        if not digits.startswith("7") or len(digits) < 9:
            raise Refused("malformed", layer="digits")
        kid = int(digits[7:]).to_bytes(8, "big")
        moment = datetime(2026, 11, 22, tzinfo=UTC)
        stamp = Stamp(moment, Serial(0, int(digits[1:7])), Mode.LIVE, bytes(16), bytes(16))
        return Envelope(kid, bytes(8), stamp, digits.encode(), b"", b"", b"")

    def authentic(self, envelope, public):
        return True

    def open(self, envelope, private):
        return {}

    def sign_checkpoint(self, row, keys):
        return Checkpoint(row.seq, keys.kid, b"")
'''


@pytest.fixture
def vendor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Installs the vendor's package as pip would: a module and its dist-info."""
    (tmp_path / "tiny_profile.py").write_text(MODULE)
    info = tmp_path / "tiny_profile-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny-profile\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[iies_tui.barcode_profiles]\ntiny = tiny_profile:TinyProfile\n"
    )
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("vendor")
def test_a_vendors_profile_is_found_and_judges() -> None:
    assert profiles.names() == ("open-1", "tiny")
    tiny = profiles.find("tiny")
    content = bundle()
    kid = content.issuers[0].keys[0].kid
    judge = Verify(tiny, content, SetClock())
    text = f"7000042{int.from_bytes(kid, 'big')}"
    (report,) = judge.keystrokes("-", text)
    assert (report.verdict, report.serial) == (Verdict.GENUINE, str(Serial(0, 42)))
    (unknown,) = judge.keystrokes("-", "700004212345")
    assert unknown.verdict is Verdict.UNKNOWN_ISSUER


@pytest.mark.usefixtures("vendor")
def test_ours_stays_the_default_and_takes_nothing_of_the_vendors() -> None:
    ours = Verify(profiles.find(), bundle(), SetClock())
    assert ours.keystrokes("-", digits(seal()))[0].verdict is Verdict.GENUINE
    assert ours.keystrokes("-", "700004212345")[0].verdict is Verdict.MALFORMED


def test_without_the_package_it_is_gone() -> None:
    assert profiles.names() == ("open-1",)


def test_our_profile_is_found_by_its_name() -> None:
    assert isinstance(profiles.find(), OpenProfile)


def test_unknown_and_broken_profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused) as refused:
        profiles.find("dmv")
    assert refused.value.params == {"profile": "dmv", "known": "open-1"}
    for entries in (
        [EntryPoint("dmv", "no_such_module:Profile", profiles.GROUP)],
        [EntryPoint("dmv", "json:NoSuchClass", profiles.GROUP)],
    ):
        monkeypatch.setattr(profiles, "entry_points", lambda entries=entries, **wanted: entries)
        with pytest.raises(MachineFailed):
            profiles.find("dmv")
    twice = [EntryPoint("dmv", target, profiles.GROUP) for target in ("a:B", "c:D")]
    monkeypatch.setattr(profiles, "entry_points", lambda **wanted: twice)
    with pytest.raises(Refused):
        profiles.find("dmv")
