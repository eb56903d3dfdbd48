"""``iies-tui setup``: an issuer's KEY onto this terminal, without a screen."""

from __future__ import annotations

import argparse

from iies_tui import bootstrap
from iies_tui.cli.asking import ask
from iies_tui.cli.secrets import read_secret
from iies_tui.cli.speech import answer, say
from iies_tui.session import protocol
from iies_tui.session.client import SessionClient
from iies_tui.text import words


def add(arguments: argparse.Namespace) -> int:
    """*Add Issuer*. The first sign-on enrols."""
    key = read_secret(arguments.key_file)

    async def talk(client: SessionClient) -> protocol.Terminal:
        request = protocol.AddIssuer(arguments.license, arguments.use_anyway)
        return await client.ask(request, protocol.Terminal, [key])

    return _show(arguments, ask(bootstrap.state_directory(arguments.state), talk))


def show(arguments: argparse.Namespace) -> int:
    """License, name, last five of the KEY, since when; never more of a KEY."""

    async def talk(client: SessionClient) -> protocol.Terminal:
        return await client.ask(protocol.Hello(), protocol.Terminal)

    return _show(arguments, ask(bootstrap.state_directory(arguments.state), talk))


def _show(arguments: argparse.Namespace, terminal: protocol.Terminal) -> int:
    if arguments.json:
        answer(
            {
                "issuers": [
                    {
                        "license": one.license,
                        "name": one.name,
                        "key_tail": one.key_tail,
                        "added": one.added,
                        "enrolled": one.enrolled,
                        "disabled": one.disabled,
                    }
                    for one in terminal.issuers
                ]
            }
        )
        return 0
    if not terminal.issuers:
        say(words("cli.no_issuers"))
    for one in terminal.issuers:
        enrolled = words("cli.enrolled" if one.enrolled else "cli.not_enrolled")
        say(
            words(
                "cli.issuer",
                license=one.license,
                name=one.name or "-",
                tail=one.key_tail,
                added=one.added,
                enrolled=words("cli.disabled") if one.disabled else enrolled,
            )
        )
    return 0
