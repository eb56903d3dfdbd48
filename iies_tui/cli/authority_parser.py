"""The words that ``iies-tui authority`` takes, each with its meaning."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from iies_tui.text import words

Add = Callable[..., argparse.ArgumentParser]


def authority_verbs(add: Add) -> None:
    """Every verb; ``add(name, function)`` makes its parser."""

    def verb(name: str, function: str | None = None) -> argparse.ArgumentParser:
        made = add(name, function)
        made.add_argument("directory", metavar="DIR", help=_help("directory"))
        made.add_argument("--passphrase-file", metavar="F", help=_help("passphrase_file"))
        made.add_argument("--json", action="store_true", help=words("cli.json"))
        return made

    init = verb("init")
    init.add_argument("--name", required=True, metavar="N", help=_help("name"))
    _mint(verb("mint"))
    _revoke(verb("revoke"))
    _status(verb("status", "set_status"))
    verb("roll-root")
    _publish(verb("publish"))
    opening = verb("open", "open_card")
    opening.add_argument("sources", nargs="+", metavar="FILE", help=words("cli.verify_source"))
    verb("list", "show")
    trail = verb("trail")
    trail.add_argument("--verify", action="store_true", help=_help("trail_verify"))
    trail.set_defaults(card=(), against=None)


def _mint(mint: argparse.ArgumentParser) -> None:
    mint.add_argument("--license", required=True, metavar="L", help=words("cli.license"))
    mint.add_argument("--name", required=True, metavar="N", help=_help("licensee"))
    mint.add_argument("--valid-from", metavar="D", help=_help("valid_from"))
    mint.add_argument("--valid-to", metavar="D", help=_help("valid_to"))
    mint.add_argument("--sheets", metavar="FOLDER", help=words("cli.sheets"))


def _revoke(revoke: argparse.ArgumentParser) -> None:
    revoke.add_argument("--license", required=True, metavar="L", help=words("cli.license"))
    revoke.add_argument("--kid", metavar="K", help=_help("kid"))
    revoke.add_argument(
        "--from", dest="since", required=True, metavar="TIME", help=_help("revoke_from")
    )
    revoke.add_argument("--reason", required=True, metavar="R", help=_help("reason"))
    revoke.add_argument(
        "--kind", choices=("retired", "compromised"), default="compromised", help=_help("kind")
    )


def _status(status: argparse.ArgumentParser) -> None:
    status.add_argument("--license", required=True, metavar="L", help=words("cli.license"))
    status.add_argument(
        "--status",
        required=True,
        choices=("active", "suspended", "revoked"),
        help=_help("status"),
    )
    status.add_argument("--from", dest="since", metavar="D", help=words("cli.status_from"))
    status.add_argument("--reason", required=True, metavar="R", help=_help("reason"))


def _publish(publish: argparse.ArgumentParser) -> None:
    publish.add_argument("--icc", required=True, metavar="CSV", help=_help("icc"))
    publish.add_argument("--out", required=True, metavar="FILE", help=_help("out"))
    publish.add_argument("--days", type=int, metavar="N", help=_help("days"))


def _help(name: str) -> str:
    return words(f"authority_option.{name}")
