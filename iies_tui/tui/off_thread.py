"""Calls that may hang (a stick that was pulled out, a dead network drive), beside the screens.

Not ``asyncio.to_thread``: the end of the event loop waits for its threads, and a sign-off must not.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


async def off_thread(call: Callable[[], Answer]) -> Answer:
    """What ``call`` returns or raises, from a thread that nothing ever waits for but this."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Answer] = loop.create_future()

    def settle(answer: Answer | None, error: Exception | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(answer)  # type: ignore[arg-type]

    def run() -> None:
        answer, error = None, None
        try:
            answer = call()
        except Exception as raised:  # noqa: BLE001 (a thread's edge: told to who waits)
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop may be gone by now
            loop.call_soon_threadsafe(settle, answer, error)

    threading.Thread(target=run, name="off-thread", daemon=True).start()
    return await future
