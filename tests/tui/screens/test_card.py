"""What may be done with a card that is on its way, doubtful, or printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from iies_tui.session import protocol
from iies_tui.tui.app import IiesApp
from iies_tui.tui.dialogs.pin_again import PinNow
from iies_tui.tui.dialogs.question import Question
from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.review import ReviewScreen
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


async def _correcting(pilot: Any) -> None:
    await press(pilot, "e")
    await at(pilot, PinNow)
    await press(pilot, PIN, "<enter>")
    await at(pilot, GeneratorScreen)
    await until(pilot, lambda: f"Correcting {CARD.serial}" in shown(pilot.app))


async def test_a_card_stands_until_the_one_that_corrects_it_is_issued(make_app: MakeApp) -> None:
    paper = OneCard("COMPLETED")
    paper.session.script[protocol.Reissue] = lambda _: protocol.Reissued(CARD, REQUEST)
    app = make_app(paper.session)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        await _correcting(pilot)
        assert "PA-1234567-01" in shown(app)
        assert not paper.asked(protocol.Void) and not paper.asked(protocol.Issue)
        await press(pilot, "<f9>")
        await at(pilot, ReviewScreen)
        await press(pilot, "<enter>")
        await until(pilot, lambda: "Destroy every copy" in shown(app))
        assert CARD.serial in shown(app)
    assert {one.corrects for one in paper.asked(protocol.Check)} >= {CARD.serial}
    assert [one.corrects for one in paper.asked(protocol.Issue)] == [CARD.serial]


async def test_a_correction_that_was_signed_off_asks_for_the_pin_again(make_app: MakeApp) -> None:
    """The form comes back with the draft; that the PIN was given, the session has forgotten."""
    paper = OneCard("COMPLETED")
    paper.session.script[protocol.Reissue] = lambda _: protocol.Reissued(CARD, REQUEST)
    issue = paper.session._issue

    def only_proven(request: protocol.Issue) -> Any:
        given = [one for one in paper.session.secrets if one]
        return issue(request, []) if len(given) > 2 else protocol.Failed(code="pin_needed")

    paper.session.script[protocol.Issue] = only_proven
    app = make_app(paper.session)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        await _correcting(pilot)
        await press(pilot, "<f9>")
        await at(pilot, ReviewScreen)
        await press(pilot, "<enter>")
        await at(pilot, PinNow)
        await press(pilot, PIN, "<enter>")
        await until(pilot, lambda: "Destroy every copy" in shown(app))
    assert len(paper.asked(protocol.Issue)) == 2


async def test_a_cleared_correction_leaves_the_card_as_it_is(make_app: MakeApp) -> None:
    paper = OneCard("COMPLETED")
    paper.session.script[protocol.Reissue] = lambda _: protocol.Reissued(CARD, REQUEST)
    app = make_app(paper.session)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        await _correcting(pilot)
        await press(pilot, "<escape>")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await press(pilot, "y")
        await until(pilot, lambda: "Type the company's code" in shown(app))
        generator = app.screen
        assert isinstance(generator, GeneratorScreen) and generator._form.corrects == ""
    assert not paper.asked(protocol.Void)


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
