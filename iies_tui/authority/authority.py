"""The regulator's acts: make an authority, mint, revoke, suspend, publish, open, list.

Every act is in the authority's own trail before it takes effect, by license number, key id and
version; KEY, PIN and passphrase are nowhere. What an act cannot finish leaves a trail row for
something that never came to be, never the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from iies_tui.authority.ports import AuthorityKeys, AuthorityStore
from iies_tui.domain import new_york
from iies_tui.domain.authority import AuthorityRecord, is_listed_name
from iies_tui.domain.bundle import (
    Bundle,
    IssuerStatus,
    ListedIssuer,
    ListedKey,
    Revocation,
    RevocationKind,
)
from iies_tui.domain.envelope import Envelope
from iies_tui.domain.errors import Problem, Refused
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.issuer import is_license, normalize_license
from iies_tui.domain.key import mint_key, mint_pin
from iies_tui.domain.trail import Detail, Event
from iies_tui.issuance.ports.barcode import BarcodeProfile
from iies_tui.issuance.ports.keys import Derivation
from iies_tui.issuance.ports.machine import Chance, Clock
from iies_tui.issuance.ports.records import Trail

ACTOR = "authority"
KDF = 1
DAYS = 400
"""How long a bundle is good for new cards, unless told otherwise."""

MAX_DAYS = 3650
REFRESH_DAYS = 35
"""``refresh_by`` stands this long before ``expires``."""

MIN_PASSPHRASE = 8
LISTED_YEARS = 5
"""How long a key stays in the bundle after its end; 23 NYCRR 500.06 keeps transaction records
as long."""


@dataclass(frozen=True, slots=True)
class Minted:
    """A licensee's new KEY and PIN: told now, or never again. ``kid`` is the key's 8-byte id."""

    license: str
    name: str
    key: str
    pin: str
    kid: bytes


@dataclass(frozen=True, slots=True)
class Published:
    """A bundle and its file's bytes."""

    bundle: Bundle
    data: bytes


@dataclass(frozen=True, slots=True)
class Authority:
    """One authority's use cases over its directory and its trail."""

    store: AuthorityStore
    trail: Trail
    clock: Clock
    chance: Chance
    derivation: Derivation

    def init(self, name: str, passphrase: bytes, *, training: bool = False) -> AuthorityRecord:
        """Make the authority in its empty directory.

        Refused ``authority_exists``, ``authority_refused`` with problems for name and passphrase.
        """
        problems = []
        if not is_listed_name(name):
            problems.append(Problem("name", "listed_name"))
        if len(passphrase) < MIN_PASSPHRASE:
            problems.append(Problem("passphrase", "passphrase_short", {"least": MIN_PASSPHRASE}))
        if problems:
            raise Refused("authority_refused", tuple(problems))
        self.store.create(name, training, self.clock.now(), passphrase)
        record = self.store.record()
        details: dict[str, Detail] = {"training": int(training), "root": record.root}
        self.trail.append(Event.AUTHORITY_MADE, ACTOR, details)
        return record

    def record(self) -> AuthorityRecord:
        """What is on record (``list``)."""
        return self.store.record()

    def mint(
        self,
        passphrase: bytes,
        license: str,
        name: str,
        valid_from: date | None = None,
        valid_to: date | None = None,
    ) -> Minted:
        """A new KEY and PIN for a licensee; a second one for a license adds a key to it.

        ``valid_from`` is today where nothing is said. Refused ``mint_refused`` with problems,
        ``passphrase_wrong``.
        """
        license = normalize_license(license)
        valid_from = valid_from or new_york.day_of(self.clock.now())
        _check_licensee(license, name, valid_from, valid_to)
        keys, record = self._unlock(passphrase)
        minted, public = self._mint(license, name, record)
        listed = ListedKey(minted.kid, public)
        before = record.issuer(license)
        if before is None:
            issuer = ListedIssuer(
                license, name, KDF, (listed,), valid_from, valid_to, IssuerStatus.ACTIVE
            )
        else:
            issuer = replace(
                before, name=name, keys=(*before.keys, listed), valid_to=valid_to or before.valid_to
            )
        self.trail.append(Event.KEY_MINTED, ACTOR, {"license": license, "kid": minted.kid})
        self.store.save(_with_issuer(record, issuer), keys)
        return minted

    def _mint(self, license: str, name: str, record: AuthorityRecord) -> tuple[Minted, bytes]:
        taken = {key.kid for issuer in record.issuers for key in issuer.keys}
        while True:
            key, pin = mint_key(self.chance), mint_pin(self.chance)
            derived = self.derivation.derive(license, key.encode(), pin.encode(), KDF)
            if derived.kid not in taken:
                return Minted(license, name, key, pin, derived.kid), derived.public

    def revoke(
        self,
        passphrase: bytes,
        license: str,
        since: datetime,
        reason: str,
        kid: bytes | None = None,
        kind: RevocationKind = RevocationKind.COMPROMISED,
    ) -> tuple[Revocation, ...]:
        """Take back one key, or every key of the license, from a moment (aware UTC).

        A key once compromised stays so, and of two moments the earlier counts. Refused
        ``issuer_unknown``, ``key_unknown``, ``revoke_refused``, ``passphrase_wrong``.
        """
        if not is_listed_name(reason):
            raise Refused("revoke_refused", (Problem("reason", "listed_name"),))
        keys, record = self._unlock(passphrase)
        issuer = _known(record, license)
        kids = [key.kid for key in issuer.keys if kid is None or key.kid == kid]
        if not kids:
            raise Refused("key_unknown", license=issuer.license)
        asked = [Revocation(one, kind, since.replace(microsecond=0), reason) for one in kids]
        made = tuple(_stricter(record.revocation_of(one.kid), one) for one in asked)
        for one in made:
            self.trail.append(
                Event.KEY_REVOKED,
                ACTOR,
                {"license": issuer.license, "kid": one.kid, "kind": one.kind.value},
            )
        others = tuple(one for one in record.revocations if one.kid not in kids)
        self.store.save(replace(record, revocations=(*others, *made)), keys)
        return made

    def set_status(
        self, passphrase: bytes, license: str, status: IssuerStatus, since: date, reason: str
    ) -> ListedIssuer:
        """Suspend, revoke or reinstate an issuer from a day; earlier cards keep their verdict."""
        if not is_listed_name(reason):
            raise Refused("revoke_refused", (Problem("reason", "listed_name"),))
        keys, record = self._unlock(passphrase)
        active = status is IssuerStatus.ACTIVE
        issuer = replace(
            _known(record, license),
            status=status,
            since=None if active else since,
            reason="" if active else reason,
        )
        self.trail.append(
            Event.ISSUER_STATUS, ACTOR, {"license": issuer.license, "status": status.value}
        )
        self.store.save(_with_issuer(record, issuer), keys)
        return issuer

    def publish(
        self, passphrase: bytes, insurers: Sequence[Insurer], days: int = DAYS
    ) -> Published:
        """A bundle of what ``still_listed`` leaves and these insurers, its version up by one.

        Refused ``publish_refused`` with problems, ``passphrase_wrong``.
        """
        if not 1 <= days <= MAX_DAYS:
            raise Refused("publish_refused", (Problem("days", "days_range", {"most": MAX_DAYS}),))
        if not insurers:
            raise Refused("publish_refused", (Problem("icc", "no_insurers"),))
        keys, record = self._unlock(passphrase)
        signed = tuple(replace(insurer, signed=True) for insurer in insurers)
        issued = self.clock.now()
        listed = still_listed(record, new_york.day_of(issued))
        bundle = _bundle(listed, record.version + 1, issued, days, signed)
        data = keys.sign_bundle(bundle, record)
        self.trail.append(
            Event.BUNDLE_PUBLISHED,
            ACTOR,
            {"version": bundle.version, "issuers": len(bundle.issuers), "insurers": len(insurers)},
        )
        self.store.save(replace(record, version=bundle.version), keys)
        return Published(bundle, data)

    def own_bundle(self) -> Bundle:
        """The record as a bundle that is never published: an authority needs none to know its own.

        It has the last published version, no insurers, and every key that was ever minted.
        """
        record = self.record()
        return _bundle(record, record.version, self.clock.now(), DAYS, ())

    def roll_root(self, passphrase: bytes) -> AuthorityRecord:
        """A new root, signed by the old one; the next bundle carries both."""
        _, record = self._unlock(passphrase)
        self.trail.append(Event.ROOT_ROLLED, ACTOR, {"succeeds": record.root})
        return self.store.roll_root(passphrase)

    def opener(
        self, passphrase: bytes, profile: BarcodeProfile
    ) -> Callable[[Envelope], Mapping[str, object] | None]:
        """What opens cards for ``issuance.verify``: their claims, None where sealed to another.

        Each card opened is in the trail, by its serial, once however often it stands on a page.
        Refused ``passphrase_wrong``.
        """
        keys, _ = self._unlock(passphrase)
        seen: set[bytes] = set()

        def open_card(envelope: Envelope) -> Mapping[str, object] | None:
            private = keys.private(envelope.recipient)
            if private is None:
                return None
            if envelope.encoded not in seen:
                self.trail.append(Event.CARD_OPENED, ACTOR, {"serial": str(envelope.stamp.serial)})
                seen.add(envelope.encoded)
            return profile.open(envelope, private)

        return open_card

    def _unlock(self, passphrase: bytes) -> tuple[AuthorityKeys, AuthorityRecord]:
        return self.store.unlock(passphrase), self.store.record()


def _bundle(
    record: AuthorityRecord,
    version: int,
    issued: datetime,
    days: int,
    insurers: tuple[Insurer, ...],
) -> Bundle:
    expires = issued + timedelta(days=days)
    return Bundle(
        version=version,
        issued=issued,
        refresh_by=max(issued, expires - timedelta(days=REFRESH_DAYS)),
        expires=expires,
        training=record.training,
        authority=record.name,
        root=record.root,
        recipients=record.recipients,
        issuers=record.issuers,
        insurers=insurers,
        revocations=record.revocations,
    )


def still_listed(record: AuthorityRecord, day: date) -> AuthorityRecord:
    """The record without keys that went out of force ``LISTED_YEARS`` ago or more.

    A verifier knows the cards of a key for so long after its last one; on record it stays for good.
    """
    issuers = []
    for issuer in record.issuers:
        keys = tuple(
            key
            for key in issuer.keys
            if (end := _ended(record, issuer, key)) is None or not _years_over(end, day)
        )
        if keys:
            issuers.append(replace(issuer, keys=keys))
    kids = {key.kid for issuer in issuers for key in issuer.keys}
    revocations = tuple(one for one in record.revocations if one.kid in kids)
    return replace(record, issuers=tuple(issuers), revocations=revocations)


def _ended(record: AuthorityRecord, issuer: ListedIssuer, key: ListedKey) -> date | None:
    """The first day on which the key could issue no more, None while it may."""
    revocation = record.revocation_of(key.kid)
    ends = [
        issuer.valid_to,
        issuer.since if issuer.status is IssuerStatus.REVOKED else None,
        new_york.day_of(revocation.since) if revocation else None,
    ]
    return min((end for end in ends if end is not None), default=None)


def _years_over(end: date, day: date) -> bool:
    return (day.year - LISTED_YEARS, day.month, day.day) > (end.year, end.month, end.day)


def _check_licensee(license: str, name: str, valid_from: date, valid_to: date | None) -> None:
    problems = []
    if not is_license(license):
        problems.append(Problem("license", "license_form"))
    if not is_listed_name(name):
        problems.append(Problem("name", "listed_name"))
    if valid_to is not None and valid_to < valid_from:
        problems.append(Problem("valid_to", "valid_to_before_from"))
    if problems:
        raise Refused("mint_refused", tuple(problems))


def _known(record: AuthorityRecord, license: str) -> ListedIssuer:
    issuer = record.issuer(normalize_license(license))
    if issuer is None:
        raise Refused("issuer_unknown", license=license)
    return issuer


def _with_issuer(record: AuthorityRecord, issuer: ListedIssuer) -> AuthorityRecord:
    others = [one for one in record.issuers if one.license != issuer.license]
    issuers = sorted([*others, issuer], key=lambda one: one.license)
    return replace(record, issuers=tuple(issuers))


def _stricter(before: Revocation | None, asked: Revocation) -> Revocation:
    if before is None:
        return asked
    if before.kind is not asked.kind:
        return asked if asked.kind is RevocationKind.COMPROMISED else before
    return min(before, asked, key=lambda one: one.since)
