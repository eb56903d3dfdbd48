"""Reading a trust bundle strictly (``docs/bundle.md``).

Reading proves the bundle's *own* signature, by the root that it names; whether that root is the one
to trust is ``installed.InstalledTrust``'s question. One exact encoding is accepted, every rule that
can be checked inside the file is checked, and each refusal names the part.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from iies_tui.adapters.barcode.envelope import COSE_SIGN1, to_be_signed
from iies_tui.adapters.barcode.header import ALG, ED25519, KID
from iies_tui.adapters.encoding import cbor as canonical, ed25519
from iies_tui.adapters.trust import bundle_format as F  # noqa: N812  # labels, by one letter
from iies_tui.adapters.trust.bundle_format import SignedBundle
from iies_tui.adapters.trust.root import is_authentic, root_words
from iies_tui.domain.authority import Succession, is_listed_name
from iies_tui.domain.bundle import Bundle, ListedIssuer, ListedKey, Recipient, Revocation
from iies_tui.domain.errors import Refused
from iies_tui.domain.insurer import Insurer, is_icc
from iies_tui.domain.issuer import is_license

_BEGINNING = b"\xd2\x84"
"""Tag 18 and an array of four: how every bundle begins, and hardly anything else."""


def read(data: bytes) -> SignedBundle:
    """Parse strictly and check the bundle's own signature.

    Refused ``bundle_too_large``, ``bundle_truncated``, ``bundle_not_bundle``,
    ``bundle_signature``, or ``bundle_malformed`` with the ``part`` that breaks a rule.
    """
    return read_map(open_map(data))


def read_map(content: dict[Any, Any]) -> SignedBundle:
    """The bundle that a signed map states; its signature is ``open_map``'s to check.

    Refused ``bundle_malformed``.
    """
    reader = Reader(content)
    reader.expect(F.FORMAT, F.FORMAT_NAME)
    bundle = Bundle(
        version=reader.number(F.VERSION, "version", 1, 2**32 - 1),
        issued=reader.moment(F.ISSUED, "issued"),
        refresh_by=reader.moment(F.REFRESH_BY, "refresh_by"),
        expires=reader.moment(F.EXPIRES, "expires"),
        training=reader.flag(F.TRAINING, "training"),
        authority=reader.name(F.AUTHORITY, "authority"),
        root=reader.root(F.ROOT),
        recipients=reader.recipients(F.RECIPIENTS),
        issuers=reader.issuers(F.ISSUERS),
        insurers=reader.insurers(F.INSURERS),
        revocations=reader.revocations(F.REVOCATIONS),
    )
    succession = reader.succession(F.SUCCESSION)
    reader.end()
    if not bundle.issued <= bundle.refresh_by <= bundle.expires:
        raise _malformed("expires")
    return SignedBundle(replace(bundle, root_words=root_words(bundle.root)), succession)


def open_map(data: bytes, root_label: int = F.ROOT) -> dict[Any, Any]:
    """The map in a COSE_Sign1 that the root named in it has signed."""
    if len(data) > F.MAX_BUNDLE:
        raise Refused("bundle_too_large", limit=F.MAX_BUNDLE)
    protected, payload, signature = _open_sign1(data)
    try:
        content = canonical.decode(
            payload, max_bytes=F.MAX_BUNDLE, max_items=F.MAX_ITEMS, booleans=True
        )
    except canonical.NotCanonical as error:
        raise _malformed("cbor") from error
    if not isinstance(content, dict):
        raise _malformed("cbor")
    root = content.get(root_label)
    if not isinstance(root, bytes) or not ed25519.is_acceptable(root):
        raise _malformed("root")
    if protected != canonical.encode({ALG: ED25519, KID: ed25519.key_id(root)}):
        raise _malformed("header")
    if not ed25519.verify(root, signature, to_be_signed(protected, payload)):
        raise Refused("bundle_signature")
    return content


def _open_sign1(data: bytes) -> tuple[bytes, bytes, bytes]:
    try:
        parts = canonical.decode(data, max_bytes=F.MAX_BUNDLE, max_items=8, tag=COSE_SIGN1)
    except canonical.CutShort as error:
        began = data.startswith(_BEGINNING)
        raise Refused("bundle_truncated" if began else "bundle_not_bundle") from error
    except canonical.NotCanonical as error:
        raise Refused("bundle_not_bundle") from error
    match parts:
        case [bytes() as protected, dict() as unprotected, bytes() as payload, bytes() as sign]:
            if not unprotected:
                return protected, payload, sign
    raise Refused("bundle_not_bundle")


class Reader:
    """Takes the entries of a map one by one; every wrong one is Refused ``bundle_malformed``."""

    def __init__(self, content: dict[Any, Any]) -> None:
        self._content = dict(content)

    def _take(self, label: int, part: str) -> object:
        if label not in self._content:
            raise _malformed(part)
        value: object = self._content.pop(label)
        return value

    def end(self) -> None:
        """Nothing may be left over."""
        if self._content:
            raise _malformed("labels")

    def expect(self, label: int, text: str) -> None:
        """The format's name and version, before anything else is read."""
        if self._take(label, "format") != text:
            raise _malformed("format")

    def number(self, label: int, part: str, low: int, high: int) -> int:
        return _number(self._take(label, part), part, low, high)

    def moment(self, label: int, part: str) -> datetime:
        return _moment(self._take(label, part), part)

    def flag(self, label: int, part: str) -> bool:
        value = self._take(label, part)
        if not isinstance(value, bool):
            raise _malformed(part)
        return value

    def name(self, label: int, part: str) -> str:
        return _name(self._take(label, part), part)

    def octets(self, label: int, part: str) -> bytes:
        value = self._take(label, part)
        if not isinstance(value, bytes):
            raise _malformed(part)
        return value

    def root(self, label: int) -> bytes:
        value = self.octets(label, "root")
        if not ed25519.is_acceptable(value):
            raise _malformed("root")
        return value

    def recipients(self, label: int) -> tuple[Recipient, ...]:
        rows = [_row(row, 2, "recipients") for row in _rows(self._take(label, "recipients"))]
        found = tuple(Recipient(_octets(row[0], 8), _octets(row[1], 32)) for row in rows)
        for one in found:
            if ed25519.key_id(one.public) != one.id or not ed25519.is_acceptable_x25519(one.public):
                raise _malformed("recipients")
        if not found or _repeats([one.id for one in found]):
            raise _malformed("recipients")
        return found

    def issuers(self, label: int) -> tuple[ListedIssuer, ...]:
        found = tuple(_read_issuer(row) for row in _rows(self._take(label, "issuers")))
        if _repeats([issuer.license for issuer in found]):
            raise _malformed("licenses")
        if _repeats([key.kid for issuer in found for key in issuer.keys]):
            raise _malformed("key_ids")
        return found

    def insurers(self, label: int) -> tuple[Insurer, ...]:
        rows = [_row(row, 4, "insurers") for row in _rows(self._take(label, "insurers"))]
        found = tuple(_read_insurer(row) for row in rows)
        if _repeats([insurer.icc for insurer in found]):
            raise _malformed("insurers")
        return found

    def revocations(self, label: int) -> tuple[Revocation, ...]:
        rows = [_row(row, 4, "revocations") for row in _rows(self._take(label, "revocations"))]
        found = tuple(_read_revocation(row) for row in rows)
        if _repeats([one.kid for one in found]):
            raise _malformed("revocations")
        return found

    def succession(self, label: int) -> tuple[Succession, ...]:
        rows = [_row(row, 3, "succession") for row in _rows(self._take(label, "succession"))]
        links = tuple(
            Succession(_octets(row[0], 32), _octets(row[1], 32), _octets(row[2], 64))
            for row in rows
        )
        if not all(is_authentic(link) for link in links):
            raise _malformed("succession")
        return links


def _read_issuer(row: object) -> ListedIssuer:
    if not isinstance(row, dict):
        raise _malformed("issuers")
    reader = Reader(row)
    license = reader.name(F.LICENSE, "issuers")
    status = F.STATUSES.get(reader.number(F.STATUS, "issuers", 1, 3))
    keys = tuple(
        ListedKey(_octets(pair[0], 8), _octets(pair[1], 32))
        for pair in (_row(pair, 2, "issuers") for pair in _rows(reader._take(F.KEYS, "issuers")))
    )
    for key in keys:
        if not ed25519.is_acceptable(key.public) or ed25519.key_id(key.public) != key.kid:
            raise _malformed("key_ids")
    if status is None or not keys or not is_license(license):
        raise _malformed("issuers")
    issuer = ListedIssuer(
        license=license,
        name=reader.name(F.NAME, "issuers"),
        kdf=reader.number(F.KDF, "issuers", 1, 255),
        keys=keys,
        valid_from=_day(reader._take(F.FROM, "issuers")),
        valid_to=_day(reader._take(F.TO, "issuers")) if F.TO in row else None,
        status=status,
        reason=reader.name(F.REASON, "issuers") if F.REASON in row else "",
        since=_day(reader._take(F.SINCE, "issuers")) if F.SINCE in row else None,
    )
    reader.end()
    return issuer


def _read_insurer(row: list[Any]) -> Insurer:
    icc, name, naic, active = row
    if not isinstance(icc, str) or not is_icc(icc) or not isinstance(active, bool):
        raise _malformed("insurers")
    if naic != "" and not (isinstance(naic, str) and is_naic(naic)):
        raise _malformed("insurers")
    return Insurer(icc, _name(name, "insurers"), naic, active)


def is_naic(text: str) -> bool:
    """True for the five digits of an NAIC company code."""
    return len(text) == 5 and text.isascii() and text.isdigit()


def _read_revocation(row: list[Any]) -> Revocation:
    kind = F.KINDS.get(_number(row[1], "revocations", 1, 2))
    if kind is None:
        raise _malformed("revocations")
    since = _moment(row[2], "revocations")
    return Revocation(_octets(row[0], 8), kind, since, _name(row[3], "revocations"))


def _rows(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise _malformed("lists")
    return value


def _row(value: object, length: int, part: str) -> list[Any]:
    if not isinstance(value, list) or len(value) != length:
        raise _malformed(part)
    return value


def _octets(value: object, length: int) -> bytes:
    if not isinstance(value, bytes) or len(value) != length:
        raise _malformed("octets")
    return value


def _number(value: object, part: str, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise _malformed(part)
    return value


def _name(value: object, part: str) -> str:
    """Text that people read."""
    if not isinstance(value, str) or not is_listed_name(value):
        raise _malformed(part)
    return value


def _moment(value: object, part: str) -> datetime:
    return datetime.fromtimestamp(_number(value, part, 0, F.MAX_MOMENT), UTC)


def _day(value: object) -> date:
    number = _number(value, "days", 10000101, 99991231)
    try:
        return date(number // 10000, number // 100 % 100, number % 100)
    except ValueError as error:
        raise _malformed("days") from error


def _repeats(values: list[Any]) -> bool:
    return len(set(values)) != len(values)


def _malformed(part: str) -> Refused:
    return Refused("bundle_malformed", part=part)
