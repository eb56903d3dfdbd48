"""Fixed keys, facts, envelopes and bundles for the trust tests. Every key here is public."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from iies_tui.adapters.barcode import claims, envelope, header as protected_header
from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.encoding.ed25519 import key_id
from iies_tui.adapters.keys.derivation import DerivedKeys
from iies_tui.adapters.trust import bundle_format
from iies_tui.domain.bundle import Bundle, IssuerStatus, ListedIssuer, ListedKey, Recipient
from iies_tui.domain.card import CardFacts, Form, Mode, Organization, Registrant, Vehicle
from iies_tui.domain.drawing import LAYOUT, Drawn
from iies_tui.domain.envelope import Stamp
from iies_tui.domain.face import Face
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.serial import Serial
from iies_tui.issuance.ports.trust import Trust
from tests.support import hpke_by_hand

ISSUED = datetime(2026, 11, 22, 15, 4, 5, tzinfo=UTC)
CHECK_CODE = "7K3M9QXDW2"
SERIAL = Serial(0x1234567890, 123)
DRAWN = Drawn(LAYOUT, *(hashlib.sha256(kind).digest()[:16] for kind in (b"card", b"fax")))
INTENT = hashlib.sha256(b"intent").digest()[:16]


def secret(name: str) -> bytes:
    """32 bytes that come out the same each time."""
    return hashlib.sha256(b"iies test key " + name.encode()).digest()


ROOT = Ed25519PrivateKey.from_private_bytes(secret("root"))
ROOT_PUBLIC = ROOT.public_key().public_bytes_raw()
NEXT_ROOT = Ed25519PrivateKey.from_private_bytes(secret("next root"))
RECIPIENT = X25519PrivateKey.from_private_bytes(secret("recipient"))
RECIPIENT_PUBLIC = RECIPIENT.public_key().public_bytes_raw()
TO = Recipient(key_id(RECIPIENT_PUBLIC), RECIPIENT_PUBLIC)


def issuer_keys(name: str = "issuer") -> DerivedKeys:
    return DerivedKeys(bytearray(secret(name)))


def listed(name: str = "issuer") -> ListedKey:
    keys = issuer_keys(name)
    return ListedKey(keys.kid, keys.public)


ISSUER = ListedIssuer(
    license="PC-123456",
    name="MOHAWK VALLEY AGENCY INC",
    kdf=1,
    keys=(listed(),),
    valid_from=date(2026, 1, 1),
    valid_to=None,
    status=IssuerStatus.ACTIVE,
)
OTHER_ISSUER = replace(ISSUER, license="BR-654321/1", name="OTHER AGENCY", keys=(listed("other"),))


def bundle(**changes: Any) -> Bundle:
    """A live bundle that lists two issuers; any field may be another."""
    usual = Bundle(
        version=7,
        issued=datetime(2026, 11, 1, tzinfo=UTC),
        refresh_by=datetime(2027, 11, 1, tzinfo=UTC),
        expires=datetime(2027, 12, 6, tzinfo=UTC),
        training=False,
        authority="TEST AUTHORITY",
        root=ROOT_PUBLIC,
        recipients=(TO,),
        issuers=(ISSUER, OTHER_ISSUER),
        insurers=(
            Insurer("901", "NORTH COUNTRY MUTUAL INS CO", "90901"),
            Insurer("058", "BLUE HERON ASSURANCE CORP", "", active=False),
        ),
        revocations=(),
    )
    return replace(usual, **changes)


def install(trust: Trust, data: bytes, root: bytes) -> Bundle:
    """A bundle imported: put down beside the one in force, and then in its place."""
    proposed = trust.stage(data, root)
    trust.finish()
    return proposed


def signed(content: Bundle, *links: Any, root: Ed25519PrivateKey = ROOT) -> bytes:
    """A bundle's file."""
    return bundle_format.sign(bundle_format.SignedBundle(content, links), root.sign)


def facts(**changes: Any) -> CardFacts:
    usual = CardFacts(
        form=Form.FS_20,
        license="PC-123456",
        icc="901",
        insurer_name="NORTH COUNTRY MUTUAL INS CO",
        policy="PA-1234567-01",
        current=date(2026, 11, 22),
        effective=date(2026, 12, 1),
        expiration=date(2027, 12, 1),
        registrants=(Registrant("DOE", "JOHN", "Q", "", "123456789"),),
        organization=None,
        address=("1 MAIN ST", "ALBANY NY 12207"),
        vehicle=Vehicle(2003, "HONDA", "1HGCM82633A004352"),
    )
    return replace(usual, **changes)


def organization(**changes: Any) -> CardFacts:
    """A fleet card of an organization."""
    return facts(
        registrants=(),
        organization=Organization("MOHAWK & SONS TRUCKING INC", "123456789"),
        vehicle=None,
        **changes,
    )


def stamp(card: CardFacts | None = None, **changes: Any) -> Stamp:
    card = card or facts()
    face = Face.of(card, str(SERIAL)).digest(CHECK_CODE)
    return replace(Stamp(ISSUED, SERIAL, Mode.LIVE, INTENT, face, DRAWN), **changes)


def header(its_stamp: Stamp | None = None, kid: bytes | None = None) -> dict[Any, Any]:
    """The protected header as a map, to be changed before it is signed."""
    its_stamp = its_stamp or stamp()
    encoded = protected_header.encode(kid or issuer_keys().kid, TO.id, its_stamp)
    decoded = canonical.decode(encoded, max_bytes=999)
    assert isinstance(decoded, dict)
    return decoded


def header_1() -> dict[Any, Any]:
    """A protected header of version 1, as no program makes them any more."""
    made, its_stamp = header(), stamp()
    values = [1, TO.id, int(its_stamp.mode), its_stamp.intent, its_stamp.face]
    labels = [-70001 - place for place in range(len(values))]
    return made | {2: labels} | dict(zip(labels, values, strict=True))


def seal(
    protected: bytes | None = None,
    plain: bytes | None = None,
    keys: DerivedKeys | None = None,
    ephemeral: str = "ephemeral",
) -> bytes:
    """An envelope's bytes, the same each time; every part may be another."""
    protected = canonical.encode(header()) if protected is None else protected
    plain = claims.encode(facts()) if plain is None else plain
    info = b"iies-card-v1" + protected
    payload = hpke_by_hand.seal(plain, RECIPIENT_PUBLIC, info, secret(ephemeral))
    signature = (keys or issuer_keys()).sign(envelope.to_be_signed(protected, payload))
    return envelope.assemble(protected, payload, signature)


def digits(encoded: bytes) -> str:
    return str(int.from_bytes(b"\x01" + encoded, "big"))
