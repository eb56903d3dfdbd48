"""The trust bundle's labels and its signing (``docs/bundle.md``).

A COSE_Sign1 by the authority's root, protected header ``{1: -19, 4: kid}``, over a deterministic
CBOR map with the labels below. ``bundle_reader`` reads it back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from iies_tui.adapters.barcode.envelope import assemble, to_be_signed
from iies_tui.adapters.barcode.header import ALG, ED25519, KID
from iies_tui.adapters.encoding import cbor as canonical, ed25519
from iies_tui.domain.authority import Succession
from iies_tui.domain.bundle import Bundle, IssuerStatus, ListedIssuer, Revocation, RevocationKind

FORMAT_NAME = "iies-bundle-v1"
MAX_BUNDLE = 32 * 1024 * 1024
"""Bytes."""

MAX_ITEMS = 1_000_000
MAX_MOMENT = 253_402_300_799
"""The last second of the year 9999."""

(
    FORMAT,
    VERSION,
    ISSUED,
    REFRESH_BY,
    EXPIRES,
    TRAINING,
    AUTHORITY,
    ROOT,
    RECIPIENTS,
    ISSUERS,
    INSURERS,
    REVOCATIONS,
    SUCCESSION,
) = range(1, 14)
(LICENSE, NAME, KDF, KEYS, FROM, TO, STATUS, REASON, SINCE) = range(1, 10)

STATUSES = {1: IssuerStatus.ACTIVE, 2: IssuerStatus.SUSPENDED, 3: IssuerStatus.REVOKED}
KINDS = {1: RevocationKind.RETIRED, 2: RevocationKind.COMPROMISED}
_STATUS_NUMBERS = {status: number for number, status in STATUSES.items()}
_KIND_NUMBERS = {kind: number for number, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class SignedBundle:
    """A bundle that its own root signed, and how that root came to be, oldest first."""

    bundle: Bundle
    succession: tuple[Succession, ...]


def sign(signed: SignedBundle, sign_message: Callable[[bytes], bytes]) -> bytes:
    """The bundle file's bytes; ``sign_message`` is the root's Ed25519 signature."""
    bundle = signed.bundle
    payload: dict[int, object] = {
        FORMAT: FORMAT_NAME,
        VERSION: bundle.version,
        ISSUED: seconds(bundle.issued),
        REFRESH_BY: seconds(bundle.refresh_by),
        EXPIRES: seconds(bundle.expires),
        TRAINING: bundle.training,
        AUTHORITY: bundle.authority,
        ROOT: bundle.root,
        RECIPIENTS: [[recipient.id, recipient.public] for recipient in bundle.recipients],
        ISSUERS: [issuer_row(issuer) for issuer in bundle.issuers],
        INSURERS: [[one.icc, one.name, one.naic, one.active] for one in bundle.insurers],
        REVOCATIONS: [revocation_row(one) for one in bundle.revocations],
        SUCCESSION: succession_rows(signed.succession),
    }
    return sign_map(payload, bundle.root, sign_message)


def sign_map(
    payload: dict[int, object], root: bytes, sign_message: Callable[[bytes], bytes]
) -> bytes:
    """A COSE_Sign1 by ``root`` over the map."""
    protected = canonical.encode({ALG: ED25519, KID: ed25519.key_id(root)})
    encoded = canonical.encode(payload)
    return assemble(protected, encoded, sign_message(to_be_signed(protected, encoded)))


def issuer_row(issuer: ListedIssuer) -> dict[int, object]:
    """An issuer's map; what is open or empty is absent."""
    row: dict[int, object] = {
        LICENSE: issuer.license,
        NAME: issuer.name,
        KDF: issuer.kdf,
        KEYS: [[key.kid, key.public] for key in issuer.keys],
        FROM: day_number(issuer.valid_from),
        STATUS: _STATUS_NUMBERS[issuer.status],
    }
    if issuer.valid_to is not None:
        row[TO] = day_number(issuer.valid_to)
    if issuer.reason:
        row[REASON] = issuer.reason
    if issuer.since is not None:
        row[SINCE] = day_number(issuer.since)
    return row


def revocation_row(one: Revocation) -> list[object]:
    """``[kid, kind, since, reason]``."""
    return [one.kid, _KIND_NUMBERS[one.kind], seconds(one.since), one.reason]


def succession_rows(links: tuple[Succession, ...]) -> list[object]:
    """``[old, new, signature]`` each."""
    return [[link.old, link.new, link.signature] for link in links]


def day_number(day: date) -> int:
    """``YYYYMMDD``."""
    return day.year * 10000 + day.month * 100 + day.day


def seconds(moment: datetime) -> int:
    """Unix time."""
    return int(moment.timestamp())
