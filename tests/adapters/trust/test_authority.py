"""The authority: its acts, its directory, its trail; and a training authority made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from pypdfium2 import PdfDocument

from iies_tui.adapters.barcode.profile_open import OpenProfile
from iies_tui.adapters.keys.derivation import Argon2Derivation
from iies_tui.adapters.machine import files
from iies_tui.adapters.paper.geometry import MARGIN, PAGE_WIDTH
from iies_tui.adapters.paper.sheet import sheet_of_text
from iies_tui.adapters.trust import bundle_reader, icc_csv
from iies_tui.adapters.trust.authority_store import FILE, AuthorityDirectory
from iies_tui.adapters.trust.installed import InstalledTrust
from iies_tui.authority import sheets, training
from iies_tui.authority.authority import Authority, Minted
from iies_tui.domain.bundle import IssuerStatus, RevocationKind
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.key import key_tail, passes_check
from iies_tui.domain.trail import Event
from iies_tui.text import has, words
from tests.support.authority_helpers import (
    CHEAP,
    NOW,
    PASSPHRASE,
    SetClock,
    insurers,
    make_authority,
)
from tests.support.trust_samples import facts, install, stamp

LICENSE = "PC-123456"
NAME = "MOHAWK VALLEY AGENCY INC"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "authority"


@pytest.fixture
def authority(directory: Path) -> Authority:
    made = make_authority(directory)
    made.init("TEST AUTHORITY", PASSPHRASE)
    return made


def _mint(authority: Authority, license: str = LICENSE) -> Minted:
    return authority.mint(PASSPHRASE, license, NAME)


def _code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    assert has(f"error.{refused.value.code}")
    for problem in refused.value.problems:
        assert has(f"problem.{problem.code}")
        return problem.code
    return refused.value.code


def _events(authority: Authority) -> list[Event]:
    return [row.event for row in authority.trail.rows()]


# -- from a new authority to a bundle -----------------------------------------------------------


def test_init(authority: Authority, directory: Path) -> None:
    record = authority.record()
    assert (record.name, record.training, record.version) == ("TEST AUTHORITY", False, 0)
    assert len(record.recipients) == 1
    assert _events(authority) == [Event.AUTHORITY_MADE]
    assert (directory / FILE).stat().st_mode & 0o777 == 0o600
    again = lambda: authority.init("TEST AUTHORITY", PASSPHRASE)  # noqa: E731
    assert _code(again) == "authority_exists"


def test_init_refuses(tmp_path: Path) -> None:
    authority = make_authority(tmp_path / "new")
    assert _code(lambda: authority.init("", PASSPHRASE)) == "listed_name"
    assert _code(lambda: authority.init("A", b"short")) == "passphrase_short"
    assert _code(authority.record) == "no_authority"


def test_mint_and_publish(authority: Authority) -> None:
    minted = _mint(authority)
    assert passes_check(minted.key)
    assert len(minted.pin) == 8
    published = authority.publish(PASSPHRASE, insurers())
    read = bundle_reader.read(published.data).bundle
    issuer = read.issuer_by_license(LICENSE)
    assert issuer is not None
    derived = Argon2Derivation(CHEAP).derive(LICENSE, minted.key.encode(), minted.pin.encode())
    assert issuer.keys[0].public == derived.public
    assert minted.kid == derived.kid == issuer.keys[0].kid
    assert (issuer.valid_from, issuer.valid_to) == (date(2026, 11, 22), None)
    assert read.insurers[0].signed
    assert (read.version, read.issued, read.expires) == (1, NOW, NOW + timedelta(days=400))
    assert read.refresh_by < read.expires
    assert _events(authority)[1:] == [Event.KEY_MINTED, Event.BUNDLE_PUBLISHED]


def test_versions_only_go_up(authority: Authority) -> None:
    versions = [authority.publish(PASSPHRASE, insurers()).bundle.version for _ in range(3)]
    assert versions == [1, 2, 3]


def test_a_second_key_stands_beside_the_first(authority: Authority) -> None:
    first, second = _mint(authority), authority.mint(PASSPHRASE, "pc-123456", "NEW NAME")
    issuer = authority.record().issuer(LICENSE)
    assert issuer is not None
    assert [key.kid for key in issuer.keys] == [first.kid, second.kid]
    assert issuer.name == "NEW NAME"
    assert first.key != second.key


@pytest.mark.parametrize(
    ("license", "name", "to", "code"),
    [
        ("PC 1", NAME, None, "license_form"),
        ("", NAME, None, "license_form"),
        (LICENSE, "", None, "listed_name"),
        (LICENSE, "A\nB", None, "listed_name"),
        (LICENSE, NAME, date(2026, 11, 21), "valid_to_before_from"),
    ],
)
def test_mint_refuses(
    authority: Authority, license: str, name: str, to: date | None, code: str
) -> None:
    assert _code(lambda: authority.mint(PASSPHRASE, license, name, None, to)) == code
    assert authority.record().issuers == ()


def test_publish_refuses(authority: Authority) -> None:
    assert _code(lambda: authority.publish(PASSPHRASE, ())) == "no_insurers"
    assert _code(lambda: authority.publish(PASSPHRASE, insurers(), 0)) == "days_range"
    assert _code(lambda: authority.publish(PASSPHRASE, insurers(), 9999)) == "days_range"
    short = authority.publish(PASSPHRASE, insurers(), 1).bundle
    assert short.issued <= short.refresh_by <= short.expires


# -- revoking -----------------------------------------------------------------------------------


def test_revoke_every_key_of_a_license(authority: Authority) -> None:
    first, second = _mint(authority), _mint(authority)
    since = NOW - timedelta(days=3)
    authority.revoke(PASSPHRASE, LICENSE, since, "KEY LOST")
    read = bundle_reader.read(authority.publish(PASSPHRASE, insurers()).data).bundle
    assert {one.kid for one in read.revocations} == {first.kid, second.kid}
    assert {one.kind for one in read.revocations} == {RevocationKind.COMPROMISED}
    assert {one.since for one in read.revocations} == {since}
    assert _events(authority).count(Event.KEY_REVOKED) == 2


def test_a_compromised_key_stays_so_and_the_earlier_moment_counts(authority: Authority) -> None:
    kid = _mint(authority).kid
    retire = RevocationKind.RETIRED

    def revoke(days: int, kind: RevocationKind) -> tuple[RevocationKind, datetime]:
        made = authority.revoke(PASSPHRASE, LICENSE, NOW - timedelta(days=days), "R", kid, kind)
        return made[0].kind, made[0].since

    assert revoke(3, retire) == (retire, NOW - timedelta(days=3))
    assert revoke(1, retire) == (retire, NOW - timedelta(days=3))
    assert revoke(5, retire) == (retire, NOW - timedelta(days=5))
    compromised = RevocationKind.COMPROMISED
    assert revoke(1, compromised) == (compromised, NOW - timedelta(days=1))
    assert revoke(9, retire) == (compromised, NOW - timedelta(days=1))
    assert len(authority.record().revocations) == 1


def test_revoke_refuses(authority: Authority) -> None:
    _mint(authority)
    assert _code(lambda: authority.revoke(PASSPHRASE, "PC-9", NOW, "R")) == "issuer_unknown"
    assert _code(lambda: authority.revoke(PASSPHRASE, LICENSE, NOW, "R", bytes(8))) == "key_unknown"
    assert _code(lambda: authority.revoke(PASSPHRASE, LICENSE, NOW, "")) == "listed_name"
    assert authority.record().revocations == ()


def test_suspend_and_reinstate(authority: Authority) -> None:
    _mint(authority)
    day = date(2026, 11, 30)
    suspended = authority.set_status(PASSPHRASE, LICENSE, IssuerStatus.SUSPENDED, day, "AUDIT")
    assert suspended.active_on(day - timedelta(days=1))
    assert not suspended.active_on(day)
    back = authority.set_status(PASSPHRASE, LICENSE, IssuerStatus.ACTIVE, day, "DONE")
    assert back.active_on(day)
    assert back.reason == ""


# -- opening ------------------------------------------------------------------------------------


def test_open_a_card(authority: Authority) -> None:
    minted = _mint(authority)
    profile = OpenProfile()
    keys = Argon2Derivation(CHEAP).derive(LICENSE, minted.key.encode(), minted.pin.encode())
    recipient = authority.record().recipients[0]
    envelope = profile.seal(facts(), stamp(), keys, recipient)
    opener = authority.opener(PASSPHRASE, profile)
    claims = opener(envelope)
    assert claims is not None
    assert claims["policy"] == "PA-1234567-01"
    assert _events(authority)[-1] is Event.CARD_OPENED
    assert opener(replace(envelope, recipient=bytes(8))) is None


# -- passphrase, files --------------------------------------------------------------------------


@pytest.mark.parametrize("passphrase", [b"", PASSPHRASE + b"\n", PASSPHRASE[:-1], b"x" * 1000])
def test_a_wrong_passphrase_changes_nothing(authority: Authority, passphrase: bytes) -> None:
    before, rows = authority.record(), len(_events(authority))
    for act in (
        lambda: authority.mint(passphrase, LICENSE, NAME),
        lambda: authority.publish(passphrase, insurers()),
        lambda: authority.opener(passphrase, OpenProfile()),
        lambda: authority.roll_root(passphrase),
        lambda: authority.set_status(passphrase, LICENSE, IssuerStatus.REVOKED, NOW.date(), "R"),
    ):
        assert _code(act) == "passphrase_wrong"
    assert authority.record() == before
    assert len(_events(authority)) == rows


def test_no_secret_is_in_the_directory(authority: Authority, directory: Path) -> None:
    minted = _mint(authority)
    authority.publish(PASSPHRASE, insurers())
    keys = AuthorityDirectory(directory, bytes, CHEAP).unlock(PASSPHRASE)
    secrets = [
        minted.key.encode(),
        minted.pin.encode(),
        PASSPHRASE,
        keys.root_key.private_bytes_raw(),
        keys.recipient_keys[0].private_bytes_raw(),
    ]
    for path in directory.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not [secret for secret in secrets if secret in data]


def test_every_flipped_bit_of_the_file_is_found(authority: Authority, directory: Path) -> None:
    data = (directory / FILE).read_bytes()
    for bit in range(0, len(data) * 8, 11):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        (directory / FILE).write_bytes(changed)
        with pytest.raises(MachineFailed) as failed:
            authority.record()
        assert failed.value.code == "authority_damaged"


def test_another_authoritys_record_beside_our_keys_is_found(tmp_path: Path) -> None:
    """Signed well, by a root that is not the sealed one."""
    ours, theirs = make_authority(tmp_path / "a", seed=1), make_authority(tmp_path / "b", seed=2)
    ours.init("OURS", PASSPHRASE)
    theirs.init("THEIRS", PASSPHRASE)
    their_store = AuthorityDirectory(tmp_path / "b", bytes, CHEAP)
    our_keys = AuthorityDirectory(tmp_path / "a", bytes, CHEAP).unlock(PASSPHRASE)
    their_keys = their_store.unlock(PASSPHRASE)
    their_store.save(their_store.record(), replace(their_keys, sealed=our_keys.sealed))
    with pytest.raises(MachineFailed):
        their_store.unlock(PASSPHRASE)


def test_a_readable_file_is_refused(authority: Authority, directory: Path) -> None:
    (directory / FILE).chmod(0o644)
    with pytest.raises(MachineFailed) as failed:
        authority.record()
    assert failed.value.code == "too_open"


def test_aes_256_gcm_siv_known_answers_of_rfc_8452() -> None:
    """RFC 8452 appendix C.2: empty and eight-byte plaintext under the first test key."""
    key, nonce = bytes.fromhex("01" + "00" * 31), bytes.fromhex("03" + "00" * 11)
    cipher = AESGCMSIV(key)
    made = cipher.encrypt(nonce, bytes.fromhex("0100000000000000"), None)
    assert made.hex() == "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28"


# -- the root's succession ----------------------------------------------------------------------


def test_a_terminal_follows_a_new_root(authority: Authority, tmp_path: Path) -> None:
    _mint(authority)
    trust = InstalledTrust(tmp_path / "trust")
    old = authority.record().root
    install(trust, authority.publish(PASSPHRASE, insurers()).data, old)
    record = authority.roll_root(PASSPHRASE)
    assert record.root != old
    authority.roll_root(PASSPHRASE)
    installed = install(trust, authority.publish(PASSPHRASE, insurers()).data, b"")
    assert installed.root == authority.record().root
    assert installed.version == 2
    assert authority.record().issuers
    assert _mint(authority).key


# -- sheets -------------------------------------------------------------------------------------


def test_the_sheets_keep_key_and_pin_apart(authority: Authority) -> None:
    minted = _mint(authority)
    key_sheet = sheets.key_sheet(minted, "TEST AUTHORITY")
    pin_sheet = sheets.pin_sheet(minted, "TEST AUTHORITY")
    assert minted.key in key_sheet
    assert minted.pin not in key_sheet
    assert minted.pin in pin_sheet
    assert minted.key not in pin_sheet
    assert key_tail(minted.key) in pin_sheet
    for sheet in (key_sheet, pin_sheet):
        assert LICENSE in sheet
        assert "?" not in sheet.replace("?  ", "").replace("number?", "").replace("KEY?", "")


@pytest.mark.parametrize("make", [sheets.key_sheet, sheets.pin_sheet])
def test_a_sheet_as_pdf_keeps_to_the_page(make: Callable[[Minted, str], str]) -> None:
    long = "MOHAWK VALLEY AND SOUTHERN ADIRONDACK INSURANCE AGENCY OF HERKIMER AND ONEIDA COUNTY"
    minted = Minted("BR-123456/123", long, "W" * 36, "12345678", bytes(8))
    text = make(minted, "THE STATE INSURANCE ID AUTHORITY " * 3)
    with PdfDocument(sheet_of_text(text, "1")) as pdf:
        assert len(pdf) == 1
        page = pdf[0].get_textpage()
        boxes = [page.get_charbox(index) for index in range(page.count_chars())]
        shown = page.get_text_range()
    assert min(left for left, *_ in boxes) >= MARGIN
    assert max(right for _, _, right, _ in boxes) <= PAGE_WIDTH - MARGIN
    assert shown.split() == text.split()


# -- training -----------------------------------------------------------------------------------


def _train(directory: Path) -> training.Training:
    return training.make_training(
        make_authority(directory),
        directory,
        icc_csv.read(training.insurers_csv()).insurers,
        (words("training.authority"), words("training.issuer")),
        files.write_atomically,
    )


def test_training(tmp_path: Path) -> None:
    made = _train(tmp_path / "authority")
    assert made.bundle.read_bytes() == made.data
    read = bundle_reader.read(made.data).bundle
    assert read.training
    assert len(read.insurers) >= 40
    assert read.root == made.root
    issuer = read.issuer_by_license(made.license)
    assert issuer is not None
    derived = Argon2Derivation(CHEAP).derive(made.license, made.key.encode(), made.pin.encode())
    assert issuer.keys[0].public == derived.public
    passphrase = (made.authority / training.PASSPHRASE_FILE).read_bytes().removesuffix(b"\n")
    again = make_authority(made.authority, SetClock(datetime(2026, 12, 1, tzinfo=UTC)))
    assert again.mint(passphrase, "PC-000002", "SECOND").license == "PC-000002"


@pytest.mark.parametrize("killed_at", ["training-passphrase", "training.iies"])
def test_training_that_was_killed_is_taken_up(tmp_path: Path, killed_at: str) -> None:
    home = tmp_path / "authority"

    def killed(path: Path, data: bytes) -> None:
        if path.name == killed_at:
            raise KeyboardInterrupt
        files.write_atomically(path, data)

    office = make_authority(home)
    with pytest.raises(KeyboardInterrupt):
        training.make_training(office, home, insurers(), ("A", "I"), killed)
    made = _train(home)
    bundle = bundle_reader.read(made.data).bundle
    assert bundle.training and bundle.root == made.root
    (issuer,) = bundle.issuers
    keys = Argon2Derivation(CHEAP).derive(made.license, made.key.encode(), made.pin.encode())
    assert keys.kid in {key.kid for key in issuer.keys}


def test_training_leaves_other_authorities_alone(authority: Authority, directory: Path) -> None:
    before = (directory / FILE).read_bytes()
    refused = lambda: training.make_training(  # noqa: E731
        authority, directory, insurers(), ("A", "I"), files.write_atomically
    )
    assert _code(refused) == "train_refused"
    assert (directory / FILE).read_bytes() == before
    assert not (directory / training.PASSPHRASE_FILE).exists()


# -- how long a key is listed -----------------------------------------------------------------


def _listed_after(authority: Authority, years: int) -> list[str]:
    later = replace(authority, clock=SetClock(NOW.replace(year=NOW.year + years)))
    bundle = bundle_reader.read(later.publish(PASSPHRASE, insurers()).data).bundle
    return [issuer.license for issuer in bundle.issuers]


def test_a_key_is_listed_five_years_after_its_end(authority: Authority) -> None:
    _mint(authority)
    authority.mint(PASSPHRASE, "BR-1", "ENDED", NOW.date(), NOW.date())
    _mint(authority, "BR-2")
    authority.set_status(PASSPHRASE, "BR-2", IssuerStatus.REVOKED, NOW.date(), "CLOSED")
    _mint(authority, "BR-3")
    authority.revoke(PASSPHRASE, "BR-3", NOW, "LOST")
    _mint(authority, "BR-4")
    authority.set_status(PASSPHRASE, "BR-4", IssuerStatus.SUSPENDED, NOW.date(), "AUDIT")
    everybody = ["BR-1", "BR-2", "BR-3", "BR-4", LICENSE]
    assert _listed_after(authority, 5) == everybody
    assert _listed_after(authority, 6) == ["BR-4", LICENSE]
    assert [issuer.license for issuer in authority.record().issuers] == everybody


def test_only_the_ended_key_of_an_issuer_goes(authority: Authority) -> None:
    old, new = _mint(authority), _mint(authority)
    authority.revoke(PASSPHRASE, LICENSE, NOW, "REPLACED", old.kid, RevocationKind.RETIRED)
    later = replace(authority, clock=SetClock(NOW.replace(year=NOW.year + 6)))
    bundle = bundle_reader.read(later.publish(PASSPHRASE, insurers()).data).bundle
    (issuer,) = bundle.issuers
    assert [key.kid for key in issuer.keys] == [new.kid]
    assert bundle.revocations == ()


def test_status_and_root_have_rows_of_their_own(authority: Authority) -> None:
    _mint(authority)
    authority.set_status(PASSPHRASE, LICENSE, IssuerStatus.SUSPENDED, NOW.date(), "AUDIT")
    authority.roll_root(PASSPHRASE)
    assert _events(authority)[-2:] == [Event.ISSUER_STATUS, Event.ROOT_ROLLED]
