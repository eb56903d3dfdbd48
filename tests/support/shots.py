"""Pictures of every screen: ``python -m tests.support.shots DIR [--look mono] [--size 120x40]``.

Drives the real application on a fake session by keys and writes a PNG a screen.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from iies_tui.session import protocol
from iies_tui.tui.app import IiesApp
from iies_tui.tui.outcome import Outcome
from iies_tui.tui.terminal.look import Look
from iies_tui.tui.widgets.text_field import Field, TextField
from tests.support import driving
from tests.support.fake_batches import FakeBatches, problem as wrong
from tests.support.fake_session import (
    BUNDLE,
    EMPTY_TERMINAL,
    NOW,
    PIN,
    TERMINAL,
    FakeSession,
    card_of,
)
from tests.support.form_keys import ADDRESS, INSURANCE, PERSON, SECOND_VIN, VEHICLE, VIN
from tests.support.one_card import REQUEST
from tests.support.picture import save

Shot = Callable[[str], Awaitable[None]]
FRONT = protocol.QueueInfo(
    name="FRONT",
    description="Front desk",
    accepting=True,
    stopped=False,
    default=True,
    fax=False,
)


async def settle(pilot: Pilot[Outcome]) -> None:
    await pilot.pause(0.1)
    await pilot.pause()


async def press(pilot: Pilot[Outcome], *names: str) -> None:
    """Type as ``driving.press`` does, and let the screen come to rest."""
    await driving.press(pilot, *names)
    await settle(pilot)


async def start(pilot: Pilot[Outcome], shot: Shot) -> None:
    await settle(pilot)
    await shot("start")
    await press(pilot, "<f3>")
    await shot("training-question")
    await press(pilot, "<enter>")
    await shot("training-made")


async def first_run(pilot: Pilot[Outcome], shot: Shot) -> None:
    await settle(pilot)
    await shot("start-empty")
    await press(pilot, "<f4>", "/media/usb/ny.iies", "<enter>")
    await shot("import-confirm")
    await press(pilot, "<escape>", "<escape>", "<f2>")
    await press(pilot, "PC-123456", "<enter>", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456", "<enter>")
    await shot("setup")
    await press(pilot, " 78", "<enter>")
    await shot("setup-blanks")


async def job(pilot: Pilot[Outcome], shot: Shot) -> None:
    await settle(pilot)
    await press(pilot, "00000000", "<enter>")
    await shot("sign-on-failed")
    await press(pilot, PIN, "<enter>")
    await shot("insurance-empty")
    await press(pilot, "<f1>")
    await shot("help")
    await press(pilot, "check dig")
    await shot("help-find")
    await press(pilot, "<enter>")
    await shot("help-found")
    await press(pilot, "<escape>", "no")
    await shot("insurance-letters")
    await press(pilot, "<backspace>", "<backspace>", "<f9>")
    await shot("insurance-wrong")
    await press(pilot, "<f6>")
    await shot("registrant-wrong")
    await press(pilot, "<f8>")
    await shot("issue-wrong")
    await press(pilot, "<f5>", *INSURANCE, "<enter>")
    await shot("registrant-empty")
    await press(pilot, "<f5>")
    await shot("insurance")
    await press(pilot, "<f6>", *PERSON, *ADDRESS)
    await press(pilot, "2003", "<enter>", "honda", "<enter>", "1HGCM82633A004353", "<enter>")
    await shot("issue-vin-wrong")
    await press(pilot, "<f7>")
    await shot("vehicles-wrong")
    await press(pilot, "<f11>")
    await shot("vin-list")
    await press(pilot, "<escape>", "<backspace>", "2")
    pilot.app.screen.query_one("#vehicles-0-make", TextField).enter()
    await press(pilot, "ford", "<f11>")
    await shot("vin-says")
    await press(
        pilot, "<down>", "<enter>", "<f4>", "2019", "<enter>", "ford", "<enter>", SECOND_VIN
    )
    await shot("vehicles")
    await press(pilot, "<f8>")
    await shot("issue-two")
    await press(pilot, "<f7>", "<f6>")
    await shot("registrant")
    await press(pilot, "<f9>")
    await shot("review")
    await press(pilot, "<right>", "<enter>")
    await shot("result")
    await press(pilot, "h")
    await shot("result-in-hand")
    await press(pilot, "<f4>", "2020", "<escape>")
    await shot("discard")
    await press(pilot, "<escape>", "<f2>")
    await shot("register")
    await press(pilot, "<enter>")
    await shot("register-card")
    await press(pilot, "<escape>", "<escape>", "<f5>", "<f11>")
    await shot("list-companies")
    await press(pilot, "<escape>", "<f6>", "<f11>")
    await shot("list-customers")
    await press(pilot, "<escape>", "<f3>")
    await shot("options")
    await press(pilot, *["<down>"] * 5, "999", "<enter>", "<down>", "1y", "<f9>")
    await shot("options-wrong")
    await press(pilot, "<escape>")
    await shot("options-leave")
    await press(pilot, "<enter>", "<f6>")
    pilot.app.screen.query_one("#kind", Field).enter()
    await press(pilot, "<right>")
    await shot("organization")
    await press(pilot, "<f7>")
    pilot.app.screen.query_one("#vehicle-kind", Field).enter()
    await press(pilot, "<right>")
    await shot("fleet")


async def verify(pilot: Pilot[Outcome], shot: Shot) -> None:
    await settle(pilot)
    await shot("start-notices")
    await press(pilot, "<f5>", "/tmp/card.pdf", "<enter>")
    await shot("verify")


async def mail(pilot: Pilot[Outcome], shot: Shot) -> None:
    await settle(pilot)
    await press(pilot, PIN, "<enter>")
    await shot("open-mail")
    await press(pilot, "<enter>")
    await shot("card-mail")
    await press(pilot, "<at>")
    await shot("mail-refused")
    await press(pilot, "o")
    await shot("mail-dialog")
    await press(pilot, "jane", "<f9>")
    await shot("mail-wrong")
    await press(pilot, "@customer.example", "<f9>")
    await shot("card-mail-queued")
    await press(pilot, "<escape>", "<down>", "<enter>", "<at>")
    await shot("mail-doubtful")


def wrong_then_right(session: FakeSession) -> Callable[[protocol.SendMail], object]:
    """The session's own check of an address, for a picture of it."""

    def answer(request: protocol.SendMail) -> object:
        if "@" not in request.address:
            reason = "An email address must have an @-sign."
            return protocol.Failed(code="mail_address", params={"reason": reason})
        return session._sendmail(request, [])

    return answer


def mailing() -> FakeSession:
    """Two cards from before: one refused by the mail server, one doubtful."""
    cards = [
        replace(
            card_of(REQUEST, number, f"2003 HONDA {VIN}"),
            paper=replace(
                card_of(REQUEST, number, f"2003 HONDA {VIN}").paper, state="HANDED_OVER", mail=state
            ),
        )
        for number, state in ((1, "REFUSED"), (2, "DOUBTFUL"))
    ]
    said = "550 5.1.1 <jane@custmer.example>: Recipient address rejected"
    mails = [
        protocol.MailInfo(
            id=f"{at:016x}",
            serial=card.serial,
            address="jane@custmer.example",
            fax_sheet=False,
            state=card.paper.mail,
            attempts=1,
            queued_at=card.issued_at,
            due=card.issued_at,
            reason=reason,
            detail=detail,
        )
        for at, (card, reason, detail) in enumerate(
            ((cards[0], "no_such_address", said), (cards[1], "no_reply", ""))
        )
    ]
    post = replace(TERMINAL, mail_server="smtp.agency.example", mail_sender="cards@agency.example")
    session = FakeSession(terminal=post, opened=cards, cards=cards, mails=mails)
    session.script[protocol.SendMail] = wrong_then_right(session)
    return session


async def issuing(pilot: Pilot[Outcome], shot: Shot) -> None:
    await settle(pilot)
    await press(pilot, PIN, "<enter>", *INSURANCE, "<enter>", *PERSON, *ADDRESS, *VEHICLE, "<f9>")
    await press(pilot, "<enter>")
    await pilot.pause(1.3)
    await shot("issuing")


async def idle(pilot: Pilot[Outcome], shot: Shot) -> None:
    await settle(pilot)
    await press(pilot, PIN, "<enter>", *INSURANCE, "<enter>")
    await pilot.pause(0.6)
    await shot("idle-warning")


async def batch(pilot: Pilot[Outcome], shot: Shot) -> None:
    """A fleet: wrong, then right, stopped on the way and gone on with."""
    await settle(pilot)
    await press(pilot, PIN, "<enter>", "<f8>")
    await shot("issue-batch-key")
    await press(pilot, "<f12>")
    await shot("batch")
    await press(pilot, "/media/stick/fleet.csv", "<enter>")
    await pilot.pause(0.5)
    await shot("batch-wrong")
    await press(pilot, "<f4>")
    await shot("batch-saved")
    FLEET.problems = []
    await press(pilot, "<escape>", "/media/stick/fleet-problems.csv", "<enter>")
    await pilot.pause(0.5)
    await shot("batch-right")
    await press(pilot, "<enter>")
    await shot("batch-order")
    FLEET.pause = 0.05
    await press(pilot, "<right>", "<f9>")
    await pilot.pause(2)
    await shot("batch-running")
    await press(pilot, "<escape>")
    await pilot.pause(0.5)
    await shot("batch-stopped")
    FLEET.pause = 0
    await press(pilot, "<escape>", "<f8>")
    await shot("batch-give-up")
    await press(pilot, "<escape>")
    await shot("batch-from-before")
    await press(pilot, "<f1>")
    await shot("batch-help")


FLEET = FakeBatches(
    rows=2000,
    problems=[
        wrong(3, "vehicle_vin", "vin_check", positions="3, 4, 10-11, 16-17"),
        wrong(3, "icc", "cell_zeros", value="42", width=3, proposal="042"),
        wrong(118, "effective", "date_swapped", value="13/12/2026", date="12/13/2026"),
        wrong(1999, "registrant1_driver_license", "driver_license_form", count=8),
        *(wrong(n, "policy", "required") for n in range(200, 230)),
    ],
    repeated=[wrong(5, "vehicle_vin", "issued_already", serial="7K3M9QXD-000001-X")],
    notes=[protocol.NoteInfo(wrong(7, "expiration", "term_over_year", days=730), 412)],
)


async def slow_issue(request: protocol.Issue) -> protocol.Issued:
    await asyncio.sleep(3)
    return protocol.Issued([])


LIVE = replace(
    TERMINAL,
    training=False,
    bundle=replace(BUNDLE, training=False, authority="NEW YORK EXAMPLE AUTHORITY"),
)
CUSTOMERS = [
    protocol.CustomerInfo(names=names, address=address, policy="PA-1234567-01", request={})
    for names, address in (
        ("DOE JOHN Q", "1 MAIN ST, ALBANY NY 12207"),
        ("VAN DER BERG ANNA M / BERG PETER", "22 CANAL ST, TROY NY 12180"),
        ("HUDSON FREIGHT LINES LLC", "400 RIVER RD, GLENMONT NY 12077"),
    )
]


def stories() -> list[tuple[FakeSession, Callable[[Pilot[Outcome], Shot], Awaitable[None]]]]:
    broken = replace(
        TERMINAL,
        notices=[
            protocol.ProblemInfo(
                field="",
                code="bundle_ends_soon",
                params={"days": 6, "day": "2026-11-28", "whom": "our licensing desk"},
            )
        ],
        issuers=[*TERMINAL.issuers, replace(TERMINAL.issuers[0], license="BR-777/12")],
    )
    warned = replace(TERMINAL, sign_off_seconds=25, warn_seconds=24)
    return [
        (FakeSession(terminal=LIVE), start),
        (FakeSession(terminal=EMPTY_TERMINAL), first_run),
        (FakeSession(customers=CUSTOMERS), job),
        (FakeSession(terminal=broken), verify),
        (mailing(), mail),
        (FakeSession(script={protocol.Issue: slow_issue}), issuing),
        (FakeSession(terminal=warned), idle),
        (FLEET.session(queues=[FRONT]), batch),
    ]


async def main(directory: Path, look: Look, size: tuple[int, int], only: str) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for session, story in stories():
        if only and story.__name__ != only:
            continue
        app = IiesApp(session, look=look, now=lambda: NOW)
        async with app.run_test(size=size) as pilot:

            async def shot(name: str, app: IiesApp = app) -> None:
                save(app, directory / f"{name}.png")

            await story(pilot, shot)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--look", type=Look, default=Look.CONSOLE)
    parser.add_argument("--size", default="80x24")
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    width, height = (int(part) for part in given.size.split("x"))
    asyncio.run(main(given.directory, given.look, (width, height), given.only))
