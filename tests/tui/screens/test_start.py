"""Start and Setup: every outcome of a sign-on, of adding an issuer, of training and import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from iies_tui.session import protocol
from iies_tui.session.protocol import Failed
from iies_tui.tui.app import IiesApp
from iies_tui.tui.dialogs.clock_question import ClockQuestion
from iies_tui.tui.dialogs.pin_again import PinAgain
from iies_tui.tui.dialogs.question import Question
from iies_tui.tui.outcome import Next, Reason
from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.keys.setup import SetupScreen
from iies_tui.tui.screens.start import StartScreen
from tests.support.driving import at, outcome, press, showing, shown, until
from tests.support.fake_session import EMPTY_TERMINAL, PIN, TERMINAL, FakeSession

MakeApp = Callable[..., IiesApp]
KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ01234567"


async def test_the_license_is_there_where_only_one_issuer_is(make_app: MakeApp) -> None:
    app = make_app(FakeSession(), arrived=Reason.IDLE)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        assert "PC-123456" in shown(app)
        assert "copper lantern orbit sugar" in shown(app)
        assert "no one typed for a while" in shown(app)
        await press(pilot, PIN)
        assert PIN not in shown(app) and "********" in shown(app)


async def test_without_a_bundle_it_says_so_and_what_to_do(make_app: MakeApp) -> None:
    app = make_app(FakeSession(terminal=EMPTY_TERMINAL))
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        assert "Not ready to issue" in shown(app)
        assert "[ ] import the trust bundle (F4)" in shown(app)


@pytest.mark.parametrize(
    ("failed", "told"),
    [
        (Failed(code="sign_on_failed"), "the PIN or the KEY is wrong"),
        (Failed(code="disabled"), "this issuer is disabled"),
        (Failed(code="no_such_code_at_all"), "no_such_code_at_all"),
    ],
)
async def test_a_failed_sign_on_says_one_thing(
    make_app: MakeApp, failed: Failed, told: str
) -> None:
    app = make_app(FakeSession(script={protocol.SignOn: lambda _: failed}))
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "1234", "<enter>")
        await until(pilot, lambda: told in shown(app))
        assert "****" not in shown(app)


async def test_a_wait_counts_down_and_takes_no_pin_meanwhile(make_app: MakeApp) -> None:
    session = FakeSession(
        script={protocol.SignOn: lambda _: Failed(code="wait", params={"seconds": 2})}
    )
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "1234", "<enter>")
        await until(pilot, lambda: "Wait 2 s" in shown(app))
        await press(pilot, "1234", "<enter>")
        await until(pilot, lambda: "Wait 1 s" in shown(app))
        await until(pilot, lambda: "can type the PIN again" in shown(app))
    assert sum(isinstance(asked, protocol.SignOn) for asked in session.asked) == 1


async def test_the_pin_is_asked_again_where_the_session_wants_it(make_app: MakeApp) -> None:
    session = FakeSession()

    def first_time(request: protocol.SignOn) -> Any:
        return (
            session.signed(request) if len(session.secrets[-1]) == 2 else Failed(code="pin_again")
        )

    session.script[protocol.SignOn] = first_time
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, PIN, "<enter>")
        await at(pilot, PinAgain)
        await press(pilot, "<escape>")
        await at(pilot, StartScreen)
        await press(pilot, PIN, "<enter>")
        await at(pilot, PinAgain)
        await press(pilot, PIN, "<enter>")
        await at(pilot, GeneratorScreen)
    assert session.secrets[-1] == [PIN.encode(), PIN.encode()]


async def test_a_short_pin_is_pointed_out_where_it_is_fixed(make_app: MakeApp) -> None:
    session = FakeSession(script={protocol.SignOn: lambda _: Failed(code="pin_again")})
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        for pin, told in (("1234567", True), ("12345678", False)):
            await at(pilot, StartScreen)
            await press(pilot, pin, "<enter>")
            await at(pilot, PinAgain)
            assert ("fewer than 8 characters" in shown(app)) is told
            await press(pilot, "<escape>")


async def test_start_looks_again_at_what_is_wrong(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The 72 hours run while nobody signs on."""
    monkeypatch.setattr("iies_tui.tui.screens.start.LOOK_AGAIN", 0.2)
    session = FakeSession()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "24")
        for hours in (71, 70):
            notice = protocol.ProblemInfo(
                field="", code="compromised", params={"license": "PC-9", "hours": hours}
            )
            session.terminal = replace(session.terminal, notices=[notice])
            await until(pilot, showing(app, f"within {hours} h"))
        assert "**" in shown(app)  # what was typed stays


async def test_training_is_made_shown_once_and_switched_to(make_app: MakeApp) -> None:
    app = make_app(FakeSession(terminal=EMPTY_TERMINAL))
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "<f3>")
        await until(pilot, lambda: "Make a training terminal?" in shown(app))
        await press(pilot, "<enter>")
        await until(pilot, lambda: "Write this down" in shown(app))
        assert "7Q2XM" in shown(app) and PIN in shown(app)
        assert "A" * 31 not in shown(app)
        await press(pilot, "<escape>")  # only Enter leaves it
        assert "Write this down" in shown(app)
        await press(pilot, "<enter>")
        await until(pilot, lambda: app.return_value is not None)
    assert outcome(app).next is Next.SWITCH
    assert outcome(app).state_dir == "/var/lib/iies-tui/training"


async def test_the_training_terminal_goes_back_to_the_live_one(make_app: MakeApp) -> None:
    app = make_app(FakeSession(), live_dir="/var/lib/iies-tui")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "<f3>", "<enter>")
        await until(pilot, lambda: app.return_value is not None)
    assert outcome(app).state_dir == "/var/lib/iies-tui"


async def test_a_training_terminal_of_its_own_says_how_to_go_live(make_app: MakeApp) -> None:
    app = make_app(FakeSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        assert "F3 Go live" in shown(app)
        await press(pilot, "<f3>")
        await until(pilot, lambda: "ask your administrator to start the program" in shown(app))
        await press(pilot, "<enter>", "<f1>")
        await until(pilot, lambda: "The first screen   page 2" in shown(app))
        await press(pilot, "<escape>", "<f12>")
        await until(pilot, lambda: app.return_value is not None)
    assert outcome(app).next is Next.QUIT


async def test_first_time_directions_are_the_help_until_the_first_sign_on(
    make_app: MakeApp,
) -> None:
    app = make_app(FakeSession(terminal=EMPTY_TERMINAL))
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        assert "[ ] import the trust bundle" in shown(app)
        await press(pilot, "<f1>")
        await until(pilot, lambda: "First-time directions   page 1" in shown(app))
        await press(pilot, "recovery code")
        await until(pilot, lambda: "Found in" in shown(app))
        await press(pilot, "<down>", "<enter>")
        await until(pilot, lambda: "page" in shown(app) and "Found in" not in shown(app))
        await press(pilot, *["<backspace>"] * 13, "xyzzy")
        await until(pilot, lambda: "Nothing was found" in shown(app))
        await press(pilot, "<escape>", "<escape>")
        await at(pilot, StartScreen)


async def test_a_bundle_is_proposed_before_it_is_installed(make_app: MakeApp) -> None:
    session = FakeSession(terminal=EMPTY_TERMINAL)
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "<f4>", "/media/usb/ny.iies", "<enter>")
        await until(pilot, lambda: "compare these words" in shown(app))
        assert "copper lantern orbit sugar" in shown(app)
        await press(pilot, "<escape>")
        assert session.terminal.bundle is None
        await press(pilot, "<enter>")
        await until(pilot, lambda: "compare these words" in shown(app))
        await press(pilot, "<enter>")
        await until(pilot, lambda: "The trust bundle is installed" in shown(app))


async def test_a_kiosk_has_no_way_out(make_app: MakeApp) -> None:
    app = make_app(FakeSession(), kiosk=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        assert "Quit" not in shown(app)
        await press(pilot, "<f12>", "<ctrl+q>", "<ctrl+c>", "<ctrl+p>", "<ctrl+z>", "<f10>")
        assert isinstance(app.screen, StartScreen)
        assert app.return_value is None


async def test_f12_quits_elsewhere(make_app: MakeApp) -> None:
    session = FakeSession()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "<f12>")
        await until(pilot, lambda: app.return_value is not None)
    assert outcome(app).next is Next.QUIT and session.killed


async def set_up(pilot: Any, license: str, key: str) -> None:
    await at(pilot, StartScreen)
    await press(pilot, "<f2>")
    await at(pilot, SetupScreen)
    await press(pilot, license, "<enter>", key, "<enter>")


async def test_setup_adds_an_issuer(make_app: MakeApp) -> None:
    session = FakeSession(terminal=EMPTY_TERMINAL)
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await set_up(pilot, "pc-123456", KEY + "89")
        await until(pilot, lambda: "PC-123456 was added" in shown(app))
        assert "KEY ends in 56789" in shown(app)
        assert KEY not in shown(app)
        await press(pilot, "<escape>")
        await until(pilot, lambda: app.return_value is not None)
    assert (outcome(app).next, outcome(app).reason) == (Next.SIGN_OFF, Reason.SETUP)
    assert session.killed  # a new process goes on: the KEY was in this one's memory
    assert session.secrets == [[(KEY + "89").encode()]]


async def test_setup_says_the_count_of_a_short_key(make_app: MakeApp) -> None:
    session = FakeSession(terminal=EMPTY_TERMINAL)
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await set_up(pilot, "PC-123456", KEY + "8")
        await until(pilot, lambda: "35 characters; a KEY has 36" in shown(app))
    assert not session.secrets


async def test_setup_points_blanks_out_and_removes_them_on_request_only(
    make_app: MakeApp,
) -> None:
    session = FakeSession(terminal=EMPTY_TERMINAL)
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await set_up(pilot, "PC 123456", f" {KEY} 89")
        await until(pilot, lambda: "license number has spaces" in shown(app))
        await press(pilot, "<enter>")
        await until(pilot, lambda: "and slashes only" in shown(app) or "(2)" in shown(app))
        await press(pilot, "<escape>")
        await until(pilot, lambda: "There are spaces in it" in shown(app))
        assert not session.secrets
        await press(pilot, "<f9>")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await press(pilot, "<enter>")
        await until(pilot, lambda: bool(session.secrets))
    assert session.secrets == [[(KEY + "89").encode()]]


async def test_wrong_check_digits_are_used_only_after_a_question(make_app: MakeApp) -> None:
    session = FakeSession(terminal=EMPTY_TERMINAL)

    def foreign(request: protocol.AddIssuer) -> Any:
        if not request.use_anyway:
            return Failed(code="key_check_failed")
        return session._addissuer(request, [session.secrets[-1][0]])

    session.script[protocol.AddIssuer] = foreign
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await set_up(pilot, "PC-123456", KEY + "89")
        await until(pilot, lambda: "Use it anyway?" in shown(app))
        await press(pilot, "<enter>")
        await until(pilot, lambda: "PC-123456 was added" in shown(app))
    assert [asked.use_anyway for asked in session.asked if hasattr(asked, "use_anyway")] == [
        False,
        True,
    ]


AHEAD = protocol.ProblemInfo(
    field="", code="clock_ahead", params={"days": 40, "last": "2026-10-13T15:00:00Z"}
)


async def asked(pilot: Any, session: FakeSession) -> None:
    """Sign on where the clock is far ahead: the question stands over Start."""
    await at(pilot, StartScreen)
    await press(pilot, PIN, "<enter>")
    await at(pilot, ClockQuestion)


async def test_a_clock_far_ahead_is_asked_about_and_the_year_goes_with_the_pin(
    make_app: MakeApp,
) -> None:
    session = FakeSession(terminal=replace(TERMINAL, notices=[AHEAD]))
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot, session)
        text = shown(app)
        assert "11/22/2026 10:00" in text and "10/13/2026 11:00" in text and "40 days" in text
        await press(pilot, "2027", "<enter>")
        await until(pilot, showing(app, "another year"))
        assert not [one for one in session.asked if isinstance(one, protocol.SignOn)]
        await press(pilot, *["<backspace>"] * 4, "2026", "<enter>")
        await at(pilot, GeneratorScreen)
    (request,) = (one for one in session.asked if isinstance(one, protocol.SignOn))
    assert request.year == "2026"


async def test_without_the_year_the_sign_on_confirms_nothing(make_app: MakeApp) -> None:
    session = FakeSession(terminal=replace(TERMINAL, notices=[AHEAD]))
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot, session)
        await press(pilot, "<escape>")
        await at(pilot, GeneratorScreen)
    (request,) = (one for one in session.asked if isinstance(one, protocol.SignOn))
    assert request.year == ""
