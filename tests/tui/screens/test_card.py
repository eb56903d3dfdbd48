"""What may be done with a card that is on its way, doubtful, or printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from iies_tui.session import protocol
from iies_tui.tui.app import IiesApp
from iies_tui.tui.dialogs.pin_again import PinNow
from iies_tui.tui.screens.generator import GeneratorScreen
from tests.support.driving import at, press, shown, until
from tests.support.fake_session import PIN
from tests.support.one_card import BACK, CARD, FRONT, REQUEST, OneCard, open_card

MakeApp = Callable[..., IiesApp]


async def test_a_doubtful_card_is_asked_about_after_sign_on(make_app: MakeApp) -> None:
    paper = OneCard("UNKNOWN", "job-aborted")
    paper.becomes(protocol.Answer, "SEALED")
    paper.becomes(protocol.Print, "RELEASED")
    paper.session.script[protocol.ListQueues] = lambda _: protocol.Queues([BACK, FRONT])
    app = make_app(paper.session)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        assert "Did this card print" in " ".join(shown(app).split())
        assert "Y It printed" in shown(app) and "P Print" not in shown(app)
        await press(pilot, "p", "n")
        await until(pilot, lambda: "Not printed yet" in shown(app))
        assert paper.asked(protocol.Answer) == [protocol.Answer(CARD.serial, printed=False)]
        await press(pilot, "p")
        await until(pilot, lambda: bool(paper.asked(protocol.Print)))
        assert paper.asked(protocol.Print) == [protocol.Print(serial=CARD.serial, queue="FRONT")]


async def test_a_held_card_is_let_go_or_taken_back(make_app: MakeApp) -> None:
    paper = OneCard("HELD", "job-held")
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
    paper = OneCard("COMPLETED")
    paper.session.script[protocol.ListQueues] = lambda _: protocol.Queues([BACK, FRONT])

    def refuse_first(request: protocol.Print) -> protocol.CardState | protocol.Failed:
        if not paper.session.secrets or paper.session.secrets[-1] != [b"13571357"]:
            return protocol.Failed(code="pin_needed")
        paper.card = replace(paper.card, paper=replace(paper.card.paper, state="RELEASED"))
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
    paper = OneCard("COMPLETED")
    paper.session.script[protocol.Reissue] = lambda _: protocol.Reissued(
        replace(CARD, paper=replace(CARD.paper, state="VOID")), REQUEST
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
    paper = OneCard("HANDED_OVER")
    paper.card = replace(paper.card, paper=replace(paper.card.paper, state="COMPLETED"))
    paper.becomes(protocol.Void, "VOID")
    app = make_app(paper.session)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        await press(pilot, "v")
        await at(pilot, PinNow)
        await press(pilot, PIN, "<enter>")
        await until(pilot, lambda: "Destroy every copy" in shown(app))
        assert [one.reason for one in paper.asked(protocol.Void)] == ["other"]
