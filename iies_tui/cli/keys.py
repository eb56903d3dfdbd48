"""``iies-tui compromised LICENSE``: one action for a KEY that others may have."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from iies_tui import bootstrap
from iies_tui.cli.asking import ask
from iies_tui.cli.confirming import can_ask, typed
from iies_tui.cli.speech import answer, message, say, tell
from iies_tui.domain import new_york
from iies_tui.domain.compromise import ADDRESS
from iies_tui.domain.errors import WrongUsage
from iies_tui.domain.issuer import normalize_license
from iies_tui.session import protocol
from iies_tui.session.client import SessionClient
from iies_tui.text import words


def compromised(arguments: argparse.Namespace) -> int:
    """Destroy, trail, list, write the notice; 3 where the notice could not be saved or printed.

    A person types the license number once more; without one, ``--yes`` says it, or WrongUsage.
    1 where something else was typed.
    """
    if arguments.answered:
        return _answered(arguments)
    license = normalize_license(arguments.license)
    if not (arguments.yes or can_ask(arguments)):
        raise WrongUsage("compromise_confirm", license=license)
    if not (arguments.yes or typed(words("cli.compromise_ask", license=license), license)):
        tell(words("cli.compromise_left", license=license))
        return 1
    folder = str(Path(arguments.out).absolute()) if arguments.out else ""
    request = protocol.Compromised(
        license=arguments.license,
        licensee=arguments.licensee,
        contact=arguments.contact_name,
        telephone=arguments.contact_telephone,
        folder=folder,
        queue=arguments.queue,
    )

    async def talk(client: SessionClient) -> protocol.CompromiseTold:
        return await client.ask(request)

    told = ask(bootstrap.state_directory(arguments.state), talk)
    failures = [message(one.code, one.params) for one in told.kept.errors]
    if arguments.json:
        answer(
            {
                "license": told.license,
                "key_tail": told.key_tail,
                "serials": told.serials,
                "due": told.due,
                "register_shut": told.register_shut,
                "notice": told.text,
                "paths": told.kept.paths,
                "job": told.kept.job,
                "errors": failures,
            }
        )
    else:
        _tell(told)
    for failure in failures:
        tell(words("cli.compromise_failed", what=failure))
    return 3 if failures else 0


def _tell(told: protocol.CompromiseTold) -> None:
    count = len(told.serials)
    say(words("cli.compromise_done", tail=told.key_tail, license=told.license, count=count))
    for serial in told.serials:
        say(f"  {serial}")
    say(words("cli.compromise_shut" if told.register_shut else "cli.compromise_open"))
    for path in told.kept.paths:
        say(words("cli.compromise_saved", path=path))
    say(
        words(
            "cli.compromise_send",
            address=ADDRESS,
            due=new_york.written(datetime.fromisoformat(told.due)),
            license=told.license,
        )
    )


def _answered(arguments: argparse.Namespace) -> int:
    license = normalize_license(arguments.license)

    async def talk(client: SessionClient) -> protocol.Terminal:
        return await client.ask(protocol.AnswerCompromised(license))

    ask(bootstrap.state_directory(arguments.state), talk)
    if arguments.json:
        answer({"license": license, "answered": True})
    else:
        say(words("cli.answered_done", license=license))
    return 0
