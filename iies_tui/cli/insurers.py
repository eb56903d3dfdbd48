"""``iies-tui icc``: insurers found by code or name; an unsigned list, imported or taken away."""

from __future__ import annotations

import argparse
from pathlib import Path

from iies_tui import bootstrap
from iies_tui.cli.asking import ask
from iies_tui.cli.confirming import can_ask, confirmed, tell_lines
from iies_tui.cli.speech import answer, problem_line, say, tell
from iies_tui.domain.errors import Problem, Refused
from iies_tui.session import protocol
from iies_tui.session.client import SessionClient
from iies_tui.text import words


def search(arguments: argparse.Namespace) -> int:
    """Insurers by code or by words of the name; finding none is an answer, as in a register."""
    state = bootstrap.state_directory(arguments.state)
    trust, unsigned = bootstrap.installed_trust(state), bootstrap.unsigned_insurers(state)
    if trust.installed() is None and not unsigned.installed():
        raise Refused("no_bundle")
    found = bootstrap.insurer_list(trust, unsigned)().find(" ".join(arguments.words), 100)
    if arguments.json:
        names = ("icc", "name", "naic", "active", "signed")
        answer([{name: getattr(one, name) for name in names} for one in found])
        return 0
    for one in found:
        marks = [] if one.active else [words("cli.inactive")]
        marks += [] if one.signed else [words("cli.unsigned")]
        say("  ".join([one.icc, one.name, *marks]))
    if not found:
        say(words("cli.no_insurers"))
    return 0


def import_file(arguments: argparse.Namespace) -> int:
    """Show what an unsigned list changes, ask where somebody can answer, install it."""
    path = str(Path(arguments.file).absolute())

    async def talk(client: SessionClient) -> tuple[protocol.InsurersProposed, bool]:
        proposed = await client.ask(protocol.ProposeInsurers(path))
        if not arguments.json:
            _tell_proposal(proposed)
        if arguments.dry_run:
            return proposed, False
        if can_ask(arguments) and not confirmed(words("cli.install_insurers")):
            return proposed, False
        await client.ask(protocol.ImportInsurers(path, proposed.digest))
        return proposed, True

    proposed, installed = ask(bootstrap.state_directory(arguments.state), talk)
    if arguments.json:
        answer(_proposal_json(proposed, installed))
    elif installed:
        say(words("cli.insurers_imported", insurers=proposed.insurers, covered=proposed.covered))
    return 0 if installed or arguments.dry_run else 1


def remove(arguments: argparse.Namespace) -> int:
    """Remove the unsigned list: only the bundle's insurers remain."""

    async def talk(client: SessionClient) -> protocol.Terminal:
        return await client.ask(protocol.RemoveInsurers())

    ask(bootstrap.state_directory(arguments.state), talk)
    if arguments.json:
        answer({"removed": True})
    else:
        say(words("cli.insurers_removed"))
    return 0


def _tell_proposal(proposed: protocol.InsurersProposed) -> None:
    for note in proposed.notes:
        shown = Problem(note.field, note.code, note.params, note.row)
        tell(words("cli.note", note=problem_line(shown, table="note")))
    say(
        words(
            "cli.insurer_changes",
            added=proposed.insurers_added,
            renamed=proposed.insurers_renamed,
            withdrawn=proposed.insurers_withdrawn,
            covered=proposed.covered,
        )
    )
    for sign, lines in (
        ("+", proposed.added),
        ("~", proposed.renamed),
        ("-", proposed.withdrawn),
    ):
        tell_lines(sign, lines)


def _proposal_json(proposed: protocol.InsurersProposed, installed: bool) -> dict[str, object]:
    return {
        "insurers": proposed.insurers,
        "covered": proposed.covered,
        "installed": installed,
        "changes": {
            "insurers_added": proposed.added,
            "insurers_renamed": proposed.renamed,
            "insurers_withdrawn": proposed.withdrawn,
        },
        "notes": [{"row": one.row, "field": one.field, "code": one.code} for one in proposed.notes],
    }
