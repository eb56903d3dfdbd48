"""``iies-tui authority``: the regulator's side, in a directory of its own."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path

from iies_tui import bootstrap
from iies_tui.authority import sheets
from iies_tui.authority.authority import DAYS
from iies_tui.authority.training import PASSPHRASE_FILE
from iies_tui.cli.secrets import read_secret
from iies_tui.cli.speech import answer, say
from iies_tui.cli.verify import report_cards
from iies_tui.domain.bundle import RevocationKind
from iies_tui.domain.errors import WrongUsage
from iies_tui.text import words


def _passphrase(arguments: argparse.Namespace) -> bytes:
    given = arguments.passphrase_file or str(Path(arguments.directory) / PASSPHRASE_FILE)
    return bytes(read_secret(given))


def init(arguments: argparse.Namespace) -> int:
    """A new authority: its root's fingerprint is what terminals compare at the first import."""
    if arguments.passphrase_file is None:
        raise WrongUsage("passphrase_needed")
    with bootstrap.authority(Path(arguments.directory)) as office:
        record = office.init(arguments.name, _passphrase(arguments))
    root = bootstrap.fingerprint(record.root)
    if arguments.json:
        answer({"root": root, "words": bootstrap.root_words(record.root)})
    else:
        say(words("cli.authority_made", name=record.name))
        say(root)
        say(bootstrap.root_words(record.root))
    return 0


def mint(arguments: argparse.Namespace) -> int:
    """A KEY and a PIN, told once: the KEY's sheet to send, the PIN's to read out."""
    with bootstrap.authority(Path(arguments.directory)) as office:
        name = office.record().name
        minted = office.mint(
            _passphrase(arguments),
            arguments.license,
            arguments.name,
            _day(arguments.valid_from, "--valid-from"),
            _day(arguments.valid_to, "--valid-to"),
        )
    if arguments.json:
        answer(
            {
                "license": minted.license,
                "key": minted.key,
                "pin": minted.pin,
                "kid": minted.kid.hex(),
            }
        )
    else:
        print(sheets.key_sheet(minted, name))
        print(sheets.pin_sheet(minted, name))
    return 0


def revoke(arguments: argparse.Namespace) -> int:
    """A key, or every key of a license, from a moment on."""
    with bootstrap.authority(Path(arguments.directory)) as office:
        made = office.revoke(
            _passphrase(arguments),
            arguments.license,
            _moment(arguments.since),
            arguments.reason,
            _kid(arguments.kid),
            RevocationKind(arguments.kind),
        )
    told = [{"kid": one.kid.hex(), "kind": one.kind.value} for one in made]
    if arguments.json:
        answer({"revoked": told})
    for one in [] if arguments.json else told:
        say(words("cli.revoked", kid=one["kid"], kind=one["kind"]))
    return 0


def publish(arguments: argparse.Namespace) -> int:
    """A new bundle, its version up by one."""
    insurers = bootstrap.insurer_table(Path(arguments.icc))
    with bootstrap.authority(Path(arguments.directory)) as office:
        days = DAYS if arguments.days is None else arguments.days
        published = office.publish(_passphrase(arguments), insurers, days)
    bootstrap.write_file(Path(arguments.out).absolute(), published.data)
    bundle = published.bundle
    if arguments.json:
        answer({"version": bundle.version, "expires": bundle.expires.isoformat()})
    else:
        end = bundle.expires.date().isoformat()
        say(words("cli.published", version=bundle.version, path=arguments.out, end=end))
    return 0


def open_card(arguments: argparse.Namespace) -> int:
    """A card's claims; 1 where there is no card of ours in the file."""
    arguments.source, arguments.authority = arguments.file, arguments.directory
    arguments.bundle = None
    return report_cards(arguments, need_claims=True)


def show(arguments: argparse.Namespace) -> int:
    """The issuers and keys on record, never a KEY or a PIN."""
    with bootstrap.authority(Path(arguments.directory)) as office:
        record = office.record()
    if arguments.json:
        answer(
            {
                "name": record.name,
                "root": bootstrap.fingerprint(record.root),
                "version": record.version,
                "issuers": [
                    {
                        "license": one.license,
                        "name": one.name,
                        "status": one.status.value,
                        "keys": [key.kid.hex() for key in one.keys],
                    }
                    for one in record.issuers
                ],
            }
        )
        return 0
    say(f"{record.name}  {bootstrap.root_words(record.root)}")
    for one in record.issuers:
        say(f"{one.license}  {one.name}  {one.status}")
        for key in one.keys:
            revocation = record.revocation_of(key.kid)
            say(f"  {key.kid.hex()}  {revocation.kind if revocation else ''}".rstrip())
    return 0


def _day(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise WrongUsage("not_a_day", option=option, text=text or "") from error


def _moment(text: str) -> datetime:
    """ISO; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise WrongUsage("not_a_moment", text=text) from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _kid(text: str | None) -> bytes | None:
    try:
        return bytes.fromhex(text) if text else None
    except ValueError as error:
        raise WrongUsage("not_a_kid", text=text or "") from error
