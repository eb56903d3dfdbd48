"""The open profile: what is sealed is read, proven and opened; nothing else is."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import cryptography_vectors
import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings, strategies as st

from iies_tui.adapters.barcode import claims, envelope
from iies_tui.adapters.barcode.profile_open import MAX_DIGITS, MAX_ENVELOPE, OpenProfile
from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.domain.bundle import Recipient
from iies_tui.domain.card import CardFacts, Form, Organization, Registrant, Vehicle
from iies_tui.domain.envelope import MAX_CLAIMS, Verdict
from iies_tui.domain.errors import Refused
from iies_tui.domain.trail import Event, TrailRow
from iies_tui.issuance.checking.verify import Verify
from iies_tui.text import has
from tests.support import hpke_by_hand
from tests.support.authority_helpers import SetClock
from tests.support.samples import LARGEST_DIGITS
from tests.support.trust_samples import (
    DRAWN,
    ISSUED,
    RECIPIENT,
    RECIPIENT_PUBLIC,
    TO,
    bundle,
    digits,
    facts,
    header,
    header_1,
    issuer_keys,
    organization,
    seal,
    secret,
    stamp,
)

PROFILE = OpenProfile()
VERIFY = Verify(PROFILE, bundle(), SetClock(ISSUED))
PRIVATE = RECIPIENT.private_bytes_raw()

NAME = st.text(st.characters(min_codepoint=65, max_codepoint=0x17F, categories=["Lu"]), max_size=12)
REGISTRANT = st.builds(
    Registrant,
    NAME.filter(bool),
    NAME,
    NAME,
    st.sampled_from(["", "II", "III"]),
    st.sampled_from(["", "012345678"]),
)
FACTS = st.builds(
    CardFacts,
    form=st.sampled_from(Form),
    license=st.sampled_from(["PC-123456", "BR-123456/123", "123"]),
    icc=st.from_regex(r"[0-9]{3}", fullmatch=True),
    insurer_name=NAME,
    policy=st.from_regex(r"[A-Z0-9-]{1,20}", fullmatch=True),
    current=st.dates(date(2026, 1, 1), date(2099, 1, 1)),
    effective=st.dates(date(2026, 1, 1), date(2050, 1, 1)),
    expiration=st.dates(date(2050, 1, 2), date(2099, 1, 1)),
    registrants=st.lists(REGISTRANT, min_size=1, max_size=2).map(tuple),
    organization=st.none(),
    address=st.just(()),
    vehicle=st.none()
    | st.builds(Vehicle, st.integers(1900, 2100), st.just("HONDA"), st.just("1HGCM82633A004352")),
)


def _layer(text: str) -> str:
    with pytest.raises(Refused) as refused:
        PROFILE.read(text)
    assert refused.value.code == "malformed"
    layer = str(refused.value.params["layer"])
    assert has(f"layer.{layer}")
    assert has(f"verify_reason.malformed_{layer}")
    return layer


# -- there and back ---------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(FACTS)
def test_what_is_sealed_is_opened(card: CardFacts) -> None:
    keys = issuer_keys()
    sealed = PROFILE.seal(card, stamp(card), keys, TO)
    read = PROFILE.read(PROFILE.digits(sealed))
    assert read == sealed
    assert PROFILE.authentic(read, keys.public)
    opened = PROFILE.open(read, PRIVATE)
    assert json.loads(json.dumps(opened)) == opened
    assert opened["registrants"] == [
        {
            "last": who.last,
            "first": who.first,
            "middle": who.middle,
            "suffix": who.suffix,
            "printed": who.printed,
            "driver_license": who.driver_license,
        }
        for who in card.registrants
    ]
    assert (opened["license"], opened["icc"], opened["policy"]) == (
        card.license,
        card.icc,
        card.policy,
    )
    assert opened["expiration"] == card.expiration.isoformat()


def test_a_fleet_of_an_organization() -> None:
    opened = PROFILE.open(
        PROFILE.seal(organization(), stamp(organization()), issuer_keys(), TO), PRIVATE
    )
    assert opened["vehicle"] == "ALL OWNED VEHICLES"
    assert opened["organization"] == {"name": "MOHAWK & SONS TRUCKING INC", "fein": "123456789"}
    assert opened["registrants"] == []


def test_the_stamp_comes_back() -> None:
    sealed = PROFILE.seal(facts(), stamp(), issuer_keys(), TO)
    assert PROFILE.read(PROFILE.digits(sealed)).stamp == stamp()
    assert (sealed.kid, sealed.recipient) == (issuer_keys().kid, TO.id)


def test_two_envelopes_of_one_card_share_no_ciphertext() -> None:
    first, second = (PROFILE.seal(facts(), stamp(), issuer_keys(), TO) for _ in range(2))
    assert first.payload[:32] != second.payload[:32]
    assert first.protected == second.protected


@pytest.mark.parametrize("version", [1, 2])
def test_the_format_is_locked(version: int) -> None:
    """A card of fixed keys, made by another way, as it must be read for ever."""
    text = digits(seal(canonical.encode(header() if version == 2 else header_1())))
    assert text == LOCKED[version]
    read = PROFILE.read(text)
    assert PROFILE.authentic(read, issuer_keys().public)
    assert PROFILE.open(read, PRIVATE)["policy"] == "PA-1234567-01"
    assert read.stamp == stamp(drawn=DRAWN if version == 2 else None)


def test_version_1_is_not_made_any_more() -> None:
    with pytest.raises(ValueError, match="drawing"):
        PROFILE.seal(facts(), stamp(drawn=None), issuer_keys(), TO)


LOCKED_1 = (
    "3420854064339552171458677062648422582561242435496268256599862708631418442174814459624945"
    "3565036046068661180107103171078852816813963212234278448704441796223839838961806635527163"
    "2025287451230165119677010389468284858372458507532463876240305942360037892481001038504201"
    "7726794110274152322557650164087721178120957496068007642364483062021083065761121981569551"
    "7150274998531762957351666922441293189799673441185808968648636416752116973200193365401132"
    "5000080248120157673563853015002855972053632951201117715258553840863033015234305451796648"
    "4892986422086004134985412832901438607420999589916458738360520927263708254175950574169518"
    "1308124821219963587410839161981270357473241882585107472269342125610644600549825281414256"
    "9766269935954858490685614560764431025007373938426436847730720503854096458435283391664785"
    "1040225903770587255990919500571287344203456158685315058532634748302978250611772409916636"
    "7929338261389767429"
)

LOCKED_2 = (
    "2710279821620700520949125220319477683309180258408999690070539052190446521865900770038791"
    "5216000676444648483041283931524920659472438247162836643611068253429250753947655544253529"
    "8637908818328911780267864479126151286593841126329161535601320701069671044015163928118052"
    "9131531254649672024036915590557947270666922717453091301916749173221454874364828510854996"
    "5226898414555111870911694104409820781129527093760185499792113977606046402064825540536753"
    "2078877454224561530114010021452710130192134981722006720263913136796920670812620418288018"
    "6060010759169602388711344258321539193148417017636488700000052043415454064084261190850838"
    "1513197325160479254863452746108022397864209690523314413162828006653112644192909451781544"
    "3567818962157618420880245645268940351704975483988891706214741442867424169010400662025561"
    "0688898332972384896425287540119881614664865241705725324088839522869896285754167441146909"
    "161847469805625694019822762963256757099966678532"
)
LOCKED = {1: LOCKED_1, 2: LOCKED_2}


# -- size -------------------------------------------------------------------------------------


def _card_of(size: int) -> CardFacts:
    card = facts(policy="")
    return replace(card, policy="P" * (size - len(claims.encode(card)) - 2))


def test_the_largest_card_fits_and_one_byte_more_is_refused() -> None:
    card = _card_of(MAX_CLAIMS)
    assert len(claims.encode(card)) == MAX_CLAIMS
    sealed = PROFILE.seal(card, stamp(card), issuer_keys(), TO)
    assert len(sealed.encoded) <= MAX_ENVELOPE
    assert len(PROFILE.digits(sealed)) <= MAX_DIGITS <= LARGEST_DIGITS
    more = _card_of(MAX_CLAIMS + 1)
    with pytest.raises(Refused) as refused:
        PROFILE.seal(more, stamp(more), issuer_keys(), TO)
    assert refused.value.code == "claims_too_long"
    assert refused.value.params["field"] == "policy"
    assert refused.value.problems[0].params == {"size": MAX_CLAIMS + 1, "limit": MAX_CLAIMS}


@pytest.mark.parametrize(
    ("card", "field"),
    [
        (facts(registrants=(Registrant("A" * 300, "B"),)), "registrants[0].last"),
        (
            facts(registrants=(Registrant("A", "B"), Registrant("C", "D" * 300))),
            "registrants[1].first",
        ),
        (
            facts(registrants=(), organization=Organization("A" * 400), vehicle=None),
            "organization.name",
        ),
        (facts(policy="A" * 400), "policy"),
    ],
)
def test_the_longest_field_is_named(card: CardFacts, field: str) -> None:
    with pytest.raises(Refused) as refused:
        PROFILE.seal(card, stamp(card), issuer_keys(), TO)
    assert refused.value.params["field"] == field


def test_what_was_waived_is_opened_and_nothing_else_changes() -> None:
    card = facts(waived=("name_one", "vin_check"))
    opened = PROFILE.open(PROFILE.seal(card, stamp(card), issuer_keys(), TO), PRIVATE)
    assert opened["waived"] == ["name_one", "vin_check"]
    assert {**opened, "waived": []} == claims.decode(claims.encode(facts()))
    assert 20 not in canonical.decode(claims.encode(facts()), max_bytes=999)  # type: ignore[operator]


def test_what_no_reader_takes_is_not_sealed() -> None:
    with pytest.raises(ValueError, match="waived"):
        claims.encode(facts(waived=("DOE JOHN",)))


def test_text_is_nfc_in_the_claims() -> None:
    card = facts(registrants=(Registrant("CAFE\u0301", "ZOE\u0308"),))
    opened = PROFILE.open(PROFILE.seal(card, stamp(card), issuer_keys(), TO), PRIVATE)
    who = opened["registrants"]
    assert isinstance(who, list)
    assert who[0]["printed"] == "CAF\u00c9 ZO\u00cb"


# -- nothing else is taken --------------------------------------------------------------------


def _verdict(text: str) -> Verdict:
    """What a verifier with the issuer's bundle says of a symbol."""
    return VERIFY.symbol("changed", 1, text).verdict


ENVELOPES = {
    "usual": lambda: seal(),
    "fleet": lambda: seal(plain=claims.encode(organization())),
    "largest": lambda: seal(plain=claims.encode(_card_of(MAX_CLAIMS))),
}


@pytest.mark.parametrize("name", ENVELOPES)
def test_no_flipped_bit_is_accepted(name: str, full_count: Callable[..., int]) -> None:
    """Every single-bit change of an envelope: malformed, or unproven; never GENUINE."""
    encoded = ENVELOPES[name]()
    assert _verdict(digits(encoded)) is Verdict.GENUINE
    bits = len(encoded) * 8
    count = full_count("envelope bits flipped", sample=bits // 8, full=bits)
    told = Counter[Verdict]()
    for bit in random.Random(name).sample(range(bits), count):
        changed = bytearray(encoded)
        changed[bit // 8] ^= 1 << bit % 8
        told[_verdict(digits(bytes(changed)))] += 1
    assert set(told) <= {Verdict.MALFORMED, Verdict.UNKNOWN_ISSUER, Verdict.SIGNATURE_ERROR}
    assert told[Verdict.SIGNATURE_ERROR] > count // 4, "most must get as far as the signature"


@pytest.mark.parametrize("name", ENVELOPES)
def test_no_truncation_is_accepted(name: str, full_count: Callable[..., int]) -> None:
    """Every shorter envelope, cut from either end, and every shorter text of its digits."""
    encoded = ENVELOPES[name]()
    text = digits(encoded)
    cuts = [
        *(digits(encoded[:length]) for length in range(len(encoded))),
        *(digits(encoded[start:]) for start in range(1, len(encoded))),
        *(text[:length] for length in range(len(text))),
        *(text[start:] for start in range(1, len(text))),
    ]
    for cut in cuts[: full_count("envelope truncations", sample=len(cuts), full=len(cuts))]:
        assert _layer(cut)
        assert _verdict(cut) is not Verdict.GENUINE


@pytest.mark.parametrize(
    ("change", "layer"),
    [
        (lambda text: "", "length"),
        (lambda text: text * 3, "length"),
        (lambda text: "9" * (MAX_DIGITS + 1), "length"),
        (lambda text: "0" + text, "digits"),
        (lambda text: "+" + text, "digits"),
        (lambda text: text[:9] + " " + text[9:], "digits"),
        (lambda text: text[:9] + "_" + text[9:], "digits"),
        (lambda text: "٣" + text[1:], "digits"),
        (lambda text: "²" + text[1:], "digits"),
        (lambda text: text + "\n", "digits"),
        (lambda text: "12345", "digits"),
        (lambda text: str(int(text) + (1 << (8 * ((int(text).bit_length() - 1) // 8)))), "digits"),
        (lambda text: str(0x0100), "cbor"),
    ],
)
def test_bad_digits(change: Callable[[str], str], layer: str) -> None:
    assert _layer(change(digits(seal()))) == layer


def _card(**changes: object) -> bytes:
    """An envelope signed over a card's array with other members; ``None`` drops one."""
    names = ("version", "recipient", "mode", "intent", "face", "layout", "drawn")
    members = dict(zip(names, header()[-70001], strict=True)) | changes
    return _two(card=[one for one in members.values() if one is not None])


def _two(**changes: object) -> bytes:
    """An envelope signed over a changed header; ``None`` drops an entry."""
    return _with(header(), **changes)


def _one(**changes: object) -> bytes:
    """As ``_two``, of version 1."""
    return _with(header_1(), **changes)


def _with(entries: dict[Any, Any], **changes: object) -> bytes:
    labels = {"alg": 1, "crit": 2, "kid": 4, "cwt": 15, "card": -70001}
    for name, value in changes.items():
        label = labels[name] if name in labels else -int(name.lstrip("_"))
        if value is None:
            del entries[label]
        else:
            entries[label] = value
    return seal(canonical.encode(entries))


CRIT = [-70001, -70002, -70003, -70004, -70005]
IAT, SERIAL = 1795359845, bytes.fromhex("123456789000007b")
HEADERS = {
    "EdDSA": (lambda: _one(alg=-8), "algorithm"),
    "ES256": (lambda: _one(alg=-7), "algorithm"),
    "HMAC": (lambda: _one(alg=5), "algorithm"),
    "no algorithm": (lambda: _one(alg=None), "algorithm"),
    "text algorithm": (lambda: _one(alg="Ed25519"), "algorithm"),
    "no crit": (lambda: _one(crit=None), "critical"),
    "empty crit": (lambda: _one(crit=[]), "critical"),
    "crit short": (lambda: _one(crit=CRIT[:4]), "critical"),
    "crit long": (lambda: _one(crit=[*CRIT, -70006]), "critical"),
    "crit unknown": (lambda: _one(crit=[*CRIT[:4], -70006]), "critical"),
    "crit reordered": (lambda: _one(crit=CRIT[::-1]), "critical"),
    "crit of text": (lambda: _one(crit="x"), "critical"),
    "version 2": (lambda: _one(_70001=2), "version"),
    "version true": (lambda: _one(_70001=True), "version"),
    "no version": (lambda: _one(_70001=None), "version"),
    "unknown label": (lambda: _one(_70006=1), "header"),
    "no kid": (lambda: _one(kid=None), "header"),
    "kid short": (lambda: _one(kid=b"1234567"), "header"),
    "kid text": (lambda: _one(kid="12345678"), "header"),
    "no recipient": (lambda: _one(_70002=None), "header"),
    "recipient long": (lambda: _one(_70002=bytes(9)), "header"),
    "mode 0": (lambda: _one(_70003=0), "header"),
    "mode 4": (lambda: _one(_70003=4), "header"),
    "mode true": (lambda: _one(_70003=True), "header"),
    "intent short": (lambda: _one(_70004=bytes(15)), "header"),
    "face long": (lambda: _one(_70005=bytes(17)), "header"),
    "no cwt": (lambda: _one(cwt=None), "header"),
    "cwt more": (lambda: _one(cwt={6: IAT, 7: SERIAL, 4: IAT}), "header"),
    "cwt less": (lambda: _one(cwt={6: IAT}), "header"),
    "iat negative": (lambda: _one(cwt={6: -1, 7: SERIAL}), "header"),
    "iat beyond 32 bits": (lambda: _one(cwt={6: 2**32, 7: SERIAL}), "header"),
    "iat text": (lambda: _one(cwt={6: "now", 7: SERIAL}), "header"),
    "serial counter 0": (lambda: _one(cwt={6: IAT, 7: bytes(8)}), "header"),
    "serial counter too high": (lambda: _one(cwt={6: IAT, 7: b"\xff" * 8}), "header"),
    "serial short": (lambda: _one(cwt={6: IAT, 7: bytes(7)}), "header"),
    "version 1: no mode": (lambda: _one(_70003=None), "header"),
    "version 1 with a drawing": (lambda: _one(_70006=1, _70007=bytes(16)), "header"),
    "crit of version 1": (lambda: _two(crit=CRIT), "critical"),
    "crit of version 2": (lambda: _one(crit=[-70001]), "critical"),
    "crit missing": (lambda: _two(crit=None), "critical"),
    "crit of another": (lambda: _two(crit=[-70002]), "critical"),
    "crit of true": (lambda: _two(crit=[True]), "critical"),
    "card empty": (lambda: _two(card=[]), "version"),
    "card a map": (lambda: _two(card={}), "critical"),
    "card version 1": (lambda: _card(version=1), "version"),
    "card version 3": (lambda: _card(version=3), "version"),
    "card shorter": (lambda: _card(drawn=None), "header"),
    "card longer": (lambda: _two(card=[*header()[-70001], 0]), "header"),
    "card recipient text": (lambda: _card(recipient="12345678"), "header"),
    "card mode 4": (lambda: _card(mode=4), "header"),
    "card mode true": (lambda: _card(mode=True), "header"),
    "card face short": (lambda: _card(face=bytes(15)), "header"),
    "layout 0": (lambda: _card(layout=0), "header"),
    "layout 256": (lambda: _card(layout=256), "header"),
    "layout negative": (lambda: _card(layout=-1), "header"),
    "layout true": (lambda: _card(layout=True), "header"),
    "layout a text": (lambda: _card(layout="1"), "header"),
    "drawn short": (lambda: _card(drawn=bytes(47)), "header"),
    "drawn long": (lambda: _card(drawn=bytes(49)), "header"),
    "drawn a text": (lambda: _card(drawn="0" * 48), "header"),
    "drawn a list": (lambda: _card(drawn=[bytes(16)] * 3), "header"),
    "header no map": (lambda: seal(canonical.encode([1])), "cose"),
    "header empty": (lambda: seal(b""), "cbor"),
    "header trailing": (lambda: seal(canonical.encode(header()) + b"\x00"), "cbor"),
}


@pytest.mark.parametrize(("make", "layer"), HEADERS.values(), ids=HEADERS.keys())
def test_bad_headers(make: Callable[[], bytes], layer: str) -> None:
    assert _layer(digits(make())) == layer


def _parts(encoded: bytes) -> list[object]:
    parts = canonical.decode(encoded, max_bytes=999, tag=18)
    assert isinstance(parts, list)
    return parts


def _joined(*parts: object, tag: int = 18) -> bytes:
    return canonical.encode(list(parts), tag=tag)


SHAPES = {
    "no tag": (lambda p, u, c, s: canonical.encode([p, u, c, s]), "cbor"),
    "COSE_Mac0": (lambda p, u, c, s: _joined(p, u, c, s, tag=17), "cbor"),
    "COSE_Encrypt0": (lambda p, u, c, s: _joined(p, u, c, s, tag=16), "cbor"),
    "two tags": (lambda p, u, c, s: b"\xd2" + _joined(p, u, c, s), "cbor"),
    "long tag": (lambda p, u, c, s: b"\xd8\x12" + _joined(p, u, c, s)[1:], "cbor"),
    "trailing byte": (lambda p, u, c, s: _joined(p, u, c, s) + b"\x00", "cbor"),
    "indefinite": (lambda p, u, c, s: b"\xd2\x9f" + _joined(p, u, c, s)[2:] + b"\xff", "cbor"),
    "three parts": (lambda p, u, c, s: _joined(p, u, c), "cose"),
    "five parts": (lambda p, u, c, s: _joined(p, u, c, s, b""), "cose"),
    "unprotected": (lambda p, u, c, s: _joined(p, {4: b"12345678"}, c, s), "cose"),
    "unprotected alg": (lambda p, u, c, s: _joined(p, {1: -19}, c, s), "cose"),
    "detached": (lambda p, u, c, s: _joined(p, u, None, s), "cose"),
    "text payload": (lambda p, u, c, s: _joined(p, u, "x", s), "cose"),
    "header not wrapped": (lambda p, u, c, s: _joined({1: -19}, u, c, s), "cose"),
    "no payload": (lambda p, u, c, s: _joined(p, u, b"", s), "payload"),
    "payload without claims": (lambda p, u, c, s: _joined(p, u, c[:48], s), "payload"),
    "signature short": (lambda p, u, c, s: _joined(p, u, c, s[:63]), "signature"),
    "signature long": (lambda p, u, c, s: _joined(p, u, c, s + b"\x00"), "signature"),
    "signature empty": (lambda p, u, c, s: _joined(p, u, c, b""), "signature"),
}


@pytest.mark.parametrize(("make", "layer"), SHAPES.values(), ids=SHAPES.keys())
def test_bad_shapes(make: Callable[..., bytes], layer: str) -> None:
    assert _layer(digits(make(*_parts(seal())))) == layer


def test_a_payload_longer_than_any_card_is_refused() -> None:
    protected, unprotected, _, signature = _parts(seal())
    for size, layer in ((449, "payload"), (451, "length")):
        assert _layer(digits(_joined(protected, unprotected, bytes(size), signature))) == layer


def test_random_digits_are_refused_fast() -> None:
    chance = random.Random(4)
    for _ in range(300):
        text = "".join(chance.choices("0123456789", k=chance.randint(1, MAX_DIGITS)))
        assert _layer(text) in ("digits", "cbor")


# -- signature and encryption -----------------------------------------------------------------


def test_another_key_is_not_authentic() -> None:
    read = PROFILE.read(digits(seal()))
    assert PROFILE.authentic(read, issuer_keys().public)
    assert not PROFILE.authentic(read, issuer_keys("other").public)
    for small in (bytes(32), b"\x01" + bytes(31)):
        assert not PROFILE.authentic(read, small)


def test_a_swapped_kid_is_not_authentic() -> None:
    swapped = PROFILE.read(digits(seal(canonical.encode(header(kid=issuer_keys("other").kid)))))
    assert not PROFILE.authentic(swapped, issuer_keys().public)
    assert not PROFILE.authentic(swapped, issuer_keys("other").public)


def test_the_encryption_is_bound_to_the_header() -> None:
    """A ciphertext under another header does not open, even signed anew by a listed issuer."""
    _, unprotected, payload, _ = _parts(seal())
    keys = issuer_keys("other")
    protected = canonical.encode(header(kid=keys.kid))
    signature = keys.sign(envelope.to_be_signed(protected, bytes(payload)))  # type: ignore[call-overload]
    moved = PROFILE.read(digits(_joined(protected, unprotected, payload, signature)))
    assert PROFILE.authentic(moved, keys.public)
    with pytest.raises(Refused) as refused:
        PROFILE.open(moved, PRIVATE)
    assert refused.value.code == "claims_not_opened"


def test_only_the_recipient_opens() -> None:
    other = X25519PrivateKey.from_private_bytes(secret("somebody")).private_bytes_raw()
    with pytest.raises(Refused) as refused:
        PROFILE.open(PROFILE.read(digits(seal())), other)
    assert refused.value.code == "claims_not_opened"


def test_an_unusable_recipient_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        PROFILE.seal(facts(), stamp(), issuer_keys(), Recipient(bytes(8), bytes(32)))
    assert refused.value.code == "recipient_unusable"


def test_hpke_known_answers_of_rfc_9180() -> None:
    """Base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM: ours by hand seals the
    same bytes, and the library opens them."""
    with cryptography_vectors.open_vector_file("HPKE/test-vectors.json", "r") as file:
        vectors = json.load(file)
    wanted = {"mode": 0, "kem_id": 32, "kdf_id": 1, "aead_id": 2}
    found = [one for one in vectors if all(one[name] == value for name, value in wanted.items())]
    assert found
    suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    for one in found:
        first = {name: bytes.fromhex(text) for name, text in one["encryptions"][0].items()}
        ciphertext = bytes.fromhex(one["enc"]) + first["ct"]
        info, public = bytes.fromhex(one["info"]), bytes.fromhex(one["pkRm"])
        made = hpke_by_hand.seal(
            first["pt"], public, info, bytes.fromhex(one["skEm"]), first["aad"]
        )
        assert made == ciphertext
        private = X25519PrivateKey.from_private_bytes(bytes.fromhex(one["skRm"]))
        opened = openssl.hpke._decrypt_with_aad(suite, ciphertext, private, info, first["aad"])
        assert opened == first["pt"]


def test_what_we_seal_by_hand_the_library_opens_and_the_other_way_round() -> None:
    made = hpke_by_hand.seal(b"plain", RECIPIENT_PUBLIC, b"info", secret("e"))
    suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    assert suite.decrypt(made, RECIPIENT, b"info") == b"plain"


def test_cose_known_answer() -> None:
    """The Sig_structure of RFC 9052 section 4.4, byte by byte."""
    assert envelope.to_be_signed(b"\xa1\x01\x32", b"hi").hex() == (
        "84" + "6a" + b"Signature1".hex() + "43a10132" + "40" + "426869"
    )
    assert canonical.encode({1: -19}) == b"\xa1\x01\x32"


# -- claims -----------------------------------------------------------------------------------


def _claims(**changes: object) -> bytes:
    entries = canonical.decode(claims.encode(facts()), max_bytes=999)
    assert isinstance(entries, dict)
    for name, value in changes.items():
        label = int(name.lstrip("_"))
        entries.pop(label, None) if value is None else entries.update({label: value})
    return canonical.encode(entries)


BAD_CLAIMS = {
    "no license": _claims(_1=None),
    "lower-case license": _claims(_1="pc-1"),
    "icc of two digits": _claims(_2="12"),
    "icc as a number": _claims(_2=901),
    "empty policy": _claims(_3=""),
    "policy not NFC": _claims(_3="e\u0301"),
    "no current date": _claims(_4=None),
    "impossible day": _claims(_5=20260231),
    "day as text": _claims(_5="2026-12-01"),
    "expiration not after": _claims(_6=20261201),
    "preparation date": _claims(_7=20261201),
    "three name parts": _claims(_8=["DOE", "JOHN", "Q"]),
    "no last name": _claims(_8=["", "JOHN", "Q", ""], _9="JOHN Q"),
    "printed otherwise": _claims(_9="DOE, JOHN Q"),
    "no printed name": _claims(_9=None),
    "license of eight digits": _claims(_10="12345678"),
    "license as letters": _claims(_10="12345678A"),
    "second printed alone": _claims(_11="DOE JANE"),
    "second without first": _claims(
        _8=None, _9=None, _10=None, _15=["DOE", "JANE", "", ""], _11="DOE JANE"
    ),
    "organization beside a person": _claims(_13="ACME"),
    "fein beside a person": _claims(_14="123456789"),
    "nobody": _claims(_8=None, _9=None, _10=None),
    "other form": _claims(_16="FS-75"),
    "no form": _claims(_16=None),
    "year as text": _claims(_17="2003"),
    "no year": _claims(_17=None),
    "no make": _claims(_18=None),
    "no vin": _claims(_19=None),
    "fleet with a year": _claims(_19="ALL OWNED VEHICLES"),
    "unknown label": _claims(_21="x"),
    "waived as a text": _claims(_20="vin_check"),
    "waived and empty": _claims(_20=[]),
    "waived, no text": _claims(_20=[b"vin_check"]),
    "waived out of order": _claims(_20=["vin_length", "vin_check"]),
    "waived twice": _claims(_20=["vin_check", "vin_check"]),
    "waived with a name": _claims(_20=["DOE JOHN"]),
    "waived too often": _claims(_20=[f"r{n}" for n in range(9)]),
    "no map": canonical.encode([1]),
    "not CBOR": b"\xff",
    "trailing": _claims() + b"\x00",
}


@pytest.mark.parametrize("plain", BAD_CLAIMS.values(), ids=BAD_CLAIMS.keys())
def test_bad_claims(plain: bytes) -> None:
    with pytest.raises(Refused) as refused:
        PROFILE.open(PROFILE.read(digits(seal(plain=plain))), PRIVATE)
    assert refused.value.code == "claims_malformed"


def test_the_changes_above_start_from_good_claims() -> None:
    assert claims.decode(_claims())["license"] == "PC-123456"


# -- checkpoints ------------------------------------------------------------------------------


def _row() -> TrailRow:
    return TrailRow(9, bytes(32), stamp().issued_at, Event.SEALED, "PC-123456", "", {}, b"h" * 32)


def test_a_checkpoint_holds_for_its_row_and_key() -> None:
    keys = issuer_keys()
    made = PROFILE.sign_checkpoint(_row(), keys)
    assert (made.seq, made.kid) == (9, keys.kid)
    assert PROFILE.checkpoint_authentic(made, b"h" * 32, keys.public)
    assert not PROFILE.checkpoint_authentic(made, b"g" * 32, keys.public)
    assert not PROFILE.checkpoint_authentic(replace(made, seq=8), b"h" * 32, keys.public)
    assert not PROFILE.checkpoint_authentic(made, b"h" * 32, issuer_keys("other").public)
    assert not PROFILE.checkpoint_authentic(replace(made, signed=b"x"), b"h" * 32, keys.public)
    assert not PROFILE.checkpoint_authentic(replace(made, signed=seal()), b"h" * 32, keys.public)


def test_a_card_is_no_checkpoint_and_a_checkpoint_no_card() -> None:
    made = PROFILE.sign_checkpoint(_row(), issuer_keys())
    assert _layer(digits(made.signed)) == "critical"
