"""What a trust bundle makes of the next card, and in which order it is decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from iies_tui.domain.bundle import (
    Bundle,
    IssuerStatus,
    ListedIssuer,
    ListedKey,
    Recipient,
    Revocation,
    RevocationKind,
    standing_under,
)
from iies_tui.domain.card import Mode
from iies_tui.domain.issuer import ModeReason

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
KID, OTHER = b"k" * 8, b"o" * 8
ISSUER = ListedIssuer(
    license="BR-123456",
    name="LAKESIDE AGENCY",
    kdf=1,
    keys=(ListedKey(OTHER, b"O" * 32), ListedKey(KID, b"K" * 32)),
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 12, 31),
    status=IssuerStatus.ACTIVE,
)
BUNDLE = Bundle(
    version=3,
    issued=NOW - timedelta(days=30),
    refresh_by=NOW + timedelta(days=300),
    expires=NOW + timedelta(days=370),
    training=False,
    authority="TEST AUTHORITY",
    root=b"r" * 32,
    recipients=(Recipient(b"i" * 8, b"p" * 32),),
    issuers=(ISSUER,),
    insurers=(),
    revocations=(),
)


def _revoked(*entries: tuple[RevocationKind, int]) -> Bundle:
    """The key's revocations, each so many days from now."""
    return replace(
        BUNDLE,
        revocations=tuple(
            Revocation(KID, kind, NOW + timedelta(days=days), "") for kind, days in entries
        ),
    )


def _issuer(**changes: object) -> Bundle:
    return replace(BUNDLE, issuers=(replace(ISSUER, **changes),))  # type: ignore[arg-type]


RETIRED, COMPROMISED = RevocationKind.RETIRED, RevocationKind.COMPROMISED


@pytest.mark.parametrize(
    ("bundle", "reason"),
    [
        (BUNDLE, ModeReason.LIVE),
        (replace(BUNDLE, training=True), ModeReason.TRAINING_BUNDLE),
        (replace(BUNDLE, training=True, issuers=()), ModeReason.TRAINING_BUNDLE),
        (replace(BUNDLE, issuers=()), ModeReason.NOT_LISTED),
        (_issuer(license="BR-1"), ModeReason.NOT_LISTED),
        (_issuer(keys=()), ModeReason.KEY_NOT_LISTED),
        (_issuer(keys=(ListedKey(OTHER, b"O" * 32),)), ModeReason.KEY_NOT_LISTED),
        (_revoked((COMPROMISED, -1)), ModeReason.KEY_REVOKED),
        (_revoked((COMPROMISED, 1)), ModeReason.KEY_REVOKED),
        (_revoked((RETIRED, 0)), ModeReason.KEY_REVOKED),
        (_revoked((RETIRED, 1)), ModeReason.LIVE),
        (_revoked((RETIRED, 1), (COMPROMISED, 5)), ModeReason.KEY_REVOKED),
        (_revoked((RETIRED, 1), (RETIRED, -1)), ModeReason.KEY_REVOKED),
        (_issuer(status=IssuerStatus.SUSPENDED), ModeReason.NOT_ACTIVE),
        (_issuer(status=IssuerStatus.REVOKED), ModeReason.NOT_ACTIVE),
        (_issuer(valid_from=date(2026, 11, 23)), ModeReason.NOT_ACTIVE),
        (_issuer(valid_from=TODAY, valid_to=TODAY), ModeReason.LIVE),
        (_issuer(valid_to=date(2026, 11, 21)), ModeReason.NOT_ACTIVE),
        (_issuer(valid_to=None), ModeReason.LIVE),
        (replace(BUNDLE, expires=NOW), ModeReason.BUNDLE_EXPIRED),
        (replace(BUNDLE, expires=NOW + timedelta(seconds=1)), ModeReason.LIVE),
        (replace(BUNDLE, refresh_by=NOW - timedelta(days=1)), ModeReason.LIVE),
    ],
)
def test_standing(bundle: Bundle, reason: ModeReason) -> None:
    standing = standing_under(bundle, "BR-123456", KID, NOW)
    assert standing.reason is reason
    live, training = ModeReason.LIVE, ModeReason.TRAINING_BUNDLE
    expected = {live: Mode.LIVE, training: Mode.TRAINING}.get(reason, Mode.SPECIMEN)
    assert standing.mode is expected


def test_another_key_s_revocation_does_not_count() -> None:
    other = replace(BUNDLE, revocations=(Revocation(OTHER, COMPROMISED, NOW, ""),))
    assert standing_under(other, "BR-123456", KID, NOW).mode is Mode.LIVE
    assert standing_under(other, "BR-123456", OTHER, NOW).mode is Mode.SPECIMEN


def test_the_gravest_revocation_counts() -> None:
    bundle = _revoked((RETIRED, -9), (COMPROMISED, 2), (COMPROMISED, 1))
    found = bundle.revocation_of(KID)
    assert found is not None
    assert (found.kind, found.since) == (COMPROMISED, NOW + timedelta(days=1))
    assert bundle.revocation_of(OTHER) is None


def test_who_a_key_belongs_to() -> None:
    assert BUNDLE.issuer_by_kid(KID) == (ISSUER, ISSUER.keys[1])
    assert BUNDLE.issuer_by_kid(b"x" * 8) is None
    assert BUNDLE.issuer_by_license("br-123456") is None
