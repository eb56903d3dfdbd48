"""The main job by keys alone at 80x24, against a fake session with the real rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from iies_tui.session import protocol
from iies_tui.tui.app import IiesApp
from iies_tui.tui.outcome import Next, Reason
from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.result import ResultScreen
from iies_tui.tui.screens.review import ReviewScreen
from iies_tui.tui.screens.start import StartScreen
from tests.support.driving import at, burst, outcome, press, showing, shown, until
from tests.support.fake_session import PIN, FakeSession
from tests.support.form_keys import ADDRESS, INSURANCE, PERSON, SECOND_VIN, VEHICLE, VIN, sign_on

MakeApp = Callable[..., IiesApp]

DATA = ("901", "PA-1234567-01", "1201", "+1y", "doe", "john", "q", "1 main st", "albany ny 12207")


async def test_a_card_in_sixty_keys_and_the_next_vehicle_in_twelve(
    make_app: MakeApp, record_figure: Callable[[str, dict[str, object]], None]
) -> None:
    session = FakeSession()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        typed = await press(pilot, *INSURANCE, "<enter>", *PERSON, *ADDRESS, *VEHICLE, "<f9>")
        await at(pilot, ReviewScreen)
        review = shown(app)
        assert "D O E   J O H N   Q" in review
        assert "901  NORTH COUNTRY MUTUAL INS CO" in review
        assert " ".join(VIN) in review
        assert "12/01/2026  to  12/01/2027" in review
        typed += await press(pilot, "<enter>")
        await at(pilot, ResultScreen)
        await until(pilot, lambda: "read back: OK" in shown(app))
        assert session.cards[0].serial in shown(app)
        typed += await press(pilot, "h")
        await until(pilot, lambda: session.cards[0].paper.state == "HANDED_OVER")
        beyond = typed - sum(map(len, (*DATA, "2003", "honda", VIN)))

        second = await press(pilot, "<f4>")
        await at(pilot, GeneratorScreen)
        assert "Same customer" in shown(app)
        second += await press(pilot, "2019", "<enter>", "ford", "<enter>", SECOND_VIN, "<f9>")
        await at(pilot, ReviewScreen)
        assert "D O E   J O H N   Q" in shown(app)
        second += await press(pilot, "<enter>")
        await at(pilot, ResultScreen)
        await until(pilot, lambda: len(session.cards) == 2)
        second -= len("2019" + "ford" + SECOND_VIN)
        record_figure("keys", {"first_card_beyond_data": beyond, "second_vehicle": second})
        assert beyond <= 60
        assert second <= 12
        await press(pilot, "<f10>")
    assert session.killed
    assert (outcome(app).next, outcome(app).reason) == (Next.SIGN_OFF, Reason.KEY)
    issued = [asked for asked in session.asked if isinstance(asked, protocol.Issue)]
    assert issued[0].request["expiration"] == "2027-12-01"
    assert issued[0].request["vehicles"] == [{"year": 2003, "make": "HONDA", "vin": VIN}]


async def test_everything_typed_in_one_burst_lands_in_its_field(make_app: MakeApp) -> None:
    session = FakeSession()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, StartScreen)
        burst(app, PIN, "<enter>", *INSURANCE, "<enter>", *PERSON, *ADDRESS, *VEHICLE, "<f9>")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        await until(pilot, lambda: " ".join(VIN) in shown(app))
    assert session.secrets == [[PIN.encode()]]


async def test_errors_stand_beside_their_fields_all_at_once_and_the_first_has_the_focus(
    make_app: MakeApp,
) -> None:
    session = FakeSession()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, "999", "<enter>", "PA-1", "<enter>", "1201", "<enter>", "1101", "<f9>")
        await until(pilot, lambda: "No company on this list has code 999" in shown(app))
        assert app.focused is not None and app.focused.id == "icc-entry"
        assert "after the effective date" not in shown(app) or "12/01/2026" in shown(app)
        assert "Registrant!" in shown(app) and "Vehicles!" in shown(app)
        await press(pilot, "<f6>")
        await until(pilot, lambda: "No name yet." in shown(app))
        await press(pilot, "<f8>")
        await until(pilot, lambda: "Enter on a line" in shown(app))
        await press(pilot, "<down>", "<enter>")
        await until(pilot, lambda: app.focused is not None and app.focused.id != "errors")
        assert app.focused is not None and str(app.focused.id).endswith("-entry")


async def test_a_vin_with_a_wrong_check_digit_is_told_when_the_field_is_left(
    make_app: MakeApp,
) -> None:
    app = make_app(FakeSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, "<f7>", "2003", "<enter>", "honda", "<enter>")
        await press(pilot, VIN[:-1] + "3", "<enter>", "<f7>")
        await until(pilot, lambda: "check digit" in shown(app).lower())


async def test_letters_give_the_list_and_an_inactive_company_cannot_be_chosen(
    make_app: MakeApp,
) -> None:
    app = make_app(FakeSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, "no")
        await until(pilot, lambda: "NORTHWAY LIFE AND AUTO" in shown(app))
        assert "no longer authorized" in shown(app)
        assert "[/bold]" in shown(app)  # data is never markup
        await press(pilot, "<down>", "<down>", "<enter>")
        await until(pilot, lambda: "Policy number" in shown(app))
        icc = app.screen.query_one("#icc-entry")
        assert getattr(icc, "value", "") in ("901", "902")


async def test_the_draft_is_saved_within_a_second_and_comes_back(make_app: MakeApp) -> None:
    session = FakeSession()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, *INSURANCE)
        await pilot.pause(1.0)
        drafts = [asked for asked in session.asked if isinstance(asked, protocol.SaveDraft)]
        assert drafts[-1].form["policy"] == "PA-1234567-01"
        app.sign_off(Reason.IDLE)
    again = make_app(FakeSession(draft=drafts[-1].form))
    async with again.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await until(pilot, lambda: "PA-1234567-01" in shown(again))
        assert "Your unfinished form is back" in shown(again)


async def test_an_issued_card_is_no_draft_any_more_until_the_clerk_types(make_app: MakeApp) -> None:
    session = FakeSession()
    app = make_app(session)

    def drafts() -> list[protocol.Json]:
        return [asked.form for asked in session.asked if isinstance(asked, protocol.SaveDraft)]

    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, *INSURANCE, "<enter>", *PERSON, *ADDRESS, *VEHICLE, "<f9>")
        await at(pilot, ReviewScreen)
        await press(pilot, "<enter>")
        await until(pilot, lambda: "read back: OK" in shown(app))
        before = len(drafts())
        await press(pilot, "<f4>")
        await at(pilot, GeneratorScreen)
        await pilot.pause(1.5)
        assert len(drafts()) == before
        await press(pilot, "2019")
        await until(pilot, lambda: len(drafts()) > before)
        assert drafts()[-1]["policy"] == "PA-1234567-01"
        assert drafts()[-1]["vehicles"] == [{"year": "2019", "make": "", "vin": ""}]
    issued = [asked for asked in session.asked if isinstance(asked, protocol.Issue)]
    assert [one.drafted for one in issued] == [True]


async def test_esc_asks_before_it_discards(make_app: MakeApp) -> None:
    app = make_app(FakeSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, "<escape>")
        assert isinstance(app.screen, GeneratorScreen)  # nothing to lose, nothing asked
        await press(pilot, "901", "<enter>", "PA-7", "<escape>")
        await until(pilot, lambda: "Clear the form?" in shown(app))
        await press(pilot, "<escape>")
        assert "PA-7" in shown(app)
        await press(pilot, "<escape>")
        await until(pilot, lambda: "Clear the form?" in shown(app))
        await press(pilot, "<enter>")
        await until(pilot, lambda: "PA-7" not in shown(app))


async def test_a_refused_issue_says_why_and_keeps_the_form(make_app: MakeApp) -> None:
    session = FakeSession(script={protocol.Issue: lambda _: protocol.Failed(code="disk_full")})
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, *INSURANCE, "<enter>", *PERSON, *ADDRESS, *VEHICLE, "<f9>")
        await at(pilot, ReviewScreen)
        await press(pilot, "<enter>")
        await until(pilot, lambda: "was not issued" in shown(app))
        await press(pilot, "<enter>")
        await at(pilot, GeneratorScreen)
        assert app.screen.query_one("#vehicles-0-vin-entry").value == VIN  # type: ignore[attr-defined]


async def test_a_fleet_and_an_organization(make_app: MakeApp) -> None:
    session = FakeSession()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await sign_on(pilot)
        await press(pilot, *INSURANCE, "<enter>", "<up>", "<right>", "<enter>")
        await press(pilot, "hudson freight llc", "<enter>", "12-3456789", "<enter>", *ADDRESS)
        await press(pilot, "<up>", "<right>", "<enter>", "7", "<enter>", "<enter>", "<f9>")
        await at(pilot, ReviewScreen)
        assert "ALL OWNED VEHICLES" in shown(app)
        await press(pilot, "<enter>")
        await until(pilot, lambda: bool(session.cards))
    issued = next(asked for asked in session.asked if isinstance(asked, protocol.Issue))
    assert issued.request["fleet"] == {"vehicles": 7, "for_hire": False}
    assert issued.request["organization"] == {"name": "HUDSON FREIGHT LLC", "fein": "123456789"}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_help_is_there_on_every_tab(make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app(FakeSession())
    async with app.run_test(size=size) as pilot:
        await sign_on(pilot)
        for key, title in (("f5", "Insurance"), ("f6", "Registrant"), ("f7", "Vehicles")):
            await press(pilot, f"<{key}>", "<f1>")
            await until(pilot, showing(app, f"{title} page"))
            await press(pilot, "<pagedown>", "<right>", "<left>", "<escape>")
            await at(pilot, GeneratorScreen)
