"""One issued card on a fake session: its request, its states one after another, its dialog."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from iies_tui.session import protocol
from iies_tui.tui.screens.card import CardDialog
from iies_tui.tui.screens.register import RegisterScreen
from iies_tui.tui.screens.start import StartScreen
from tests.support.driving import at, press
from tests.support.fake_session import PIN, FakeSession, card_of

REQUEST: protocol.Json = {
    "form": "FS-20",
    "icc": "901",
    "policy": "PA-1234567-01",
    "effective": "2026-12-01",
    "expiration": "2027-12-01",
    "registrants": [
        {"last": "DOE", "first": "JOHN", "middle": "Q", "suffix": "", "driver_license": ""}
    ],
    "organization": None,
    "address": ["1 MAIN ST", "ALBANY NY 12207"],
    "vehicles": [{"year": 2003, "make": "HONDA", "vin": "1HGCM82633A004352"}],
}
CARD = replace(
    card_of(REQUEST, 1, "2003 HONDA 1HGCM82633A004352"),
    paper=replace(card_of(REQUEST, 1, "2003 HONDA 1HGCM82633A004352").paper, queue="FRONT", job=7),
)
FRONT = protocol.QueueInfo(
    name="FRONT", description="Front", accepting=True, stopped=False, default=True, fax=False
)
BACK = protocol.QueueInfo(
    name="BACK", description="Back", accepting=True, stopped=False, default=False, fax=False
)


class OneCard:
    """``CARD`` in the session's register; answers as the session would, state after state."""

    def __init__(self, state: str, *reasons: str) -> None:
        self.card = replace(CARD, paper=replace(CARD.paper, state=state, reasons=list(reasons)))
        self.session = FakeSession(opened=[self.card], queues=[BACK, FRONT])
        for kind in (protocol.Watch, protocol.Withdraw):
            self.session.script[kind] = lambda request: protocol.CardState(self.card)

    def becomes(self, kind: type[Any], state: str) -> None:
        def answer(request: Any) -> protocol.CardState:
            self.card = replace(self.card, paper=replace(self.card.paper, state=state, reasons=[]))
            return protocol.CardState(self.card)

        self.session.script[kind] = answer

    def asked(self, kind: type[Any]) -> list[Any]:
        return [one for one in self.session.asked if isinstance(one, kind)]


async def open_card(pilot: Any) -> None:
    """Sign on; what is open is shown; Enter opens it."""
    await at(pilot, StartScreen)
    await press(pilot, PIN, "<enter>")
    await at(pilot, RegisterScreen)
    await press(pilot, "<enter>")
    await at(pilot, CardDialog)
