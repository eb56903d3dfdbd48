"""What the commands that print cards share: wait for the printer, tell what became of a card."""

from __future__ import annotations

import argparse
import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime

from iies_tui.cli.speech import say
from iies_tui.domain import new_york
from iies_tui.domain.delivery import State
from iies_tui.domain.errors import Problem
from iies_tui.session import protocol
from iies_tui.session.client import SessionClient
from iies_tui.text import words

PRINT_WAIT = 60.0
"""Seconds to watch a released job before the command leaves it to the register."""
ON_THE_WAY = (State.SUBMITTING, State.HELD, State.RELEASED)
IN_DOUBT = (State.BLOCKED, State.UNKNOWN)


async def watched(client: SessionClient, card: protocol.CardInfo) -> protocol.CardInfo:
    """The card once its job is at an end, or as it stands after ``PRINT_WAIT``."""
    end = time.monotonic() + PRINT_WAIT
    latest = card
    while latest.paper.state in ON_THE_WAY and time.monotonic() < end:
        await asyncio.sleep(0.3)
        latest = (await client.ask(protocol.Watch(card.serial))).card
    now = latest.paper
    return replace(card, paper=replace(card.paper, state=now.state, reasons=now.reasons))


def paper_problem(card: protocol.CardInfo) -> Problem:
    """A card of which it is not known that it came out."""
    reasons = ", ".join(card.paper.reasons)
    return Problem(
        "", f"at_printer_{card.paper.state.lower()}", {"serial": card.serial, "reasons": reasons}
    )


def signing_on(arguments: argparse.Namespace) -> protocol.SignOn:
    """The sign-on of a command that issues; ``--clock-is-right`` stands for the year typed."""
    year = str(new_york.day_of(datetime.now(UTC)).year) if arguments.clock_is_right else ""
    return protocol.SignOn(arguments.license, year=year)


def say_card(card: protocol.CardInfo) -> None:
    """Print an issued card: serial, files, print job."""
    say(words("cli.issued", serial=card.serial, mode=card.mode.upper(), vehicle=card.vehicle))
    paper = card.paper
    for path in (paper.pdf, paper.fax_pdf, paper.fax_tiff):
        if path:
            say(f"  {path}")
    if paper.queue:
        say("  " + words("cli.printed", queue=paper.queue, job=paper.job, state=paper.state))


def card_json(card: protocol.CardInfo) -> dict[str, object]:
    """A card as ``--json`` answers it (``docs/commands.md``), with its job where it was printed."""
    paper = card.paper
    found: dict[str, object] = {
        "serial": card.serial,
        "mode": card.mode,
        "pdf": paper.pdf,
        "fax_pdf": paper.fax_pdf,
        "fax_tiff": paper.fax_tiff,
        "trail_seq": card.trail_seq,
    }
    if paper.queue:
        found |= {"state": paper.state, "queue": paper.queue, "job": paper.job}
    return found
