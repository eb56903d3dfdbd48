"""``iies-tui bundle``: the trust bundle, imported and shown."""

from __future__ import annotations

import argparse
from pathlib import Path

from iies_tui import bootstrap
from iies_tui.cli.asking import ask
from iies_tui.cli.confirming import can_ask, confirmed, tell_lines
from iies_tui.cli.speech import answer, say
from iies_tui.domain import new_york
from iies_tui.domain.bundle import Bundle
from iies_tui.domain.errors import Refused
from iies_tui.session import protocol
from iies_tui.session.client import SessionClient
from iies_tui.text import words


def import_file(arguments: argparse.Namespace) -> int:
    """Show what a bundle changes, ask where somebody can answer, install it.

    The first import pins the root that ``--root`` names or that the person says yes to.
    """
    path = str(Path(arguments.file).absolute())
    state = bootstrap.state_directory(arguments.state)

    async def talk(client: SessionClient) -> tuple[protocol.BundleProposed, bool]:
        proposed = await client.ask(protocol.ProposeBundle(path))
        if not arguments.json:
            _tell_proposal(proposed)
        if arguments.dry_run:
            return proposed, False
        root = arguments.root or ""
        if can_ask(arguments) and not (root and arguments.yes):
            if not confirmed(words("cli.install_bundle")):
                return proposed, False
            root = root or proposed.bundle.root_words
        if proposed.new_root and not root:
            raise Refused("bundle_confirm_root", words=proposed.bundle.root_words)
        await client.ask(protocol.ImportBundle(path, root, proposed.digest))
        return proposed, True

    proposed, installed = ask(state, talk)
    if arguments.json:
        answer(_proposal_json(proposed, installed))
    elif installed:
        bundle = proposed.bundle
        end = bundle.expires
        say(words("cli.imported", version=bundle.version, name=bundle.authority, end=end))
    return 0 if installed or arguments.dry_run else 1


def _tell_proposal(proposed: protocol.BundleProposed) -> None:
    bundle = proposed.bundle
    say(f"{bundle.authority}  {bundle.root_words}")
    if bundle.training:
        say(words("import.training"))
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
    for sign, lines in (
        ("+", proposed.added),
        ("~", proposed.renamed),
        ("-", proposed.withdrawn),
        ("issuer", proposed.issuers),
        ("key", proposed.revoked),
    ):
        tell_lines(sign, lines)


def _proposal_json(proposed: protocol.BundleProposed, installed: bool) -> dict[str, object]:
    bundle = proposed.bundle
    return {
        "version": bundle.version,
        "authority": bundle.authority,
        "root_words": bundle.root_words,
        "new_root": proposed.new_root,
        "expires": bundle.expires,
        "installed": installed,
        "changes": {
            "insurers_added": proposed.added,
            "insurers_renamed": proposed.renamed,
            "insurers_withdrawn": proposed.withdrawn,
            "issuers": proposed.issuers,
            "revocations": proposed.revoked,
        },
    }


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
        "issued": new_york.in_json(bundle.issued),
        "refresh_by": new_york.in_json(bundle.refresh_by),
        "expires": new_york.in_json(bundle.expires),
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
                "since": new_york.in_json(one.since),
                "reason": one.reason,
            }
            for one in bundle.revocations
        ],
    }
