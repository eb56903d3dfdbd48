"""Batch: every row is checked, and what was found is told by row and column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.widget import Widget

from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.session.fault_lines import fault_lines
from iies_tui.text import words
from iies_tui.tui.keyboard.commands import BACK, HELP, SIGN_OFF, Command, bindings
from iies_tui.tui.page import Page
from iies_tui.tui.widgets.lines import KeysLine, Line
from iies_tui.tui.widgets.picker import Picker, Row
from iies_tui.tui.widgets.progress import ProgressLine
from iies_tui.tui.words.wording import failure, say

if TYPE_CHECKING:
    from iies_tui.tui.signed_on import SignedOnContext

_GO_ON = Command("batch_go_on", "enter,f9", "go_on", "Enter")
_SAVE = Command("save_problems", "f4", "save_problems", "F4")
_CANCEL = Command("cancel", "escape", "back", "Esc")
WIDTH = 74
"""Cells of a row in the list, its mark and scroll bar aside, on 80 columns."""
LISTED = 1000
"""Faults that the list shows; the file of problems has all."""
NOTES = 4
"""Kinds of notes that are told; the file of problems has no notes."""


@dataclass(frozen=True, slots=True)
class Whole:
    """All rows are right. ``repeated`` of ``rows`` vehicles have a card already."""

    rows: int
    repeated: int


class BatchCheckScreen(Page[Whole | None]):
    """Whole where the clerk goes on; None where rows are wrong, or for Esc at any time.

    A fault that many rows have is one line; the line that the bar is on is told whole below.
    """

    topic = "batch"
    commands: ClassVar[tuple[Command, ...]] = (HELP, _CANCEL)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(_GO_ON, _SAVE, BACK),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
    ]

    def __init__(self, signed_on: SignedOnContext, found: protocol.BatchFound) -> None:
        super().__init__(signed_on.standing)
        self._session = signed_on.session
        self._found = found
        self._problems: list[protocol.ProblemInfo] = []
        self._faults: list[str] = []
        self._repeated = 0
        self._checked: protocol.BatchChecked | None = None

    def still_settling(self) -> bool:
        """No field takes keys here."""
        return False

    def body(self) -> Iterable[Widget]:
        title = words("batch.checking", rows=self._found.rows)
        yield Line(title, id="check-title", classes="title")
        yield Line(self._before(), id="check-before")
        yield ProgressLine(id="progress")
        yield Line("", id="check-notes")
        yield Picker(id="found")
        yield Line("", id="check-says")

    def _before(self) -> str:
        known = self._found.known
        if known is None:
            return ""
        return words("batch.before", number=known.number, before=self._found.before)

    def on_mount(self) -> None:
        self._check()

    @work(group="check", exclusive=True)
    async def _check(self) -> None:
        progress = self.query_one(ProgressLine)
        progress.begin()
        try:
            while True:
                checked = await self._session.ask(protocol.CheckBatch())
                self._problems += checked.problems
                self._repeated += len(checked.repeated)
                told = protocol.Progress("checking", checked.looked, checked.total)
                progress.tell(told)
                if checked.whole:
                    break
        except RequestFailed as refused:
            self._says(failure(refused.failed))
            return
        finally:
            progress.end()
        self._checked = checked
        self._show(checked)

    def _show(self, checked: protocol.BatchChecked) -> None:
        self.query_one(ProgressLine).display = False
        self.query_one("#check-notes", Line).update("\n".join(self._notes(checked)))
        title = self.query_one("#check-title", Line)
        if self._problems:
            self._faults = fault_lines(self._problems)
            count, width = len(self._faults), self.size.width - 80 + WIDTH
            title.update(words("batch.wrong", rows=checked.wrong_rows, count=count))
            title.add_class("-wrong")
            self.query_one(Picker).fill(
                Row(str(at), line if len(line) <= width else f"{line[: width - 1]}…")
                for at, line in enumerate(self._faults[:LISTED])
            )
            if count > LISTED:
                self._says(words("batch.wrong_more", count=LISTED))
            else:
                self._says(words("batch.wrong_next"))
            self.query_one(KeysLine).show((HELP, _SAVE, SIGN_OFF, BACK))
        else:
            title.update(words("batch.right", rows=checked.total))
            self._says(words("batch.right_next"))
            self.query_one(KeysLine).show((HELP, _GO_ON, SIGN_OFF, BACK))

    def _notes(self, checked: protocol.BatchChecked) -> list[str]:
        found = [
            words("batch.note", count=one.count, row=one.note.row, note=_note(one.note))
            for one in checked.notes[:NOTES]
        ]
        if self._repeated:
            found.append(words("batch.repeated", count=self._repeated))
        return found

    def _says(self, text: str) -> None:
        self.query_one("#check-says", Line).update(text)

    def action_move(self, by: int) -> None:
        picker = self.query_one(Picker)
        if picker.option_count:
            at = (picker.highlighted or 0) + by
            picker.highlighted = at = max(0, min(at, picker.option_count - 1))
            self._says(self._faults[at])

    @work(group="save", exclusive=True)
    async def action_save_problems(self) -> None:
        """The clerk's own rows with a column of what is wrong with them."""
        if not self._problems or self._checked is None:
            return
        try:
            saved = await self._session.ask(protocol.SaveProblems())
        except RequestFailed as refused:
            self._says(failure(refused.failed))
            return
        self._says(words("batch.saved", path=saved.path))

    def action_go_on(self) -> None:
        """To how they leave; not before every row is right."""
        if self._checked is not None and not self._problems:
            self.dismiss(Whole(self._checked.total, self._repeated))

    def action_back(self) -> None:
        self.dismiss(None)


def _note(info: protocol.ProblemInfo) -> str:
    return say("note", info.code, info.params)
