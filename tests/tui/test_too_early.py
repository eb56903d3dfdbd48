"""Keys typed before Start was there go where a function key leads, or nowhere: never to the PIN."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from iies_tui.session import protocol
from iies_tui.tui.app import IiesApp
from iies_tui.tui.dialogs.wait import WaitScreen
from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.start import StartScreen
from iies_tui.tui.screens.verify import VerifyScreen
from iies_tui.tui.widgets.secret import SecretField
from tests.support.driving import at, burst, press, shown, until
from tests.support.fake_session import PIN, FakeSession

MakeApp = Callable[..., IiesApp]


def slow_to_start() -> tuple[FakeSession, asyncio.Event]:
    """A session that says only then what this terminal is."""
    session, ready = FakeSession(), asyncio.Event()

    async def hello(_: protocol.Hello) -> protocol.Terminal:
        await ready.wait()
        return session.terminal

    session.script[protocol.Hello] = hello
    session.script[protocol.Verify] = lambda _: protocol.Verified([])
    return session, ready


def asked(session: FakeSession, kind: type[object]) -> list[object]:
    return [one for one in session.asked if isinstance(one, kind)]


async def test_a_file_for_verify_gets_there(make_app: MakeApp) -> None:
    session, ready = slow_to_start()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, WaitScreen)
        burst(app, "<f5>", "/stick/card.pdf", "<enter>")
        await pilot.pause(0.1)
        ready.set()
        await at(pilot, VerifyScreen)
        await until(pilot, lambda: bool(asked(session, protocol.Verify)))
    assert asked(session, protocol.Verify) == [protocol.Verify(path="/stick/card.pdf")]
    assert not asked(session, protocol.SignOn)


async def test_what_was_meant_for_a_form_is_dropped_and_told(make_app: MakeApp) -> None:
    session, ready = slow_to_start()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, WaitScreen)
        burst(app, "<f7>", "PA-1234", "<enter>")
        await pilot.pause(0.1)
        ready.set()
        await at(pilot, StartScreen)
        await until(pilot, lambda: "your typing was dropped" in shown(app))
        assert app.screen.query_one("#pin", SecretField).line.characters == 0
        assert not asked(session, protocol.SignOn)
        await pilot.pause(1.2)
        await press(pilot, PIN, "<enter>")
        await at(pilot, GeneratorScreen)
    assert session.secrets == [[PIN.encode()]]


async def test_the_rest_of_it_that_comes_later_is_dropped_with_it(make_app: MakeApp) -> None:
    session, ready = slow_to_start()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, WaitScreen)
        burst(app, PIN[:4])
        await pilot.pause(0.1)
        app._early._clock = lambda: 7.0  # a hasty clerk, however slow this machine is
        ready.set()
        await until(pilot, lambda: "your typing was dropped" in shown(app))
        await press(pilot, PIN[4:], "<enter>")
        assert app.screen.query_one("#pin", SecretField).line.characters == 0
    assert not asked(session, protocol.SignOn)
