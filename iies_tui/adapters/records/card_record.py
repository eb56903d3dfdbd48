"""A sealed card to JSON and back, for the register."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, cast

from iies_tui.adapters.records.database import STORED
from iies_tui.domain import strict_json
from iies_tui.domain.card import (
    Agency,
    CardFacts,
    Form,
    Layout,
    Mode,
    Organization,
    Registrant,
    SealedCard,
    Vehicle,
)


def to_json(card: SealedCard) -> str:
    """The whole card; dates ISO, enumerations by value."""

    def plain(value: object) -> object:
        if isinstance(value, date):
            return value.isoformat()
        raise TypeError(type(value).__name__)

    return json.dumps(asdict(card), default=plain, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> SealedCard:
    """The card that ``to_json`` wrote. Raise ValueError, KeyError, TypeError for anything else."""
    data = cast("dict[str, Any]", strict_json.load(text, STORED))
    facts: dict[str, Any] = data["facts"]
    organization, vehicle, agency = facts["organization"], facts["vehicle"], data["agency"]
    return SealedCard(
        facts=CardFacts(
            form=Form(facts["form"]),
            license=facts["license"],
            icc=facts["icc"],
            insurer_name=facts["insurer_name"],
            policy=facts["policy"],
            current=date.fromisoformat(facts["current"]),
            effective=date.fromisoformat(facts["effective"]),
            expiration=date.fromisoformat(facts["expiration"]),
            registrants=tuple(Registrant(**entry) for entry in facts["registrants"]),
            organization=Organization(**organization) if organization else None,
            address=tuple(facts["address"]),
            vehicle=Vehicle(**vehicle) if vehicle else None,
            # Not in a register of before rules could be waived.
            as_registered=tuple(facts.get("as_registered", ())),
            waived=tuple(facts.get("waived", ())),
        ),
        serial=data["serial"],
        check_code=data["check_code"],
        mode=Mode(data["mode"]),
        mode_reason=data["mode_reason"],
        issued_at=datetime.fromisoformat(data["issued_at"]),
        digits=data["digits"],
        authority=data["authority"],
        root_words=data["root_words"],
        agency=Agency(**{**agency, "address": tuple(agency["address"])}),
        # Not in a register of before there was a choice.
        layout=Layout(data.get("layout", Layout.PLAIN)),
        information=data.get("information", ""),
    )
