"""Names as DMV's alphabet has them go unchanged through request, claims, paper, symbol and verify.

What the alphabet has not is refused before anything is printed, with what to type instead.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from iies_tui.adapters.barcode import claims
from iies_tui.adapters.barcode.profile_open import OpenProfile
from iies_tui.adapters.paper import LetterPaper
from iies_tui.adapters.reading.symbol_reader import ZxingReader
from iies_tui.domain.card import CardFacts, Organization, Registrant
from iies_tui.domain.dates import Limits
from iies_tui.domain.envelope import MAX_CLAIMS, FaceMatch, Verdict
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.names import MAX_FIRST, MAX_LAST, MAX_ORGANIZATION
from iies_tui.domain.request import examine, read
from iies_tui.issuance.checking.verify import Verify
from tests.support.authority_helpers import SetClock
from tests.support.samples import sealed
from tests.support.trust_samples import (
    CHECK_CODE,
    RECIPIENT,
    SERIAL,
    TO,
    bundle,
    facts,
    issuer_keys,
    stamp,
)

PEOPLE = [("O'NEILL-VAN DER BERG", "MARY ANN"), ("SAINT-JOHN", "AN"), ("LI", "X")]
ORGANIZATIONS = [
    "MOHAWK & SONS TRUCKING INC",
    "A & B #2, LLC",
    ("ADIRONDACK " * 20)[:MAX_ORGANIZATION].strip(),
]


def _there_and_back(card: CardFacts) -> dict[str, Any]:
    profile = OpenProfile()
    envelope = profile.seal(card, stamp(card), issuer_keys(), TO)
    paper = replace(
        sealed(card),
        facts=card,
        serial=str(SERIAL),
        check_code=CHECK_CODE,
        digits=profile.digits(envelope),
    )
    pages = list(ZxingReader().pages(LetterPaper("test").card_page([paper]).pdf))
    verify = Verify(
        profile,
        bundle(),
        SetClock(datetime(2026, 11, 22, 16, tzinfo=UTC)),
        lambda found: profile.open(found, RECIPIENT.private_bytes_raw()),
    )
    reports = [report for page in pages for report in verify.page("card", page)]
    assert len(reports) == 2
    for report in reports:
        assert (report.verdict, report.face) == (Verdict.GENUINE, FaceMatch.MATCH)
    return dict(reports[0].claims or {})


def _request(**changes: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "form": "FS-20",
        "icc": "901",
        "policy": "PA-1",
        "effective": "2026-12-01",
        "expiration": "2027-12-01",
        "registrants": [],
        "organization": None,
        "vehicles": [{"year": 2003, "make": "HONDA", "vin": "1HGCM82633A004352"}],
    }
    return {**usual, **changes}


@pytest.mark.parametrize(("last", "first"), PEOPLE)
def test_persons(last: str, first: str) -> None:
    reading = read(_request(registrants=[{"last": last.lower(), "first": first.lower()}]))
    assert not [one for one in reading.findings.problems if "name" in one.code], reading.findings
    told = _there_and_back(facts(registrants=(Registrant(last, first),)))
    (who,) = told["registrants"]
    assert (who["last"], who["first"]) == (last, first)


@pytest.mark.parametrize("name", ORGANIZATIONS)
def test_organizations(name: str) -> None:
    reading = read(_request(organization={"name": name.lower(), "fein": "123456780"}))
    assert reading.request is not None, reading.findings
    assert reading.request.organization is not None
    assert reading.request.organization.name == name
    told = _there_and_back(
        facts(registrants=(), organization=Organization(name, "123456780"), vehicle=None)
    )
    assert told["organization"] == {"name": name, "fein": "123456780"}


def test_the_longest_names_that_the_rules_take_fit_the_claims() -> None:
    longest = Registrant("W" * MAX_LAST, "M" * MAX_FIRST, "Q", "VIII", "123456789")
    card = facts(registrants=(longest,), policy="P" * 25)
    assert len(claims.encode(card)) <= MAX_CLAIMS


@pytest.mark.parametrize("decomposed", [False, True])
def test_an_accent_is_told_with_what_to_type(decomposed: bool) -> None:
    name = "MUN\u0303OZ" if decomposed else "MU\u00d1OZ"
    examined = examine(
        _request(registrants=[{"last": name, "first": "JOSE"}]),
        insurer=lambda icc: Insurer(icc, "NORTH COUNTRY MUTUAL INS CO"),
        license="PC-123456",
        today=date(2026, 11, 22),
        limits=Limits(),
    )
    assert examined.request is None
    (problem,) = examined.findings.problems
    assert problem.field == "registrants[0].last"
    assert problem.params["proposal"] == "MUNOZ"
    assert problem.params["sign"] == "\u00d1"


def test_an_accent_in_the_claims_is_nfc_and_comes_back_whole() -> None:
    """A card of a list that keeps accents (a vendor's rules) is not changed silently either."""
    told = _there_and_back(facts(registrants=(Registrant("MU\u00d1OZ", "JOS\u00c9"),)))
    (who,) = told["registrants"]
    assert who["last"] == "MU\u00d1OZ"
