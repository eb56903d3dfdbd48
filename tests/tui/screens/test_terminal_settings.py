"""Terminal: behind the owner's code; each slip at its field; tried; told to each issuer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.tui.app import IiesApp
from iies_tui.tui.dialogs.owner_code import OwnerCodeDialog
from iies_tui.tui.dialogs.question import Question
from iies_tui.tui.dialogs.settings_changed import SettingsChanged
from iies_tui.tui.outcome import Next, Reason
from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.printers import PickQueue
from iies_tui.tui.screens.start import StartScreen
from iies_tui.tui.screens.terminal_settings import TerminalScreen
from iies_tui.tui.widgets.text_field import TextField
from tests.support.driving import at, press, shown, until
from tests.support.fake_session import PIN, TERMINAL, FakeSession

MakeApp = Callable[..., IiesApp]
CODE = "four words"
NAMES = (
    "printer.queue", "folder.path", "sign_off.idle_seconds", "mail.server", "mail.security",
    "mail.port", "mail.from",
)  # fmt: skip


def found(
    values: dict[str, str] | None = None, *, password: bool = False
) -> protocol.TerminalSettings:
    texts = {**dict.fromkeys(NAMES, ""), **(values or {})}
    return protocol.TerminalSettings(
        values=texts, defaults={"sign_off.idle_seconds": "300"}, password=password, fixed=False
    )


def refused(code: str, *problems: protocol.ProblemInfo, **params: Any) -> RequestFailed:
    failed = protocol.Failed(code=code, params=params, problems=list(problems))
    return RequestFailed(failed)


def asked(fake: FakeSession, kind: type[Any]) -> list[Any]:
    return [one for one in fake.asked if isinstance(one, kind)]


async def test_a_wrong_code_is_told_and_a_right_one_opens(make_app: MakeApp) -> None:
    fake = FakeSession()

    def check(_request: Any) -> protocol.TerminalSettings:
        if fake.secrets[-1] != [CODE.encode()]:
            raise refused("owner_code_wrong")
        return found()

    fake.script[protocol.OpenSettings] = check
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "<f6>")
        await at(pilot, OwnerCodeDialog)
        await press(pilot, "wrong words", "<enter>")
        await until(pilot, lambda: "not the owner's code" in shown(app))
        assert "wrong words" not in shown(app)
        await press(pilot, CODE, "<enter>")
        await at(pilot, TerminalScreen)
        assert "empty: 300" in shown(app)
        await press(pilot, "<escape>")
        await until(pilot, lambda: app.return_value is not None)
    assert app.return_value is not None
    assert (app.return_value.next, app.return_value.reason) == (Next.SIGN_OFF, None)
    assert fake.killed


async def test_the_first_code_is_typed_twice(make_app: MakeApp) -> None:
    fake = FakeSession(terminal=replace(TERMINAL, owner=False))
    fake.script[protocol.MakeOwnerCode] = lambda _: found()
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "<f6>")
        await at(pilot, OwnerCodeDialog)
        await press(pilot, CODE, "<enter>")
        assert not asked(fake, protocol.MakeOwnerCode)
        await press(pilot, CODE, "<enter>")
        await at(pilot, TerminalScreen)
    assert fake.secrets == [[CODE.encode(), CODE.encode()]]


async def test_slips_stand_at_their_fields_and_only_what_differs_is_sent(
    make_app: MakeApp,
) -> None:
    fake = FakeSession()
    fake.queues = [
        protocol.QueueInfo(
            name=name, description="", accepting=True, stopped=False, default=False, fax=fax
        )
        for name, fax in (("FRONT", False), ("FAX", True))
    ]
    fake.script[protocol.OpenSettings] = lambda _: found({"mail.security": "starttls"})
    problem = protocol.ProblemInfo(
        field="sign_off.idle_seconds", code="config_range", params={"low": 3, "high": 900}
    )

    def change(request: protocol.ChangeSettings) -> protocol.SettingsChanged:
        if request.values.get("sign_off.idle_seconds") == "1000":
            raise refused("settings_refused", problem)
        return protocol.SettingsChanged(sorted(request.values), found(request.values))

    fake.script[protocol.ChangeSettings] = change
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "<f6>")
        await at(pilot, OwnerCodeDialog)
        await press(pilot, CODE, "<enter>")
        await at(pilot, TerminalScreen)
        await press(pilot, "<f11>")
        await at(pilot, PickQueue)
        assert "FRONT" in shown(app) and "FAX" not in shown(app)
        await press(pilot, "<enter>")
        await at(pilot, TerminalScreen)
        idle = app.screen.query_one("#sign_off-idle_seconds", TextField)
        idle.enter()
        await press(pilot, "1000", "<f9>")
        await until(pilot, lambda: "A number from 3 to 900" in shown(app))
        assert app.focused is not None and app.focused.id == "sign_off-idle_seconds-entry"
        await press(pilot, "<backspace>", "<f9>")
        await until(pilot, lambda: "Saved." in shown(app))
        assert asked(fake, protocol.ChangeSettings)[-1].values == {
            "printer.queue": "FRONT", "sign_off.idle_seconds": "100",
        }  # fmt: skip
        await press(pilot, "5", "<escape>")
        await at(pilot, Question)
        await press(pilot, "<escape>")
        await at(pilot, TerminalScreen)
        await press(pilot, "<backspace>", "<escape>")
        await until(pilot, lambda: app.return_value is not None)
    assert app.return_value is not None and app.return_value.reason is Reason.SETTINGS


async def test_the_password_is_sent_apart_never_shown_and_its_end_is_told(
    make_app: MakeApp,
) -> None:
    fake = FakeSession()
    fake.script[protocol.OpenSettings] = lambda _: found({"mail.from": "cards@office.example"})
    saved = found({"mail.from": "cards@office.example"}, password=True)
    fake.script[protocol.ChangeSettings] = lambda _: protocol.SettingsChanged(
        ["mail.password"], saved
    )
    fake.script[protocol.TestMail] = lambda _: protocol.MailTested("fault", "wrong_password", "535")
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "<f6>")
        await at(pilot, OwnerCodeDialog)
        await press(pilot, CODE, "<enter>")
        await at(pilot, TerminalScreen)
        app.screen._secret.enter()  # type: ignore[attr-defined]
        await press(pilot, "hush", "<f6>")
        await until(pilot, lambda: "Save the settings first" in shown(app))
        await press(pilot, "<f9>")
        await until(pilot, lambda: "stored; type to replace it" in shown(app))
        assert "hush" not in shown(app) and fake.secrets[-1] == [b"hush"]
        assert asked(fake, protocol.ChangeSettings)[-1].values == {}
        await press(pilot, "<f6>")
        await until(pilot, lambda: "cards@office.example" in shown(app))
        await press(pilot, "<enter>")
        await until(pilot, lambda: "was not sent" in shown(app))
        assert "535" in shown(app)
        erased = found({"mail.server": "mx"})
        fake.script[protocol.ChangeSettings] = lambda _: protocol.SettingsChanged(
            ["mail.password", "mail.server"], erased
        )
        app.screen.query_one("#mail-server", TextField).enter()
        await press(pilot, "mx", "<f9>")
        await until(pilot, lambda: "password was erased" in shown(app))
        assert app.focused is not None and app.focused.id == "mail-password-entry"


async def test_changes_are_told_at_the_sign_on_and_enter_confirms_nothing(
    make_app: MakeApp,
) -> None:
    for key, confirms in (("<f9>", 1), ("<escape>", 0)):
        fake = FakeSession()
        fake.settings_changed = ["mail.server", "owner.code"]
        app = make_app(fake)
        async with app.run_test(size=(80, 24)) as pilot:
            await at(pilot, StartScreen)
            await press(pilot, PIN, "<enter>")
            await at(pilot, SettingsChanged)
            assert "Mail server" in shown(app) and "Owner's code" in shown(app)
            await press(pilot, "<enter>")
            assert isinstance(app.screen, SettingsChanged)
            await press(pilot, key)
            await at(pilot, GeneratorScreen)
        assert len(asked(fake, protocol.ConfirmSettings)) == confirms
