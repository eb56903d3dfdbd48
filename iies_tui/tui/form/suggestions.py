"""The lists behind F11: companies and customers of the last cards, and what a VIN may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.app import App

from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.dialogs.pick import PickDialog, fixed
from iies_tui.tui.dialogs.question import Message
from iies_tui.tui.form.card_form import Car
from iies_tui.tui.form.suggest import of_known, of_vin, plain
from iies_tui.tui.ports import Session
from iies_tui.tui.widgets.picker import Row


async def pick_insurer(app: App[Any], session: Session) -> str | None:
    """A company code of the issuer's last cards; one no longer authorized cannot be taken."""
    try:
        answer = await session.ask(protocol.RecentInsurers())
    except RequestFailed:
        answer = protocol.Insurers([])
    rows = [insurer_row(one) for one in answer.found]
    dialog = PickDialog(words("pick.insurers"), words("pick.insurers_text"), fixed(rows))
    return await app.push_screen_wait(dialog)


def insurer_row(insurer: protocol.InsurerInfo) -> Row:
    """One that is no longer authorized is shown with DFS's asterisk and cannot be picked."""
    mark = " " if insurer.active else "*"
    text = words("field.icc_row", mark=mark, icc=insurer.icc, name=insurer.name)
    gone = "" if insurer.active else f"   {words('field.no_longer')}"
    return Row(insurer.icc, text + gone, insurer.active)


async def pick_customer(app: App[Any], session: Session) -> protocol.Json | None:
    """The registrants, organization and address of an earlier card."""
    found: list[protocol.CustomerInfo] = []

    async def search(typed: str) -> Sequence[Row]:
        try:
            answer = await session.ask(protocol.FindCustomers(typed))
        except RequestFailed:
            answer = protocol.Customers([])
        found[:] = answer.found
        return [
            Row(str(at), f"{one.names[:30]:<30}  {one.address[:30]}")
            for at, one in enumerate(found)
        ]

    dialog = PickDialog(words("pick.customers"), words("pick.customers_text"), search)
    chosen = await app.push_screen_wait(dialog)
    return None if chosen is None else found[int(chosen)].request


async def pick_vehicle(app: App[Any], session: Session, car: Car, last_year: int) -> Car | None:
    """The vehicle as the clerk takes it; None where nothing is offered or taken."""
    offered, right = of_vin(car), False
    if not offered:
        year = int(car.year) if car.year.isascii() and car.year.isdigit() else 0
        look = protocol.LookAtVin(plain(car.vin), year)
        try:
            known = await session.ask(look)
        except RequestFailed:
            known = protocol.VinKnown()
        offered, right = of_known(car, known, last_year), True
    if not offered:
        await app.push_screen_wait(Message(words("pick.vin_right"), words("pick.vin_none")))
        return None
    key = "pick.vin_right" if right else "pick.vin"
    rows = [Row(str(at), one.text) for at, one in enumerate(offered)]
    dialog = PickDialog(words(key), words(f"{key}_text"), fixed(rows), find=False)
    chosen = await app.push_screen_wait(dialog)
    return None if chosen is None else offered[int(chosen)].car
