"""What a new clerk reads is about what stands there: notes of a card, keys, dates, a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from iies_tui.domain.card import ALL_OWNED_VEHICLES
from iies_tui.session import protocol
from iies_tui.tui.app import IiesApp
from iies_tui.tui.dialogs.pin_again import PinNow
from iies_tui.tui.form.card_form import iso
from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.options import OptionsScreen
from iies_tui.tui.screens.register import RegisterScreen
from iies_tui.tui.screens.result import ResultScreen
from iies_tui.tui.screens.review import ReviewScreen, more_of
from tests.support.driving import at, press, shown, until
from tests.support.fake_session import PIN, TODAY, FakeSession
from tests.support.form_keys import ADDRESS, INSURANCE, PERSON, SECOND_VIN, VEHICLE, sign_on
from tests.support.one_card import CARD, OneCard, open_card

MakeApp = Callable[..., IiesApp]


async def two_cards(pilot: Any) -> None:
    """Review of two vehicles; the model year is another than the first VIN says."""
    await sign_on(pilot)
    await press(pilot, *INSURANCE, "<enter>", *PERSON, *ADDRESS, "2004", *VEHICLE[1:])
    await press(pilot, "<f4>", "2019", "<enter>", "ford", "<enter>", SECOND_VIN, "<f9>")
    await at(pilot, ReviewScreen)


async def test_a_note_stands_on_its_own_card_and_keys_lead_to_a_card(make_app: MakeApp) -> None:
    session = FakeSession()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await two_cards(pilot)
        assert "Review: card 1 of 2" in shown(app)
        assert "This VIN is from" in shown(app) and "have notes" not in shown(app)
        assert "Right Next card" in shown(app) and "Left Previous card" not in shown(app)
        await press(pilot, "<right>")
        await until(pilot, lambda: "Review: card 2 of 2" in shown(app))
        assert "This VIN is from" not in shown(app) and "Card 1 has notes" in shown(app)
        assert "Right Next card" not in shown(app) and "Left Previous card" in shown(app)
        await press(pilot, "<right>")
        assert "Review: card 2 of 2" in shown(app)
        await press(pilot, "<enter>")
        await at(pilot, ResultScreen)
        await until(pilot, lambda: "2 cards were issued" in shown(app))
        assert f"C is for {session.cards[0].serial}" in shown(app)


def test_fein_as_it_is_written() -> None:
    checked = protocol.Checked(problems=[], notes=[], fein="123456789")
    assert more_of(checked) == [("FEIN", "12-3456789")]


async def test_the_register_shows_whole_words_and_uses_the_room(make_app: MakeApp) -> None:
    names = "SCHENECTADY FREIGHT AND STORAGE LLC"
    session = FakeSession(cards=[replace(CARD, vehicle=ALL_OWNED_VEHICLES, names=names)])
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, "<f2>")
        await at(pilot, RegisterScreen)
        await until(pilot, lambda: ALL_OWNED_VEHICLES in shown(app))
        lines = shown(app).splitlines()
        head = next(line for line in lines if "Serial" in line)
        row = next(line for line in lines if CARD.serial in line)
        assert head.index("Serial") == row.index(CARD.serial)
        assert head.index("Vehicle") == row.index(ALL_OWNED_VEHICLES)
        assert "saved" in row
    app = make_app(session)
    async with app.run_test(size=(120, 40)) as pilot:
        await sign_on(pilot)
        await press(pilot, "<f2>")
        await at(pilot, RegisterScreen)
        await until(pilot, lambda: names in shown(app))


async def test_the_pin_dialog_says_what_enter_does_and_stays_where_the_pin_is_wrong(
    make_app: MakeApp,
) -> None:
    paper = OneCard("COMPLETED")

    def void(request: protocol.Void) -> protocol.CardState | protocol.Failed:
        if paper.session.secrets[-1] != [PIN.encode()]:
            return protocol.Failed(code="sign_on_failed")
        paper.card = replace(paper.card, paper=replace(paper.card.paper, state="VOID"))
        return protocol.CardState(paper.card)

    paper.session.script[protocol.Void] = void
    app = make_app(paper.session)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_card(pilot)
        await press(pilot, "v")
        await at(pilot, PinNow)
        assert "Enter Void" in shown(app)
        await press(pilot, "<enter>")
        await until(pilot, lambda: "Type the PIN, or Esc" in shown(app))
        await press(pilot, "1111", "<enter>")
        await until(pilot, lambda: "The PIN is wrong" in shown(app))
        assert isinstance(app.screen, PinNow)
        await press(pilot, PIN, "<enter>")
        await until(pilot, lambda: "Destroy every copy" in shown(app))


async def test_options_say_that_there_is_more_and_what_is_saved_is_told_once(
    make_app: MakeApp,
) -> None:
    app = make_app(FakeSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, "<f3>")
        await at(pilot, OptionsScreen)
        await until(pilot, lambda: "more below: PgDn" in shown(app))
        assert "Sign-off after" not in shown(app)
        await press(pilot, "<pagedown>", "<pagedown>")
        await until(pilot, lambda: "more below" not in shown(app))
        assert "Sign-off after" in shown(app)
        await press(pilot, "<pageup>", "<pageup>")
        await until(pilot, lambda: "more below: PgDn" in shown(app))
        await press(pilot, "<f9>")
        await at(pilot, GeneratorScreen)
        await until(pilot, lambda: "The options are saved" in shown(app))
        await press(pilot, "<f6>")
        await until(pilot, lambda: "The options are saved" not in shown(app))
        assert "It prints last, first, middle" in shown(app)
        await press(pilot, "<up>", "<right>")
        await until(pilot, lambda: "It prints last, first, middle" not in shown(app))


async def test_a_day_that_there_is_not_is_told_as_such(make_app: MakeApp) -> None:
    assert iso("tomorrow", TODAY) == "tomorrow"
    app = make_app(FakeSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, "901", "<enter>", "PA-1", "<enter>", "2/30", "<enter>", "<enter>")
        await until(pilot, lambda: "This day does not exist" in shown(app))
