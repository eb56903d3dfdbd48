"""The way through a batch: which, its check, how it leaves, its cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import App

from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.dialogs.question import Message
from iies_tui.tui.screens.batch.check import BatchCheckScreen
from iies_tui.tui.screens.batch.choose import BatchScreen, Chosen
from iies_tui.tui.screens.batch.order import BatchOrderScreen
from iies_tui.tui.screens.batch.run import BatchRunScreen
from iies_tui.tui.words.wording import failure

if TYPE_CHECKING:
    from iies_tui.tui.signed_on import SignedOnContext


async def go_through_batches(
    app: App[Any], signed_on: SignedOnContext, queue: str, *, opened: bool = False
) -> None:
    """Screen after screen until the clerk goes back to the form.

    ``queue`` is the printer that the form would take; ``opened``: what is open is shown first.
    """
    while True:
        chosen = await app.push_screen_wait(BatchScreen(signed_on, opened=opened))
        opened = False
        if chosen is None:
            return
        await _go(app, signed_on, chosen, queue)


async def _go(app: App[Any], signed_on: SignedOnContext, chosen: Chosen, queue: str) -> None:
    batch, running = chosen.batch, False
    if chosen.give_up and batch is not None:
        try:
            wanted = protocol.GiveUpBatch(batch.digest)
            batch = (await signed_on.session.ask(wanted)).batch
        except RequestFailed as refused:
            text = failure(refused.failed)
            await app.push_screen_wait(Message(words("refused.title"), text, grave=True))
            return
        running = True
    elif chosen.found is not None:
        whole = await app.push_screen_wait(BatchCheckScreen(signed_on, chosen.found))
        if whole is None:
            return
        order = BatchOrderScreen(signed_on, chosen.found, whole, queue)
        batch, running = await app.push_screen_wait(order), True
    if batch is not None:
        await app.push_screen_wait(BatchRunScreen(signed_on, batch, running=running))
