"""``iies-tui setup``: an issuer's KEY onto this terminal, without a screen."""

from __future__ import annotations

import argparse
from pathlib import Path

from iies_tui import bootstrap
from iies_tui.cli.asking import ask
from iies_tui.cli.secrets import read_secret
from iies_tui.cli.speech import answer, message, say, tell
from iies_tui.domain.errors import WrongUsage
from iies_tui.domain.issuer import normalize_license
from iies_tui.domain.key import count_characters, is_short_pin
from iies_tui.domain.wiping import wipe
from iies_tui.session import protocol
from iies_tui.session.client import SessionClient
from iies_tui.text import words


def add(arguments: argparse.Namespace) -> int:
    """*Add Issuer*. The first sign-on enrols."""
    key = read_secret(arguments.key_file)

    async def talk(client: SessionClient) -> protocol.Terminal:
        request = protocol.AddIssuer(arguments.license, arguments.use_anyway)
        return await client.ask(request, [key])

    return _show(arguments, ask(bootstrap.state_directory(arguments.state), talk))


def replace_key(arguments: argparse.Namespace) -> int:
    """A new KEY beside the old; the register is kept."""
    return _replace(arguments)


def recover(arguments: argparse.Namespace) -> int:
    """A new KEY where the old one, its PIN or the sealed file is gone."""
    return _replace(arguments)


def _replace(arguments: argparse.Namespace) -> int:
    request, files = _proof(arguments)
    secrets = [read_secret(path) for path in files]

    async def talk(client: SessionClient) -> protocol.Terminal:
        return await client.ask(request, secrets)

    short = is_short_pin(count_characters(secrets[1]))
    terminal = ask(bootstrap.state_directory(arguments.state), talk)
    if short:
        tell(words("cli.short_pin"))
    if not arguments.json:
        license = normalize_license(arguments.license)
        (tail,) = (one.key_tail for one in terminal.issuers if one.license == license)
        say(words("cli.replaced", license=license, tail=tail))
        return 0
    return _show(arguments, terminal)


def _proof(arguments: argparse.Namespace) -> tuple[protocol.ReplaceKey, list[str]]:
    """The old PIN will do while the old KEY is here; ``recover`` is for when it is not."""
    new = [arguments.key_file, arguments.new_pin_file]
    if arguments.recovery_code_file:
        proof, files = "code", [arguments.recovery_code_file]
    elif arguments.old_key_file and arguments.pin_file:
        proof, files = "old_key", [arguments.old_key_file, arguments.pin_file]
    elif arguments.pin_file and arguments.function == "replace_key":
        proof, files = "pin", [arguments.pin_file]
    else:
        raise WrongUsage("secret_files")
    request = protocol.ReplaceKey(arguments.license, proof, arguments.use_anyway)
    return request, [*new, *files]


def remove(arguments: argparse.Namespace) -> int:
    """Remove the sealed KEY; the register stays."""
    secrets = [read_secret(arguments.pin_file)] if arguments.pin_file else []

    async def talk(client: SessionClient) -> protocol.Terminal:
        request = protocol.RemoveIssuer(arguments.license)
        return await client.ask(request, secrets)

    terminal = ask(bootstrap.state_directory(arguments.state), talk)
    if not arguments.json:
        say(words("cli.removed", license=normalize_license(arguments.license)))
        return 0
    return _show(arguments, terminal)


def recovery_code(arguments: argparse.Namespace) -> int:
    """A recovery code, shown once; whoever runs this command is taken to write it down."""
    pin = read_secret(arguments.pin_file)
    folder = str(Path(arguments.out).absolute()) if arguments.out else ""

    async def talk(client: SessionClient) -> tuple[protocol.RecoveryCode, protocol.Kept]:
        proof = bytearray(pin)
        await client.ask(protocol.SignOn(arguments.license), [pin])
        made = await client.ask(protocol.BeginRecoveryCode(), [proof])
        kept = await client.ask(protocol.KeepRecoveryCode(folder))
        groups = [bytearray(made.groups[number - 1].encode()) for number in made.asked]
        await client.ask(protocol.ConfirmRecoveryCode(), groups)
        return made, kept

    made, kept = ask(bootstrap.state_directory(arguments.state), talk)
    if kept.errors:
        tell(
            words("cli.compromise_failed", what=message(kept.errors[0].code, kept.errors[0].params))
        )
    if arguments.json:
        answer({"license": normalize_license(arguments.license),
                "recovery_code": "-".join(made.groups), "paths": kept.paths})  # fmt: skip
        return 3 if kept.errors else 0
    say(words("cli.recovery_code", license=normalize_license(arguments.license)))
    say(words("cli.recovery_groups", code="-".join(made.groups)))
    for path in kept.paths:
        say(words("cli.recovery_saved", path=path))
    say(words("cli.recovery_made"))
    return 3 if kept.errors else 0


def owner_code(arguments: argparse.Namespace) -> int:
    """A new owner's code without the old one: whoever can run this can write the settings too."""
    code = read_secret(arguments.code_file)
    try:
        bootstrap.reset_owner_code(bootstrap.state_directory(arguments.state), code)
    finally:
        wipe(code)
    say(words("cli.owner_code_made"))
    return 0


def show(arguments: argparse.Namespace) -> int:
    """License, name, last five of the KEY, since when; never more of a KEY."""

    async def talk(client: SessionClient) -> protocol.Terminal:
        return await client.ask(protocol.Hello())

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
                        "recovery_code": one.recovery,
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
