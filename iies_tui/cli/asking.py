"""A command's conversation with a session process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from iies_tui.domain.errors import IiesError, MachineFailed, Problem, Refused, WrongUsage
from iies_tui.session import protocol
from iies_tui.session.client import (
    RequestFailed,
    SessionClient,
    SessionLost,
    session_command,
)

Result = TypeVar("Result")


def ask(state: Path, talk: Callable[[SessionClient], Awaitable[Result]]) -> Result:
    """Start a session on ``state``, hold the conversation, end it. Raise IiesError."""

    async def whole() -> Result:
        async with _session(state) as client:
            return await talk(client)

    try:
        return asyncio.run(whole())
    except RequestFailed as error:
        raise raised(error.failed) from None


@contextlib.asynccontextmanager
async def _session(state: Path) -> AsyncIterator[SessionClient]:
    client = SessionClient(session_command(sys.executable, state))
    client.start()
    awake = asyncio.create_task(_stay_awake(client))
    try:
        yield client
    finally:
        awake.cancel()
        client.kill()
        with contextlib.suppress(asyncio.CancelledError):
            await awake


async def _stay_awake(client: SessionClient) -> None:
    """A running command is no unattended terminal: its session does not sign off under it."""
    while True:
        await asyncio.sleep(1)
        try:
            await client.ask(protocol.Activity())
        except RequestFailed:
            continue
        except SessionLost:
            return  # the command's own request tells it


def raised(failed: protocol.Failed) -> IiesError:
    """The session's refusal as the error that it was."""
    problems = tuple(Problem(p.field, p.code, p.params, p.row) for p in failed.problems)
    if failed.exit_code == Refused.exit_code:
        return Refused(failed.code, problems, **failed.params)
    if failed.exit_code == WrongUsage.exit_code:
        return WrongUsage(failed.code, **failed.params)
    return MachineFailed(failed.code, **failed.params)
