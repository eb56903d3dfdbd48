"""What may be done with a card that is on its way, doubtful, or printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from iies_tui.session import protocol
from iies_tui.tui.app import IiesApp
from iies_tui.tui.screens.card import CardDialog, PinNow
from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.register import RegisterScreen
from iies_tui.tui.screens.start import StartScreen
from tests.support.driving import at, press, shown, until
from tests.support.fake_session import PIN, FakeSession, card_of

MakeApp = Callable[..., IiesApp]
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
CARD = replace(card_of(REQUEST, 1, "2003 HONDA 1HGCM82633A004352"), queue="FRONT", job=7)
FRONT = protocol.QueueInfo("FRONT", "Front", True, False, True, False)
BACK = protocol.QueueInfo("BACK", "Back", True, False, False, False)


class Paper:
    """Answers as the session would, one state after another."""

    def __init__(self, state: str, *reasons: str) -> None:
        self.card = replace(CARD, state=state, reasons=list(reasons))
        self.session = FakeSession(opened=[self.card], queues=[BACK, FRONT])
        for kind in (protocol.Watch, protocol.Withdraw):
            self.session.script[kind] = lambda request: protocol.CardState(self.card)

    def becomes(self, kind: type[Any], state: str) -> None:
        def answer(request: Any) -> protocol.CardState:
            self.card = replace(self.card, state=state, reasons=[])
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


async def test_a_doubtful_card_is_asked_about_after_sign_on(make_app: MakeApp) -> None:
    paper = Paper("UNKNOWN", "job-aborted")
    paper.becomes(protocol.Answer, "SEALED")
    paper.becomes(protocol.Print, "RELEASED")
    paper.session.script[protocol.ListQueues] = lambda _: protocol.Queues([BACK, FRONT])
    app = make_app(paper.session)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        assert "did this card come out" in " ".join(shown(app).split())
        assert "Y It came out" in shown(app) and "P Print" not in shown(app)
        await press(pilot, "p", "n")
        await until(pilot, lambda: "Not printed yet" in shown(app))
        assert paper.asked(protocol.Answer) == [protocol.Answer(CARD.serial, printed=False)]
        await press(pilot, "p")
        await until(pilot, lambda: bool(paper.asked(protocol.Print)))
        assert paper.asked(protocol.Print) == [protocol.Print(CARD.serial, "FRONT")]


async def test_a_held_card_is_let_go_or_taken_back(make_app: MakeApp) -> None:
    paper = Paper("HELD", "job-held")
    paper.becomes(protocol.PrintNow, "RELEASED")
    app = make_app(paper.session)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        await press(pilot, "p")
        await until(pilot, lambda: "Printing" in shown(app))
        assert paper.asked(protocol.PrintNow) == [protocol.PrintNow(CARD.serial)]
        await press(pilot, "c")
        await until(pilot, lambda: bool(paper.asked(protocol.Withdraw)))


async def test_a_reprint_is_counted_and_asks_for_the_pin(make_app: MakeApp) -> None:
    paper = Paper("COMPLETED")
    paper.session.script[protocol.ListQueues] = lambda _: protocol.Queues([BACK, FRONT])

    def refuse_first(request: protocol.Print) -> protocol.CardState | protocol.Failed:
        if not paper.session.secrets or paper.session.secrets[-1] != [b"13571357"]:
            return protocol.Failed("pin_needed")
        paper.card = replace(paper.card, state="RELEASED")
        return protocol.CardState(paper.card)

    paper.session.script[protocol.Print] = refuse_first
    app = make_app(paper.session)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        await press(pilot, "m")
        await until(pilot, lambda: "BACK" in shown(app))
        await press(pilot, "<enter>")
        await at(pilot, PinNow)
        assert "reprint 1" in shown(app)
        await press(pilot, "13571357", "<enter>")
        await until(pilot, lambda: "Printing" in shown(app))
        assert [one.queue for one in paper.asked(protocol.Print)] == ["BACK", "BACK"]


async def test_correct_and_reissue_opens_the_form_filled_in(make_app: MakeApp) -> None:
    paper = Paper("COMPLETED")
    paper.session.script[protocol.Reissue] = lambda _: protocol.Reissued(
        replace(CARD, state="VOID"), REQUEST
    )
    app = make_app(paper.session)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        await press(pilot, "e")
        await at(pilot, PinNow)
        await press(pilot, PIN, "<enter>")
        await until(pilot, lambda: "Destroy every copy" in shown(app))
        assert CARD.serial in shown(app)
        await press(pilot, "<enter>")
        await at(pilot, GeneratorScreen)
        await until(pilot, lambda: "PA-1234567-01" in shown(app))
        await press(pilot, "<f6>")
        await until(pilot, lambda: "1 MAIN ST" in shown(app))


async def test_void_tells_to_destroy(make_app: MakeApp) -> None:
    paper = Paper("HANDED_OVER")
    paper.card = replace(paper.card, state="COMPLETED")
    paper.becomes(protocol.Void, "VOID")
    app = make_app(paper.session)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        await press(pilot, "v")
        await at(pilot, PinNow)
        await press(pilot, PIN, "<enter>")
        await until(pilot, lambda: "Destroy every copy" in shown(app))
        assert [one.reason for one in paper.asked(protocol.Void)] == ["other"]
