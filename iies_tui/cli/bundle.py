"""``iies-tui bundle`` and ``iies-tui icc``: the trust bundle and its insurers."""

from __future__ import annotations

import argparse
from pathlib import Path

from iies_tui import bootstrap
from iies_tui.cli.asking import ask
from iies_tui.cli.speech import answer, say
from iies_tui.domain.bundle import Bundle
from iies_tui.domain.errors import Refused
from iies_tui.session import protocol
from iies_tui.session.client import SessionClient
from iies_tui.text import words


def import_file(arguments: argparse.Namespace) -> int:
    """Install a bundle; the first import pins the root that ``--root`` names."""
    path = str(Path(arguments.file).absolute())

    async def talk(client: SessionClient) -> tuple[protocol.BundleProposed, protocol.Terminal]:
        proposed = await client.ask(protocol.ImportBundle(path), protocol.BundleProposed)
        if proposed.new_root and not arguments.root:
            raise Refused("bundle_confirm_root", words=proposed.bundle.root_words)
        confirmed = protocol.ImportBundle(path, arguments.root or "", confirm=True)
        return proposed, await client.ask(confirmed, protocol.Terminal)

    proposed, _ = ask(bootstrap.state_directory(arguments.state), talk)
    bundle = proposed.bundle
    if arguments.json:
        answer(
            {"version": bundle.version, "authority": bundle.authority, "expires": bundle.expires}
        )
        return 0
    say(words("cli.imported", version=bundle.version, name=bundle.authority, end=bundle.expires))
    say(
        words(
            "cli.changes",
            added=proposed.insurers_added,
            renamed=proposed.insurers_renamed,
            withdrawn=proposed.insurers_withdrawn,
            issuers=proposed.issuers_changed,
            revoked=proposed.revocations_added,
        )
    )
    return 0


def show(arguments: argparse.Namespace) -> int:
    """The installed bundle, or one in a file; 1 where there is none."""
    state = bootstrap.state_directory(arguments.state)
    bundle = bootstrap.installed_bundle(state, arguments.file)
    if bundle is None:
        raise Refused("no_bundle")
    if arguments.json:
        answer(_json(bundle))
        return 0
    for name, value in _json(bundle).items():
        if isinstance(value, list):
            say(f"{name}: {len(value)}")
        else:
            say(f"{name}: {value}")
    for issuer in bundle.issuers:
        say(f"  {issuer.license}  {issuer.name}  {issuer.status}")
    return 0


def _json(bundle: Bundle) -> dict[str, object]:
    return {
        "authority": bundle.authority,
        "root": bootstrap.fingerprint(bundle.root),
        "root_words": bundle.root_words,
        "version": bundle.version,
        "training": bundle.training,
        "issued": bundle.issued.isoformat(),
        "refresh_by": bundle.refresh_by.isoformat(),
        "expires": bundle.expires.isoformat(),
        "issuers": [
            {
                "license": one.license,
                "name": one.name,
                "status": one.status.value,
                "valid_from": one.valid_from.isoformat(),
                "valid_to": one.valid_to.isoformat() if one.valid_to else None,
                "keys": [key.kid.hex() for key in one.keys],
            }
            for one in bundle.issuers
        ],
        "insurers": [
            {"icc": one.icc, "name": one.name, "naic": one.naic, "active": one.active}
            for one in bundle.insurers
        ],
        "revocations": [
            {
                "kid": one.kid.hex(),
                "kind": one.kind.value,
                "since": one.since.isoformat(),
                "reason": one.reason,
            }
            for one in bundle.revocations
        ],
    }


def search(arguments: argparse.Namespace) -> int:
    """Insurers by code or by words of the name; 1 where none is found."""
    trust = bootstrap.installed_trust(bootstrap.state_directory(arguments.state))
    if trust.installed() is None:
        raise Refused("no_bundle")
    found = bootstrap.insurer_list(trust)().find(" ".join(arguments.words), 100)
    if arguments.json:
        answer([{"icc": one.icc, "name": one.name, "active": one.active} for one in found])
    else:
        for one in found:
            say(f"{one.icc}  {one.name}" + ("" if one.active else "  " + words("cli.inactive")))
        if not found:
            say(words("cli.no_insurers"))
    return 0 if found else 1
