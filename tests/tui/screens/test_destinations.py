"""Where a card goes from the form: CUPS' default printer, a fax queue; the page Options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from iies_tui.domain.options import Options
from iies_tui.session import protocol
from iies_tui.text import words
from iies_tui.tui.app import IiesApp
from iies_tui.tui.form.issue import IssuePane
from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.options import OptionsScreen
from iies_tui.tui.screens.printers import FaxNumber
from iies_tui.tui.screens.result import ResultScreen
from iies_tui.tui.screens.review import ReviewScreen
from iies_tui.tui.widgets.text_field import TextField
from tests.support.driving import at, press, shown, until
from tests.support.fake_session import TERMINAL, FakeSession
from tests.support.form_keys import ADDRESS, INSURANCE, PERSON, VEHICLE, sign_on

MakeApp = Callable[..., IiesApp]
FRONT = protocol.QueueInfo(
    name="FRONT", description="Front", accepting=True, stopped=False, default=True, fax=False
)
FAX = protocol.QueueInfo(
    name="FAX", description="Fax", accepting=True, stopped=False, default=False, fax=True
)


def issued(session: FakeSession) -> list[protocol.Issue]:
    return [one for one in session.asked if isinstance(one, protocol.Issue)]


async def fill_in(pilot: Any) -> None:
    await sign_on(pilot)
    await press(pilot, *INSURANCE, "<enter>", *PERSON, *ADDRESS, *VEHICLE)


async def test_cups_default_printer_is_offered_first_where_nobody_chose_one(
    make_app: MakeApp,
) -> None:
    session = FakeSession(queues=[FAX, FRONT])
    async with make_app(session).run_test(size=(80, 24)) as pilot:
        await fill_in(pilot)
        await press(pilot, "<f9>")
        await at(pilot, ReviewScreen)
        await press(pilot, "<enter>")
        await at(pilot, ResultScreen)
        await until(pilot, lambda: bool(issued(session)))
        assert [(one.queue, one.fax_to) for one in issued(session)] == [("FRONT", "")]


async def test_the_terminals_own_printer_goes_before_cups_default(make_app: MakeApp) -> None:
    back = replace(FRONT, name="BACK", default=False)
    session = FakeSession(queues=[back, FRONT], terminal=replace(TERMINAL, printer="BACK"))
    async with make_app(session).run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await until(pilot, lambda: pilot.app.screen.query_one(IssuePane).form.queue == "BACK")


async def test_a_fax_queue_asks_for_the_number_after_the_review(make_app: MakeApp) -> None:
    session = FakeSession(queues=[FAX], terminal=replace(TERMINAL, printer="FAX"))
    async with make_app(session).run_test(size=(80, 24)) as pilot:
        await fill_in(pilot)
        await press(pilot, "<f9>")
        await at(pilot, ReviewScreen)
        await press(pilot, "<enter>")
        await at(pilot, FaxNumber)
        await press(pilot, "<escape>")
        await at(pilot, GeneratorScreen)
        assert issued(session) == []
        await press(pilot, "<f9>")
        await at(pilot, ReviewScreen)
        await press(pilot, "<enter>")
        await at(pilot, FaxNumber)
        await press(pilot, "518-555-0100", "<enter>")
        await at(pilot, ResultScreen)
        await until(pilot, lambda: bool(issued(session)))
        assert [(one.queue, one.fax_to) for one in issued(session)] == [("FAX", "518-555-0100")]


async def test_the_page_options_are_chosen_with_the_arrows_and_saved(make_app: MakeApp) -> None:
    session = FakeSession()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, "<f3>")
        await at(pilot, OptionsScreen)
        options = app.screen
        options.query_one("#page_layout-entry").focus()
        await press(pilot, "<right>", "<enter>", "<right>", "<enter>", "<right>", "<right>", "<f9>")
        await at(pilot, GeneratorScreen)
        (saved,) = (one for one in session.asked if isinstance(one, protocol.SetOptions))
        assert saved.values["page_layout"] == "window"
        assert saved.values["page_information"] == "yes"
        assert saved.values["fax_file"] == "g3-standard"
        assert saved.values["fax_cover"] == "no"


async def test_a_test_page_that_is_on_its_way_is_asked_after_until_it_is_out(
    make_app: MakeApp,
) -> None:
    session = FakeSession(options=Options(queue="FRONT"))
    session.script[protocol.TestPage] = lambda _: protocol.Tested(7, "RELEASED")
    states = iter(["RELEASED", "COMPLETED"])
    session.script[protocol.WatchTestPage] = lambda asked: protocol.Tested(asked.job, next(states))
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, "<f3>")
        await at(pilot, OptionsScreen)
        await until(pilot, lambda: app.screen.query_one("#queue", TextField).value == "FRONT")
        await press(pilot, "<f5>")
        await until(pilot, lambda: "The test page has printed" in shown(app))
        watched = [one for one in session.asked if isinstance(one, protocol.WatchTestPage)]
        assert watched == [protocol.WatchTestPage("FRONT", 7)] * 2


async def test_a_test_page_from_options_says_what_came_of_it(make_app: MakeApp) -> None:
    session = FakeSession()
    session.script[protocol.TestPage] = lambda _: protocol.Tested(1, "BLOCKED", ["media-empty"])
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, "<f3>")
        await at(pilot, OptionsScreen)
        assert "Test page" in shown(app)
        await press(pilot, "<f5>")
        await until(pilot, lambda: words("test_page.no_queue") in shown(app))
        app.screen.query_one("#queue-entry").focus()
        await press(pilot, "FRONT", "<f5>")
        await until(pilot, lambda: "out of paper" in shown(app))
        assert [one.queue for one in session.asked if isinstance(one, protocol.TestPage)] == [
            "FRONT"
        ]
