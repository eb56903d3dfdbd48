"""What leaves as LIVE is GENUINE, whatever zone the box stands in and whatever minute it is."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings, strategies as st

from iies_tui.adapters.barcode.profile_open import OpenProfile
from iies_tui.adapters.trust.insurers import InsurerIndex
from iies_tui.domain import new_york
from iies_tui.domain.bundle import IssuerStatus, ListedIssuer, Recipient, Revocation, RevocationKind
from iies_tui.domain.card import CardFacts, Mode, SealedCard
from iies_tui.domain.dates import Limits
from iies_tui.domain.drawing import Drawn
from iies_tui.domain.envelope import Envelope, Stamp, Verdict
from iies_tui.domain.errors import Refused
from iies_tui.domain.trail import Event
from iies_tui.issuance.cards.issue import IssueCards, IssuedCard
from iies_tui.issuance.cards.serials import Serials
from iies_tui.issuance.checking.verify import Verify
from iies_tui.issuance.keys.sign_on import SignedOnIssuer
from iies_tui.issuance.ports.barcode import BarcodeProfile
from iies_tui.issuance.ports.keys import IssuerKeys
from iies_tui.issuance.ports.paper import Document, Paper
from iies_tui.text import words
from tests.support import trust_samples
from tests.support.box import box_in
from tests.support.fakes import (
    FakeCatalog,
    FakeClock,
    FakeMemory,
    FakeRegister,
    FakeTrail,
    FakeTrust,
)

PROFILE = OpenProfile()
FIRST, LAST, SUSPENDED = date(2027, 1, 10), date(2027, 12, 20), date(2027, 5, 5)
DST = (date(2027, 3, 14), date(2027, 11, 7))
ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Etc/GMT+12", "Pacific/Kiritimati")
VEHICLES = [{"year": 2003, "make": "HONDA", "vin": "1HGCM82633A004352"}]
CASE = {
    **{"form": "FS-20", "icc": "901", "policy": "TZ-1", "effective": "2026-11-27"},
    **{"expiration": "2027-11-27", "registrants": [{"last": "DOE", "first": "JANE"}]},
    "address": ["1 MAIN ST", "ALBANY NY 12207"],
    "vehicles": VEHICLES,
}


class QuickPaper:
    """Port ``Paper`` without ink: a page is its digits."""

    def check(self, card: SealedCard) -> None: ...

    def drawn(self, card: SealedCard) -> Drawn:
        return trust_samples.DRAWN

    def card_page(self, cards: Sequence[SealedCard]) -> Document:
        return Document(cards[0].digits.encode(), (), "", 1)


class QuickReader:
    """Port ``SymbolReader`` for such pages."""

    def read_back(self, document: Document, dpi: int) -> tuple[str, ...]:
        return (document.pdf.decode(),)


@dataclass
class Desk:
    """One issuer at work, all in memory; bar codes, keys and rules are the real ones."""

    now: datetime
    issuer: ListedIssuer = trust_samples.ISSUER
    profile: BarcodeProfile = PROFILE

    def __post_init__(self) -> None:
        self.clock = FakeClock(self.now)
        self.trail = FakeTrail(self.clock)
        issued = self.now - timedelta(days=300)
        self.bundle = trust_samples.bundle(
            issuers=(self.issuer,), issued=min(issued, datetime(2026, 11, 1, tzinfo=UTC)),
            refresh_by=self.now + timedelta(days=300), expires=self.now + timedelta(days=400),
        )  # fmt: skip
        self.trust = FakeTrust(self.bundle)
        self.signed_on = SignedOnIssuer(
            self.issuer.license, self.issuer.name, "", trust_samples.issuer_keys(),
            cast(Any, FakeRegister()), enrolled_now=False,
        )  # fmt: skip

    def issue(self, request: Mapping[str, object], paper: Paper | None = None) -> list[IssuedCard]:
        cards = IssueCards(
            trail=self.trail, trust=self.trust,
            insurers=lambda: InsurerIndex(self.bundle.insurers),
            profile=self.profile, paper=paper or cast(Paper, QuickPaper()),
            reader=cast(Any, QuickReader()),
            serials=Serials(self.trail, os.urandom, b"machine1", FakeMemory()), clock=self.clock,
            chance=os.urandom, limits=Limits(), vehicles=FakeCatalog(), information=str,
        )  # fmt: skip
        return list(cards(self.signed_on, request, lambda *_: None, fax_sheet=False))

    def events(self) -> list[Event]:
        return [row.event for row in self.trail.chain if row.event is not Event.EPOCH]


def order(day: date) -> dict[str, object]:
    return {**CASE, "effective": str(day), "expiration": str(day + timedelta(days=365))}


LIMITED = replace(
    trust_samples.ISSUER, valid_from=FIRST, valid_to=LAST, since=SUSPENDED,
    status=IssuerStatus.SUSPENDED, reason="AUDIT",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.sampled_from((FIRST, LAST, SUSPENDED, *DST)),
    st.integers(-24 * 60, 48 * 60),
    st.booleans(),
)
def test_live_exactly_on_the_issuers_days_and_then_genuine(
    zone: str, day: date, minute: int, suspended: bool
) -> None:
    now = new_york.from_clock(str(day)) + timedelta(minutes=minute)
    listed = LIMITED if suspended else replace(LIMITED, status=IssuerStatus.ACTIVE, since=None)
    desk = Desk(now, listed)
    today = new_york.day_of(now)
    with box_in(zone):
        (one,) = desk.issue(order(today))
    on = FIRST <= today <= LAST and (not suspended or today < SUSPENDED)
    assert one.card.mode is (Mode.LIVE if on else Mode.SPECIMEN)
    assert one.card.facts.current == today

    def opened(envelope: Any) -> Mapping[str, object]:
        return PROFILE.open(envelope, trust_samples.secret("recipient"))

    (report,) = Verify(PROFILE, desk.bundle, desk.clock, opened).keystrokes("-", one.card.digits)
    assert report.verdict is (Verdict.GENUINE if on else Verdict.SPECIMEN)
    assert report.claims is not None and report.claims["current"] == today.isoformat()


def test_nine_in_the_evening_on_a_box_in_utc() -> None:
    """tz_utc_evening.json: the day is still the 26th; an issuer that begins that day is LIVE."""
    now = datetime(2026, 11, 27, 2, 1, tzinfo=UTC)
    first_day = replace(trust_samples.ISSUER, valid_from=date(2026, 11, 26))
    with box_in("UTC"):
        desk = Desk(now, first_day)
        (one,) = desk.issue(CASE)
        assert one.card.facts.current == date(2026, 11, 26)
        assert one.card.mode is Mode.LIVE
        (report,) = Verify(PROFILE, desk.bundle, desk.clock).keystrokes("-", one.card.digits)
    assert report.verdict is Verdict.GENUINE
    tomorrow = replace(trust_samples.ISSUER, valid_from=date(2026, 11, 27))
    (other,) = Desk(now, tomorrow).issue(CASE)
    assert other.card.mode is Mode.SPECIMEN


class Clockmaker(QuickPaper):
    """Between the decision that a card is LIVE and its seal, something changes."""

    def __init__(self, change: Any) -> None:
        self._change = change

    def drawn(self, card: SealedCard) -> Drawn:
        self._change()
        return super().drawn(card)


def revoke(desk: Desk, kind: RevocationKind) -> None:
    revoked = Revocation(trust_samples.issuer_keys().kid, kind, desk.now, "LOST")
    desk.trust.bundle = replace(desk.bundle, revocations=(revoked,))


CHANGES = {
    "key_compromised": lambda desk: revoke(desk, RevocationKind.COMPROMISED),
    "key_retired": lambda desk: revoke(desk, RevocationKind.RETIRED),
    "kid_unknown": lambda desk: setattr(desk.trust, "bundle", replace(desk.bundle, issuers=())),
    "no_bundle": lambda desk: setattr(desk.trust, "bundle", None),
    "issuer_not_active": lambda desk: setattr(
        desk.trust, "bundle", replace(desk.bundle, issuers=(replace(desk.issuer, valid_to=LAST),))
    ),
    "issued_ahead": lambda desk: setattr(desk.clock, "wall", desk.now - timedelta(days=2)),
    "training_bundle": lambda desk: setattr(
        desk.trust, "bundle", replace(desk.bundle, training=True)
    ),
}


@pytest.mark.parametrize("reason", CHANGES)
def test_what_a_verifier_would_refuse_does_not_leave(reason: str) -> None:
    """Refused with the reason, its intent VOID, and never turned into a specimen."""
    desk = Desk(datetime(2028, 2, 1, 15, tzinfo=UTC))
    with pytest.raises(Refused) as refused:
        desk.issue(order(date(2028, 2, 1)), Clockmaker(lambda: CHANGES[reason](desk)))  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.exit_code) == ("not_genuine", 1)
    assert [problem.code for problem in refused.value.problems] == [reason]
    assert words(f"verify_reason.{reason}") and words("error.not_genuine")
    assert desk.events() == [Event.INTENT, Event.VOID]
    assert desk.trail.chain[-1].details["reason"] == "not_genuine"
    assert not cast(Any, desk.signed_on.register).entries


class OtherFace(OpenProfile):
    """Signs another face than the one that is printed."""

    def seal(self, facts: CardFacts, stamp: Stamp, keys: IssuerKeys, to: Recipient) -> Envelope:
        return super().seal(facts, replace(stamp, face=bytes(len(stamp.face))), keys, to)


def test_a_genuine_bar_code_beside_another_face_does_not_leave() -> None:
    desk = Desk(datetime(2028, 2, 1, 15, tzinfo=UTC), profile=OtherFace())
    with pytest.raises(Refused, match="not_genuine") as refused:
        desk.issue(order(date(2028, 2, 1)))
    assert [problem.code for problem in refused.value.problems] == ["face_differs"]
    assert desk.events() == [Event.INTENT, Event.VOID]


def test_a_specimen_leaves_as_one_without_a_judgment() -> None:
    desk = Desk(datetime(2028, 2, 1, 15, tzinfo=UTC), replace(LIMITED, since=None))
    (one,) = desk.issue(order(date(2028, 2, 1)))
    assert one.card.mode is Mode.SPECIMEN and desk.events() == [Event.INTENT, Event.SEALED]


def test_a_request_that_waits_past_midnight_has_the_day_on_which_it_is_sealed() -> None:
    """Every card of a set is announced with its own time; its current date is that day."""
    desk = Desk(datetime(2028, 2, 2, 4, 59, 30, tzinfo=UTC))
    second = {"year": 1989, "make": "MCI", "vin": "1M8GDM9AXKP042788"}
    request = {**order(date(2028, 2, 1)), "vehicles": [*VEHICLES, second]}

    class Slow(QuickPaper):
        def card_page(self, cards: Sequence[SealedCard]) -> Document:
            desk.clock.pass_seconds(60)
            return super().card_page(cards)

    days = [one.card.facts.current for one in desk.issue(request, cast(Paper, Slow()))]
    assert days == [date(2028, 2, 1), date(2028, 2, 2)]
