"""Setup's KEYs by keys alone: from a file, replaced, removed, compromised; the recovery code."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iies_tui.session import protocol
from iies_tui.tui.app import IiesApp
from iies_tui.tui.dialogs.pin_again import PinNow
from iies_tui.tui.dialogs.question import Message, Question
from iies_tui.tui.outcome import Next, Reason
from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.keys import key_entry
from iies_tui.tui.screens.keys.compromised import CompromisedDialog
from iies_tui.tui.screens.keys.key_entry import KeyFileDialog, read_key_file
from iies_tui.tui.screens.keys.keys import KeysScreen, RemoveDialog
from iies_tui.tui.screens.keys.new_key import NewKeyDialog
from iies_tui.tui.screens.keys.recovery_code import AskBack, OfferCode, ShowCode
from iies_tui.tui.screens.keys.setup import SetupScreen
from iies_tui.tui.screens.options import OptionsScreen
from iies_tui.tui.screens.start import StartScreen
from iies_tui.tui.terminal.console_front import ConsoleFront, own_console
from tests.support.driving import at, outcome, press, showing, shown, until
from tests.support.fake_session import LICENSE, PIN, TERMINAL, FakeSession

MakeApp = Callable[..., IiesApp]
KEY = "7QK2M9XDW4HTB5RVN8CJ3PGF6YL1S0ZAEU42"
GROUPS = ["7QK2", "M9XD", "W4HT", "B5RV", "N8CJ", "3PGF", "6Y11", "S0ZA"]


async def to_keys(pilot: Any) -> None:
    await at(pilot, StartScreen)
    await press(pilot, "<f2>")
    await at(pilot, SetupScreen)
    await press(pilot, "<f4>")
    await at(pilot, KeysScreen)


@pytest.mark.parametrize("ending", [b"", b"\n"])
async def test_a_key_from_a_file(make_app: MakeApp, tmp_path: Path, ending: bytes) -> None:
    file, session = tmp_path / "KEY.TXT", FakeSession()
    file.write_bytes(KEY.encode() + ending)
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "<f2>")
        await at(pilot, SetupScreen)
        await press(pilot, "PC-7", "<enter>", "<f2>")
        await at(pilot, KeyFileDialog)
        app.screen.query_one("#path-entry").value = str(file)  # type: ignore[attr-defined]
        await press(pilot, "<enter>")
        await at(pilot, SetupScreen)
        assert "36 of 36" in shown(app) and KEY not in shown(app)
        await press(pilot, "<f9>")
        await until(pilot, lambda: "PC-7 was added" in shown(app))
        assert session.secrets == [[KEY.encode()]]
        await press(pilot, "<escape>")
        await until(pilot, lambda: app.return_value is not None)
    # The KEY went through this process, so a new one goes on.
    assert (outcome(app).next, outcome(app).reason) == (Next.SIGN_OFF, Reason.SETUP)
    assert session.killed


async def test_blanks_in_a_file_are_pointed_out_and_removed_on_request(
    make_app: MakeApp, tmp_path: Path
) -> None:
    file, session = tmp_path / "KEY.TXT", FakeSession()
    file.write_bytes(f" {KEY[:18]} {KEY[18:]}\r\n".encode())
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "<f2>")
        await at(pilot, SetupScreen)
        await press(pilot, "PC-7", "<enter>", "<f2>")
        await at(pilot, KeyFileDialog)
        app.screen.query_one("#path-entry").value = str(file)  # type: ignore[attr-defined]
        await press(pilot, "<enter>")
        await at(pilot, SetupScreen)
        await press(pilot, "<f9>")
        await at(pilot, Question)
        assert "(3)" in shown(app)
        await press(pilot, "<escape>")
        await at(pilot, SetupScreen)
        assert "There are spaces in it" in shown(app) and not session.secrets
        await press(pilot, "<f9>")
        await at(pilot, Question)
        await press(pilot, "<enter>")
        await until(pilot, lambda: session.secrets == [[KEY.encode()]])


async def test_a_pipe_in_place_of_a_key_file_stops_nothing(
    make_app: MakeApp, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    app = make_app(FakeSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "<f2>")
        await at(pilot, SetupScreen)
        await press(pilot, "<f2>")
        await at(pilot, KeyFileDialog)
        app.screen.query_one("#path-entry").value = str(tmp_path / "pipe")  # type: ignore[attr-defined]
        await press(pilot, "<enter>")
        await until(pilot, showing(app, "not a file."))


async def test_a_stick_that_hangs_holds_up_no_sign_off(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = threading.Event()
    monkeypatch.setattr(key_entry, "read_key_file", lambda path: never.wait(60))
    app = make_app(FakeSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "<f2>")
        await at(pilot, SetupScreen)
        await press(pilot, "<f2>")
        await at(pilot, KeyFileDialog)
        await press(pilot, "/stick/KEY.TXT", "<enter>")
        await press(pilot, "<f10>")
        await until(pilot, lambda: app.return_value is not None)
    assert outcome(app).reason is Reason.FORGOTTEN
    never.set()


def test_what_a_key_file_holds(tmp_path: Path) -> None:
    file = tmp_path / "key"
    for data, read in [
        (b"", b""),
        (b"\n", b""),
        (b"x\n\n", b"x\n"),
        (b" x \r\n", b" x \r"),
        (b"y" * 256 + b"\n", b"y" * 256),
    ]:
        file.write_bytes(data)
        found = read_key_file(file)
        assert found is not None and bytes(found) == read
    file.write_bytes(b"y" * 257)
    assert read_key_file(file) is None
    for data, named in [
        (bytes(range(32)), "no KEY"),  # a pepper's file shows nothing of itself here
        (b"\x7f", "no KEY"),
        (b"\xef\xbb\xbf" + KEY.encode(), "byte-order mark"),
        (KEY.encode("utf-16"), "byte-order mark"),
    ]:
        file.write_bytes(data)
        with pytest.raises(OSError, match=named):
            read_key_file(file)
    with pytest.raises(OSError):
        read_key_file(tmp_path)


async def test_setup_left_without_a_secret_goes_back_to_start(make_app: MakeApp) -> None:
    app = make_app(FakeSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "<f2>")
        await at(pilot, SetupScreen)
        await press(pilot, "<escape>")
        await at(pilot, StartScreen)


async def test_a_new_key_with_the_old_pin(make_app: MakeApp) -> None:
    session = FakeSession()
    answers: list[Any] = [
        protocol.Failed(code="new_key_not_listed", params={"license": LICENSE}),
        TERMINAL,
    ]
    session.script[protocol.ReplaceKey] = lambda request: answers.pop(0)
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_keys(pilot)
        await press(pilot, "<f4>")
        await at(pilot, NewKeyDialog)
        await press(pilot, PIN, "<enter>", KEY, "<enter>", "1111", "<enter>", "2222", "<enter>")
        await until(pilot, lambda: "differ" in shown(app))
        assert not session.secrets
        await press(pilot, "<ctrl+u>", "1111", "<enter>")
        await at(pilot, Question)
        assert "does not list" in shown(app)
        await press(pilot, "<enter>")
        await at(pilot, KeysScreen)
        await until(pilot, lambda: "has its new KEY" in shown(app))
    sent = [KEY.encode(), b"1111", PIN.encode()]
    assert session.secrets == [sent, sent]
    requests = [one for one in session.asked if isinstance(one, protocol.ReplaceKey)]
    assert [(one.proof, one.use_anyway) for one in requests] == [("pin", False), ("pin", True)]


async def test_recovered_by_the_code_though_the_issuer_is_gone(make_app: MakeApp) -> None:
    session = FakeSession(terminal=replace(TERMINAL, issuers=[]))
    session.script[protocol.ReplaceKey] = lambda request: TERMINAL
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_keys(pilot)
        await press(pilot, "<f4>")
        await until(pilot, lambda: "Type the issuer" in shown(app))
        await press(pilot, LICENSE, "<f4>")
        await until(pilot, lambda: "is not on this terminal" in shown(app))
        await press(pilot, "<f5>")
        await at(pilot, NewKeyDialog)
        code = "-".join(GROUPS)
        await press(pilot, code, "<enter>", KEY, "<enter>", "1111", "<enter>", "1111", "<enter>")
        await at(pilot, KeysScreen)
    assert session.secrets == [[KEY.encode(), b"1111", code.encode()]]


async def test_removed_with_the_pin(make_app: MakeApp) -> None:
    session = FakeSession()
    session.script[protocol.RemoveIssuer] = lambda request: replace(TERMINAL, issuers=[])
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_keys(pilot)
        await press(pilot, "<f6>")
        await at(pilot, RemoveDialog)
        await press(pilot, "<enter>")
        assert not session.secrets
        await press(pilot, PIN, "<enter>")
        await at(pilot, KeysScreen)
        await until(pilot, lambda: "was removed" in shown(app))
        await press(pilot, "<escape>")
        await at(pilot, SetupScreen)
        await press(pilot, "<escape>")
        await until(pilot, lambda: app.return_value is not None)
    assert session.secrets == [[PIN.encode()]]


async def test_a_compromised_key_is_one_key_and_tells_all(make_app: MakeApp) -> None:
    session = FakeSession()
    session.script[protocol.Compromised] = lambda request: protocol.CompromiseTold(
        license=LICENSE,
        key_tail="7Q2XM",
        serials=["7K3M9QXD-000001-X"],
        due="2026-11-25T15:00:00Z",
        register_shut=True,
        text="",
        kept=protocol.Kept(["/home/clerk/notice.txt"]),
    )
    session.script[protocol.AnswerCompromised] = lambda request: TERMINAL
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_keys(pilot)
        await press(pilot, "<f7>")
        await at(pilot, CompromisedDialog)
        await press(pilot, "JANE CLERK", "<enter>", "518 555 0100", "<f9>")
        await at(pilot, Message)
        for said in ("7K3M9QXD-000001-X", "ins-iies@dfs.ny.gov", "11/25/2026", "notice.txt"):
            await until(pilot, showing(app, said))
        await press(pilot, "<enter>")
        await at(pilot, KeysScreen)
        await press(pilot, "<f9>")
        await at(pilot, Question)
        await press(pilot, "<enter>")
        await until(pilot, lambda: "DFS was told" in shown(app))
    (request,) = (one for one in session.asked if isinstance(one, protocol.Compromised))
    assert (request.license, request.contact) == (LICENSE, "JANE CLERK")
    assert (request.licensee, request.telephone) == ("EMPIRE STREET AGENCY", "518 555 0100")


def first_sign_on(session: FakeSession, *, training: bool = False) -> None:
    session.terminal = replace(session.terminal, training=training)
    session.script[protocol.SignOn] = lambda request: replace(
        session.signed(request), enrolled_now=True, recovery=False
    )


async def test_the_recovery_code_is_offered_and_one_key_skips_it(make_app: MakeApp) -> None:
    session = FakeSession()
    first_sign_on(session)
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, PIN, "<enter>")
        await at(pilot, OfferCode)
        await press(pilot, "<escape>")
        await at(pilot, GeneratorScreen)
    assert not [one for one in session.asked if isinstance(one, protocol.BeginRecoveryCode)]


async def test_a_training_terminal_goes_on_to_the_first_card(make_app: MakeApp) -> None:
    """What is typed after the PIN is the form's, not a dialog's."""
    session = FakeSession()
    first_sign_on(session, training=True)
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, PIN, "<enter>", "901")
        await at(pilot, GeneratorScreen)
        await until(pilot, lambda: "NORTH COUNTRY MUTUAL INS CO" in shown(app))


async def test_two_groups_are_asked_back(make_app: MakeApp) -> None:
    session = FakeSession()
    first_sign_on(session)
    session.script[protocol.BeginRecoveryCode] = lambda request: protocol.RecoveryCode(
        GROUPS, [2, 7]
    )
    session.script[protocol.KeepRecoveryCode] = lambda request: protocol.Kept(["/stick/code.pdf"])
    answers: list[Any] = [protocol.Failed(code="recovery_groups"), protocol.Done()]
    session.script[protocol.ConfirmRecoveryCode] = lambda request: answers.pop(0)
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, PIN, "<enter>")
        await at(pilot, OfferCode)
        await press(pilot, "<enter>")
        await at(pilot, ShowCode)
        assert all(group in shown(app) for group in GROUPS)
        await press(pilot, "/stick", "<enter>")
        await until(pilot, lambda: "/stick/code.pdf" in shown(app))
        await press(pilot, "<f9>")
        await at(pilot, AskBack)
        assert not any(group in shown(app) for group in GROUPS)
        await press(pilot, "XXXX", "<enter>", "6y11", "<enter>")
        await until(pilot, lambda: "not the groups" in shown(app))
        await press(pilot, "<escape>")
        await at(pilot, ShowCode)
        await press(pilot, "<enter>")
        await at(pilot, AskBack)
        await press(pilot, "M9XD", "<enter>", "6y11", "<enter>")
        await at(pilot, GeneratorScreen)
    assert session.secrets[-1] == [b"M9XD", b"6Y11"]


async def test_a_later_code_needs_the_pin(make_app: MakeApp) -> None:
    session = FakeSession()
    answers: list[Any] = [
        protocol.Failed(code="code_needs_pin"),
        protocol.RecoveryCode(GROUPS, [2, 7]),
    ]
    session.script[protocol.BeginRecoveryCode] = lambda request: answers.pop(0)
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, PIN, "<enter>")
        await at(pilot, GeneratorScreen)
        await press(pilot, "<f3>")
        await at(pilot, OptionsScreen)
        await press(pilot, "<f7>")
        await at(pilot, PinNow)
        await press(pilot, PIN, "<enter>")
        await at(pilot, ShowCode)
    assert session.secrets[-1] == [PIN.encode()]


# -- another console in front --------------------------------------------------------------------


def test_a_console_is_left_only_once_it_was_in_front(tmp_path: Path) -> None:
    active = tmp_path / "active"
    front = ConsoleFront("tty2", active)
    assert not front.left()  # the kernel does not say
    active.write_text("tty1\n")
    assert not front.left()  # started behind
    active.write_text("tty2\n")
    assert not front.left()
    active.write_text("tty3\n")
    assert front.left()
    active.write_text("tty2\n")
    assert not front.left()
    assert not ConsoleFront("", active).left()


def test_a_pseudo_terminal_is_no_console() -> None:
    _master, slave = os.openpty()
    assert own_console(slave) == ""
    assert own_console(9999) == ""


async def test_another_console_in_front_signs_off(make_app: MakeApp, tmp_path: Path) -> None:
    active = tmp_path / "active"
    active.write_text("tty2\n")
    session = FakeSession()
    app = make_app(session, front=ConsoleFront("tty2", active))
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, PIN, "<enter>")
        await at(pilot, GeneratorScreen)
        active.write_text("tty3\n")
        await until(pilot, lambda: app.return_value is not None)
    assert (outcome(app).next, outcome(app).reason) == (Next.SIGN_OFF, Reason.SWITCHED)
    assert session.killed
