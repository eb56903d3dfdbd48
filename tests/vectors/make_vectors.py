"""Write the trust vectors: ``python -m tests.vectors.make_vectors`` (format: README.md here).

Those of version 1 (``cards-1``) are kept as they were written: no program makes such cards any
more.

Fixed keys and ephemerals, so that every run writes the same bytes; a test compares them. What a
vector expects is written here by hand, never taken from what the program answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from iies_tui.adapters.barcode import claims, envelope
from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.trust.root import succeed
from iies_tui.domain.bundle import (
    Bundle,
    IssuerStatus,
    Revocation,
    RevocationKind,
)
from iies_tui.domain.card import CardFacts, Form, Mode, Registrant, Vehicle
from iies_tui.domain.face import Face
from iies_tui.domain.serial import Serial
from tests.support.trust_samples import (
    CHECK_CODE,
    DRAWN,
    ISSUED,
    ISSUER,
    NEXT_ROOT,
    OTHER_ISSUER,
    RECIPIENT,
    ROOT as ROOT_KEY,
    ROOT_PUBLIC,
    SERIAL,
    TO,
    bundle,
    digits,
    facts,
    header,
    issuer_keys,
    listed,
    organization,
    seal,
    secret,
    signed,
    stamp,
)

HERE = Path(__file__).resolve().parent
NOW = "2026-11-22T16:00:00Z"
NEXT_PUBLIC = NEXT_ROOT.public_key().public_bytes_raw()
Vector = dict[str, Any]


def face(card: CardFacts, serial: str = str(SERIAL), check_code: str = CHECK_CODE) -> Vector:
    """A face as the paper states it."""
    return {**asdict(Face.of(card, serial)), "check_code": check_code}


def card(
    about: str,
    symbol: str | bytes,
    verdict: str,
    reason: str,
    *,
    trust: Bundle | None = None,
    no_trust: bool = False,
    now: str = NOW,
    faces: tuple[Vector, ...] = (),
    matches: str = "NOT CHECKED",
    opens: bool = False,
    claims: Vector | None = None,
    why: str = "",
    **told: Any,
) -> Vector:
    """One vector. ``told`` overrides what a usual card's report says.

    ``why``: the reason why a face is not checked, where it is not for want of one.
    """
    text = symbol if isinstance(symbol, str) else digits(symbol)
    form_is_right = verdict not in ("MALFORMED", "UNREADABLE") or reason.startswith("claims")
    proven = form_is_right and verdict not in ("UNKNOWN ISSUER", "SIGNATURE AUTHENTICATION ERROR")
    unproven = "" if proven else "not_proven"
    usual = {
        "mode": "live" if form_is_right else None,
        "serial": str(SERIAL) if form_is_right else None,
        "license": "PC-123456" if proven else None,
        "kid": issuer_keys().kid.hex() if form_is_right else None,
        "issued_at": "2026-11-22T15:04:05Z" if form_is_right else None,
    }
    return {
        "about": about,
        "now": now,
        "bundle": None if no_trust else signed(trust or bundle()).hex(),
        "symbol": text,
        "faces": list(faces),
        "recipient_private": RECIPIENT.private_bytes_raw().hex() if opens else None,
        "expect": {
            "verdict": verdict,
            "reason": reason,
            **usual,
            "face": matches,
            "face_reason": why or ("" if matches != "NOT CHECKED" else unproven or "no_face"),
            "claims": claims,
            **told,
        },
    }


GENUINE = ("GENUINE", "genuine")
MALFORMED = "MALFORMED"
INVALID = "INVALID ISSUER STATUS"
UNKNOWN = "UNKNOWN ISSUER"
FORGED = ("SIGNATURE AUTHENTICATION ERROR", "signature")

CLAIMS = {
    "form": "FS-20",
    "license": "PC-123456",
    "icc": "901",
    "policy": "PA-1234567-01",
    "current": "2026-11-22",
    "effective": "2026-12-01",
    "expiration": "2027-12-01",
    "registrants": [
        {
            "last": "DOE",
            "first": "JOHN",
            "middle": "Q",
            "suffix": "",
            "printed": "DOE JOHN Q",
            "driver_license": "123456789",
        }
    ],
    "organization": None,
    "vehicle": {"year": 2003, "make": "HONDA", "vin": "1HGCM82633A004352"},
    "waived": [],
}


LAYOUT_2 = {
    "layout-newer": "pages drawn in a layout that is not known yet",
    "layout-newer-other": "such a page that seems to state another name",
}
PARTIES = {
    "two-registrants": "two persons, one without a license",
    "organization-fleet": "an organization's ALL OWNED VEHICLES",
    "organization-vehicle": "one vehicle of an organization",
    "accents": "letters beyond ASCII, in NFC",
    "form-fs-21": "a temporary card",
    "old-vehicle": "a vehicle from before the 17-character VIN",
    "leading-zeros": "ICC and policy number that begin with zeros",
    "largest": "claims of 400 bytes, the most there may be",
    "waived": "two rules were waived for it",
}


def claims_of(content: CardFacts) -> Vector:
    """What the authority reads, written down from the facts and not by our own reader."""
    vehicle, organization = content.vehicle, content.organization
    return CLAIMS | {
        "form": str(content.form),
        "icc": content.icc,
        "policy": content.policy,
        "registrants": [
            {
                **{part: getattr(who, part) for part in ("last", "first", "middle", "suffix")},
                "printed": " ".join(filter(None, (who.last, who.first, who.middle, who.suffix))),
                "driver_license": who.driver_license,
            }
            for who in content.registrants
        ],
        "organization": asdict(organization) if organization else None,
        "vehicle": asdict(vehicle) if vehicle else "ALL OWNED VEHICLES",
        "waived": list(content.waived),
    }


def sealed_card(content: CardFacts, **changes: Any) -> bytes:
    """An envelope of other facts."""
    its_stamp = stamp(content, **changes)
    return seal(canonical.encode(header(its_stamp)), claims.encode(content))


def stamped(**changes: Any) -> bytes:
    """An envelope with another stamp."""
    return seal(canonical.encode(header(stamp(**changes))))


def good() -> Iterator[tuple[str, Vector]]:
    """Cards a verifier accepts."""
    usual = digits(seal())
    yield "usual", card("a usual card", usual, *GENUINE)
    yield "opened", card("opened by the authority", usual, *GENUINE, opens=True, claims=CLAIMS)
    yield (
        "face-match",
        card(
            "the paper states what was signed",
            usual,
            *GENUINE,
            faces=(face(facts()),) * 2,
            matches="MATCH",
        ),
    )
    typed = face(facts(), check_code="7k3m9-qxdw2") | {
        "name1": " doe  john q",
        "vin": "1hgcm82633a004352",
    }
    yield (
        "face-typed",
        card("as a person types it", usual, *GENUINE, faces=(typed,), matches="MATCH"),
    )
    newer = stamped(drawn=replace(DRAWN, layout=2))
    changed = face(facts()) | {"name1": "ROE RICHARD"}
    for name, seen in {"layout-newer": face(facts()), "layout-newer-other": changed}.items():
        told = card(LAYOUT_2[name], newer, *GENUINE, faces=(seen,), why="layout_unknown")
        yield name, told
    for name, text in {
        "scanner-aim": "]L2" + usual,
        "scanner-lines": "\r\n".join(usual[i : i + 80] for i in range(0, len(usual), 80)),
        "scanner-prefix": "\x02SCAN " + usual + "\t\r\n\x03",
        "scanner-tab": usual + "\t",
    }.items():
        yield name, card("what a keyboard-wedge scanner adds", text, *GENUINE)
    parties = {
        "two-registrants": facts(
            registrants=(
                Registrant("DOE", "JOHN", "Q", "", "123456789"),
                Registrant("DOE", "JANE", "", "III", ""),
            )
        ),
        "organization-fleet": organization(),
        "organization-vehicle": replace(
            organization(), vehicle=Vehicle(2024, "FORD", "1FTFW1E50PFA00001")
        ),
        "accents": facts(registrants=(Registrant("GARCÍA-MÜLLER", "ZOË"),)),
        "form-fs-21": facts(form=Form.FS_21),
        "old-vehicle": facts(vehicle=Vehicle(1931, "FORD", "A1234567")),
        "leading-zeros": facts(icc="007", policy="000"),
        "largest": facts(policy="P" * 287),
        "waived": facts(waived=("name_one", "vin_check")),
    }
    for name, content in parties.items():
        symbol = sealed_card(content)
        about = f"opened: {PARTIES[name]}"
        yield name, card(about, symbol, *GENUINE, opens=True, claims=claims_of(content))
    yield from _good_in_time()


def _good_in_time() -> Iterator[tuple[str, Vector]]:
    usual = seal()
    retired = Revocation(
        listed().kid, RevocationKind.RETIRED, ISSUED + timedelta(seconds=1), "NEW KEY"
    )
    yield (
        "retired-after",
        card(
            "KEY retired a second after issue",
            usual,
            *GENUINE,
            trust=bundle(revocations=(retired,)),
        ),
    )
    suspended = replace(
        ISSUER, status=IssuerStatus.SUSPENDED, since=date(2026, 11, 23), reason="AUDIT"
    )
    yield (
        "suspended-after",
        card(
            "issuer suspended from the day after",
            usual,
            *GENUINE,
            trust=bundle(issuers=(suspended,)),
        ),
    )
    yield (
        "last-day",
        card(
            "the evening of the issuer's last day in New York, the next day in UTC",
            stamped(issued_at=datetime(2026, 11, 23, 4, 59, 59, tzinfo=UTC)),
            *GENUINE,
            trust=bundle(issuers=(replace(ISSUER, valid_to=date(2026, 11, 22)),)),
            now="2026-11-23T05:00:00Z",
            issued_at="2026-11-23T04:59:59Z",
        ),
    )
    yield (
        "expired-bundle",
        card("an expired bundle keeps the verdict", usual, *GENUINE, now="2028-01-01T00:00:00Z"),
    )
    yield (
        "a-day-ahead",
        card(
            "issued 24 h ahead of the verifier's clock", usual, *GENUINE, now="2026-11-21T15:04:05Z"
        ),
    )
    second = replace(ISSUER, keys=(listed("third"), listed()))
    yield (
        "second-key",
        card("the issuer's second key", usual, *GENUINE, trust=bundle(issuers=(second,))),
    )
    late = stamped(issued_at=datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC))
    yield (
        "last-second",
        card(
            "the last second that issued-at can hold",
            late,
            *GENUINE,
            now="2106-02-07T06:28:15Z",
            issued_at="2106-02-07T06:28:15Z",
        ),
    )


def _parts() -> tuple[Any, ...]:
    parts = canonical.decode(seal(), max_bytes=999, tag=18)
    assert isinstance(parts, list)
    return tuple(parts)


def _cose(*parts: object) -> bytes:
    return canonical.encode(list(parts), tag=18)


MEMBERS = ("version", "recipient", "mode", "intent", "face", "layout", "drawn")


def _card(**changes: object) -> bytes:
    """An envelope with another member in the card's array; without one where it is None."""
    members = dict(zip(MEMBERS, header()[-70001], strict=True)) | changes
    return _headed(card=[one for one in members.values() if one is not None])


def _headed(**changes: object) -> bytes:
    entries = header()
    labels = {"alg": 1, "crit": 2, "kid": 4, "cwt": 15, "card": -70001, "other": -70002}
    for name, value in changes.items():
        label = labels[name]
        if value is None:
            del entries[label]
        else:
            entries[label] = value
    return seal(canonical.encode(entries))


def faults_of_form() -> Iterator[tuple[str, Vector]]:
    """One fault each, from the digits to the header."""
    usual = digits(seal())
    protected, unprotected, payload, signature = _parts()
    whole = seal()
    drawn = header()[-70001][6]
    symbols: dict[str, tuple[str, str | bytes, str]] = {
        "digits-letters": ("a letter in the middle", usual[:300] + "O" + usual[301:], "digits"),
        "digits-leading-zero": ("a zero before the digits", "0" + usual, "digits"),
        "digits-marker": (
            "the marker byte is 2",
            str(int(usual) + (1 << 8 * len(whole))),
            "digits",
        ),
        "digits-short": ("far too few digits", "123456789", "digits"),
        "digits-long": ("more digits than any card has", usual + "0" * 1600, "length"),
        "digits-one-lost": ("the last digit lost", usual[:-1], "digits"),
        "cbor-trailing": ("a byte after the end", whole + b"\x00", "cbor"),
        "cbor-truncated": ("the last byte missing", whole[:-1], "cbor"),
        "cbor-indefinite": ("an indefinite array", b"\xd2\x9f" + whole[2:] + b"\xff", "cbor"),
        "cbor-long-length": (
            "a longer length than needed",
            whole[:2] + b"\x59\x00" + whole[3:],
            "cbor",
        ),
        "cbor-untagged": ("no tag 18", whole[1:], "cbor"),
        "cbor-long-tag": ("tag 18 in two bytes", b"\xd8\x12" + whole[1:], "cbor"),
        "cbor-mac": ("tagged as COSE_Mac0", b"\xd1" + whole[1:], "cbor"),
        "cbor-header-order": ("header entries out of order", seal(_reordered()), "cbor"),
        "cbor-header-duplicate": ("the algorithm twice", seal(_doubled()), "cbor"),
        "cbor-header-float": ("the mode as a float", seal(_float_mode()), "cbor"),
        "cbor-header-trailing": ("a byte after the header", seal(protected + b"\x00"), "cbor"),
        "cose-unprotected": (
            "a kid in the unprotected map",
            _cose(protected, {4: b"x"}, payload, signature),
            "cose",
        ),
        "cose-three-parts": ("no signature", _cose(protected, unprotected, payload), "cose"),
        "cose-detached": (
            "a detached payload",
            _cose(protected, unprotected, None, signature),
            "cose",
        ),
        "algorithm-eddsa": ("downgrade: EdDSA (-8)", _headed(alg=-8), "algorithm"),
        "algorithm-es256": ("downgrade: ES256 (-7)", _headed(alg=-7), "algorithm"),
        "algorithm-hmac": ("downgrade: HMAC 256 (5)", _headed(alg=5), "algorithm"),
        "algorithm-none": ("no algorithm", _headed(alg=None), "algorithm"),
        "critical-unknown": (
            "an unknown critical label",
            _headed(crit=[-70001, -70002], other=1),
            "critical",
        ),
        "critical-missing": ("no crit", _headed(crit=None), "critical"),
        "critical-empty": ("nothing is critical", _headed(crit=[]), "critical"),
        "critical-other": ("another label is critical", _headed(crit=[-70002]), "critical"),
        "critical-twice": ("the label twice", _headed(crit=[-70001, -70001]), "critical"),
        "version-1": ("version 1 in the array", _card(version=1), "version"),
        "version-3": ("profile version 3", _card(version=3), "version"),
        "version-none": ("an empty array", _headed(card=[]), "version"),
        "version-true": ("true for a version", _card(version=True), "version"),
        "version-alone": ("the version beside version 2's crit", _headed(card=2), "critical"),
        "header-no-card": ("no card's values", _headed(card=None), "critical"),
        "header-unknown": ("a label too many", _headed(other=1), "header"),
        "header-longer": ("a member too many", _headed(card=[*header()[-70001], 1]), "header"),
        "header-no-drawn": ("no digests of the pages", _card(drawn=None), "header"),
        "header-drawn-16": ("the digest of one page alone", _card(drawn=drawn[:16]), "header"),
        "header-drawn-47": ("digests a byte short", _card(drawn=drawn[:47]), "header"),
        "header-drawn-49": ("digests a byte long", _card(drawn=drawn + b"\0"), "header"),
        "header-drawn-text": ("digests as a text", _card(drawn="0" * 48), "header"),
        "header-layout-0": ("layout 0", _card(layout=0), "header"),
        "header-layout-256": ("layout 256", _card(layout=256), "header"),
        "header-layout-true": ("true for layout 1", _card(layout=True), "header"),
        "header-layout-text": ("the layout as a text", _card(layout="1"), "header"),
        "header-no-kid": ("no kid", _headed(kid=None), "header"),
        "header-short-kid": ("a kid of seven bytes", _headed(kid=bytes(7)), "header"),
        "header-short-recipient": ("a recipient of 7 bytes", _card(recipient=bytes(7)), "header"),
        "header-no-face": ("no face", _card(face=None), "header"),
        "header-short-face": ("a face of 15 bytes", _card(face=bytes(15)), "header"),
        "header-short-intent": ("an intent of 15 bytes", _card(intent=bytes(15)), "header"),
        "header-mode-0": ("mode 0", _card(mode=0), "header"),
        "header-mode-true": ("mode true for 1", _card(mode=True), "header"),
        "header-no-iat": ("no issued-at", _headed(cwt={7: SERIAL.to_bytes()}), "header"),
        "header-iat-33-bits": (
            "issued-at past 32 bits",
            _headed(cwt={6: 2**32, 7: SERIAL.to_bytes()}),
            "header",
        ),
        "header-serial-zero": ("a counter of 0", _headed(cwt={6: 0, 7: bytes(8)}), "header"),
        "header-cwt-more": (
            "a CWT claim too many",
            _headed(cwt={6: 0, 7: SERIAL.to_bytes(), 4: 9}),
            "header",
        ),
        "payload-empty": (
            "no claims",
            _cose(protected, unprotected, payload[:48], signature),
            "payload",
        ),
        "signature-short": (
            "a signature of 63 bytes",
            _cose(protected, unprotected, payload, signature[:63]),
            "signature",
        ),
    }
    for name, (about, symbol, layer) in symbols.items():
        yield name, card(about, symbol, MALFORMED, f"malformed_{layer}")
    yield "unreadable", card("nothing typed", " \r\n", "UNREADABLE", "no_digits")


def _reordered() -> bytes:
    encoded = canonical.encode(header())
    kid = encoded.index(b"\x04\x48")
    crit = encoded.index(b"\x02\x81")
    return encoded[:crit] + encoded[kid : kid + 10] + encoded[crit:kid] + encoded[kid + 10 :]


def _doubled() -> bytes:
    encoded = canonical.encode(header())
    return bytes([encoded[0] + 1]) + b"\x01\x32" + encoded[1:]


def _float_mode() -> bytes:
    encoded = canonical.encode(header())
    place = encoded.index(b"\x48" + TO.id) + 9
    assert encoded[place] == 1
    return encoded[:place] + b"\xf9\x3c\x00" + encoded[place + 1 :]


def faults_of_trust() -> Iterator[tuple[str, Vector]]:
    """One fault each, from the key id to the moment."""
    protected, unprotected, payload, signature = _parts()
    other = issuer_keys("other")
    stranger = issuer_keys("stranger")
    as_stranger = seal(canonical.encode(header(kid=stranger.kid)), keys=stranger)
    yield "no-bundle", card("no bundle at all", seal(), UNKNOWN, "no_bundle", no_trust=True)
    yield (
        "kid-unknown",
        card(
            "signed by nobody listed", as_stranger, UNKNOWN, "kid_unknown", kid=stranger.kid.hex()
        ),
    )
    yield (
        "bundle-rolled-back",
        card(
            "an older bundle lists the issuer not yet",
            seal(),
            UNKNOWN,
            "kid_unknown",
            trust=bundle(issuers=(OTHER_ISSUER,)),
        ),
    )
    forged = {
        "kid-swapped": ("another issuer's kid", seal(canonical.encode(header(kid=other.kid)))),
        "signed-by-other": ("the issuer's kid, another's signature", seal(keys=other)),
        "signature-zero": (
            "a signature of zeros",
            _cose(protected, unprotected, payload, bytes(64)),
        ),
        "signature-small": (
            "R of small order, S zero",
            _cose(protected, unprotected, payload, b"\x01" + bytes(63)),
        ),
        "payload-changed": (
            "one bit of the claims",
            _cose(protected, unprotected, payload[:-1] + bytes([payload[-1] ^ 1]), signature),
        ),
        "mode-dressed": ("a specimen dressed as live", _dressed()),
        "moment-changed": ("issued-at moved after signing", _moved()),
        "signature-s-plus-l": ("S beyond the group's order", _s_plus_l()),
    }
    for name, (about, symbol) in forged.items():
        kid: Vector = {"kid": other.kid.hex()} if name == "kid-swapped" else {}
        yield name, card(about, symbol, *FORGED, **kid)
    for mode in (Mode.SPECIMEN, Mode.TRAINING):
        name = mode.name.lower()
        symbol = stamped(mode=mode)
        yield f"mode-{name}", card(f"mode {name}", symbol, "SPECIMEN", f"mode_{name}", mode=name)
    yield (
        "training-bundle",
        card(
            "a live mode under a training bundle",
            seal(),
            "SPECIMEN",
            "training_bundle",
            trust=bundle(training=True),
        ),
    )
    yield from _faults_of_status()


def _dressed() -> bytes:
    """Signed as a specimen, the mode's byte changed to live."""
    specimen = canonical.encode(header(stamp(mode=Mode.SPECIMEN)))
    parts = canonical.decode(seal(specimen), max_bytes=999, tag=18)
    assert isinstance(parts, list)
    return _cose(canonical.encode(header()), *parts[1:])


def _moved() -> bytes:
    moved = stamped(issued_at=ISSUED - timedelta(days=9))
    parts = canonical.decode(moved, max_bytes=999, tag=18)
    assert isinstance(parts, list)
    return _cose(canonical.encode(header()), *parts[1:])


def _s_plus_l() -> bytes:
    protected, unprotected, payload, signature = _parts()
    order = 2**252 + 27742317777372353535851937790883648493
    s = int.from_bytes(signature[32:], "little") + order
    return _cose(protected, unprotected, payload, signature[:32] + s.to_bytes(32, "little"))


STATUS = {
    "not-yet-valid": "issued the day before the issuer's first",
    "no-longer-valid": "issued the day after the issuer's last",
    "suspended": "an issuer that is suspended for every day",
    "suspended-between": "suspended from the day of issue on, before the card is verified",
    "issuer-revoked": "an issuer that is revoked",
    "retired-before": "the KEY was retired before the card was issued",
    "retired-at-once": "the KEY was retired in the second of issue",
    "compromised-later": "the KEY was compromised a day after the card was issued",
}


def _faults_of_status() -> Iterator[tuple[str, Vector]]:
    retire, compromise = RevocationKind.RETIRED, RevocationKind.COMPROMISED
    bundles: dict[str, tuple[str, Vector]] = {
        "not-yet-valid": (
            "issuer_not_active",
            {"issuers": (replace(ISSUER, valid_from=date(2026, 11, 23)),)},
        ),
        "no-longer-valid": (
            "issuer_not_active",
            {"issuers": (replace(ISSUER, valid_to=date(2026, 11, 21)),)},
        ),
        "suspended": (
            "issuer_not_active",
            {"issuers": (replace(ISSUER, status=IssuerStatus.SUSPENDED),)},
        ),
        "suspended-between": (
            "issuer_not_active",
            {
                "issuers": (
                    replace(ISSUER, status=IssuerStatus.SUSPENDED, since=date(2026, 11, 22)),
                )
            },
        ),
        "issuer-revoked": (
            "issuer_not_active",
            {"issuers": (replace(ISSUER, status=IssuerStatus.REVOKED),)},
        ),
        "retired-before": (
            "key_retired",
            {
                "revocations": (
                    Revocation(listed().kid, retire, ISSUED - timedelta(days=1), "NEW KEY"),
                )
            },
        ),
        "retired-at-once": (
            "key_retired",
            {"revocations": (Revocation(listed().kid, retire, ISSUED, "NEW KEY"),)},
        ),
        "compromised-later": (
            "key_compromised",
            {
                "revocations": (
                    Revocation(listed().kid, compromise, ISSUED + timedelta(days=1), "STOLEN"),
                )
            },
        ),
    }
    for name, (reason, changes) in bundles.items():
        yield name, card(STATUS[name], seal(), INVALID, reason, trust=bundle(**changes))
    back_dated = stamped(issued_at=datetime(2026, 2, 1, tzinfo=UTC))
    compromised = Revocation(listed().kid, compromise, datetime(2026, 11, 1, tzinfo=UTC), "STOLEN")
    yield (
        "compromised-back-dated",
        card(
            "a thief dates a card before the theft",
            back_dated,
            INVALID,
            "key_compromised",
            trust=bundle(revocations=(compromised,)),
            issued_at="2026-02-01T00:00:00Z",
        ),
    )
    yield (
        "issued-ahead",
        card(
            "a second more than 24 h ahead",
            seal(),
            INVALID,
            "issued_ahead",
            now="2026-11-21T15:04:04Z",
        ),
    )


PAPER = {
    "face-other-card": "the symbol pasted on another card",
    "face-beside": "another card's face stands beside the right one",
    "face-name": "the name was changed on the paper",
    "face-vin": "one digit of the VIN was changed on the paper",
    "face-expiration": "the expiration was changed on the paper",
    "face-check-code": "the check code is another",
    "face-second-part": "the second part states another policy",
    "face-second-name": "a second name was added on the paper",
}


def faults_of_paper() -> Iterator[tuple[str, Vector]]:
    """The symbol is GENUINE; the paper around it is not what was signed, or the claims are not."""
    usual, ours = seal(), face(facts())
    other_card = facts(registrants=(Registrant("ROE", "RICHARD"),))
    changes = {
        "face-other-card": (face(other_card, str(Serial(1, 1)), "0000000000"),),
        "face-beside": (ours, face(other_card, str(Serial(1, 1)), "0000000000")),
        "face-name": (ours | {"name1": "ROE RICHARD"},),
        "face-vin": (ours | {"vin": "1HGCM82633A004353"},),
        "face-expiration": (ours | {"expiration": "2028-12-01"},),
        "face-check-code": (ours | {"check_code": "7K3M9QXDW3"},),
        "face-second-part": (ours, ours | {"policy": "PA-9999999-99"}),
        "face-second-name": (ours | {"name2": "ROE JANE"},),
    }
    for name, faces in changes.items():
        yield name, card(PAPER[name], usual, *GENUINE, faces=faces, matches="DIFFERS")
    rules = {
        "claims-not-claims": ("the claims are no map", canonical.encode([1]), "claims_malformed"),
        "claims-not-canonical": (
            "a byte after the claims",
            claims.encode(facts()) + b"\x00",
            "claims_malformed",
        ),
        "claims-license": (
            "the claims name another issuer",
            claims.encode(facts(license="BR-654321/1")),
            "claims_license",
        ),
        "claims-current": (
            "the claims name another day",
            claims.encode(facts(current=date(2026, 11, 20))),
            "claims_current",
        ),
        "claims-waived-empty": (
            "an empty list of waived rules",
            _claims(waived=[]),
            "claims_malformed",
        ),
        "claims-waived-order": (
            "waived rules out of order",
            _claims(waived=["vin_check", "name_one"]),
            "claims_malformed",
        ),
        "claims-waived-text": (
            "a name where a rule's code stands",
            _claims(waived=["DOE JOHN"]),
            "claims_malformed",
        ),
        "claims-expiration": (
            "expiration on the effective day",
            claims.encode(facts(expiration=date(2026, 12, 1))),
            "claims_malformed",
        ),
    }
    for name, (about, plain, reason) in rules.items():
        told = None if reason == "claims_malformed" else _told(reason)
        yield name, card(about, seal(plain=plain), MALFORMED, reason, opens=True, claims=told)
    yield (
        "claims-moved",
        card(
            "another card's ciphertext", _claims_moved(), MALFORMED, "claims_not_opened", opens=True
        ),
    )


def _claims(waived: list[str]) -> bytes:
    """Claims that state such codes."""
    entries = canonical.decode(claims.encode(facts()), max_bytes=999)
    assert isinstance(entries, dict)
    return canonical.encode({**entries, 20: waived})


def _told(reason: str) -> Vector:
    return CLAIMS | (
        {"license": "BR-654321/1"} if reason == "claims_license" else {"current": "2026-11-20"}
    )


def _claims_moved() -> bytes:
    """A ciphertext lifted from one envelope into another, signed anew by the issuer."""
    protected = canonical.encode(header(stamp(mode=Mode.SPECIMEN)))
    parts = canonical.decode(seal(protected), max_bytes=999, tag=18)
    assert isinstance(parts, list)
    ours = canonical.encode(header())
    signature = issuer_keys().sign(envelope.to_be_signed(ours, parts[2]))
    return _cose(ours, {}, parts[2], signature)


def cards() -> dict[str, Vector]:
    """Every card vector by its file's name."""
    found = {f"good-{name}": vector for name, vector in good()}
    for source in (faults_of_form, faults_of_trust, faults_of_paper):
        for name, vector in source():
            assert f"bad-{name}" not in found
            found[f"bad-{name}"] = vector
    return found


def bundles() -> dict[str, Vector]:
    """Every bundle vector: what happens where ``offered`` is imported over ``installed``."""
    installed = signed(bundle())
    link = succeed(ROOT_PUBLIC, NEXT_PUBLIC, ROOT_KEY.sign)
    forged = replace(link, signature=bytes(64))

    def offer(about: str, offered: bytes, expect: str, old: bytes | None = installed) -> Vector:
        return {
            "about": about,
            "installed": old.hex() if old else None,
            "confirmed_root": None if old else ROOT_PUBLIC.hex(),
            "offered": offered.hex(),
            "expect": expect,
        }

    same_root = bundle(version=8)
    new_root = bundle(version=8, root=NEXT_PUBLIC)
    return {
        "first": offer("the first import", installed, "installed", None),
        "newer": offer("one version up", signed(same_root), "installed"),
        "same": offer("the same again", installed, "installed"),
        "succession": offer(
            "the old root signs the new", signed(new_root, link, root=NEXT_ROOT), "installed"
        ),
        "older": offer("rolled back", signed(bundle(version=6)), "bundle_older"),
        "forked": offer(
            "another bundle of that version", signed(bundle(authority="X")), "bundle_forked"
        ),
        "root": offer("another root", signed(new_root, root=NEXT_ROOT), "bundle_root_differs"),
        "root-first": offer(
            "not the confirmed root", signed(new_root, root=NEXT_ROOT), "bundle_root_differs", None
        ),
        "succession-forged": offer(
            "a succession nobody signed",
            signed(new_root, forged, root=NEXT_ROOT),
            "bundle_malformed",
        ),
        "signature": offer(
            "signed by another", signed(same_root, root=NEXT_ROOT), "bundle_signature"
        ),
        "truncated": offer("half a file", signed(same_root)[:300], "bundle_truncated"),
        "training": offer(
            "training over live",
            signed(bundle(version=8, training=True)),
            "bundle_training_mismatch",
        ),
        "not-a-bundle": offer("a text", b"icc,name\n", "bundle_not_bundle"),
        "two-keys-one-id": offer(
            "one key for two issuers",
            signed(bundle(version=8, issuers=(ISSUER, replace(OTHER_ISSUER, keys=ISSUER.keys)))),
            "bundle_malformed",
        ),
        "small-order-key": offer("a key of small order", _small_order(), "bundle_malformed"),
    }


def _small_order() -> bytes:
    from iies_tui.adapters.encoding.ed25519 import key_id
    from iies_tui.domain.bundle import ListedKey

    small = b"\x01" + bytes(31)
    issuer = replace(ISSUER, keys=(ListedKey(key_id(small), small),))
    return signed(bundle(version=8, issuers=(issuer,)))


def text_of(vector: Vector) -> str:
    """A vector's file."""
    return json.dumps(vector, indent=1, ensure_ascii=False, sort_keys=False) + "\n"


def main() -> None:
    """Write every vector, and remove those that are none any more."""
    for directory, vectors in (("cards", cards()), ("bundles", bundles())):
        folder = HERE / directory
        folder.mkdir(exist_ok=True)
        for stale in folder.glob("*.json"):
            if stale.stem not in vectors:
                stale.unlink()
        for name, vector in vectors.items():
            (folder / f"{name}.json").write_text(text_of(vector), "utf-8")


if __name__ == "__main__":
    assert secret("root")
    main()
