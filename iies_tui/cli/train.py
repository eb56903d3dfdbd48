"""``iies-tui train``: a training terminal, ready for a first card."""

from __future__ import annotations

import argparse

from iies_tui import bootstrap
from iies_tui.cli.asking import ask
from iies_tui.cli.speech import answer, say
from iies_tui.session import protocol
from iies_tui.session.client import SessionClient
from iies_tui.text import words


def train(arguments: argparse.Namespace) -> int:
    """Make the state directory a training terminal. Refused where it holds an issuer or bundle."""
    state = bootstrap.state_directory(arguments.state)

    async def talk(client: SessionClient) -> protocol.TrainingMade:
        return await client.ask(protocol.MakeTraining(str(state)))

    made = ask(state, talk)
    found = {name: getattr(made, name) for name in ("license", "key", "pin", "bundle", "authority")}
    if arguments.json:
        answer(found)
    else:
        for name, value in found.items():
            say(words(f"cli.train_{name}", value=value))
        say(words("cli.train_next", state=state))
    return 0
