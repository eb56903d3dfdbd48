"""``iies-tui authority``: the regulator's side, in a directory of its own."""

from __future__ import annotations

import argparse
from datetime import date, datetime
from pathlib import Path

from iies_tui import bootstrap
from iies_tui.authority import sheets
from iies_tui.authority.authority import DAYS
from iies_tui.cli.secrets import authority_passphrase
from iies_tui.cli.speech import answer, problem_line, say, tell
from iies_tui.cli.trail import show as show_trail, verify as verify_trail
from iies_tui.cli.verify import report_cards
from iies_tui.domain import new_york
from iies_tui.domain.authority import AuthorityRecord
from iies_tui.domain.bundle import (
    IssuerStatus,
    ListedIssuer,
    ListedKey,
    Revocation,
    RevocationKind,
)
from iies_tui.domain.errors import WrongUsage
from iies_tui.text import words


def _passphrase(arguments: argparse.Namespace, *, new: bool = False) -> bytes:
    return authority_passphrase(arguments.directory, arguments.passphrase_file, new=new)


def init(arguments: argparse.Namespace) -> int:
    """A new authority: its root's fingerprint is what terminals compare at the first import."""
    passphrase = _passphrase(arguments, new=True)
    with bootstrap.authority(Path(arguments.directory)) as office:
        record = office.init(arguments.name, passphrase)
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
    if arguments.sheets:
        bootstrap.check_folder(Path(arguments.sheets))  # before a KEY that could not be told
    with bootstrap.authority(Path(arguments.directory)) as office:
        name = office.record().name
        minted = office.mint(
            _passphrase(arguments),
            arguments.license,
            arguments.name,
            _day(arguments.valid_from, "--valid-from"),
            _day(arguments.valid_to, "--valid-to"),
        )
    texts = {"KEY": sheets.key_sheet(minted, name), "PIN": sheets.pin_sheet(minted, name)}
    saved: list[Path] = []
    if arguments.sheets:
        saved = bootstrap.save_sheets(Path(arguments.sheets), minted.license, minted.kid, texts)
    if arguments.json:
        told = {"license": minted.license, "key": minted.key, "pin": minted.pin}
        paths = {"sheets": [str(path) for path in saved]} if saved else {}
        answer({**told, "kid": minted.kid.hex(), **paths})
    elif saved:
        for path in saved:
            say(str(path))
    else:
        for text in texts.values():
            print(text)
    if not arguments.json:
        say(words("cli.minted", kid=minted.kid.hex()))
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
    if arguments.json:
        answer({"revoked": [{"kid": one.kid.hex(), "kind": one.kind.value} for one in made]})
        return 0
    for one in made:
        say(_revocation(one))
    say(words("cli.revoked"))
    return 0


def set_status(arguments: argparse.Namespace) -> int:
    """Suspend, revoke or reinstate an issuer from a day on; earlier cards keep their verdict."""
    with bootstrap.authority(Path(arguments.directory)) as office:
        issuer = office.set_status(
            _passphrase(arguments),
            arguments.license,
            IssuerStatus(arguments.status),
            _day(arguments.since, "--from") or new_york.day_of(office.clock.now()),
            arguments.reason,
        )
    since = issuer.since.isoformat() if issuer.since else None
    if arguments.json:
        answer({"license": issuer.license, "status": issuer.status.value, "from": since})
    else:
        say(f"{issuer.license}: {_standing(issuer)}")
        say(words("cli.status_set"))
    return 0


def roll_root(arguments: argparse.Namespace) -> int:
    """A new root that the old one signs; the next bundle carries the signature."""
    with bootstrap.authority(Path(arguments.directory)) as office:
        old = office.record().root
        record = office.roll_root(_passphrase(arguments))
    root, root_words = bootstrap.fingerprint(record.root), bootstrap.root_words(record.root)
    if arguments.json:
        answer({"root": root, "words": root_words, "old_root": bootstrap.fingerprint(old)})
        return 0
    say(words("cli.root_rolled", name=record.name))
    say(root)
    say(root_words)
    return 0


def publish(arguments: argparse.Namespace) -> int:
    """A new bundle, its version up by one; what was read otherwise in the CSV is told by line."""
    table = bootstrap.insurer_table(Path(arguments.icc))
    for note in table.notes:
        tell(words("cli.note", note=problem_line(note, table="note")))
    insurers = table.insurers
    with bootstrap.authority(Path(arguments.directory)) as office:
        days = DAYS if arguments.days is None else arguments.days
        published = office.publish(_passphrase(arguments), insurers, days)
    bootstrap.write_file(Path(arguments.out).absolute(), published.data)
    bundle = published.bundle
    if arguments.json:
        answer({"version": bundle.version, "expires": new_york.in_json(bundle.expires)})
    else:
        end = new_york.day_of(bundle.expires)
        say(words("cli.published", version=bundle.version, path=arguments.out, end=end))
    return 0


def open_card(arguments: argparse.Namespace) -> int:
    """A card's claims, judged by the authority's own record; 1 where one could not be opened."""
    arguments.authority = arguments.directory
    arguments.face, arguments.type_face = None, False
    return report_cards(arguments, own_record=True, need_claims=True)


def trail(arguments: argparse.Namespace) -> int:
    """What the authority did, or whether that record is whole."""
    arguments.state = arguments.directory
    return verify_trail(arguments) if arguments.verify else show_trail(arguments)


def show(arguments: argparse.Namespace) -> int:
    """The issuers and keys on record, never a KEY or a PIN."""
    with bootstrap.authority(Path(arguments.directory)) as office:
        record = office.record()
    if arguments.json:
        answer(_record_json(record))
        return 0
    say(words("cli.authority_shown", name=record.name, version=record.version))
    say(bootstrap.fingerprint(record.root))
    say(bootstrap.root_words(record.root))
    for one in record.issuers:
        say()
        say(f"{one.license}  {one.name}")
        say(f"  {_standing(one)}")
        for key in one.keys:
            revocation = record.revocation_of(key.kid)
            say("  " + (_revocation(revocation) if revocation else _in_force(key)))
    return 0


def _standing(issuer: ListedIssuer) -> str:
    """``suspended from 2026-12-01 (AUDIT); may issue from 2026-01-01``."""
    told = words(f"issuer_status.{issuer.status.value}")
    if issuer.since is not None:
        told = words("cli.status_since", status=told, day=issuer.since, reason=issuer.reason)
    days = words("cli.valid_from", day=issuer.valid_from)
    if issuer.valid_to is not None:
        days = words("cli.valid_between", first=issuer.valid_from, last=issuer.valid_to)
    return f"{told}; {days}"


def _in_force(key: ListedKey) -> str:
    return words("cli.key_in_force", kid=key.kid.hex())


def _revocation(one: Revocation) -> str:
    return words(
        f"cli.key_{one.kind.value}",
        kid=one.kid.hex(),
        since=new_york.written(one.since),
        reason=one.reason,
    )


def _record_json(record: AuthorityRecord) -> dict[str, object]:
    return {
        "name": record.name,
        "training": record.training,
        "root": bootstrap.fingerprint(record.root),
        "root_words": bootstrap.root_words(record.root),
        "version": record.version,
        "issuers": [
            {
                "license": one.license,
                "name": one.name,
                "status": one.status.value,
                "since": one.since.isoformat() if one.since else None,
                "reason": one.reason,
                "valid_from": one.valid_from.isoformat(),
                "valid_to": one.valid_to.isoformat() if one.valid_to else None,
                "keys": [key.kid.hex() for key in one.keys],
            }
            for one in record.issuers
        ],
        "revocations": [
            {
                "kid": one.kid.hex(),
                "kind": one.kind.value,
                "since": new_york.in_json(one.since),
                "reason": one.reason,
            }
            for one in record.revocations
        ],
    }


def _day(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise WrongUsage("not_a_day", option=option, text=text or "") from error


def _moment(text: str) -> datetime:
    """An ISO 8601 date, or date and time; New York's where it names no offset."""
    try:
        return new_york.from_clock(text)
    except ValueError as error:
        raise WrongUsage("not_a_moment", text=text) from error


def _kid(text: str | None) -> bytes | None:
    try:
        return bytes.fromhex(text) if text else None
    except ValueError as error:
        raise WrongUsage("not_a_kid", text=text or "") from error
