"""*Add Issuer*: what Setup takes, and what it leaves in the trail."""

from __future__ import annotations

from pathlib import Path

import pytest

from iies_tui.domain.errors import Refused
from iies_tui.issuance.keys.enrol import AddIssuer
from tests.support.office import KEY, LICENSE, Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def add(office: Office, license: str, key: bytes, *, use_anyway: bool = False) -> object:
    case = AddIssuer(office.vault, office.throttle, office.trail, office.clock, office.registers)
    return case(license, key, use_anyway=use_anyway)


def test_sealed_and_trailed_with_its_tail_alone(office: Office) -> None:
    add(office, LICENSE.lower(), KEY)
    (issuer,) = office.vault.issuers()
    assert (issuer.license, issuer.kid) == (LICENSE, None)
    row = office.trail.head()
    assert row.event == "issuer_added"
    assert row.details == {"license": LICENSE, "key_tail": "00098", "kdf": 1}


def test_all_that_is_wrong_is_told_at_once(office: Office) -> None:
    with pytest.raises(Refused) as caught:
        add(office, "PC 1", KEY[:35])
    assert [(one.field, one.code) for one in caught.value.problems] == [
        ("license", "license_blanks"), ("key", "key_length"),
    ]  # fmt: skip
    assert office.vault.issuers() == ()


def test_check_digits_and_use_it_anyway(office: Office) -> None:
    foreign = b"ANOTHER-36-character-KEY-of-no-check"
    with pytest.raises(Refused, match="key_check_failed"):
        add(office, LICENSE, foreign)
    add(office, LICENSE, foreign, use_anyway=True)
    assert office.vault.unseal(LICENSE) == foreign


def test_anyway_is_for_the_check_digits_alone(office: Office) -> None:
    with pytest.raises(Refused, match="setup_refused"):
        add(office, LICENSE, KEY[:35], use_anyway=True)
