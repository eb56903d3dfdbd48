"""What a clerk who is new to it does at the counter: capital letters, a field filled in already."""

from __future__ import annotations

from collections.abc import Callable

from iies_tui.domain.delivery import State
from iies_tui.session import protocol
from iies_tui.tui.app import IiesApp
from iies_tui.tui.screens.card import CardDialog
from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.register import RegisterScreen
from iies_tui.tui.screens.review import more_of
from iies_tui.tui.screens.start import StartScreen
from iies_tui.tui.widgets.text_field import TextField
from tests.support.driving import at, press, shown, until
from tests.support.fake_session import PIN, FakeSession
from tests.support.one_card import OneCard

MakeApp = Callable[..., IiesApp]


async def test_a_capital_h_puts_a_saved_card_in_hand(make_app: MakeApp) -> None:
    paper = OneCard(State.SAVED.value)
    paper.becomes(protocol.HandOver, State.HANDED_OVER.value)
    app = make_app(paper.session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, PIN, "<enter>")
        await at(pilot, RegisterScreen)
        await press(pilot, "<enter>")
        await at(pilot, CardDialog)
        assert "trail row 0" not in shown(app)
        await press(pilot, "H")
        await until(pilot, lambda: "Not yet in the customer" not in shown(app))
        assert len(paper.asked(protocol.HandOver)) == 1


async def test_typing_replaces_a_company_code_and_arrows_keep_it(make_app: MakeApp) -> None:
    app = make_app(FakeSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, PIN, "<enter>")
        await at(pilot, GeneratorScreen)
        code = app.screen.query_one("#icc", TextField)
        await until(pilot, lambda: code.target.has_focus)
        await press(pilot, "901")
        code.enter()
        await press(pilot, "042")
        await until(pilot, lambda: code.value == "042")
        code.enter()
        await press(pilot, "<end>", "1")
        await until(pilot, lambda: code.value == "0421")


async def test_letters_of_no_company_are_told_and_the_error_goes(make_app: MakeApp) -> None:
    app = make_app(FakeSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, PIN, "<enter>")
        await at(pilot, GeneratorScreen)
        code = app.screen.query_one("#icc", TextField)
        await until(pilot, lambda: code.target.has_focus)
        await press(pilot, "ZZZQ")
        await until(pilot, lambda: "No company found" in shown(app))
        await press(pilot, "<enter>")
        await until(pilot, lambda: code.has_error)
        await press(pilot, "<backspace>")
        await until(pilot, lambda: not code.has_error)


def test_review_shows_fein_and_fleet() -> None:
    fleet = protocol.FleetInfo(vehicles=12, for_hire=True)
    rows = more_of(protocol.Checked(problems=[], notes=[], fein="123456789", fleet=fleet))
    assert [value for _, value in rows] == ["12-3456789", "12 vehicles, for hire"]
