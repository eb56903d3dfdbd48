"""A card by e-mail, by keys: to whom, how, refused, doubtful, and how it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from iies_tui.session import protocol
from iies_tui.tui.app import IiesApp
from iies_tui.tui.dialogs.pin_again import PinNow
from iies_tui.tui.screens.card import CardDialog
from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.mail import MailAsk, MailDialog
from iies_tui.tui.screens.options import OptionsScreen
from iies_tui.tui.screens.register import RegisterScreen
from iies_tui.tui.screens.result import ResultScreen
from iies_tui.tui.screens.start import StartScreen
from iies_tui.tui.widgets.lines import KeysLine
from tests.support.driving import at, flat, press, showing, shown, until
from tests.support.fake_session import PIN, TERMINAL, FakeSession, card_of
from tests.support.form_keys import ADDRESS, INSURANCE, PERSON, VEHICLE
from tests.support.one_card import REQUEST, open_card

MakeApp = Callable[..., IiesApp]
CARD = card_of(REQUEST, 1, "2003 HONDA 1HGCM82633A004352")
POST = replace(TERMINAL, mail_server="smtp.agency.example", mail_sender="cards@agency.example")
TO = "jane@customer.example"


def message(state: str, **changes: Any) -> protocol.MailInfo:
    made: dict[str, Any] = {
        "id": "0123456789abcdef",
        "serial": CARD.serial,
        "address": TO,
        "fax_sheet": False,
        "attempts": 1,
        "queued_at": "2026-11-22T15:00:00Z",
        "due": "2026-11-22T15:05:00Z",
        **changes,
    }
    return protocol.MailInfo(state=state, **made)


def session(*mails: protocol.MailInfo, terminal: protocol.Terminal = POST) -> FakeSession:
    opened = [replace(CARD, paper=replace(CARD.paper, mail=mails[-1].state))] if mails else [CARD]
    made = FakeSession(terminal=terminal, opened=opened, cards=[CARD], mails=list(mails))
    made.script[protocol.Watch] = lambda request: protocol.CardState(CARD)
    return made


def asked(fake: FakeSession, kind: type[Any]) -> list[Any]:
    return [one for one in fake.asked if isinstance(one, kind)]


async def test_sent_from_the_card_by_keys_alone(make_app: MakeApp) -> None:
    fake = session()
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        await press(pilot, "<at>")
        await at(pilot, MailDialog)
        assert "15 NYCRR 32.16" in flat(app)
        await press(pilot, TO, "<enter>", "<right>", "<enter>", "<enter>")
        await at(pilot, CardDialog)
        assert asked(fake, protocol.SendMail) == [
            protocol.SendMail(serial=CARD.serial, address=TO, fax_sheet=True, save=False)
        ]
        await until(pilot, lambda: f"To {TO}: Waiting to be sent" in flat(app))
        fake.mails = [replace(fake.mails[0], state="SENT")]
        await until(pilot, lambda: f"To {TO}: Sent." in flat(app))


async def test_where_no_mail_is_set_up_a_file_is_saved(make_app: MakeApp) -> None:
    fake = session(terminal=TERMINAL)
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        await press(pilot, "<at>")
        await at(pilot, MailDialog)
        await until(pilot, lambda: "E-mail is not set up here" in flat(app))
        assert "send it now" not in shown(app)
        await press(pilot, TO, "<f9>")
        await at(pilot, CardDialog)
        assert asked(fake, protocol.SendMail) == [
            protocol.SendMail(serial=CARD.serial, address=TO, save=True)
        ]
        await until(pilot, lambda: f"{CARD.serial}.eml" in flat(app).replace(" ", ""))
        assert "can be removed" in flat(app)


async def test_a_wrong_address_is_told_beside_its_field(make_app: MakeApp) -> None:
    fake = session()
    fake.script[protocol.SendMail] = lambda request: (
        protocol.Failed(code="mail_address", params={"reason": "There must be an @."})
        if "@" not in request.address
        else fake._sendmail(request, [])
    )
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        await press(pilot, "<at>")
        await at(pilot, MailDialog)
        await press(pilot, "jane", "<f9>")
        await until(
            pilot, lambda: "This is not an e-mail address: There must be an @." in flat(app)
        )
        await press(pilot, "@customer.example", "<f9>")
        await at(pilot, CardDialog)
        assert [one.address for one in asked(fake, protocol.SendMail)] == ["jane", TO]


async def test_one_more_copy_asks_for_the_pin(make_app: MakeApp) -> None:
    fake = session(message("SENT"))

    def refuse_first(request: protocol.SendMail) -> Any:
        if not fake.secrets or fake.secrets[-1] != [b"13571357"]:
            return protocol.Failed(code="pin_needed")
        return fake._sendmail(request, [])

    fake.script[protocol.SendMail] = refuse_first
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        await until(pilot, lambda: f"To {TO}: Sent." in flat(app))
        await press(pilot, "<at>")
        await at(pilot, MailDialog)
        await press(pilot, TO, "<f9>")
        await at(pilot, PinNow)
        assert "another copy" in flat(app)
        await press(pilot, "13571357", "<enter>")
        await at(pilot, CardDialog)
        await until(pilot, lambda: "and 1 earlier" in flat(app))


async def test_a_card_that_must_not_go_is_refused_with_the_rule(make_app: MakeApp) -> None:
    fake = session()
    fake.script[protocol.ListMail] = lambda request: protocol.Mails(
        [], protocol.ProblemInfo(field="", code="mail_fleet", params={})
    )
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        await press(pilot, "<at>")
        await until(pilot, lambda: "ALL OWNED VEHICLES" in flat(app))
        assert "32.16" in flat(app)
        assert isinstance(app.screen, CardDialog)


async def test_a_doubtful_one_is_asked_about_after_sign_on(make_app: MakeApp) -> None:
    fake = session(message("DOUBTFUL", reason="no_reply"))
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, PIN, "<enter>")
        await at(pilot, RegisterScreen)
        assert "mail?" in shown(app)
        await press(pilot, "<enter>")
        await at(pilot, CardDialog)
        await until(pilot, lambda: "Ask the customer whether it arrived" in flat(app))
        await press(pilot, "<at>")
        await at(pilot, MailAsk)
        assert "Did this e-mail arrive?" in shown(app)
        assert "A It arrived" in shown(app) and "O Other" not in shown(app)
        await press(pilot, "o", "a")
        await at(pilot, CardDialog)
        assert asked(fake, protocol.AnswerMail) == [
            protocol.AnswerMail("0123456789abcdef", "arrived")
        ]
        await until(pilot, lambda: f"To {TO}: Sent." in flat(app))


async def test_a_refused_one_is_told_in_plain_words_and_written_to_another_address(
    make_app: MakeApp,
) -> None:
    no = message("REFUSED", reason="no_such_address", detail="550 5.1.1 [/b] unknown")
    fake = session(no)
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        await press(pilot, "<at>")
        await at(pilot, MailAsk)
        assert "does not know this address" in flat(app)
        assert all(len(str(one.render())) <= 70 for one in app.screen.query(KeysLine))
        assert "550 5.1.1 [/b] unknown" in flat(app), "data is never markup"
        await press(pilot, "o")
        await at(pilot, MailDialog)
        await press(pilot, "jane@other.example", "<f9>")
        await at(pilot, CardDialog)
        assert [one.state for one in fake.mails] == ["CANCELLED", "QUEUED"]


async def test_a_waiting_one_is_taken_back(make_app: MakeApp) -> None:
    fake = session(message("QUEUED", reason="server_later", detail="450 greylisted"))
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        await until(pilot, lambda: "Next try at" in flat(app))
        await press(pilot, "<at>")
        await at(pilot, MailAsk)
        assert "S Send again" not in shown(app)
        await press(pilot, "s", "l")
        await at(pilot, CardDialog)
        assert fake.mails[0].state == "CANCELLED"


async def test_from_result_every_card_in_a_message_of_its_own(make_app: MakeApp) -> None:
    fake = FakeSession(terminal=POST)
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, PIN, "<enter>")
        await at(pilot, GeneratorScreen)
        await press(pilot, *INSURANCE, "<enter>", *PERSON, *ADDRESS, *VEHICLE, "<f9>", "<enter>")
        await at(pilot, ResultScreen)
        await until(pilot, lambda: bool(fake.cards) and "@ E-mail" in shown(app))
        assert shown(app).splitlines()[-1].rstrip().endswith("F10 Sign off"), "no key is cut off"
        await press(pilot, "<at>")
        await at(pilot, MailDialog)
        await press(pilot, TO, "<f9>")
        await at(pilot, ResultScreen)
        await until(pilot, lambda: "Waiting to be sent" in flat(app))
        fake.mails = [replace(one, state="SENT") for one in fake.mails]
        await until(pilot, lambda: f"To {TO}: Sent." in flat(app))
        assert [one.serial for one in asked(fake, protocol.SendMail)] == [fake.cards[0].serial]


async def test_one_that_comes_to_ask_later_is_told_on_the_form(make_app: MakeApp) -> None:
    fake = FakeSession(terminal=POST, cards=[CARD])
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, PIN, "<enter>")
        await at(pilot, GeneratorScreen)
        await until(pilot, lambda: bool(asked(fake, protocol.StartMail)))
        fake.mails = [message("REFUSED", reason="policy")]
        app.screen._watch_mail()  # type: ignore[attr-defined]
        await until(pilot, lambda: "needs an answer" in flat(app))


async def test_options_say_whether_mail_is_set_up_and_what_to_do(make_app: MakeApp) -> None:
    fault = protocol.ProblemInfo(
        field="", code="mail_no_password", params={"path": "/x/mail-password"}
    )
    for terminal, wanted in (
        (POST, "set up. Cards go out through smtp.agency.example from"),
        (TERMINAL, "F6 on the first screen"),
        (replace(POST, mail_fault=fault), "it cannot send. The mail password is missing"),
    ):
        app = make_app(FakeSession(terminal=terminal))
        async with app.run_test(size=(80, 24)) as pilot:
            await at(pilot, StartScreen)
            await press(pilot, PIN, "<enter>")
            await at(pilot, GeneratorScreen)
            await press(pilot, "<f3>")
            await at(pilot, OptionsScreen)
            await until(pilot, showing(app, wanted))


async def test_void_says_where_a_copy_is(make_app: MakeApp) -> None:
    fake = session(message("SENT"))
    fake.script[protocol.Void] = lambda request: protocol.CardState(
        replace(CARD, paper=replace(CARD.paper, state="VOID"))
    )
    app = make_app(fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        await press(pilot, "v")
        await at(pilot, PinNow)
        await press(pilot, PIN, "<enter>")
        await until(pilot, lambda: f"It was e-mailed to {TO}" in flat(app))
