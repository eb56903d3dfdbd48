"""``iies-tui register``: what an issuer's register holds."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from iies_tui import bootstrap
from iies_tui.cli.asking import ask
from iies_tui.cli.cards import IN_DOUBT, paper_problem, watched
from iies_tui.cli.secrets import read_secret
from iies_tui.cli.speech import answer, problem_json, problem_line, say, tell
from iies_tui.domain import new_york
from iies_tui.session import protocol
from iies_tui.session.client import SessionClient
from iies_tui.text import words

LIMIT = 1000


def search(arguments: argparse.Namespace) -> int:
    """Cards whose words begin with all the words given, newest first."""
    pin = read_secret(arguments.pin_file)

    async def talk(client: SessionClient) -> protocol.Cards:
        await client.ask(protocol.SignOn(arguments.license), [pin])
        return await client.ask(protocol.Search(" ".join(arguments.words), LIMIT))

    cards = ask(bootstrap.state_directory(arguments.state), talk).cards
    if arguments.json:
        answer({"cards": [_card_json(card) for card in cards]})
        return 0
    for card in cards:
        say(
            words(
                "cli.card",
                serial=card.serial,
                state=card.paper.state,
                mode=card.mode.upper(),
                names=card.names,
                vehicle=card.vehicle,
                issued=new_york.written(datetime.fromisoformat(card.issued_at))[:10],
            )
        )
    if not cards:
        say(words("cli.no_cards"))
    return 0


def reprint(arguments: argparse.Namespace) -> int:
    """Print a card again, or for the first time; 3 where it did not come out."""
    request = protocol.Print(
        serial=arguments.serial,
        queue=arguments.queue,
        anyway=arguments.anyway,
        fax_to=arguments.fax_to,
        fax_cover=arguments.fax_cover,
    )

    async def talk(client: SessionClient) -> list[protocol.CardInfo]:
        await client.ask(protocol.SignOn(arguments.license), [_pin(arguments)])
        answer = await client.ask(request, [_pin(arguments)])
        return [await watched(client, answer.card)]

    return _told(arguments, ask(bootstrap.state_directory(arguments.state), talk))


def void(arguments: argparse.Namespace) -> int:
    """Make a card void; its serial is told, to be destroyed."""
    request = protocol.Void(arguments.serial, arguments.reason)

    async def talk(client: SessionClient) -> list[protocol.CardInfo]:
        await client.ask(protocol.SignOn(arguments.license), [_pin(arguments)])
        answer = await client.ask(request, [_pin(arguments)])
        return [answer.card]

    cards = ask(bootstrap.state_directory(arguments.state), talk)
    for card in cards:
        tell(words("delivery.void_told", serial=card.serial))
    return _told(arguments, cards)


def export(arguments: argparse.Namespace) -> int:
    """Save cards as files once more."""
    out = str(Path(arguments.out).absolute()) if arguments.out else ""

    async def talk(client: SessionClient) -> list[protocol.CardInfo]:
        await client.ask(protocol.SignOn(arguments.license), [_pin(arguments)])
        return [
            (
                await client.ask(
                    protocol.Save(
                        serial=serial,
                        folder=out,
                        fax_sheet=arguments.fax_sheet,
                        tiff=arguments.tiff,
                        fax_file=arguments.fax_file,
                    ),
                    [_pin(arguments)],
                )
            ).card
            for serial in arguments.serial
        ]

    return _told(arguments, ask(bootstrap.state_directory(arguments.state), talk))


def _pin(arguments: argparse.Namespace) -> bytearray:
    """Read each time: a secret is wiped once it was sent."""
    return read_secret(arguments.pin_file)


def _told(arguments: argparse.Namespace, cards: list[protocol.CardInfo]) -> int:
    errors = [paper_problem(card) for card in cards if card.paper.state in IN_DOUBT]
    if arguments.json:
        answer(
            {
                "cards": [
                    {**_card_json(card), "pdf": card.paper.pdf, "fax_pdf": card.paper.fax_pdf,
                     "fax_tiff": card.paper.fax_tiff, "reasons": card.paper.reasons}
                    for card in cards
                ],
                "errors": [problem_json(error) for error in errors],
            }
        )  # fmt: skip
    else:
        for card in cards:
            say(f"{card.serial}  {words(f'delivery.{card.paper.state}')}")
            for path in (card.paper.pdf, card.paper.fax_pdf, card.paper.fax_tiff):
                if path:
                    say(f"  {path}")
    for error in errors:
        tell(problem_line(error))
    return 3 if errors else 0


def _card_json(card: protocol.CardInfo) -> dict[str, object]:
    """The card and its paper side by side (``docs/commands.md``), less what a delivery tells."""
    of_a_delivery = {"pdf", "fax_pdf", "fax_tiff", "reasons", "trail_seq", "paper"}
    told = asdict(card) | asdict(card.paper)
    return {name: value for name, value in told.items() if name not in of_a_delivery}
