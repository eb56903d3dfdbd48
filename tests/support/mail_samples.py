"""Messages of the outbox for the tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from iies_tui.domain.mail import MailEntry, MailState

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


def entry(state: MailState = MailState.QUEUED, **changes: Any) -> MailEntry:
    made: dict[str, Any] = {
        "id": "0123456789abcdef",
        "serial": "7K3M9QXD-000123-X",
        "address": "jane.doe@customer.example",
        "fax_sheet": False,
        "queued_at": NOW,
        "due": NOW,
        **changes,
    }
    return MailEntry(state=state, **made)
