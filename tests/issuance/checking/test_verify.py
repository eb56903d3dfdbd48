"""Verify: pages, keystrokes, what is told beside the verdict."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from iies_tui.adapters.barcode.profile_open import OpenProfile
from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.domain.card import Mode
from iies_tui.domain.envelope import Envelope, FaceMatch, Verdict
from iies_tui.domain.errors import Refused
from iies_tui.domain.face import Face
from iies_tui.domain.serial import Serial
from iies_tui.issuance.checking.verify import Verify, clean
from iies_tui.issuance.ports.barcode import FoundPage
from iies_tui.session.protocol import SymbolInfo
from tests.support.authority_helpers import SetClock
from tests.support.trust_samples import (
    CHECK_CODE,
    SERIAL,
    bundle,
    digits,
    facts,
    header,
    seal,
    stamp,
)

NOW = datetime(2026, 11, 22, 16, tzinfo=UTC)
USUAL = digits(seal())
SPECIMEN = digits(seal(canonical.encode(header(stamp(mode=Mode.SPECIMEN)))))
FACE = (Face.of(facts(), str(SERIAL)), CHECK_CODE)
OTHER_FACE = (Face.of(facts(policy="OTHER"), str(Serial(1, 1))), "0000000000")


def verify(now: datetime = NOW) -> Verify:
    return Verify(OpenProfile(), bundle(), SetClock(now))


def test_a_page_without_a_symbol() -> None:
    (report,) = verify().page("x.pdf", FoundPage(3, ()))
    assert (report.verdict, report.reason, report.page) == (Verdict.UNREADABLE, "no_symbol", 3)
    assert report.face is FaceMatch.NOT_CHECKED
    assert not report.good


def test_every_symbol_of_a_page_is_judged() -> None:
    found = verify().page("x.pdf", FoundPage(1, (USUAL, SPECIMEN, "junk")))
    verdicts = [report.verdict for report in found]
    assert verdicts == [Verdict.GENUINE, Verdict.SPECIMEN, Verdict.MALFORMED]


@pytest.mark.parametrize(
    ("on_page", "typed", "expected"),
    [
        ((), (), FaceMatch.NOT_CHECKED),
        ((FACE,), (), FaceMatch.MATCH),
        ((FACE, FACE), (), FaceMatch.MATCH),
        ((), (FACE,), FaceMatch.MATCH),
        ((FACE,), (OTHER_FACE,), FaceMatch.DIFFERS),
        ((OTHER_FACE,), (), FaceMatch.DIFFERS),
        ((FACE, OTHER_FACE), (), FaceMatch.DIFFERS),
    ],
)
def test_faces(on_page: tuple[object, ...], typed: tuple[object, ...], expected: FaceMatch) -> None:
    page = FoundPage(1, (USUAL,), on_page)  # type: ignore[arg-type]
    (report,) = verify().page("x.pdf", page, typed)  # type: ignore[arg-type]
    assert report.face is expected
    assert report.verdict is Verdict.GENUINE
    assert report.good is (expected is not FaceMatch.DIFFERS)


def test_a_specimens_face_is_compared_too() -> None:
    (report,) = verify().page("x.pdf", FoundPage(1, (SPECIMEN,), (FACE,)))
    assert (report.verdict, report.face) == (Verdict.SPECIMEN, FaceMatch.MATCH)


def test_several_scans_one_a_line() -> None:
    found = verify().keystrokes("-", f"]L2{USUAL}\r\n]L2{SPECIMEN}\r\n")
    assert [report.verdict for report in found] == [Verdict.GENUINE, Verdict.SPECIMEN]


def test_a_damaged_scan_among_good_ones_is_told() -> None:
    found = verify().keystrokes("-", f"{USUAL}\n{USUAL[:-9]}\n\n{SPECIMEN}")
    verdicts = [report.verdict for report in found]
    assert verdicts == [Verdict.GENUINE, Verdict.MALFORMED, Verdict.SPECIMEN]


@pytest.mark.parametrize("width", [1, 7, 40, 80, 500])
def test_a_scan_broken_into_lines(width: int) -> None:
    text = "\n".join(USUAL[i : i + width] for i in range(0, len(USUAL), width))
    (report,) = verify().keystrokes("-", text)
    assert report.verdict is Verdict.GENUINE


@pytest.mark.parametrize("text", ["", "\n", " \t", "hello", "\x02\x03"])
def test_nothing_scanned(text: str) -> None:
    (report,) = verify().keystrokes("-", text)
    assert (report.verdict, report.reason) == (Verdict.UNREADABLE, "no_digits")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (USUAL, USUAL),
        (f"]L2{USUAL}\r\n", USUAL),
        (f"]l2{USUAL}", USUAL),
        (f"\x02PDF:{USUAL}#\x03", USUAL),
        (f"{USUAL[:50]} {USUAL[50:]}", USUAL),
        (f"{USUAL[:500]}x{USUAL[500:]}", f"{USUAL[:500]}x{USUAL[500:]}"),
        (f"{'x' * 40}{USUAL}", f"{'x' * 40}{USUAL}"),
    ],
)
def test_what_a_scanner_adds(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(max_size=300))
def test_any_keystrokes_get_a_verdict(text: str) -> None:
    for report in verify().keystrokes("-", text):
        assert report.verdict in (Verdict.UNREADABLE, Verdict.MALFORMED)


def test_the_bundles_age_is_told_beside_every_verdict() -> None:
    later = verify(datetime(2028, 1, 1, tzinfo=UTC))
    for text in (USUAL, "1", SPECIMEN):
        (report,) = later.keystrokes("-", text)
        assert report.bundle is not None
        assert (report.bundle.days, report.bundle.stale, report.bundle.expired) == (426, True, True)
    (fresh,) = verify().keystrokes("-", USUAL)
    assert fresh.bundle is not None
    assert (fresh.bundle.days, fresh.bundle.stale, fresh.bundle.expired) == (21, False, False)


def test_no_bundle() -> None:
    (report,) = Verify(OpenProfile(), None, SetClock(NOW)).keystrokes("-", USUAL)
    assert (report.verdict, report.reason) == (Verdict.UNKNOWN_ISSUER, "no_bundle")
    assert report.bundle is None
    assert report.license is None


def test_the_json_is_the_protocols() -> None:
    (report,) = verify().keystrokes("-", USUAL)
    told = report.as_json()
    assert set(told) == {field.name for field in fields(SymbolInfo)}
    assert told["mode"] == "live"
    assert told["issued_at"] == "2026-11-22T15:04:05Z"


def test_claims_sealed_to_another_authority_keep_the_verdict() -> None:
    judge = replace(verify(), opener=lambda envelope: None)
    (report,) = judge.keystrokes("-", USUAL)
    assert (report.verdict, report.claims) == (Verdict.GENUINE, None)


def test_claims_that_break_do_not_hide_an_earlier_verdict() -> None:
    def opener(envelope: Envelope) -> None:
        raise Refused("claims_not_opened")

    judge = replace(verify(), opener=opener)
    (specimen,) = judge.keystrokes("-", SPECIMEN)
    (genuine,) = judge.keystrokes("-", USUAL)
    assert specimen.verdict is Verdict.SPECIMEN
    assert (genuine.verdict, genuine.reason) == (Verdict.MALFORMED, "claims_not_opened")


def test_unproven_symbols_are_never_opened() -> None:
    """The authority's key meets only what a listed issuer signed."""

    def opener(envelope: Envelope) -> None:
        raise AssertionError

    forged = digits(seal(canonical.encode(header(kid=bytes(8)))))
    for text in (forged, "1", ""):
        replace(verify(), opener=opener).keystrokes("-", text)


def test_the_day_is_new_yorks() -> None:
    """Ten in the evening on the last day in New York is the next day in UTC."""
    last = replace(bundle().issuers[0], valid_to=datetime(2026, 11, 22).date())
    evening = datetime(2026, 11, 23, 3, tzinfo=UTC)
    judge = Verify(OpenProfile(), bundle(issuers=(last,)), SetClock(evening))

    def at(moment: datetime) -> Verdict:
        text = digits(seal(canonical.encode(header(stamp(issued_at=moment)))))
        return judge.keystrokes("-", text)[0].verdict

    assert at(evening) is Verdict.GENUINE
    assert at(evening + timedelta(hours=2)) is Verdict.INVALID_STATUS
