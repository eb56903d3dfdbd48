"""Verify: what a symbol proves, and whether the paper around it is the one that was signed.

The checks run in the order of ``docs/envelope.md``; the first that fails is the verdict: symbol,
digits, form, algorithm, key id, signature, mode, issuer status, key revocation, moment. The face
and the claims are looked at for every symbol whose signature holds; claims that a recipient's key
opens and that are no card take GENUINE back, since then the issuer has signed something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone

from iies_tui.domain import new_york
from iies_tui.domain.bundle import Bundle, ListedIssuer, RevocationKind
from iies_tui.domain.card import Mode
from iies_tui.domain.drawing import LAYOUT
from iies_tui.domain.envelope import Envelope, FaceMatch, Verdict
from iies_tui.domain.errors import Refused
from iies_tui.domain.face import Face
from iies_tui.issuance.ports.barcode import BarcodeProfile, FoundPage
from iies_tui.issuance.ports.machine import Clock

AHEAD = timedelta(hours=24)
"""How far issued-at may lie in the future, for clocks that differ."""

NEW_YORK = (timezone(timedelta(hours=-4)), timezone(timedelta(hours=-5)))
"""Summer and winter time. A card is taken where either gives a day on which it could be issued."""

Faces = Sequence[tuple[Face, str]]
"""Faces with their check codes, as a page's text states them or as a verifier types them."""

Opener = Callable[[Envelope], Mapping[str, object] | None]
"""An authority's key: the claims, None where they are sealed to another. Refused where broken."""


@dataclass(frozen=True, slots=True)
class BundleAge:
    """The bundle that judged. ``days`` since it was issued; ``stale`` past ``refresh_by``."""

    authority: str
    root_words: str
    version: int
    issued: datetime
    days: int
    stale: bool
    expired: bool
    training: bool

    def as_json(self) -> dict[str, object]:
        return {
            "authority": self.authority,
            "root_words": self.root_words,
            "version": self.version,
            "issued": new_york.in_json(self.issued),
            "days": self.days,
            "stale": self.stale,
            "expired": self.expired,
            "training": self.training,
        }


@dataclass(frozen=True, slots=True)
class SymbolReport:
    """One symbol's verdict. ``reason`` names its words (``verify_reason.<reason>``).

    ``page`` counts from 1. What has not been proven is still told where it could be read, up to
    the kid: ``license`` only where the signature holds. ``face_reason`` says why a face is NOT
    CHECKED (``face_reason.<face_reason>``), and is empty otherwise.
    """

    source: str
    page: int
    verdict: Verdict
    reason: str
    mode: Mode | None = None
    serial: str | None = None
    license: str | None = None
    kid: bytes | None = None
    issued_at: datetime | None = None
    face: FaceMatch = FaceMatch.NOT_CHECKED
    face_reason: str = "not_proven"
    bundle: BundleAge | None = None
    claims: Mapping[str, object] | None = None

    @property
    def good(self) -> bool:
        """True where a verifier may accept the card: GENUINE, and no face that differs."""
        return self.verdict is Verdict.GENUINE and self.face is not FaceMatch.DIFFERS

    def as_json(self) -> dict[str, object]:
        """As ``verify --json`` prints it (``docs/commands.md``)."""
        return {
            "source": self.source,
            "page": self.page,
            "verdict": self.verdict.value,
            "reason": self.reason,
            "mode": self.mode.name.lower() if self.mode else None,
            "serial": self.serial,
            "license": self.license,
            "kid": self.kid.hex() if self.kid else None,
            "issued_at": new_york.in_json(self.issued_at) if self.issued_at else None,
            "face": self.face.value,
            "face_reason": self.face_reason,
            "bundle": self.bundle.as_json() if self.bundle else None,
            "claims": dict(self.claims) if self.claims is not None else None,
        }


@dataclass(frozen=True, slots=True)
class Verify:
    """Judges symbols against one bundle. ``opener`` is an authority's, where it is at hand."""

    profile: BarcodeProfile
    bundle: Bundle | None
    clock: Clock
    opener: Opener | None = None

    def page(self, source: str, page: FoundPage, typed: Faces = ()) -> tuple[SymbolReport, ...]:
        """Every symbol of a page; one UNREADABLE where there is none.

        ``typed`` are faces that the verifier types from the paper, beside those in its text.
        """
        faces = (*page.faces, *typed)
        if not page.symbols:
            return (self._report(source, page.page, Verdict.UNREADABLE, "no_symbol"),)
        return tuple(self.symbol(source, page.page, text, faces) for text in page.symbols)

    def keystrokes(self, source: str, text: str, typed: Faces = ()) -> tuple[SymbolReport, ...]:
        """What a scanner typed: one symbol, whatever its line breaks, or one symbol a line."""
        lines = [clean(line) for line in text.splitlines() if any(map(str.isdigit, line))]
        if len(lines) > 1 and any(self.reads(line) for line in lines):
            return tuple(self.symbol(source, 1, line, typed) for line in lines)
        whole = clean(text)
        if not lines:
            return (self._report(source, 1, Verdict.UNREADABLE, "no_digits"),)
        return (self.symbol(source, 1, whole, typed),)

    def symbol(self, source: str, page: int, text: str, faces: Faces = ()) -> SymbolReport:
        """One symbol's text: digits as they were read or typed."""
        try:
            envelope = self.profile.read(clean(text))
        except Refused as error:
            reason = f"malformed_{error.params.get('layer', 'digits')}"
            return self._report(source, page, Verdict.MALFORMED, reason)
        return self._envelope(source, page, envelope, faces)

    def reads(self, digits: str) -> bool:
        """True for an envelope's digits; nothing is proven by it."""
        try:
            self.profile.read(digits)
        except Refused:
            return False
        return True

    def _report(self, source: str, page: int, verdict: Verdict, reason: str) -> SymbolReport:
        return SymbolReport(source, page, verdict, reason, bundle=self._age())

    def _age(self) -> BundleAge | None:
        if self.bundle is None:
            return None
        now = self.clock.now()
        return BundleAge(
            authority=self.bundle.authority,
            root_words=self.bundle.root_words,
            version=self.bundle.version,
            issued=self.bundle.issued,
            days=(now - self.bundle.issued).days,
            stale=now >= self.bundle.refresh_by,
            expired=now >= self.bundle.expires,
            training=self.bundle.training,
        )

    def _envelope(self, source: str, page: int, envelope: Envelope, faces: Faces) -> SymbolReport:
        stamp = envelope.stamp
        report = replace(
            self._report(source, page, Verdict.UNKNOWN_ISSUER, "no_bundle"),
            mode=stamp.mode,
            serial=str(stamp.serial),
            kid=envelope.kid,
            issued_at=stamp.issued_at,
        )
        if self.bundle is None:
            return report
        found = self.bundle.issuer_by_kid(envelope.kid)
        if found is None:
            return replace(report, reason="kid_unknown")
        issuer, key = found
        if not self.profile.authentic(envelope, key.public):
            return replace(report, verdict=Verdict.SIGNATURE_ERROR, reason="signature")
        verdict, reason = _standing(self.bundle, issuer, envelope, self.clock.now())
        face, face_reason = compare_faces(envelope, faces)
        report = replace(
            report,
            verdict=verdict,
            reason=reason,
            license=issuer.license,
            face=face,
            face_reason=face_reason,
        )
        return self._with_claims(report, envelope)

    def _with_claims(self, report: SymbolReport, envelope: Envelope) -> SymbolReport:
        if self.opener is None:
            return report
        claims: Mapping[str, object] | None = None
        try:
            claims = self.opener(envelope)
            wrong = _claims_wrong(claims, report) if claims is not None else None
        except Refused as error:
            wrong = error.code
        if wrong is not None and report.verdict is Verdict.GENUINE:
            report = replace(report, verdict=Verdict.MALFORMED, reason=wrong)
        return replace(report, claims=claims)


def _standing(
    bundle: Bundle, issuer: ListedIssuer, envelope: Envelope, now: datetime
) -> tuple[Verdict, str]:
    """The verdict on an authentic envelope, from its mode on."""
    stamp = envelope.stamp
    if bundle.training:
        return Verdict.SPECIMEN, "training_bundle"
    if stamp.mode is not Mode.LIVE:
        return Verdict.SPECIMEN, f"mode_{stamp.mode.name.lower()}"
    if not any(issuer.active_on(day) for day in _days(stamp.issued_at)):
        return Verdict.INVALID_STATUS, "issuer_not_active"
    revocation = bundle.revocation_of(envelope.kid)
    if revocation is not None:
        if revocation.kind is RevocationKind.COMPROMISED:
            return Verdict.INVALID_STATUS, "key_compromised"
        if revocation.since <= stamp.issued_at:
            return Verdict.INVALID_STATUS, "key_retired"
    if stamp.issued_at > now + AHEAD:
        return Verdict.INVALID_STATUS, "issued_ahead"
    return Verdict.GENUINE, "genuine"


def compare_faces(envelope: Envelope, faces: Faces) -> tuple[FaceMatch, str]:
    """MATCH where every face beside the symbol is the one that was signed; why NOT CHECKED.

    A face with another serial beside it, or one field that differs, is DIFFERS: a real symbol has
    been put on another paper. Of a page in a layout that is not known here nothing can be said,
    and an envelope that says nothing of its drawing cannot prove the whole page.
    """
    if not faces:
        return FaceMatch.NOT_CHECKED, "no_face"
    stamp = envelope.stamp
    if stamp.drawn is not None and stamp.drawn.layout != LAYOUT:
        return FaceMatch.NOT_CHECKED, "layout_unknown"
    same = all(
        face.serial == str(stamp.serial) and face.digest(check_code) == stamp.face
        for face, check_code in faces
    )
    if not same:
        return FaceMatch.DIFFERS, ""
    return (FaceMatch.MATCH, "") if stamp.drawn else (FaceMatch.NOT_CHECKED, "not_drawn")


def _claims_wrong(claims: Mapping[str, object], report: SymbolReport) -> str | None:
    """What the opened claims contradict: the issuer that signed, or the day it signed on.

    A vendor's profile may name neither, or the day in another form; then nothing is contradicted.
    """
    if claims.get("license", report.license) != report.license:
        return "claims_license"
    current = _iso_day(claims.get("current"))
    if report.issued_at is not None and current is not None:
        apart = abs((current - report.issued_at.astimezone(UTC).date()).days)
        if apart > 1:
            return "claims_current"
    return None


def _iso_day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _days(moment: datetime) -> tuple[date, ...]:
    return tuple(moment.astimezone(zone).date() for zone in NEW_YORK)


_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")
"""An AIM symbology identifier, ``]L2`` for PDF417, that a scanner may put first."""

_STRAY = 32
"""Characters of prefix and suffix that a scanner may be set to add."""


def clean(text: str) -> str:
    """A scanner's keystrokes without what it adds: AIM id, prefix, suffix, line breaks.

    What is not digits in the middle is left in, so that it is found malformed and not guessed at.
    """
    compact = _SYMBOLOGY.sub("", "".join(text.split()), count=1)
    runs = re.findall(r"[0-9]+", compact)
    longest = max(runs, key=len, default="")
    stray = len(compact) - len(longest)
    return longest if len(longest) > stray and stray <= _STRAY else compact
