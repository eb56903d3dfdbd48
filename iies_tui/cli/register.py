"""``iies-tui register``: what an issuer's register holds."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from iies_tui import bootstrap
from iies_tui.cli.asking import ask
from iies_tui.cli.secrets import read_secret
from iies_tui.cli.speech import answer, say
from iies_tui.session import protocol
from iies_tui.session.client import SessionClient
from iies_tui.text import words

LIMIT = 1000


def search(arguments: argparse.Namespace) -> int:
    """Cards whose words begin with all the words given, newest first."""
    pin = read_secret(arguments.pin_file)

    async def talk(client: SessionClient) -> protocol.Cards:
        await client.ask(protocol.SignOn(arguments.license), protocol.SignedOn, [pin])
        return await client.ask(protocol.Search(" ".join(arguments.words), LIMIT), protocol.Cards)

    cards = ask(bootstrap.state_directory(arguments.state), talk).cards
    if arguments.json:
        answer({"cards": [_card_json(card) for card in cards]})
        return 0
    for card in cards:
        say(
            words(
                "cli.card",
                serial=card.serial,
                state=card.state,
                mode=card.mode.upper(),
                names=card.names,
                vehicle=card.vehicle,
                issued=card.issued_at[:10],
            )
        )
    if not cards:
        say(words("cli.no_cards"))
    return 0


def _card_json(card: protocol.CardInfo) -> dict[str, object]:
    of_a_delivery = {"pdf", "fax_pdf", "fax_tiff", "reasons", "trail_seq"}
    return {name: value for name, value in asdict(card).items() if name not in of_a_delivery}
