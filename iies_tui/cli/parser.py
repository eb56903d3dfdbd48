"""The words that the command takes (``docs/commands.md``)."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import NoReturn

from iies_tui import __version__
from iies_tui.cli.authority_parser import authority_verbs
from iies_tui.domain.delivery import VOID_REASONS
from iies_tui.domain.mail import Answer
from iies_tui.domain.pages import CHOICES, FAX_COVER, FAX_FILE, INFORMATION, LAYOUT
from iies_tui.text import words

MAIL_WAIT = 120
"""Seconds."""

Add = Callable[..., argparse.ArgumentParser]


SESSION = "_session"
"""The session process's own word; nobody types it, so that nothing lists it."""


class _Parser(argparse.ArgumentParser):
    """Names a mistyped option before it asks for the one that it was meant to be."""

    _given: Sequence[str] = ()

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]
        """As argparse's, which tells nobody what it was given."""
        self._given = args or ()
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Print the usage error and exit with 2."""
        known = self._option_string_actions
        options = takewhile("--".__ne__, self._given)
        names = [one.partition("=")[0] for one in options if one.startswith("--")]
        strange = [one for one in names if not any(name.startswith(one) for name in known)]
        if strange and self._subparsers is None:
            message = f"unrecognized arguments: {' '.join(strange)}"
        super().error(message)


def build(*, session: bool = False) -> argparse.ArgumentParser:
    """The whole parser; each command sets ``module`` and ``function``."""
    parser = _Parser(prog="iies-tui", description=words("cli.description"))
    parser.add_argument("--version", action="version", version=f"iies-tui {__version__}")
    parser.add_argument("--state", metavar="DIR", help=words("cli.state"))
    parser.set_defaults(module="run", function="run")
    commands = parser.add_subparsers(title=words("cli.commands"), metavar="COMMAND")

    def add(name: str, module: str, function: str) -> argparse.ArgumentParser:
        told = words(f"cli.{name}")
        command = commands.add_parser(name, help=told, description=told)
        command.set_defaults(module=module, function=function)
        return command

    run = add("run", "run", "run")
    run.add_argument("--kiosk", action="store_true", help=words("cli.kiosk"))
    # How the program starts itself again after a sign-off; nothing for people to type.
    run.add_argument("--live", default="", help=argparse.SUPPRESS)
    run.add_argument("--arrived", default="", help=argparse.SUPPRESS)
    train = add("train", "train", "train")
    _json(train)
    _setup(add("setup", "setup", "show"))
    _issue(add("issue", "issue", "issue"))
    _verify(add("verify", "verify", "verify"))
    _register(add("register", "register", "search"))
    _trail(add("trail", "trail", "verify"))
    _bundle(add("bundle", "bundle", "show"))
    _icc(add("icc", "insurers", "search"))
    authority_verbs(_verbs(add("authority", "authority", "show"), "authority"))
    _compromised(add("compromised", "keys", "compromised"))
    _json(add("doctor", "doctor", "doctor"))
    _json(add("selftest", "doctor", "selftest"))
    for name in ("backup", "restore"):
        command = add(name, "backup", name)
        command.add_argument("file", metavar="FILE", help=words("cli.backup_file"))
        told = words("cli.backup_passphrase")
        command.add_argument("--passphrase-file", required=True, metavar="F", help=told)
        if name == "backup":
            _overwrite(command)
        _json(command)
    if session:
        process = commands.add_parser(SESSION)
        process.set_defaults(module="session_process", function="serve")
        process.add_argument("--terminal", default="")
        process.add_argument("socket", type=int)
    return parser


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=words("cli.json"))


def _overwrite(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--overwrite", action="store_true", help=words("cli.overwrite"))


def _signed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--license", required=True, metavar="L", help=words("cli.license"))
    parser.add_argument("--pin-file", required=True, metavar="F", help=words("cli.pin_file"))


def _verbs(parser: argparse.ArgumentParser, module: str) -> Add:
    verbs = parser.add_subparsers(title=words("cli.verbs"), metavar="VERB", required=True)
    group = parser.prog.split()[-1]

    def add(name: str, function: str | None = None) -> argparse.ArgumentParser:
        told = words(f"cli_{group}.{name}")
        verb = verbs.add_parser(name, help=told, description=told)
        verb.set_defaults(module=module, function=function or name.replace("-", "_"))
        return verb

    return add


def _setup(parser: argparse.ArgumentParser) -> None:
    add = _verbs(parser, "setup")
    verb = add("add")
    verb.add_argument("--license", required=True, metavar="L", help=words("cli.license"))
    verb.add_argument("--key-file", required=True, metavar="F", help=words("cli.key_file"))
    verb.add_argument("--use-anyway", action="store_true", help=words("cli.use_anyway"))
    _json(verb)
    _json(add("list", "show"))
    _replacing(add("replace-key"))
    _replacing(add("recover"))
    verb = add("remove")
    verb.add_argument("--license", required=True, metavar="L", help=words("cli.license"))
    verb.add_argument("--pin-file", metavar="F", help=words("cli.pin_file"))
    _json(verb)
    verb = add("recovery-code")
    _signed(verb)
    verb.add_argument("--out", metavar="DIR", help=words("cli.recovery_out"))
    _json(verb)
    verb = add("owner-code")
    verb.add_argument("--code-file", required=True, metavar="F", help=words("cli.owner_code_file"))


def _replacing(verb: argparse.ArgumentParser) -> None:
    """What proves the right to the register, and the new KEY and PIN."""
    verb.add_argument("--license", required=True, metavar="L", help=words("cli.license"))
    verb.add_argument("--key-file", required=True, metavar="F", help=words("cli.key_file"))
    verb.add_argument("--new-pin-file", required=True, metavar="F", help=words("cli.new_pin_file"))
    verb.add_argument("--pin-file", metavar="F", help=words("cli.pin_file"))
    verb.add_argument("--old-key-file", metavar="F", help=words("cli.old_key_file"))
    verb.add_argument("--recovery-code-file", metavar="F", help=words("cli.recovery_code_file"))
    verb.add_argument("--use-anyway", action="store_true", help=words("cli.take_anyway"))
    _json(verb)


def _compromised(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("license", metavar="LICENSE", help=words("cli.compromised_license"))
    parser.add_argument("--answered", action="store_true", help=words("cli.answered"))
    parser.add_argument("--yes", action="store_true", help=words("cli.yes"))
    parser.add_argument("--licensee", default="", metavar="N", help=words("cli.licensee"))
    parser.add_argument("--contact-name", default="", metavar="N", help=words("cli.contact_name"))
    parser.add_argument(
        "--contact-telephone", default="", metavar="T", help=words("cli.contact_telephone")
    )
    parser.add_argument("--out", metavar="DIR", help=words("cli.notice_out"))
    parser.add_argument(
        "--print", dest="queue", default="", metavar="QUEUE", help=words("cli.print")
    )
    _json(parser)


def _issue(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("request", metavar="REQUEST", help=words("cli.request"))
    _signed(parser)
    parser.add_argument("--out", metavar="DIR", help=words("cli.out"))
    parser.add_argument(
        "--print", dest="queue", default="", metavar="QUEUE", help=words("cli.print")
    )
    parser.add_argument("--anyway", action="store_true", help=words("cli.print_anyway"))
    parser.set_defaults(shape={"cards": []})
    parser.add_argument("--one-pdf", action="store_true", help=words("cli.one_pdf"))
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--skip-issued", action="store_true", help=words("cli.skip_issued"))
    again.add_argument("--issue-again", action="store_true", help=words("cli.issue_again"))
    right = words("cli.clock_is_right")
    parser.add_argument("--clock-is-right", action="store_true", help=right)
    parser.add_argument("--problems", metavar="FILE", help=words("cli.problems"))
    parser.add_argument("--fax-to", default="", metavar="NUMBER", help=words("cli.fax_to"))
    _fax_files(parser)
    _choice(parser, FAX_COVER, "--fax-cover")
    _choice(parser, LAYOUT, "--layout")
    _choice(parser, INFORMATION, "--information")
    _json(parser)


def _choice(parser: argparse.ArgumentParser, option: str, flag: str) -> None:
    """What the issuer's Option of that name says, said otherwise this once."""
    told = words(f"cli.{option}")
    parser.add_argument(flag, dest=option, default="", choices=CHOICES[option], help=told)


def _fax_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fax-sheet", action="store_true", help=words("cli.fax_sheet"))
    parser.add_argument("--tiff", action="store_true", help=words("cli.tiff"))
    _choice(parser, FAX_FILE, "--tiff-as")


def _verify(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(shape={"symbols": [], "unread": []})
    parser.add_argument("sources", nargs="+", metavar="FILE|DIR|-", help=words("cli.verify_source"))
    parser.add_argument("--bundle", metavar="B", help=words("cli.verify_bundle"))
    face = parser.add_mutually_exclusive_group()
    face.add_argument("--face", metavar="JSON", help=words("cli.verify_face"))
    face.add_argument("--type-face", action="store_true", help=words("cli.verify_type_face"))
    parser.add_argument("--authority", metavar="DIR", help=words("cli.verify_authority"))
    parser.add_argument("--passphrase-file", metavar="F", help=words("cli.passphrase_file"))
    _json(parser)


def _register(parser: argparse.ArgumentParser) -> None:
    add = _verbs(parser, "register")
    verb = add("search")
    verb.add_argument("words", nargs="*", metavar="WORD")
    _signed(verb)
    _json(verb)
    reprint = add("reprint")
    reprint.add_argument("serial", metavar="SERIAL")
    reprint.add_argument(
        "--print", dest="queue", required=True, metavar="QUEUE", help=words("cli.print")
    )
    reprint.add_argument("--fax-to", default="", metavar="NUMBER", help=words("cli.fax_to"))
    _choice(reprint, FAX_COVER, "--fax-cover")
    reprint.add_argument("--anyway", action="store_true", help=words("cli.print_anyway"))
    void = add("void")
    void.add_argument("serial", metavar="SERIAL")
    void.add_argument("--reason", choices=VOID_REASONS, default="other")
    export = add("export")
    export.add_argument("serial", nargs="+", metavar="SERIAL")
    export.add_argument("--out", metavar="DIR", help=words("cli.out"))
    _fax_files(export)
    mail = add("mail")
    mail.set_defaults(module="mail", shape={"mail": None, "path": None})
    mail.add_argument("serial", metavar="SERIAL")
    mail.add_argument("--to", required=True, metavar="ADDRESS", help=words("cli.mail_to"))
    mail.add_argument("--fax-sheet", action="store_true", help=words("cli.mail_fax"))
    mail.add_argument("--eml", metavar="FILE|DIR", help=words("cli.mail_eml"))
    outbox = add("outbox")
    outbox.set_defaults(module="mail", shape={"mails": []})
    act = outbox.add_mutually_exclusive_group()
    act.add_argument("--send", action="store_true", help=words("cli.outbox_send"))
    for answer in Answer:
        told = words(f"cli.outbox_{answer.value}")
        act.add_argument(f"--{answer.value}", metavar="ID", help=told)
    for verb in (mail, outbox):
        told = words("cli.mail_wait", seconds=MAIL_WAIT)
        told_seen = words("cli.settings_seen")
        verb.add_argument("--settings-seen", action="store_true", help=told_seen)
        verb.add_argument("--wait", type=int, default=MAIL_WAIT, metavar="SECONDS", help=told)
        _signed(verb)
        _json(verb)
    for verb in (reprint, void, export):
        verb.set_defaults(shape={"cards": []})
        _signed(verb)
        _json(verb)


def _trail(parser: argparse.ArgumentParser) -> None:
    add = _verbs(parser, "trail")
    verb = add("verify")
    verb.add_argument("card", nargs="*", metavar="CARD", help=words("cli.trail_card"))
    verb.add_argument("--against", metavar="FILE", help=words("cli.trail_against"))
    _json(verb)
    _json(add("show"))
    verb = add("export")
    verb.add_argument("file", metavar="FILE", help=words("cli.trail_export_file"))
    _overwrite(verb)
    _json(verb)


def _bundle(parser: argparse.ArgumentParser) -> None:
    add = _verbs(parser, "bundle")
    verb = add("import", "import_file")
    verb.add_argument("file", metavar="FILE")
    verb.add_argument("--root", metavar="FINGERPRINT", help=words("cli.root"))
    verb.add_argument("--dry-run", action="store_true", help=words("cli.dry_run"))
    verb.add_argument("--yes", action="store_true", help=words("cli.yes"))
    _json(verb)
    verb = add("show")
    verb.add_argument("file", nargs="?", metavar="FILE")
    _json(verb)


def _icc(parser: argparse.ArgumentParser) -> None:
    add = _verbs(parser, "insurers")
    verb = add("search")
    verb.add_argument("words", nargs="+", metavar="WORD")
    _json(verb)
    verb = add("import", "import_file")
    verb.add_argument("file", metavar="CSV", help=words("cli.icc_csv"))
    verb.add_argument("--dry-run", action="store_true", help=words("cli.dry_run"))
    verb.add_argument("--yes", action="store_true", help=words("cli.yes"))
    _json(verb)
    _json(add("remove"))
