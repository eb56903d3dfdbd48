"""Options: the agency's words on the card, and what a new form begins with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.domain.pages import CHOICES, FAX_COVER, FAX_FILE, INFORMATION, LAYOUT
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.commands import BACK, HELP, RECOVERY_CODE, SAVE, SIGN_OFF, Command, bindings
from iies_tui.tui.screens.page import Page, Scroll
from iies_tui.tui.screens.recovery_code import make_recovery_code
from iies_tui.tui.widgets.choice import ChoiceField
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.wording import failure, say

if TYPE_CHECKING:
    from iies_tui.tui.screens.generator import Desk

FIELDS: dict[str, int] = {
    "agency_name": 36,
    "agency_address1": 36,
    "agency_address2": 36,
    "agency_telephone": 20,
    "agency_message": 60,
    "default_icc": 3,
    "default_form": 5,
    "default_term": 5,
    "queue": 36,
    "folder": 60,
}
"""Option names and the cells of their fields."""
CHOSEN: dict[str, str] = {
    LAYOUT: "page_layout",
    INFORMATION: "choice",
    FAX_FILE: "fax_file",
    FAX_COVER: "choice",
}
"""Options with few values, and the table of words that has them."""
_AS_TYPED = frozenset({"agency_message", "default_term", "queue", "folder", "agency_name"})


_TEST_PAGE = Command("test_page", "f5", "test_page", "F5")


class OptionsScreen(Page[dict[str, str] | None]):
    """The options as they were saved; None where nothing was."""

    topic = "options"
    commands: ClassVar[tuple[Command, ...]] = (
        HELP,
        _TEST_PAGE,
        RECOVERY_CODE,
        SAVE,
        SIGN_OFF,
        BACK,
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(_TEST_PAGE, RECOVERY_CODE, SAVE, BACK)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.standing)
        self._session = desk.session
        self._terminal = desk.terminal
        self._values = dict(desk.signed.options)

    def body(self) -> Iterable[Widget]:
        """A field an option."""
        yield Line(words("options.title"), classes="title")
        with Scroll():
            for name, width in FIELDS.items():
                yield TextField(
                    words(f"options.{name}"),
                    id=name,
                    width=width + 2,
                    max_length=200 if name == "folder" else width,
                    upper=name not in _AS_TYPED,
                    hint=words(f"options_hint.{name}"),
                    optional=True,
                )
            for name, table in CHOSEN.items():
                yield ChoiceField(
                    words(f"options.{name}"),
                    tuple((value, words(f"{table}.{value}")) for value in CHOICES[name]),
                    id=name,
                    wide=name != FAX_FILE,
                    hint=words(f"options_hint.{name}"),
                )
        yield Line("", id="options-says")

    def on_mount(self) -> None:
        """Ask for them anew."""
        self._get()
        self.query_one(f"#{next(iter(FIELDS))}", Field).enter()

    @work(group="options", exclusive=True)
    async def _get(self) -> None:
        try:
            answer = await self._session.ask(protocol.GetOptions(), protocol.Options)
        except RequestFailed as refused:
            self.query_one("#options-says", Line).update(failure(refused.failed))
            return
        self._values = answer.values
        for name in FIELDS:
            self.query_one(f"#{name}", TextField).value = answer.values.get(name, "")
        for name in CHOSEN:
            self.query_one(f"#{name}", ChoiceField).value = answer.values.get(name, "")

    @on(Field.Entered)
    def _go_on(self, event: Field.Entered) -> None:
        names = [*FIELDS, *CHOSEN]
        at = names.index(event.field.id or names[0]) + 1
        if at < len(names):
            self.query_one(f"#{names[at]}", Field).enter()
        else:
            self.action_save()

    @work(group="options", exclusive=True)
    async def action_save(self) -> None:
        """Keep them for this issuer."""
        typed = {name: self.query_one(f"#{name}", TextField).value.strip() for name in FIELDS}
        chosen = {name: self.query_one(f"#{name}", ChoiceField).value for name in CHOSEN}
        values = {**self._values, **typed, **chosen}
        for name in (*FIELDS, *CHOSEN):
            self.query_one(f"#{name}", Field).say_error("")
        try:
            answer = await self._session.ask(protocol.SetOptions(values), protocol.Options)
        except RequestFailed as refused:
            self.query_one("#options-says", Line).update(failure(refused.failed))
            return
        self.dismiss(answer.values)

    @work(group="recovery", exclusive=True)
    async def action_recovery_code(self) -> None:
        """A recovery code for this register; an older one ends once the new one is in effect."""
        if await make_recovery_code(self.app, self._session, self._terminal):
            self.query_one("#options-says", Line).update(words("recovery.done"))

    @work(group="test", exclusive=True)
    async def action_test_page(self) -> None:
        """A page that is no card, on the printer that stands in the field."""
        says = self.query_one("#options-says", Line)
        queue = self.query_one("#queue", TextField).value.strip()
        if not queue:
            says.update(words("test_page.no_queue"))
            return
        says.update(words("test_page.sent"))
        try:
            tested = await self._session.ask(protocol.TestPage(queue), protocol.Tested)
        except RequestFailed as refused:
            says.update(failure(refused.failed))
            return
        told = " ".join(say("printer_reason", reason) for reason in tested.reasons)
        names = {"COMPLETED": "printed", "BLOCKED": "blocked"}
        says.update(words(f"test_page.{names.get(tested.state, 'sent')}", told=told))

    def action_back(self) -> None:
        """Nothing is saved."""
        self.dismiss(None)
