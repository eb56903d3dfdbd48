"""What an import changes, line by line, and whether somebody says yes to it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from iies_tui.cli.speech import plain, say
from iies_tui.text import words


def can_ask(arguments: argparse.Namespace) -> bool:
    """True where a person sits there: no ``--json``, no ``--yes``, a terminal to answer on."""
    return not (arguments.json or arguments.yes) and sys.stdin.isatty() and sys.stdout.isatty()


def confirmed(question: str) -> bool:
    """True for ``y`` or ``yes``; anything else, and the end of the input, is no."""
    try:
        given = input(plain(question) + " ")
    except EOFError:
        return False
    return given.strip().lower() in (words("cli.yes_word"), words("cli.yes_word")[:1])


def typed(question: str, expected: str) -> bool:
    """True where ``expected`` was typed, whatever its case; for what cannot be taken back."""
    try:
        given = input(plain(question) + " ")
    except EOFError:
        return False
    return given.strip().upper() == expected.upper()


def tell_lines(sign: str, lines: Sequence[str]) -> None:
    """Print the changes, one a line."""
    for line in lines:
        say(f"  {sign} {line}")
