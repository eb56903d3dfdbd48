"""F11: companies and customers of earlier cards, what a VIN may be; pastes; a card copied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.events import Paste

from iies_tui.session import protocol
from iies_tui.tui.app import IiesApp
from iies_tui.tui.dialogs.pick import PickDialog
from iies_tui.tui.form.card_form import Car
from iies_tui.tui.form.suggest import of_known, of_line, of_vin
from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.register import RegisterScreen
from iies_tui.tui.screens.start import StartScreen
from iies_tui.tui.terminal.look import Look
from iies_tui.tui.widgets.text_field import TextField
from tests.support.driving import at, press, shown, until
from tests.support.fake_session import FakeSession, card_of
from tests.support.form_keys import VIN, sign_on
from tests.support.one_card import REQUEST
from tests.support.picture import cells

MakeApp = Callable[..., IiesApp]
PEOPLE: protocol.Json = {
    "registrants": [{"last": "ROE", "first": "ANN", "middle": "", "suffix": "II"}],
    "organization": None,
    "address": ["22 CANAL ST", "TROY NY 12180"],
}
FIRM: protocol.Json = {
    "registrants": [],
    "organization": {"name": "HUDSON FREIGHT LLC", "fein": "123456789"},
    "address": [],
}
CUSTOMERS = [
    protocol.CustomerInfo(
        names="ROE ANN II", address="22 CANAL ST, TROY NY 12180", policy="PA-7", request=PEOPLE
    ),
    protocol.CustomerInfo(names="HUDSON FREIGHT LLC", address="", policy="PA-8", request=FIRM),
]


def value(app: IiesApp, place: str) -> str:
    return app.screen.query_one(f"#{place}", TextField).value


async def paste(pilot: Any, app: IiesApp, text: str) -> None:
    app.post_message(Paste(text))
    await pilot.pause()
    await until(pilot, lambda: not app._typed_ahead.busy)
    await pilot.pause()


async def test_companies_and_customers_of_earlier_cards_are_picked(make_app: MakeApp) -> None:
    session = FakeSession(customers=CUSTOMERS, cards=[card_of(REQUEST, 1, f"2003 HONDA {VIN}")])
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        await press(pilot, "<f11>")
        assert not any(isinstance(one, protocol.RecentInsurers) for one in session.asked)
        await sign_on(pilot)
        await press(pilot, "<f11>")
        await at(pilot, PickDialog)
        await until(pilot, lambda: "901  NORTH COUNTRY" in shown(app))
        await press(pilot, "<enter>")
        await at(pilot, GeneratorScreen)
        await until(pilot, lambda: value(app, "icc") == "901")
        assert app.focused is not None and app.focused.id == "policy-entry"

        await press(pilot, "<f6>", "<f11>")
        await until(pilot, lambda: "HUDSON FREIGHT LLC" in shown(app))
        await press(pilot, "roe")
        await until(pilot, lambda: "HUDSON" not in shown(app))
        await press(pilot, "<enter>")
        await until(pilot, lambda: value(app, "registrants-0-last") == "ROE")
        assert value(app, "registrants-0-suffix") == "II"
        assert value(app, "address-1") == "TROY NY 12180"
        await press(pilot, "<f11>", "<down>", "<enter>")
        await until(pilot, lambda: value(app, "organization-name") == "HUDSON FREIGHT LLC")
        assert value(app, "organization-fein") == "123456789"
        await press(pilot, "<ctrl+l>")
        await at(pilot, PickDialog)
        await press(pilot, "nobody")
        await until(pilot, lambda: "Nothing was found." in shown(app))
        await press(pilot, "<enter>", "<escape>")
        await at(pilot, GeneratorScreen)
        assert value(app, "organization-name") == "HUDSON FREIGHT LLC"


async def test_a_vin_is_mended_only_when_the_clerk_takes_one(make_app: MakeApp) -> None:
    app = make_app(FakeSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, "<f7>", "2003", "<enter>", "ford", "<enter>", VIN[:-2] + "25")
        await press(pilot, "<f11>")
        await at(pilot, PickDialog)
        await until(pilot, lambda: "16 and 17 swapped" in shown(app))
        await press(pilot, "<escape>")
        await at(pilot, GeneratorScreen)
        assert value(app, "vehicles-0-vin") == VIN[:-2] + "25"
        await press(pilot, "<f11>")
        await until(pilot, lambda: VIN in shown(app))
        dialog = app.screen
        assert isinstance(dialog, PickDialog)
        at_row = next(i for i, row in enumerate(dialog._rows) if row.text.startswith(VIN))
        await press(pilot, *["<down>"] * at_row, "<enter>")
        await at(pilot, GeneratorScreen)
        await until(pilot, lambda: value(app, "vehicles-0-vin") == VIN)
        await press(pilot, "<f11>")
        await until(pilot, lambda: "make: HONDA" in shown(app))
        await press(pilot, "<enter>")
        await until(pilot, lambda: value(app, "vehicles-0-make") == "HONDA")
        await press(pilot, "<f11>")
        await until(pilot, lambda: "Nothing is known" in shown(app))


async def test_pastes_of_a_name_a_vin_and_a_line(make_app: MakeApp) -> None:
    app = make_app(FakeSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, "<f6>")
        await paste(pilot, app, "Doe, John Q., Jr.\n")
        await until(pilot, lambda: value(app, "registrants-0-first") == "JOHN")
        assert value(app, "registrants-0-last") == "DOE"
        assert (value(app, "registrants-0-middle"), value(app, "registrants-0-suffix")) == (
            *("Q", "JR"),
        )
        assert "Split into last name DOE" in shown(app)
        await press(pilot, "<f7>")
        await paste(pilot, app, "1hgcm 82633-a004352")  # in the year's field
        await until(pilot, lambda: value(app, "vehicles-0-vin") == VIN)
        assert value(app, "vehicles-0-year") == ""
        await press(pilot, "<f4>")
        await until(pilot, lambda: bool(app.screen.query("#vehicles-1-year")))
        await paste(pilot, app, "2019 Ford 1FTEW1EP1KFA00007")
        await until(pilot, lambda: value(app, "vehicles-1-vin") == "1FTEW1EP1KFA00007")
        assert (value(app, "vehicles-1-year"), value(app, "vehicles-1-make")) == ("2019", "FORD")


async def test_a_card_of_the_register_is_copied_into_a_new_one(make_app: MakeApp) -> None:
    card = card_of(REQUEST, 1, f"2003 HONDA {VIN}")
    session = FakeSession(cards=[card])
    session.script[protocol.CopyCard] = lambda _: protocol.Copied(
        {**REQUEST, "effective": "", "expiration": ""}
    )
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, "<f2>")
        await at(pilot, RegisterScreen)
        await until(pilot, lambda: card.serial in shown(app))
        await press(pilot, "<enter>")
        await until(pilot, lambda: "D Duplicate" in shown(app))
        await press(pilot, "d")
        await at(pilot, GeneratorScreen)
        await until(pilot, lambda: value(app, "policy") == "PA-1234567-01")
        assert value(app, "effective") == "" == value(app, "expiration")
        assert "A new card like that one" in shown(app)
        assert app.focused is not None and app.focused.id == "effective-entry"
        await press(pilot, "<f7>")
        assert value(app, "vehicles-0-vin") == VIN


def test_what_is_offered_for_a_vin() -> None:
    wrong_letter = of_vin(Car("2003", "HONDA", "IHGCM82633AOO4352"))
    assert [one.car.vin for one in wrong_letter] == [VIN]
    assert "position 1, 12, 13" in wrong_letter[0].text
    assert of_vin(Car("", "", VIN)) == [] == of_vin(Car("", "", "123"))
    swapped = of_vin(Car("", "", VIN[:-2] + "25"))
    assert VIN in [one.car.vin for one in swapped] and len(swapped) > 1
    known = protocol.VinKnown(make="HONDA", name="HONDA", model="Accord", year=2003)
    assert of_known(Car("2003", "HONDA", VIN), known, 2028) == []
    both = of_known(Car("", "", VIN), known, 2028)
    assert both[0].car == Car("2003", "HONDA", VIN) and len(both) == 3
    assert of_known(Car("", "", VIN[:-1] + "3"), known, 2028) == []


def test_a_pasted_line_that_is_no_vehicle_is_left_alone() -> None:
    assert of_line("1 MAIN ST ALBANY") is None
    assert of_line("2003 HONDA 1HGCM82633A00435") is None
    assert of_line(" 1hgcm82633a004352 ") == Car(vin=VIN)


async def test_the_bar_of_a_list_is_seen_without_color(make_app: MakeApp) -> None:
    app = make_app(FakeSession(), look=Look.MONO)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, "no")
        await until(pilot, lambda: "> 901" in shown(app))
        row = next(line for line in cells(app) if "> 901" in "".join(c for c, _ in line))
        marked = [style for character, style in row if character == "N"]
        assert all(style.bold and style.underline for style in marked)
