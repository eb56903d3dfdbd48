"""``iies-tui backup`` and ``iies-tui restore``: a terminal's records in one sealed file."""

from __future__ import annotations

import argparse
from pathlib import Path

from iies_tui import bootstrap
from iies_tui.cli.secrets import read_passphrase
from iies_tui.cli.speech import answer, say
from iies_tui.domain import new_york
from iies_tui.text import words


def backup(arguments: argparse.Namespace) -> int:
    """Seal the records of the state directory into FILE."""
    target = Path(arguments.file).expanduser().absolute()
    state = bootstrap.state_directory(arguments.state)
    passphrase = read_passphrase(arguments.passphrase_file)
    made = bootstrap.back_up(state, target, passphrase, overwrite=arguments.overwrite)
    if arguments.json:
        answer({"backup": str(target), "files": len(made.files), "licenses": list(made.licenses)})
    else:
        say(words("cli.backup_done", path=target, count=len(made.files)))
        say(words("cli.backup_without_keys"))
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """Put the records of FILE into an empty state directory."""
    state = bootstrap.state_directory(arguments.state)
    source = bootstrap.read_source(Path(arguments.file), bootstrap.MAX_BACKUP)
    made = bootstrap.restore(state, source, read_passphrase(arguments.passphrase_file))
    when = new_york.written(made.made)
    if arguments.json:
        made_at = new_york.in_json(made.made)
        answer({"state": str(state), "made": made_at, "licenses": list(made.licenses)})
        return 0
    say(words("cli.restore_done", path=state, when=when))
    for license in made.licenses:
        say(words("cli.restore_key", license=license))
    return 0
