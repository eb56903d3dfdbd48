"""Options: each slip at its field, all at once; asked before changes are thrown away."""

from __future__ import annotations

from collections.abc import Callable

from iies_tui.domain.card import Form
from iies_tui.domain.options import Options
from iies_tui.session import protocol
from iies_tui.tui.app import IiesApp
from iies_tui.tui.dialogs.question import Question
from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.options import OptionsScreen
from iies_tui.tui.widgets.text_field import TextField
from tests.support.driving import at, press, shown, until
from tests.support.fake_session import FakeSession
from tests.support.form_keys import sign_on

MakeApp = Callable[..., IiesApp]


async def test_slips_are_told_and_what_is_right_is_saved_and_used(make_app: MakeApp) -> None:
    session = FakeSession()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        assert "Tip: with Options (F3)" in shown(app)
        await press(pilot, "<f3>")
        await at(pilot, OptionsScreen)
        await press(pilot, "Empire Street Agency", *["<enter>"] * 5, "999", "<enter>", "<right>")
        await press(pilot, "<enter>", "1y", *["<enter>"] * 3, "<right>")
        app.screen.query_one("#sign_off_minutes", TextField).enter()
        await press(pilot, "16", "<f9>")
        await until(pilot, lambda: "3 errors" in shown(app))
        assert "No company on this list has code 999" in shown(app)
        assert "Type how far ahead: +1y" in shown(app)
        assert app.screen.query_one("#sign_off_minutes", TextField).has_error
        assert app.focused is not None and app.focused.id == "default_icc-entry"
        assert session.options == Options()
        await press(pilot, "<home>", *["<delete>"] * 3, "901", "<enter>", "<enter>")
        await press(pilot, "<home>", "+")
        app.screen.query_one("#sign_off_minutes", TextField).enter()
        await press(pilot, "<backspace>", "<backspace>", "15", "<enter>")
        await at(pilot, GeneratorScreen)
        assert session.options.parts == 4 and session.options.default_form is Form.FS_21
        assert session.options.agency_name == "Empire Street Agency"
        await until(pilot, lambda: "NORTH COUNTRY MUTUAL" in shown(app))
        await press(pilot, "PA-1", "<enter>", "1201", "<enter>")
        expiration = app.screen.query_one("#expiration", TextField)
        await until(pilot, lambda: expiration.value == "12/01/2027")


async def test_changes_are_not_thrown_away_unasked_and_a_test_page_is_printed(
    make_app: MakeApp,
) -> None:
    session = FakeSession(options=Options(agency_name="A", queue="FRONT"))
    session.script[protocol.TestPage] = lambda _: protocol.Tested(7, "COMPLETED")
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, "<f3>")
        await at(pilot, OptionsScreen)
        await press(pilot, "<f5>")
        await until(pilot, lambda: any(isinstance(a, protocol.TestPage) for a in session.asked))
        await press(pilot, "<escape>")
        await at(pilot, GeneratorScreen)
        await press(pilot, "<f3>")
        await at(pilot, OptionsScreen)
        await press(pilot, "B", "<escape>")
        await at(pilot, Question)
        await press(pilot, "<escape>")
        await at(pilot, OptionsScreen)
        await press(pilot, "<escape>")
        await at(pilot, Question)
        await press(pilot, "<enter>")
        await at(pilot, GeneratorScreen)
        assert session.options.agency_name == "A"
