"""Batch: which file of vehicles, or which batch from before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widget import Widget

from iies_tui.domain.batch import BatchState
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.dialogs.question import Question
from iies_tui.tui.keyboard.commands import BACK, HELP, OPEN, SIGN_OFF, Command, bindings
from iies_tui.tui.page import Page
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.picker import Picker, Row
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.words.wording import failure, local_time, problem

if TYPE_CHECKING:
    from iies_tui.tui.ports import Session
    from iies_tui.tui.signed_on import SignedOnContext

_GIVE_UP = Command("give_up", "f8", "give_up", "F8")
STICKS = (Path("/media"), Path("/run/media"), Path("/mnt"))
FILES = 40
"""Files that are offered."""
_HEADING = 8
"""Problems of a heading that are shown."""
_NUMBER, _PATH = "number:", "path:"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file that was read, or a batch from before; ``give_up``: no more rows of it.

    ``found`` is what the session has read, None where only the result is to be shown.
    """

    batch: protocol.BatchInfo | None
    found: protocol.BatchFound | None = None
    give_up: bool = False


class BatchScreen(Page[Chosen | None]):
    """Dismisses with what was chosen. ``opened``: shown after the sign-on for what is open."""

    topic = "batch"
    commands: ClassVar[tuple[Command, ...]] = (HELP, OPEN, _GIVE_UP, SIGN_OFF, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(_GIVE_UP, BACK),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
    ]

    def __init__(
        self, signed_on: SignedOnContext, folders: Sequence[Path] = STICKS, *, opened: bool = False
    ) -> None:
        super().__init__(signed_on.standing)
        self._session: Session = signed_on.session
        self._folders = (*folders, Path(signed_on.terminal.folder).parent)
        self._opened = opened
        self._batches: list[protocol.BatchInfo] = []

    def body(self) -> Iterable[Widget]:
        """A path, and what is there to choose from."""
        yield Line(words("batch.opened" if self._opened else "batch.title"), classes="title")
        if not self._opened:
            yield Line(words("batch.text"), classes="paragraph")
        yield TextField(words("batch.path"), id="path", max_length=500)
        yield Line(words("batch.head"), classes="table-head")
        yield Picker(id="found")
        yield Line("", id="batch-says")

    def on_mount(self) -> None:
        """Batches from before, the newest first, then files on sticks and beside the folder."""
        self.query_one("#path", Field).enter()
        self._list()

    @work(group="list", exclusive=True)
    async def _list(self) -> None:
        try:
            listed = await self._session.ask(protocol.ListBatches(open_only=self._opened))
        except RequestFailed as refused:
            self._says(failure(refused.failed))
            return
        self._batches = listed.batches
        rows = [Row(f"{_NUMBER}{one.number}", row_of(one)) for one in self._batches]
        if not self._opened:
            rows += [Row(f"{_PATH}{path}", f"{path}") for path in csv_files(self._folders)[:FILES]]
        self.query_one(Picker).fill(rows)
        self._says("" if rows else words("batch.none"))

    def _says(self, text: str) -> None:
        self.query_one("#batch-says", Line).update(text)

    def action_move(self, by: int) -> None:
        """Move the bar while the focus stays in the field."""
        picker = self.query_one(Picker)
        if picker.option_count:
            at = (picker.highlighted or 0) + by
            picker.highlighted = max(0, min(at, picker.option_count - 1))

    @on(Field.Entered)
    @work(group="open", exclusive=True)
    async def _open(self) -> None:
        """What was typed, else what the bar is on."""
        typed = self.query_one("#path", TextField).value.strip().strip("'\"")
        chosen = self.query_one(Picker).chosen or ""
        if typed:
            await self._read(str(Path(typed).expanduser().absolute()))
        elif chosen.startswith(_PATH):
            await self._read(chosen.removeprefix(_PATH))
        elif (batch := self._highlighted()) is not None:
            if batch.state == BatchState.DONE.value:
                self.dismiss(Chosen(batch))
            else:
                await self._read(digest=batch.digest)

    async def _read(self, path: str = "", digest: str = "") -> None:
        field = self.query_one("#path", Field)
        field.say_error("")
        try:
            found = await self._session.ask(protocol.ReadBatch(path, digest))
        except RequestFailed as refused:
            field.say_error(heading_failure(refused.failed))
            return
        done = found.known is not None and found.known.state == BatchState.DONE.value
        self.dismiss(Chosen(found.known, None if done else found))

    def _highlighted(self) -> protocol.BatchInfo | None:
        chosen = self.query_one(Picker).chosen or ""
        return next((one for one in self._batches if chosen == f"{_NUMBER}{one.number}"), None)

    @work(group="open", exclusive=True)
    async def action_give_up(self) -> None:
        """No more rows of the batch that the bar is on, after asking."""
        batch = self._highlighted()
        if batch is None or batch.state != BatchState.OPEN.value:
            self._says(words("batch.give_up_none"))
            return
        left = batch.rows - batch.skipped - batch.done
        question = Question(
            words("batch.give_up_title", number=batch.number),
            words("batch.give_up", done=batch.done, left=left),
        )
        if await self.app.push_screen_wait(question):
            self.dismiss(Chosen(batch, give_up=True))

    def action_back(self) -> None:
        self.dismiss(None)


def row_of(batch: protocol.BatchInfo) -> str:
    """One line of at most 76 cells: number, day, how far it is, what is open of it."""
    state = words(f"batch_state.{batch.state}")
    rows = batch.rows - batch.skipped
    told = words("batch.row", number=batch.number, day=local_time(batch.begun)[:10], state=state)
    far = words("batch.far", done=batch.done, rows=rows)
    more = [words("batch.printed", count=batch.printed)] if batch.printed else []
    more += [words("batch.doubtful", count=batch.doubtful)] if batch.doubtful else []
    return "  ".join([told, far, *more])


def csv_files(folders: Iterable[Path]) -> list[Path]:
    """CSV files there, two levels deep at most; a folder that cannot be read has none."""
    found: list[Path] = []
    for folder in folders:
        for pattern in ("*.csv", "*/*.csv", "*/*/*.csv"):
            try:
                found += sorted(path for path in folder.glob(pattern) if path.is_file())
            except OSError:
                continue
            if len(found) >= FILES:
                return found
    return found


def heading_failure(failed: protocol.Failed) -> str:
    """Why the file was refused, with what is wrong with its heading on a line."""
    told = failure(protocol.Failed(code=failed.code, params=failed.params))
    shown = [problem(one) for one in failed.problems[:_HEADING]]
    more = len(failed.problems) - len(shown)
    return "\n".join([told, *shown, *([words("import.more", count=more)] if more > 0 else [])])
