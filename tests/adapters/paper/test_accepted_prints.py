"""What the rules accept at its longest, in letters of usual width, fits card page and fax sheet."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from iies_tui.adapters.paper.letter import LetterPaper
from iies_tui.domain import names
from iies_tui.domain.card import (
    CardRequest,
    Form,
    Mode,
    Organization,
    Registrant,
    SealedCard,
    Vehicle,
)
from iies_tui.domain.dates import Limits
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.request import examine, facts, to_json

TODAY = date(2026, 11, 22)
LAST = "FEATHERSTONEHAUGH-VANDENBERGHE-ABERNATHY"[: names.MAX_LAST]
FIRST = "MARIA DE LOS ANGELES GUADALUPE CONCEPCIO"[: names.MAX_FIRST]
PERSON = Registrant(LAST, FIRST, "Q", "VIII", "123456789")
SHORT = names.MAX_TOGETHER // 2 - names.MAX_LAST
COUPLE = tuple(
    Registrant(LAST, first, "Q", "VIII", number)
    for first, number in ((FIRST[:SHORT], "123456789"), (FIRST[SHORT:][:SHORT], "987654321"))
)
COMPANY = Organization(
    "GREATER MOHAWK VALLEY REGIONAL TRANSPORTATION & LOGISTICS CO"[: names.MAX_ORGANIZATION],
    "123456789",
)
STREET = "12345 MOUNT WASHINGTON MEMORIAL HIGHWAY W"
INSURER = Insurer("901", "GREATER MOHAWK VALLEY MANUFACTURERS MUTUAL INSURANCE COMPANY")


@pytest.mark.parametrize(
    ("people", "organization"), [((PERSON,), None), (COUPLE, None), ((), COMPANY)]
)
@pytest.mark.parametrize(
    "address", [(STREET[: names.MAX_LINE],) * 3, (STREET[: names.MAX_LINE_OF_FOUR],) * 4]
)
def test_the_longest_that_is_accepted_prints(
    people: tuple[Registrant, ...], organization: Organization | None, address: tuple[str, ...]
) -> None:
    request = CardRequest(
        form=Form.FS_20,
        icc="901",
        policy="PAN-1234567-01-2026-AB-99"[: names.MAX_POLICY],
        effective=date(2026, 12, 1),
        expiration=date(2027, 12, 1),
        registrants=people,
        organization=organization,
        address=address,
        vehicles=(Vehicle(2003, "ME/BE", "1HGCM82633A004352"),),
        fleet=None,
    )
    license = "BR-123456/1234567890-1234"[:24]
    found = examine(
        to_json(request),
        insurer={INSURER.icc: INSURER}.get,
        license=license,
        today=TODAY,
        limits=Limits(),
    ).findings
    assert found.problems == ()
    (stated,) = facts(request, license, INSURER, TODAY)
    card = SealedCard(
        facts=stated,
        serial="7K3M9QXD-000123-X",
        check_code="7K3M9QXDW2",
        mode=Mode.TRAINING,
        mode_reason="training_bundle",
        issued_at=datetime(2026, 11, 22, tzinfo=UTC),
        digits="1" * 1200,
        authority="TRAINING AUTHORITY",
        root_words="able baker charlie delta",
    )
    paper = LetterPaper("test")
    assert paper.card_page([card]).pages == 1
    assert paper.fax_sheet(card).pages == 1
