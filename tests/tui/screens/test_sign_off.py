"""Idle, warning, sign-off, loss and crash: the session dies first, and nothing delays it."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from iies_tui.session import protocol
from iies_tui.tui.app import TICK, IiesApp
from iies_tui.tui.dialogs.idle_warning import IdleWarning
from iies_tui.tui.keyboard.idle import Due, Limits
from iies_tui.tui.outcome import Next, Reason
from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.start import StartScreen
from tests.support.clocks import Clocks
from tests.support.driving import at, burst, outcome, press, shown, until
from tests.support.fake_session import PIN, FakeSession
from tests.support.form_keys import INSURANCE, sign_on

MakeApp = Callable[..., IiesApp]


LIMITS = Limits(300, 30, 43200)


def test_the_watch_warns_and_then_asks_for_the_sign_off() -> None:
    clocks = Clocks()
    watch = clocks.watch(LIMITS)
    clocks.go(269)
    assert watch.due() is Due.NOTHING
    clocks.go(1)
    assert (watch.due(), watch.left()) == (Due.WARN, 30)
    watch.touch()
    assert (watch.due(), watch.left()) == (Due.NOTHING, 300)
    clocks.go(300)
    assert watch.due() is Due.IDLE
    watch.touch()  # a key after the deadline revives nothing
    assert watch.due() is Due.IDLE


def test_the_absolute_limit_holds_however_busy_the_clerk_is() -> None:
    clocks = Clocks()
    watch = clocks.watch(LIMITS)
    for _ in range(43200 // 100):
        clocks.go(100)
        watch.touch()
    assert watch.due() is Due.ABSOLUTE


def test_a_suspend_is_seen_however_short() -> None:
    clocks = Clocks()
    watch = clocks.watch(LIMITS)
    clocks.go(2, asleep=True)
    assert watch.due() is Due.SUSPEND


def on(clocks: Clocks, make_app: MakeApp, session: FakeSession) -> IiesApp:
    """The screens on clocks that stand still until the test moves them."""
    return make_app(session, boot=lambda: clocks.boot, running=lambda: clocks.running)


async def some_ticks(pilot: Pilot[Any]) -> None:
    """The application looks at its clocks several times."""
    await pilot.pause(4 * TICK)


async def test_the_warning_counts_down_any_key_answers_and_is_swallowed(
    make_app: MakeApp,
) -> None:
    clocks, session = Clocks(), FakeSession()
    app = on(clocks, make_app, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        clocks.go(280)
        await until(pilot, lambda: isinstance(app.screen, IdleWarning))
        await until(pilot, lambda: "Sign-off in 20 s" in shown(app))
        clocks.go(5)
        await until(pilot, lambda: "Sign-off in 15 s" in shown(app))
        await press(pilot, "9")
        await at(pilot, GeneratorScreen)
        assert app.screen.query_one("#icc-entry").value == ""  # type: ignore[attr-defined]
        clocks.go(260)
        await some_ticks(pilot)
        assert not session.killed


async def test_nobody_there_signs_off_in_time_with_a_dialog_open(make_app: MakeApp) -> None:
    clocks, session = Clocks(), FakeSession()
    app = on(clocks, make_app, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, "901", "<enter>", "PA", "<escape>")
        clocks.go(299)
        await some_ticks(pilot)
        assert not session.killed
        clocks.go(1)
        await until(pilot, lambda: session.killed)
    assert outcome(app).reason is Reason.IDLE


async def test_a_wait_for_the_session_does_not_delay_the_sign_off(make_app: MakeApp) -> None:
    clocks, session = Clocks(), FakeSession()
    app = on(clocks, make_app, session)

    async def never(_: protocol.Check) -> protocol.Checked:
        await asyncio.sleep(3600)
        raise AssertionError

    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        session.script[protocol.Check] = never
        burst(app, "<f9>", "1234")
        await until(pilot, lambda: protocol.Check in map(type, session.asked))
        clocks.go(300)
        await until(pilot, lambda: session.killed)
    assert outcome(app).reason is Reason.IDLE


async def test_a_pin_left_on_start_is_forgotten(make_app: MakeApp) -> None:
    """Typed, and its clerk called away: it must not wait for whoever comes and presses Enter."""
    clocks, session = Clocks(), FakeSession()
    app = on(clocks, make_app, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        clocks.go(400)
        await some_ticks(pilot)
        assert not session.killed  # nothing was typed: Start stays as it is
        await press(pilot, "2468")
        clocks.go(300)
        await until(pilot, lambda: session.killed)
    assert (outcome(app).next, outcome(app).reason) == (Next.SIGN_OFF, Reason.FORGOTTEN)
    assert not [one for one in session.asked if isinstance(one, protocol.SignOn)]


async def test_f10_forgets_a_pin_that_was_not_sent(make_app: MakeApp) -> None:
    session = FakeSession()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "<f10>")
        assert not session.killed
        await press(pilot, "2468")
        await press(pilot, "<f10>")
        await until(pilot, lambda: session.killed)
    assert outcome(app).reason is Reason.FORGOTTEN


async def test_activity_is_told_at_most_twice_a_second(make_app: MakeApp) -> None:
    session = FakeSession()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        began = time.monotonic()
        await press(pilot, *INSURANCE)
        took = time.monotonic() - began
    told = sum(isinstance(asked, protocol.Activity) for asked in session.asked)
    assert 1 <= told <= 2 * took + 2


async def test_the_session_is_killed_before_the_screen_goes(make_app: MakeApp) -> None:
    seen: list[object] = []
    session = FakeSession()
    app = make_app(session)
    session.on_kill = lambda: seen.append((app._exit, app.return_value))
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, "<f10>")
    assert seen == [(False, None)]


async def test_a_lost_session_signs_off(make_app: MakeApp) -> None:
    session = FakeSession()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        session.lost.set()
        await until(pilot, lambda: app.return_value is not None)
    assert (outcome(app).next, outcome(app).reason) == (Next.SIGN_OFF, Reason.LOST)


async def test_a_hang_up_signs_off(make_app: MakeApp) -> None:
    session = FakeSession()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        os.kill(os.getpid(), signal.SIGHUP)
        await until(pilot, lambda: session.killed)
    assert outcome(app).reason is Reason.HANG_UP


async def test_a_crash_tells_a_code_and_no_local_variable(
    make_app: MakeApp, capfd: pytest.CaptureFixture[str]
) -> None:
    session = FakeSession()
    app = make_app(session)

    def broken(request: protocol.Check) -> protocol.Checked:
        secret_name = "JANE Q SECRET"
        raise ZeroDivisionError(secret_name)

    session.script[protocol.Check] = broken
    with pytest.raises(Exception):  # noqa: B017 the pilot raises what the app kept
        async with app.run_test(size=(80, 24)) as pilot:
            await sign_on(pilot)
            burst(app, "<f9>")
            await until(pilot, lambda: session.killed)
    assert app.crash_code.startswith("ZeroDivisionError-")
    printed = "".join(capfd.readouterr())
    assert "SECRET" not in printed + app.crash_code
    assert "Traceback" not in printed
    assert session.killed and PIN not in printed
