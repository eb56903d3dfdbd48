"""Batch: card by card, with a bar and a way to stop between two; then what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.widget import Widget

from iies_tui.domain.batch import BatchState
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.session.fault_lines import fault_lines
from iies_tui.text import has, words
from iies_tui.tui.keyboard.commands import BACK, HELP, SIGN_OFF, Command, bindings
from iies_tui.tui.page import Page
from iies_tui.tui.screens.card import CardDialog
from iies_tui.tui.widgets.lines import KeysLine, Line
from iies_tui.tui.widgets.picker import Picker, Row
from iies_tui.tui.widgets.progress import bar
from iies_tui.tui.words.card_rows import head_of, row_of
from iies_tui.tui.words.wording import failure, say

if TYPE_CHECKING:
    from iies_tui.tui.signed_on import SignedOnContext

_STOP = Command("stop", "escape", "stop", "Esc")
_GO_ON = Command("batch_resume", "f9", "go_on", "F9")
_ALL_IN_HAND = Command("all_in_hand", "h", "all_in_hand", "H")
_CARD = Command("card", "enter", "card", "Enter")
PAPER_EVERY = 0.5
"""Seconds between two looks at a printer that has enough."""
SETTLE = 3.0
"""No card is begun so many seconds before sign-off: it ends between two cards."""
LISTED = 500
"""Cards that the list shows; the register has all."""
_WIND_UP = 0.05


class BatchRunScreen(Page[None]):
    """Begins at once where ``running``, else shows what is there."""

    topic = "batch"
    commands: ClassVar[tuple[Command, ...]] = (HELP, _STOP, SIGN_OFF)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(_STOP, _GO_ON, _ALL_IN_HAND, _CARD),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
    ]

    def __init__(
        self, signed_on: SignedOnContext, batch: protocol.BatchInfo, *, running: bool
    ) -> None:
        super().__init__(signed_on.standing)
        self._session = signed_on.session
        self._batch = batch
        self._at_work = running
        self._asked = False
        self._stopping = False
        self._left: float | None = None
        self._files: list[str] = []
        self._cards: list[protocol.CardInfo] = []
        self._began, self._done_then = 0.0, 0

    def still_settling(self) -> bool:
        """No field takes keys here."""
        return False

    def body(self) -> Iterable[Widget]:
        yield Line("", id="run-title", classes="title")
        yield Line("", id="run-bar")
        yield Line("", id="run-says")
        yield Line(head_of(), id="run-head", classes="table-head")
        yield Picker(id="found")

    def on_mount(self) -> None:
        self.query_one("#run-head", Line).display = False
        if self._at_work:
            self._title(words("batch.running", number=self._batch.number))
            self._run()
        else:
            self._show()

    def _title(self, text: str) -> None:
        self.query_one("#run-title", Line).update(text)

    def _says(self, text: str) -> None:
        self.query_one("#run-says", Line).update(text)

    def countdown(self, seconds: float | None) -> None:
        """The time to sign-off: near it no card is begun."""
        super().countdown(seconds)
        self._left = seconds

    async def wind_up(self) -> None:
        """Sign-off was asked for: the card that is being made is made, none after it."""
        self._stopping = True
        while self._asked:
            await asyncio.sleep(_WIND_UP)

    # -- at work ---------------------------------------------------------------------------

    @work(group="run", exclusive=True)
    async def _run(self) -> None:
        self._stopping, self._began = False, time.monotonic()
        self._done_then = self._batch.done
        self.query_one(KeysLine).show((HELP, _STOP, SIGN_OFF))
        told = ""
        try:
            while not self._stopping:
                if self._left is not None and self._left < SETTLE:
                    await asyncio.sleep(PAPER_EVERY)
                    continue
                step = await self._step()
                if step.problems:
                    told = "\n".join(map(stopped_by, step.problems))
                    break
                if step.phase == "done":
                    break
                if step.phase == "paper":
                    await asyncio.sleep(PAPER_EVERY)
        except RequestFailed as refused:
            told = failure(refused.failed)
        self._at_work = False
        self._show(told)

    async def _step(self) -> protocol.BatchStepped:
        self._asked = True
        try:
            step = await self._session.ask(protocol.StepBatch())
        finally:
            self._asked = False
        if step.path:
            self._files.append(step.path)
        done, total = (step.part, step.parts) if step.parts else (step.done, step.total)
        self.query_one("#run-bar", Line).update(bar(done, total))
        self._says(self._progress(step))
        return step

    def _progress(self, step: protocol.BatchStepped) -> str:
        """What goes on, how fast, and what the printer says."""
        lines = [words(f"batch_phase.{step.phase}")]
        passed, made = time.monotonic() - self._began, step.done - self._done_then
        if step.phase in ("issuing", "paper") and made > 1 and passed > 1:
            minutes = max(1, round((step.total - step.done) * passed / made / 60))
            lines.append(words("batch.speed", cards=round(made * 60 / passed), minutes=minutes))
        if step.card is not None:
            lines.append(f"{step.card.serial}  {step.card.vehicle}")
        lines += [say("printer_reason", reason) for reason in step.reasons]
        return "\n".join(lines)

    # -- what came of it --------------------------------------------------------------------

    @work(group="show", exclusive=True)
    async def _show(self, told: str = "") -> None:
        try:
            listed = await self._session.ask(protocol.ListBatches())
            start = max(0, self._batch_now(listed).done - LISTED)
            wanted = protocol.BatchCards(self._batch.digest, start, LISTED)
            page = await self._session.ask(wanted)
        except RequestFailed as refused:
            self._says(failure(refused.failed))
            return
        self._batch = self._batch_now(listed)
        self._cards = list(reversed(page.cards))
        batch = self._batch
        rows = batch.rows - batch.skipped
        key = "stopped" if batch.state == BatchState.OPEN.value else batch.state.lower()
        self._title(words(f"batch.end_{key}", number=batch.number, done=batch.done, rows=rows))
        self.query_one("#run-bar", Line).update(bar(batch.done, rows))
        lines = [told] if told else []
        if batch.one_pdf and batch.state == BatchState.OPEN.value:
            lines.append(words("batch.one_pdf_later"))
        else:
            lines += self._files or [words("batch.in_folder", folder=batch.folder)]
        if batch.skipped:
            lines.append(words("batch.skipped", count=batch.skipped))
        if batch.printed:
            lines.append(words("batch.hand_over", count=batch.printed))
        if batch.doubtful:
            lines.append(words("batch.ask_doubtful", count=batch.doubtful))
        self._says("\n".join(lines))
        self.query_one("#run-head", Line).display = bool(self._cards)
        self._draw()
        going_on = (_GO_ON,) if batch.state == BatchState.OPEN.value else ()
        in_hand = (_ALL_IN_HAND,) if batch.printed else ()
        self.query_one(KeysLine).show((HELP, *going_on, *in_hand, _CARD, SIGN_OFF, BACK))

    def _batch_now(self, listed: protocol.BatchList) -> protocol.BatchInfo:
        same = (one for one in listed.batches if one.digest == self._batch.digest)
        return next(same, self._batch)

    def _draw(self) -> None:
        picker = self.query_one(Picker)
        picker.fill(
            (Row(card.serial, row_of(card)) for card in self._cards), picker.highlighted or 0
        )

    # -- keys ------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        picker = self.query_one(Picker)
        if picker.option_count:
            at = (picker.highlighted or 0) + by
            picker.highlighted = max(0, min(at, picker.option_count - 1))

    def action_stop(self) -> None:
        if self._at_work:
            self._stopping = True
            self._says(words("batch.stopping"))
        else:
            self.dismiss(None)

    @work(group="run", exclusive=True)
    async def action_go_on(self) -> None:
        """From where it was stopped: what is left is checked anew, for it may be another day."""
        if self._at_work or self._batch.state != BatchState.OPEN.value:
            return
        self._at_work = True
        self._says(words("batch_phase.checking"))
        batch = self._batch
        try:
            wanted = protocol.ReadBatch(digest=batch.digest)
            await self._session.ask(wanted)
            while True:
                checked = await self._session.ask(protocol.CheckBatch())
                self.query_one("#run-bar", Line).update(bar(checked.looked, checked.total))
                if checked.whole:
                    break
            begun = await self._session.ask(
                protocol.BeginBatch(
                    folder=batch.folder,
                    queue=batch.queue,
                    one_pdf=batch.one_pdf,
                    fax_sheet=batch.fax_sheet,
                    repeated="skip",
                ),
            )
        except RequestFailed as refused:
            self._at_work = False
            self._says(failure(refused.failed))
            return
        self._batch = begun.batch
        self.query_one("#run-head", Line).display = False
        self.query_one(Picker).fill(())
        self._title(words("batch.running", number=batch.number))
        self._run()

    @work(group="hand", exclusive=True)
    async def action_all_in_hand(self) -> None:
        """The clerk has the paper of all that is out."""
        if self._at_work or not self._batch.printed:
            return
        total = self._batch.printed
        try:
            while True:
                handed = await self._session.ask(protocol.HandOverBatch(self._batch.digest))
                self.query_one("#run-bar", Line).update(bar(total - handed.left, total))
                if not handed.left:
                    break
        except RequestFailed as refused:
            self._says(failure(refused.failed))
            return
        self._show()

    @work(group="card", exclusive=True)
    async def action_card(self) -> None:
        serial = self.query_one(Picker).chosen
        card = next((card for card in self._cards if card.serial == serial), None)
        if card is None or self._at_work:
            return
        left = await self.app.push_screen_wait(CardDialog(self._session, card))
        self._cards = [left.card if one.serial == left.card.serial else one for one in self._cards]
        self._draw()


def stopped_by(info: protocol.ProblemInfo) -> str:
    """Why it went no further: a row that is refused, or what failed."""
    if info.row and has(f"problem.{info.code}"):
        return fault_lines([info])[0]
    return say("problem" if has(f"problem.{info.code}") else "error", info.code, info.params)
