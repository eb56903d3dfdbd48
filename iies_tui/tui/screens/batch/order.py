"""Batch: how the cards leave, how many they are, and whether to begin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.domain.batch import MAX_ONE_PDF, Repeated
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.dialogs.question import Question
from iies_tui.tui.keyboard.commands import BACK, HELP, SIGN_OFF, Command, bindings
from iies_tui.tui.page import Page, Scroll
from iies_tui.tui.screens.batch.check import Whole
from iies_tui.tui.widgets.choice import ChoiceField, Options
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.words.wording import failure, say

if TYPE_CHECKING:
    from iies_tui.tui.signed_on import SignedOnContext

_BEGIN = Command("batch_begin", "f9", "begin", "F9")


class BatchOrderScreen(Page[protocol.BatchInfo | None]):
    """The batch once it has begun; None for Esc, and nothing is issued.

    ``queue`` is the printer that the form would take.
    """

    topic = "batch"
    commands: ClassVar[tuple[Command, ...]] = (HELP, _BEGIN, SIGN_OFF, BACK)
    BINDINGS: ClassVar[list[BindingType]] = bindings(_BEGIN, BACK)

    def __init__(
        self, signed_on: SignedOnContext, found: protocol.BatchFound, whole: Whole, queue: str
    ) -> None:
        super().__init__(signed_on.standing)
        self._signed_on = signed_on
        self._found = found
        self._whole = whole
        known = found.known
        self._queue = known.queue if known else queue
        self._folder = known.folder if known else ""
        self._one_pdf = known.one_pdf if known else False
        self._fax_sheet = known.fax_sheet if known else False
        self._begun = False

    def body(self) -> Iterable[Widget]:
        yield Line(words("batch.order", rows=self._whole.rows), classes="title")
        yield Line(words(f"batch.mode_{self._signed_on.signed.mode}"), id="order-mode")
        with Scroll():
            no_printer = (("", words("batch.no_printer")),)
            yield ChoiceField(words("batch.printer"), no_printer, id="queue", wide=False)
            folder = TextField(
                words("batch.folder"),
                id="folder",
                value=self._folder,
                max_length=300,
                optional=True,
                hint=words("batch.folder_hint"),
            )
            yield folder
            pdf: Options = (
                ("each", words("batch.pdf_each")),
                *([("one", words("batch.pdf_one"))] if self._found.rows <= MAX_ONE_PDF else []),
            )
            one = "one" if self._one_pdf else "each"
            yield ChoiceField(words("batch.pdf"), pdf, id="pdf", value=one)
            fax = (("no", words("choice.no")), ("yes", words("choice.yes")))
            wanted = "yes" if self._fax_sheet else "no"
            yield ChoiceField(words("batch.fax_sheet"), fax, id="fax_sheet", value=wanted)
            if self._whole.repeated:
                again = (
                    (Repeated.SKIP.value, words("batch.skip")),
                    (Repeated.ISSUE.value, words("batch.again")),
                )
                label = words("batch.repeated_label", count=self._whole.repeated)
                yield ChoiceField(label, again, id="repeated")
        yield Line("", id="order-says")

    def on_mount(self) -> None:
        self.query_one("#queue", Field).enter()
        self._ask_queues()

    @work(group="queues", exclusive=True)
    async def _ask_queues(self) -> None:
        try:
            answer = await self._signed_on.session.ask(protocol.ListQueues())
        except RequestFailed as refused:
            answer = protocol.Queues([], refused.failed.code)
        options = [("", words("batch.no_printer"))]
        for queue in answer.queues:
            if queue.accepting and not queue.fax:
                state = words("issue.stopped") if queue.stopped else ""
                options.append((queue.name, words("issue.printer", name=queue.name, state=state)))
        self.query_one("#queue", ChoiceField).offer(tuple(options), self._queue)
        says = say("error", answer.error) if answer.error else ""
        if self._queue and all(name != self._queue for name, _ in options):
            says = words("issue.queue_gone", queue=self._queue)
        self._says(says)

    def _says(self, text: str) -> None:
        self.query_one("#order-says", Line).update(text)

    @on(Field.Entered)
    def _go_on(self, event: Field.Entered) -> None:
        """Enter goes on; after the last field F9 is the word, as nothing is taken back."""
        fields = list(self.query(Field))
        at = fields.index(event.field) + 1
        if at < len(fields):
            fields[at].enter()
        else:
            self._says(words("batch.begin_hint"))

    def action_begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._begin(self._order())

    def _order(self, *, anyway: bool = False) -> protocol.BeginBatch:
        again = self.query("#repeated").results(ChoiceField)
        return protocol.BeginBatch(
            folder=self.query_one("#folder", TextField).value.strip(),
            queue=self.query_one("#queue", ChoiceField).value,
            one_pdf=self.query_one("#pdf", ChoiceField).value == "one",
            fax_sheet=self.query_one("#fax_sheet", ChoiceField).value == "yes",
            repeated=next((field.value for field in again), Repeated.SKIP.value),
            anyway=anyway,
        )

    @work(group="begin", exclusive=True)
    async def _begin(self, order: protocol.BeginBatch) -> None:
        try:
            begun = await self._signed_on.session.ask(order)
        except RequestFailed as refused:
            failed = refused.failed
            if failed.code == "printer_not_ready" and await self._anyway(failed):
                self._begin(self._order(anyway=True))
                return
            self._begun = False
            self._says(failure(failed))
            return
        self.dismiss(begun.batch)

    async def _anyway(self, failed: protocol.Failed) -> bool:
        told = [say("printer_reason", r) for r in str(failed.params["reasons"]).split()]
        question = Question(
            words("delivery.not_ready", queue=failed.params["queue"]),
            "\n".join([*told, "", words("delivery.not_ready_anyway")]),
        )
        return await self.app.push_screen_wait(question)

    def action_back(self) -> None:
        self.dismiss(None)
