"""Which printer, and to which number a fax queue sends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from iies_tui.session import protocol
from iies_tui.text import words
from iies_tui.tui.keyboard.commands import CLOSE, Command, bindings
from iies_tui.tui.page import Dialog
from iies_tui.tui.widgets.picker import Picker, Row
from iies_tui.tui.widgets.text_field import Field, TextField


class PickQueue(Dialog[protocol.QueueInfo | None]):
    """One of this terminal's printers."""

    _ENTER: ClassVar[Command] = Command("open", "enter", "pick", "Enter")
    commands: ClassVar[tuple[Command, ...]] = (_ENTER, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(_ENTER, CLOSE),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
    ]

    def __init__(self, queues: list[protocol.QueueInfo], last: str) -> None:
        super().__init__(words("card_dialog.pick"))
        self._queues = queues
        self._last = last

    def body(self) -> Iterable[Widget]:
        yield Picker(id="queues")

    def on_mount(self) -> None:
        """The bar stands on another printer than last time's."""
        rows = []
        for queue in self._queues:
            kind = "issue.fax_queue" if queue.fax else "issue.printer"
            state = words("issue.stopped") if queue.stopped else ""
            rows.append(Row(queue.name, words(kind, name=queue.name, state=state)))
        others = [at for at, queue in enumerate(self._queues) if queue.name != self._last]
        self.query_one(Picker).fill(rows, others[0] if others else 0)

    def action_move(self, by: int) -> None:
        picker = self.query_one(Picker)
        at = (picker.highlighted or 0) + by
        picker.highlighted = max(0, min(at, len(self._queues) - 1))

    def action_pick(self) -> None:
        chosen = self.query_one(Picker).chosen
        self.dismiss(next((queue for queue in self._queues if queue.name == chosen), None))

    def action_close(self) -> None:
        self.dismiss(None)


class FaxNumber(Dialog[str | None]):
    """The number that a fax queue sends to."""

    commands: ClassVar[tuple[Command, ...]] = (CLOSE,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(CLOSE)

    def __init__(self, queue: str) -> None:
        super().__init__(words("card_dialog.fax"), words("card_dialog.fax_text", queue=queue))

    def body(self) -> Iterable[Widget]:
        yield TextField(words("card_dialog.fax_number"), id="fax-number", width=26, max_length=24)

    def on_mount(self) -> None:
        self.query_one(TextField).enter()

    @on(Field.Entered)
    def _send(self) -> None:
        self.dismiss(self.query_one(TextField).value.strip() or None)

    def action_close(self) -> None:
        self.dismiss(None)
