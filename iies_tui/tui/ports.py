"""What the screens need of the session process: ``session.client.SessionClient`` or a fake."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol, TypeVar

from iies_tui.session.client import OnProgress
from iies_tui.session.protocol import Request

Reply = TypeVar("Reply")


class Session(Protocol):
    """Started before the first frame, so that it is warm when the PIN has been typed."""

    lost: asyncio.Event

    async def ask(
        self,
        request: Request[Reply],
        secrets: Sequence[bytearray] = (),
        progress: OnProgress | None = None,
    ) -> Reply:
        """RequestFailed where the session refuses, SessionLost where it is gone."""

    def kill(self) -> None:
        """End it at once; nothing of it stays in memory."""
