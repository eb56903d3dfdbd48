"""``iies-tui register mail`` and ``register outbox``: cards by e-mail, without a screen."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from iies_tui import bootstrap
from iies_tui.cli.asking import ask
from iies_tui.cli.secrets import read_secret
from iies_tui.cli.speech import answer, problem_json, problem_line, say, tell
from iies_tui.domain import mail as rules
from iies_tui.domain.errors import MachineFailed, Problem, Refused
from iies_tui.domain.mail import Answer, MailState
from iies_tui.session import protocol
from iies_tui.session.client import SessionClient
from iies_tui.text import has, words

LOOK_EVERY = 0.2
"""Seconds."""


def mail(arguments: argparse.Namespace) -> int:
    """Send one card and wait for the server's word, or save the message."""
    target = str(Path(arguments.eml).absolute()) if arguments.eml else ""
    request = protocol.SendMail(
        serial=arguments.serial,
        address=arguments.to,
        fax_sheet=arguments.fax_sheet,
        save=bool(arguments.eml),
        target=target,
    )

    async def talk(client: SessionClient) -> protocol.Mailed:
        await _sign_on(client, arguments)
        mailed = await client.ask(request, [_pin(arguments)])
        if not arguments.eml:
            await client.ask(protocol.StartMail())
            (latest,) = await _settled(client, [mailed.mail], arguments.wait)
            return protocol.Mailed(latest)
        return mailed

    mailed = ask(bootstrap.state_directory(arguments.state), talk)
    problems = _problems([mailed.mail])
    if arguments.json:
        errors = [problem_json(one) for one in problems]
        answer({"mail": asdict(mailed.mail), "path": mailed.path or None, "errors": errors})
    elif mailed.path:
        say(words("cli.mail_saved", path=mailed.path))
    elif not problems:
        say(words("cli.mail_sent", serial=mailed.mail.serial, address=mailed.mail.address))
    return _code([mailed.mail], problems)


def outbox(arguments: argparse.Namespace) -> int:
    """List the outbox; send what waits; or the clerk's word about one message."""
    said = next((one for one in Answer if getattr(arguments, one.value)), None)

    acted: set[str] = set()

    async def talk(client: SessionClient) -> list[protocol.MailInfo]:
        await _sign_on(client, arguments)
        if said is not None:
            number = getattr(arguments, said.value)
            await client.ask(protocol.AnswerMail(number, said.value))
            acted.add(number)
        if arguments.send or said is Answer.AGAIN:
            started = await client.ask(protocol.StartMail())
            acted.update(one.id for one in started.mails)
            await _settled(client, started.mails, arguments.wait)
        return (await client.ask(protocol.ListMail())).mails

    mails = ask(bootstrap.state_directory(arguments.state), talk)
    problems = _problems(mails)
    if arguments.json:
        errors = [problem_json(one) for one in problems]
        answer({"mails": [asdict(one) for one in mails], "errors": errors})
    else:
        for one in mails:
            say(words("cli.mail_line", id=one.id, serial=one.serial, state=one.state,
                      address=one.address))  # fmt: skip
        if not mails:
            say(words("cli.mail_empty"))
    return _code([one for one in mails if one.id in acted], problems)


async def _sign_on(client: SessionClient, arguments: argparse.Namespace) -> None:
    await client.ask(protocol.SignOn(arguments.license), [_pin(arguments)])
    if arguments.settings_seen:
        await client.ask(protocol.ConfirmSettings())


def _pin(arguments: argparse.Namespace) -> bytearray:
    """Read each time: a secret is wiped once it was sent."""
    return read_secret(arguments.pin_file)


async def _settled(
    client: SessionClient, mails: Sequence[protocol.MailInfo], seconds: float
) -> list[protocol.MailInfo]:
    """These messages once nothing moves by itself, or after ``seconds``.

    One that is in the server's hands is always waited for, within the attempt's own time limits:
    to leave then is to be in doubt.
    """
    end, wanted = time.monotonic() + seconds, {one.id for one in mails}
    while True:
        listed = (await client.ask(protocol.ListMail())).mails
        found = [one for one in listed if one.id in wanted]
        busy = any(one.state in (MailState.SENDING, MailState.HANDING) for one in found)
        moving = any(one.state in rules.MOVING for one in found)
        if not moving or (time.monotonic() > end and not busy):
            return found
        await asyncio.sleep(LOOK_EVERY)


def _problems(mails: Sequence[protocol.MailInfo]) -> list[Problem]:
    """What is still to be done or said about each."""
    codes = {MailState.DOUBTFUL: "mail_doubtful"}
    codes |= dict.fromkeys((MailState.REFUSED, MailState.STALLED), "mail_failed")
    codes |= dict.fromkeys(rules.MOVING, "mail_waits")
    return [
        Problem(
            "",
            codes[MailState(one.state)],
            {"serial": one.serial, "id": one.id, "reason": _why(one)},
        )
        for one in mails
        if one.state in codes
    ]


def _why(one: protocol.MailInfo) -> str:
    key = f"mail_reason.{one.reason or 'none'}"
    said = words(key) if has(key) else words("mail_reason.unknown", code=one.reason)
    return " ".join(part for part in (said, one.detail) if part)


def _code(mails: Sequence[protocol.MailInfo], problems: Sequence[Problem]) -> int:
    """1 where a server refused one and nothing worse is the matter, 3 where it is not known or
    still to come."""
    for one in problems:
        tell(problem_line(one))
    states = {one.state for one in mails}
    if states & {MailState.DOUBTFUL, MailState.STALLED, *rules.MOVING}:
        return MachineFailed.exit_code
    return Refused.exit_code if MailState.REFUSED in states else 0
