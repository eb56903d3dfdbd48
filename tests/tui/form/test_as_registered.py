"""Exactly as on the registration, said at the form: typed again, for this value of this card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, strategies as st
from textual import events

from iies_tui.domain import vin
from iies_tui.session import protocol
from iies_tui.tui.app import IiesApp
from iies_tui.tui.form.as_registered import AsRegistered
from iies_tui.tui.form.card_form import Car, CardForm, Person
from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.result import ResultScreen
from iies_tui.tui.screens.review import ReviewScreen
from tests.support.driving import at, press, showing, shown, until
from tests.support.fake_session import FakeSession
from tests.support.form_keys import ADDRESS, INSURANCE, PERSON, VEHICLE, sign_on

MakeApp = Callable[..., IiesApp]

EUROPEAN = "WVGZZZ5NZEW069297"
IMPORTED = "SALLDHMV7PA000017"
ODD = ("2014", "<enter>", "volks", "<enter>", EUROPEAN, "<enter>")
ONE_NAME = ("madonna", *["<enter>"] * 6)
TODAY = date(2026, 11, 22)


async def _refused(pilot: Any, vehicle: tuple[str, ...], person: tuple[str, ...] = PERSON) -> None:
    """A form with everything in it and one thing that the registration can overrule."""
    await sign_on(pilot)
    await press(pilot, *INSURANCE, "<enter>", *person, *ADDRESS, *vehicle, "<f9>")
    await until(pilot, showing(pilot.app, "If the registration shows exactly this, press F12."))
    assert "F12 As registered" in shown(pilot.app)
    await press(pilot, "<f12>")
    await at(pilot, AsRegistered)


async def test_a_vin_is_taken_once_its_last_characters_were_typed_again(make_app: MakeApp) -> None:
    session = FakeSession()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await _refused(pilot, ODD)
        await press(pilot, EUROPEAN[-6:], "<enter>")
        await at(pilot, GeneratorScreen)
        await until(pilot, lambda: "F12" not in shown(app))
        await press(pilot, "<f9>")
        await at(pilot, ReviewScreen)
        assert "* No US check digit: exactly as on the registration." in shown(app)
        await press(pilot, "<enter>")
        await at(pilot, ResultScreen)
    (issue,) = [one for one in session.asked if isinstance(one, protocol.Issue)]
    assert issue.request["as_registered"] == ["vin"]


async def test_neither_scan_nor_paste_nor_another_number_confirms_it(make_app: MakeApp) -> None:
    app = make_app(FakeSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await _refused(pilot, ODD)
        for typed in (EUROPEAN, "", "069279", EUROPEAN[-7:]):
            await press(pilot, typed, "<enter>")
            await until(pilot, showing(app, "These are not the last 6 characters."))
        app.post_message(events.Paste(EUROPEAN[-6:]))
        await until(pilot, showing(app, "A pasted text is not taken."))
        await press(pilot, "<enter>")
        await until(pilot, showing(app, "These are not the last 6 characters."))
        await press(pilot, "<escape>")
        await at(pilot, GeneratorScreen)
        assert "F12 As registered" in shown(app)


async def test_one_name_is_taken_once_it_was_typed_again(make_app: MakeApp) -> None:
    session = FakeSession()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await _refused(pilot, VEHICLE, ONE_NAME)
        await press(pilot, "madonna", "<enter>")
        await at(pilot, GeneratorScreen)
        await press(pilot, "<f9>")
        await at(pilot, ReviewScreen)
        assert "M A D O N N A" in shown(app)
        assert "* One name only: exactly as on the registration." in shown(app)


VINS = st.sampled_from([EUROPEAN, IMPORTED, "1HGCM82633A004352", "WVGZZZ5NZEW06929", "ABC"])
PEOPLE = st.lists(
    st.builds(Person, last=st.sampled_from(["", "MADONNA", "DOE"]), first=st.just("")),
    min_size=2,
    max_size=2,
)


@given(st.lists(VINS, min_size=1, max_size=3), PEOPLE, st.sets(VINS | st.just("MADONNA")))
def test_vin_is_said_only_once_each_odd_one_was_confirmed(
    vins: list[str], people: list[Person], confirmed: set[str]
) -> None:
    form = CardForm(
        vehicles=[Car("2014", "VOLKS", text) for text in vins],
        people=people,
        registered=sorted(confirmed),
    )
    said = form.request(TODAY).get("as_registered", [])
    assert isinstance(said, list)
    odd = {text for text in vins if vin.waiver(text, 2014)}
    assert ("vin" in said) == (bool(odd) and odd <= confirmed)
    filled = [person for person in people if not person.is_empty()]
    names = [one.last for n, one in enumerate(filled, start=1) if f"registrant{n}" in said]
    assert names == [one.last for one in filled if one.last in confirmed]


def test_a_changed_value_is_another_and_the_next_card_asks_anew() -> None:
    form = CardForm(vehicles=[Car("2014", "VOLKS", "wvg zzz-5nzew069297")], registered=[EUROPEAN])
    assert form.as_registered() == ["vin"]
    assert CardForm.from_draft(form.draft()) == form
    assert replace(form, vehicles=[Car("1993", "LANDR", IMPORTED)]).as_registered() == []
    assert form.next_for_same_customer().registered == []
    assert replace(form, fleet=True).as_registered() == []
