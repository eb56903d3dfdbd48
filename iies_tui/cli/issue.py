"""``iies-tui issue``: a request file to cards, without a screen; a CSV file is a batch."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from iies_tui import bootstrap
from iies_tui.cli.asking import ask
from iies_tui.cli.cards import (
    IN_DOUBT,
    card_json,
    paper_problem,
    say_card,
    signing_on,
    watched,
)
from iies_tui.cli.secrets import read_secret
from iies_tui.cli.speech import answer, problem_json as shown, problem_line, tell
from iies_tui.domain.errors import IiesError, Problem, Refused, WrongUsage
from iies_tui.domain.pages import CHOICES
from iies_tui.domain.request import MAX_BYTES, load_json
from iies_tui.issuance.batches.check import ISSUED_ALREADY
from iies_tui.session import protocol
from iies_tui.session.client import SessionClient
from iies_tui.text import words


def issue(arguments: argparse.Namespace) -> int:
    """Sign on, check everything, issue, deliver. 0 where every card was issued and delivered."""
    if arguments.request.lower().endswith(".csv"):
        from iies_tui.cli.batch import issue_batch

        if any(getattr(arguments, name) for name in (*CHOICES, "fax_to")):
            raise WrongUsage("batch_pages")
        return issue_batch(arguments)
    if arguments.one_pdf or arguments.skip_issued or arguments.problems:
        raise WrongUsage("batch_only_csv")
    request = _request(arguments.request)
    pin = read_secret(arguments.pin_file)
    out = str(Path(arguments.out).absolute()) if arguments.out else ""

    cards: list[protocol.CardInfo] = []
    errors: list[Problem] = []

    async def talk(client: SessionClient) -> None:
        await client.ask(signing_on(arguments), [pin])
        await _check(client, request, arguments)
        order = protocol.Issue(
            request=request,
            queue=arguments.queue,
            folder=out,
            fax_sheet=arguments.fax_sheet,
            tiff=arguments.tiff,
            anyway=arguments.anyway,
            fax_to=arguments.fax_to,
            layout=arguments.page_layout,
            information=arguments.page_information,
            fax_cover=arguments.fax_cover,
            fax_file=arguments.fax_file,
        )
        issued = await client.ask(order)
        errors.extend(Problem(one.field, one.code, one.params) for one in issued.errors)
        for card in issued.cards:
            cards.append(card)
            cards[-1] = await watched(client, card)

    try:
        ask(bootstrap.state_directory(arguments.state), talk)
    except IiesError as error:
        if not cards:
            raise
        # Cards are out: they are told, whatever stopped the rest.
        errors.append(Problem("", error.code, error.params))
    errors += [paper_problem(card) for card in cards if card.paper.state in IN_DOUBT]
    _report(arguments, cards, errors)
    return 3 if errors else 0


def _request(path: str) -> protocol.Json:
    """The decoded request of a JSON file, or of JSON on standard input."""
    request = load_json(_read(path))
    if not isinstance(request, dict):
        raise Refused("request_not_object")
    return request


def _read(path: str) -> bytes:
    try:
        if path == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Refused("cannot_read", path=path, reason=error.strerror or "") from error


async def _check(
    client: SessionClient, request: protocol.Json, arguments: argparse.Namespace
) -> None:
    """All of it is right before the first card is issued. Raise Refused with all problems.

    A vehicle that has its card for this policy and these dates gets another only where that was
    said: a command that is given twice by accident issues nothing twice.
    """
    check = protocol.Check(
        request=request,
        layout=arguments.page_layout,
        information=arguments.page_information,
    )
    checked = await client.ask(check)
    notes = [Problem(note.field, note.code, note.params) for note in checked.notes]
    for noted in notes:
        if noted.code == ISSUED_ALREADY and not arguments.issue_again:
            continue
        tell(words("cli.note", note=problem_line(noted, table="note")))
    if checked.problems:
        problems = tuple(Problem(p.field, p.code, p.params) for p in checked.problems)
        raise Refused("request_refused", problems)
    issued = tuple(one for one in notes if one.code == ISSUED_ALREADY)
    if issued and not arguments.issue_again:
        raise Refused("request_issued", issued)


def _report(
    arguments: argparse.Namespace, cards: list[protocol.CardInfo], errors: list[Problem]
) -> None:
    if arguments.json:
        told = [card_json(card) for card in cards]
        answer({"cards": told, "errors": [shown(error) for error in errors]})
    else:
        for card in cards:
            say_card(card)
    for error in errors:
        tell(problem_line(error))
