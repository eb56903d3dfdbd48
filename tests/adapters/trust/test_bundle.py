"""The trust bundle: strict reading, installing, root succession, a kill at any point."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from mnemonic import Mnemonic

from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.encoding.ed25519 import key_id
from iies_tui.adapters.trust import (
    bundle_format as F,  # noqa: N812
    bundle_reader,
)
from iies_tui.adapters.trust.installed import InstalledTrust
from iies_tui.adapters.trust.root import (
    fingerprint,
    leads_to,
    root_words,
    succeed,
)
from iies_tui.domain.bundle import (
    Bundle,
    IssuerStatus,
    ListedKey,
    Recipient,
    Revocation,
    RevocationKind,
    standing_under,
)
from iies_tui.domain.card import Mode
from iies_tui.domain.errors import IiesError, MachineFailed, Refused
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.issuer import ModeReason
from iies_tui.text import has
from tests.support.trust_samples import (
    ISSUER,
    NEXT_ROOT,
    OTHER_ISSUER,
    ROOT,
    ROOT_PUBLIC,
    TO,
    bundle,
    install,
    listed,
    secret,
    signed,
)

NEXT_PUBLIC = NEXT_ROOT.public_key().public_bytes_raw()
REVOKED = Revocation(
    listed().kid, RevocationKind.RETIRED, datetime(2026, 11, 10, tzinfo=UTC), "KEY REPLACED"
)
FULL = bundle(
    issuers=(
        replace(ISSUER, valid_to=date(2027, 1, 1)),
        replace(
            OTHER_ISSUER, status=IssuerStatus.SUSPENDED, reason="AUDIT", since=date(2026, 6, 1)
        ),
    ),
    revocations=(REVOKED,),
)


def _refused(data: bytes) -> IiesError:
    with pytest.raises(Refused) as refused:
        bundle_reader.read(data)
    assert has(f"error.{refused.value.code}")
    if "part" in refused.value.params:
        assert has(f"bundle_part.{refused.value.params['part']}")
    return refused.value


def test_what_is_signed_is_read() -> None:
    read = bundle_reader.read(signed(FULL)).bundle
    assert read == replace(FULL, root_words=root_words(ROOT_PUBLIC))


def test_the_same_bundle_gives_the_same_bytes() -> None:
    assert signed(FULL) == signed(FULL)


def test_the_format_is_locked() -> None:
    assert hashlib.sha256(signed(FULL)).hexdigest() == LOCKED


LOCKED = "77df9d4fcad1b9f5e3545e2e3e761170c0ff028bc1abcd7b72c64b7bf8abb61d"


@pytest.mark.heavy
def test_every_flipped_bit_is_refused(full_count: Callable[..., int]) -> None:
    data = signed(FULL)
    bits = len(data) * 8
    for bit in range(0, bits, bits // full_count("bundle_bits", sample=500, full=bits)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        _refused(bytes(changed))


def test_every_truncation_is_refused() -> None:
    data = signed(FULL)
    codes = {_refused(data[:length]).code for length in range(2, len(data))}
    assert codes == {"bundle_truncated"}
    assert _refused(data[:1]).code == _refused(b"").code == "bundle_not_bundle"


@pytest.mark.parametrize(
    "data", [b"hello", b"%PDF-1.7", b"\x00" * 99, b"PK\x03\x04", b"icc,name\n"]
)
def test_other_files_are_not_bundles(data: bytes) -> None:
    assert _refused(data).code == "bundle_not_bundle"


def test_too_large() -> None:
    assert _refused(bytes(F.MAX_BUNDLE + 1)).code == "bundle_too_large"


def test_trailing_bytes() -> None:
    assert _refused(signed(FULL) + b"\n").code == "bundle_not_bundle"


def test_the_signature_must_be_the_roots() -> None:
    assert _refused(signed(FULL, root=NEXT_ROOT)).code == "bundle_signature"


def _payload(content: Bundle) -> dict[Any, Any]:
    parts = canonical.decode(signed(content), max_bytes=F.MAX_BUNDLE, tag=18)
    assert isinstance(parts, list)
    payload = canonical.decode(parts[2], max_bytes=F.MAX_BUNDLE, booleans=True)
    assert isinstance(payload, dict)
    return payload


def _changed(label: int, value: object) -> bytes:
    payload = _payload(FULL)
    if value is None:
        del payload[label]
    else:
        payload[label] = value
    return F.sign_map(payload, ROOT_PUBLIC, ROOT.sign)


def _row(label: int, index: int, **entries: object) -> bytes:
    payload = _payload(FULL)
    row = payload[label][index]
    for name, value in entries.items():
        place = int(name.lstrip("_"))
        if value is None:
            del row[place]
        else:
            row[place] = value
    return F.sign_map(payload, ROOT_PUBLIC, ROOT.sign)


SMALL = b"\x01" + bytes(31)
BROKEN = {
    "no format": (_changed(F.FORMAT, None), "format"),
    "other format": (_changed(F.FORMAT, "iies-bundle-v2"), "format"),
    "version 0": (_changed(F.VERSION, 0), "version"),
    "version true": (_changed(F.VERSION, True), "version"),
    "issued as text": (_changed(F.ISSUED, "now"), "issued"),
    "issued too far": (_changed(F.ISSUED, 2**60), "issued"),
    "expires before refresh": (_changed(F.EXPIRES, 1), "expires"),
    "training as number": (_changed(F.TRAINING, 0), "training"),
    "authority empty": (_changed(F.AUTHORITY, ""), "authority"),
    "authority with a bell": (_changed(F.AUTHORITY, "A\x07"), "authority"),
    "authority not NFC": (_changed(F.AUTHORITY, "e\u0301"), "authority"),
    "no recipients": (_changed(F.RECIPIENTS, []), "recipients"),
    "recipient with another id": (_changed(F.RECIPIENTS, [[bytes(8), TO.public]]), "recipients"),
    "recipient twice": (_changed(F.RECIPIENTS, [[TO.id, TO.public]] * 2), "recipients"),
    "recipient of small order": (
        _changed(F.RECIPIENTS, [[key_id(bytes(32)), bytes(32)]]),
        "recipients",
    ),
    "issuers as map": (_changed(F.ISSUERS, {}), "lists"),
    "issuer twice": (_changed(F.ISSUERS, [F.issuer_row(ISSUER)] * 2), "licenses"),
    "one key for two issuers": (
        _row(F.ISSUERS, 1, _4=[[ISSUER.keys[0].kid, ISSUER.keys[0].public]]),
        "key_ids",
    ),
    "kid of another key": (_row(F.ISSUERS, 0, _4=[[bytes(8), listed().public]]), "key_ids"),
    "key of small order": (_row(F.ISSUERS, 0, _4=[[key_id(SMALL), SMALL]]), "key_ids"),
    "key too short": (_row(F.ISSUERS, 0, _4=[[listed().kid, bytes(31)]]), "octets"),
    "issuer without keys": (_row(F.ISSUERS, 0, _4=[]), "issuers"),
    "license in lower case": (_row(F.ISSUERS, 0, _1="pc-1"), "issuers"),
    "license with a blank": (_row(F.ISSUERS, 0, _1="PC 1"), "issuers"),
    "status 4": (_row(F.ISSUERS, 0, _7=4), "issuers"),
    "no status": (_row(F.ISSUERS, 0, _7=None), "issuers"),
    "impossible day": (_row(F.ISSUERS, 0, _5=20260230), "days"),
    "unknown entry": (_row(F.ISSUERS, 0, _10="x"), "labels"),
    "insurer code of four": (_row(F.INSURERS, 0, _0="9010"), "insurers"),
    "insurer active as number": (_row(F.INSURERS, 0, _3=1), "insurers"),
    "insurer naic of four": (_row(F.INSURERS, 0, _2="9090"), "insurers"),
    "insurer twice": (_row(F.INSURERS, 0, _0="058"), "insurers"),
    "revocation of kind 3": (_row(F.REVOCATIONS, 0, _1=3), "revocations"),
    "revocation twice": (
        _changed(F.REVOCATIONS, [F.revocation_row(REVOKED)] * 2),
        "revocations",
    ),
    "succession not signed": (
        _changed(F.SUCCESSION, [[NEXT_PUBLIC, ROOT_PUBLIC, bytes(64)]]),
        "succession",
    ),
    "unknown label": (_changed(14, "x"), "labels"),
    "small root": (_changed(F.ROOT, SMALL), "root"),
    "another root": (_changed(F.ROOT, NEXT_PUBLIC), "header"),
}


@pytest.mark.parametrize(("data", "part"), BROKEN.values(), ids=BROKEN.keys())
def test_signed_and_still_wrong(data: bytes, part: str) -> None:
    """What the root signs must keep the format's rules all the same."""
    refused = _refused(data)
    assert (refused.code, refused.params.get("part")) == ("bundle_malformed", part)


def test_a_header_with_more_is_refused() -> None:
    parts = canonical.decode(signed(FULL), max_bytes=F.MAX_BUNDLE, tag=18)
    assert isinstance(parts, list)
    for protected in ({1: -19}, {1: -8, 4: key_id(ROOT_PUBLIC)}, {1: -19, 4: bytes(8)}):
        encoded = canonical.encode([canonical.encode(protected), {}, *parts[2:]], tag=18)
        assert _refused(encoded).params["part"] == "header"
    unprotected = canonical.encode([parts[0], {1: -19}, *parts[2:]], tag=18)
    assert _refused(unprotected).code == "bundle_not_bundle"


# -- the root ---------------------------------------------------------------------------------


def test_fingerprint_in_digits_and_words() -> None:
    words = root_words(ROOT_PUBLIC)
    assert len(words.split()) == 12
    assert words != root_words(NEXT_PUBLIC)
    digest = fingerprint(ROOT_PUBLIC)
    assert Mnemonic("english").to_entropy(words).hex() == digest[:32]
    assert digest == hashlib.sha256(ROOT_PUBLIC).hexdigest() != fingerprint(NEXT_PUBLIC)


def test_words_are_bip_39s() -> None:
    """BIP 39's own vector for sixteen zero bytes, through the library as we call it."""
    assert Mnemonic("english").to_mnemonic(bytes(16)) == "abandon " * 11 + "about"


# -- installing -------------------------------------------------------------------------------


@pytest.fixture
def trust(tmp_path: Path) -> InstalledTrust:
    return InstalledTrust(tmp_path / "trust")


def _code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    assert has(f"error.{refused.value.code}")
    return refused.value.code


def test_the_first_import_needs_a_confirmed_root(trust: InstalledTrust) -> None:
    data = signed(FULL)
    assert trust.installed() is None
    assert trust.propose(data).new_root
    assert _code(lambda: install(trust, data, b"")) == "bundle_root_needed"
    assert _code(lambda: install(trust, data, NEXT_PUBLIC)) == "bundle_root_differs"
    assert trust.installed() is None
    assert install(trust, data, ROOT_PUBLIC).version == 7
    assert trust.installed() == bundle_reader.read(data).bundle
    assert trust.path.stat().st_mode & 0o777 == 0o600
    assert trust.path.parent.stat().st_mode & 0o777 == 0o700


def test_later_imports_move_up_only(trust: InstalledTrust) -> None:
    install(trust, signed(bundle(version=7)), ROOT_PUBLIC)
    assert _code(lambda: install(trust, signed(bundle(version=6)), b"")) == "bundle_older"
    forked = signed(bundle(authority="OTHER NAME"))
    assert _code(lambda: install(trust, forked, b"")) == "bundle_forked"
    assert install(trust, signed(bundle(version=7)), b"").version == 7
    assert install(trust, signed(bundle(version=8)), b"").version == 8
    installed = trust.installed()
    assert installed is not None
    assert installed.version == 8


def test_another_authority_is_refused(trust: InstalledTrust) -> None:
    install(trust, signed(bundle()), ROOT_PUBLIC)
    other = signed(bundle(root=NEXT_PUBLIC, version=99), root=NEXT_ROOT)
    assert _code(lambda: install(trust, other, NEXT_PUBLIC)) == "bundle_root_differs"


def test_training_and_live_do_not_mix(trust: InstalledTrust) -> None:
    install(trust, signed(bundle()), ROOT_PUBLIC)
    training = signed(bundle(version=8, training=True))
    assert _code(lambda: install(trust, training, b"")) == "bundle_training_mismatch"


def test_the_old_root_signs_the_new(trust: InstalledTrust) -> None:
    install(trust, signed(bundle()), ROOT_PUBLIC)
    link = succeed(ROOT_PUBLIC, NEXT_PUBLIC, ROOT.sign)
    data = signed(bundle(root=NEXT_PUBLIC, version=8), link, root=NEXT_ROOT)
    change = trust.propose(data)
    assert not change.new_root
    install(trust, data, b"")
    installed = trust.installed()
    assert installed is not None
    assert installed.root == NEXT_PUBLIC
    back = signed(bundle(version=9))
    assert _code(lambda: install(trust, back, b"")) == "bundle_root_differs"


def test_a_chain_of_roots() -> None:
    third = Ed25519PrivateKey.from_private_bytes(secret("third root"))
    last = third.public_key().public_bytes_raw()
    links = (
        succeed(ROOT_PUBLIC, NEXT_PUBLIC, ROOT.sign),
        succeed(NEXT_PUBLIC, last, NEXT_ROOT.sign),
    )
    assert leads_to(ROOT_PUBLIC, links, last)
    assert leads_to(NEXT_PUBLIC, links, last)
    assert not leads_to(ROOT_PUBLIC, links[1:], last)
    assert not leads_to(last, links, ROOT_PUBLIC)
    data = signed(bundle(root=last), *links, root=third)
    assert bundle_reader.read(data).succession == links


def test_a_bundle_that_is_refused_leaves_the_old_one(trust: InstalledTrust) -> None:
    data = signed(bundle())
    install(trust, data, ROOT_PUBLIC)
    for bad in (data[:-1], b"", signed(bundle(version=8), root=NEXT_ROOT), bytes(100)):
        with pytest.raises(Refused):
            install(trust, bad, b"")
        assert trust.path.read_bytes() == data


def test_what_changes_is_told(trust: InstalledTrust) -> None:
    install(trust, signed(bundle()), ROOT_PUBLIC)
    new = bundle(
        version=8,
        issuers=(replace(ISSUER, name="NEW NAME"),),
        insurers=(
            Insurer("901", "NORTH COUNTRY MUTUAL", "90901", active=False),
            Insurer("058", "BLUE HERON ASSURANCE CORP", "", active=True),
            Insurer("777", "SEVENS CASUALTY CO", ""),
        ),
        revocations=(REVOKED,),
    )
    change = trust.propose(signed(new))
    assert change.insurers_added == ("058 BLUE HERON ASSURANCE CORP", "777 SEVENS CASUALTY CO")
    assert change.insurers_renamed == ("901 NORTH COUNTRY MUTUAL",)
    assert change.insurers_withdrawn == ("901 NORTH COUNTRY MUTUAL",)
    assert change.issuers_changed == ("BR-654321/1", "PC-123456")
    assert change.revocations_added == 1
    gone = trust.propose(signed(bundle(version=8, insurers=())))
    assert gone.insurers_withdrawn == (
        "058 BLUE HERON ASSURANCE CORP",
        "901 NORTH COUNTRY MUTUAL INS CO",
    )
    same = trust.propose(signed(bundle()))
    assert (same.insurers_added, same.issuers_changed, same.revocations_added) == ((), (), 0)


def test_a_damaged_installed_bundle_stops(trust: InstalledTrust) -> None:
    install(trust, signed(bundle()), ROOT_PUBLIC)
    trust.path.write_bytes(trust.path.read_bytes()[:-1])
    with pytest.raises(MachineFailed) as failed:
        trust.installed()
    assert failed.value.code == "bundle_damaged"


def test_the_installed_bundle_is_read_anew_when_another_program_replaced_it(
    trust: InstalledTrust,
) -> None:
    install(trust, signed(bundle()), ROOT_PUBLIC)
    install(InstalledTrust(trust.path.parent), signed(bundle(version=8)), b"")
    installed = trust.installed()
    assert installed is not None
    assert installed.version == 8


@pytest.mark.heavy
def test_a_kill_leaves_wholly_old_or_wholly_new(
    trust: InstalledTrust, full_count: Callable[..., int]
) -> None:
    """A child installs versions without end and is killed at a random moment."""
    chance = random.Random(7)
    install(trust, signed(bundle(version=1)), ROOT_PUBLIC)
    before = 1
    kills, wanted = 0, full_count("bundle_kill", sample=5, full=200)
    while kills < wanted or (before < 3 and kills < 500):
        kills += 1
        child = os.fork()
        if child == 0:
            try:
                installing = InstalledTrust(trust.path.parent)
                for version in range(before + 1, before + 1000):
                    install(installing, signed(bundle(version=version)), b"")
            finally:
                os._exit(1)
        time.sleep(0.02 + 0.1 * chance.random())
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        installed = InstalledTrust(trust.path.parent).installed()
        assert installed is not None
        assert installed.version >= before
        before = installed.version
    assert before > 2
    install(trust, signed(bundle(version=before)), b"")
    assert [path.name for path in trust.path.parent.iterdir()] == ["bundle.iies"]


def test_a_bundle_of_every_insurer_code_reads_at_once() -> None:
    """There are a thousand three-digit codes."""
    many = tuple(Insurer(f"{n:03d}", f"INSURER NUMBER {n}") for n in range(1000))
    began = time.process_time()
    read = bundle_reader.read(signed(bundle(insurers=many))).bundle
    assert len(read.insurers) == 1000
    assert time.process_time() - began < 2


# -- what it means for the next card ------------------------------------------------------------


NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("content", "mode", "reason"),
    [
        (bundle(), Mode.LIVE, ModeReason.LIVE),
        (bundle(training=True), Mode.TRAINING, ModeReason.TRAINING_BUNDLE),
        (bundle(issuers=(OTHER_ISSUER,)), Mode.SPECIMEN, ModeReason.NOT_LISTED),
        (
            bundle(issuers=(replace(ISSUER, keys=(listed("other"),)),)),
            Mode.SPECIMEN,
            ModeReason.KEY_NOT_LISTED,
        ),
        (
            bundle(issuers=(replace(ISSUER, valid_to=date(2026, 11, 21)),)),
            Mode.SPECIMEN,
            ModeReason.NOT_ACTIVE,
        ),
        (
            bundle(issuers=(replace(ISSUER, status=IssuerStatus.SUSPENDED),)),
            Mode.SPECIMEN,
            ModeReason.NOT_ACTIVE,
        ),
        (
            bundle(
                issuers=(replace(ISSUER, status=IssuerStatus.REVOKED, since=date(2026, 11, 23)),)
            ),
            Mode.LIVE,
            ModeReason.LIVE,
        ),
        (bundle(revocations=(REVOKED,)), Mode.SPECIMEN, ModeReason.KEY_REVOKED),
        (
            bundle(revocations=(replace(REVOKED, since=NOW + timedelta(days=1)),)),
            Mode.LIVE,
            ModeReason.LIVE,
        ),
        (bundle(expires=NOW), Mode.SPECIMEN, ModeReason.BUNDLE_EXPIRED),
    ],
)
def test_standing(content: Bundle, mode: Mode, reason: ModeReason) -> None:
    standing = standing_under(content, ISSUER.license, listed().kid, NOW)
    assert (standing.mode, standing.reason) == (mode, reason)


def test_key_ids_and_recipients_are_hashes() -> None:
    assert Recipient(key_id(TO.public), TO.public) == TO
    assert ListedKey(key_id(listed().public), listed().public) == listed()
