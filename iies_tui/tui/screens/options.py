"""Options: the agency's words on the card, and what a new form begins with."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.domain.card import Form
from iies_tui.domain.delivery import State
from iies_tui.domain.options import AGENCY, LEAST_PARTS, MOST_PARTS, Options
from iies_tui.domain.pages import CHOICES, FAX_COVER, FAX_FILE, INFORMATION, LAYOUT
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.dialogs.question import Question
from iies_tui.tui.keyboard.commands import (
    BACK,
    HELP,
    RECOVERY_CODE,
    SAVE,
    SIGN_OFF,
    TEST_PAGE,
    Command,
    bindings,
)
from iies_tui.tui.page import Page, Scroll
from iies_tui.tui.screens.keys.recovery_code import make_recovery_code
from iies_tui.tui.widgets.choice import ChoiceField
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.words.wording import failure, problem, problem_at_length, say

if TYPE_CHECKING:
    from iies_tui.tui.signed_on import SignedOnContext

_WIDTHS = {
    **AGENCY,
    "default_icc": 3,
    "default_term": 5,
    "queue": 36,
    "folder": 56,
    "sign_off_minutes": 2,
}
"""Cells of what may be typed; a folder's path may be longer and scrolls."""
_PAGES = {LAYOUT: "page_layout", INFORMATION: "choice", FAX_FILE: "fax_file", FAX_COVER: "choice"}
"""Options of the pages, and the table of words that has their values."""
_CHOICES = ("default_form", "parts", *_PAGES)
_ORDER = (
    *AGENCY,
    *("default_icc", "default_form", "default_term"),
    *("queue", "folder", "parts", *_PAGES, "sign_off_minutes"),
)
_LONGEST = 200
_TEST_SECONDS = 5.0
_TEST_EVERY = 0.25
"""How long a test page is watched, and how often, before it is told how it stands."""


class OptionsScreen(Page[Options | None]):
    """The options as they were saved; None where nothing was."""

    topic = "options"
    commands: ClassVar[tuple[Command, ...]] = (
        HELP,
        TEST_PAGE,
        RECOVERY_CODE,
        SAVE,
        SIGN_OFF,
        BACK,
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(TEST_PAGE, RECOVERY_CODE, SAVE, BACK)

    def __init__(self, signed_on: SignedOnContext) -> None:
        super().__init__(signed_on.standing)
        self._session = signed_on.session
        self._terminal = signed_on.terminal
        self._shown: dict[str, str] = {}

    def body(self) -> Iterable[Widget]:
        """A field an option, in the groups of the card, the form, the paper, the sitting."""
        yield Line(words("options.title"), id="options-title", classes="title")
        with Scroll():
            for name in _ORDER:
                yield self._choice(name) if name in _CHOICES else self._text(name)
        yield Line(self._mail_words(), id="options-mail")
        yield Line("", id="options-says")

    def _mail_words(self) -> str:
        """Whether e-mail is set up, and what to do where it is not."""
        terminal = self._terminal
        if not terminal.mail_server:
            return words("options_mail.off")
        if terminal.mail_fault is not None:
            fault = terminal.mail_fault
            return words("options_mail.fault", what=say("error", fault.code, fault.params))
        return words("options_mail.on", server=terminal.mail_server, sender=terminal.mail_sender)

    def _text(self, name: str) -> TextField:
        width = _WIDTHS[name]
        return TextField(
            words(f"options.{name}"),
            id=name,
            width=width + 2 if width < _WIDTHS["folder"] else 0,
            max_length=_LONGEST if name == "folder" else width,
            hint=words(f"options_hint.{name}"),
            optional=True,
        )

    def _choice(self, name: str) -> ChoiceField:
        if name in _PAGES:
            table = _PAGES[name]
            offered = tuple((value, words(f"{table}.{value}")) for value in CHOICES[name])
        elif name == "parts":
            counts = range(LEAST_PARTS, MOST_PARTS + 1, 2)
            offered = tuple((str(n), words("options.of_parts", parts=n)) for n in counts)
        else:
            offered = tuple((one.value, words(f"form.{one.value}")) for one in Form)
        hint = words(f"options_hint.{name}") if name in _PAGES else ""
        wide = name != FAX_FILE
        return ChoiceField(words(f"options.{name}"), offered, id=name, wide=wide, hint=hint)

    def on_mount(self) -> None:
        self._get()
        self.query_one(f"#{_ORDER[0]}", Field).enter()
        self.watch(self.query_one(Scroll), "scroll_y", self._tell_more, init=False)

    def on_resize(self) -> None:
        self.call_after_refresh(self._tell_more)

    def _tell_more(self) -> None:
        """That there are fields below the edge."""
        scroll = self.query_one(Scroll)
        more = words("options.more") if scroll.scroll_y < scroll.max_scroll_y else ""
        self.query_one("#options-title", Line).update(words("options.title") + more)

    def _field(self, name: str) -> TextField | ChoiceField:
        if name in _CHOICES:
            return self.query_one(f"#{name}", ChoiceField)
        return self.query_one(f"#{name}", TextField)

    @property
    def _typed(self) -> dict[str, str]:
        return {name: self._field(name).value.strip() for name in _ORDER}

    @work(group="options", exclusive=True)
    async def _get(self) -> None:
        try:
            answer = await self._session.ask(protocol.GetOptions())
        except RequestFailed as refused:
            self._says(failure(refused.failed))
            return
        texts = answer.chosen.texts()
        for name in _ORDER:
            self._field(name).value = texts.get(name, "")
        self._shown = self._typed

    def _says(self, text: str) -> None:
        self.query_one("#options-says", Line).update(text)

    @on(Field.Entered)
    def _go_on(self, event: Field.Entered) -> None:
        at = _ORDER.index(event.field.id or _ORDER[0]) + 1
        if at < len(_ORDER):
            self.query_one(f"#{_ORDER[at]}", Field).enter()
        else:
            self.action_save()

    @work(group="options", exclusive=True)
    async def action_save(self) -> None:
        """Keep them for this issuer; what is wrong is told at its field, all at once."""
        for name in _ORDER:
            self._field(name).say_error("")
        try:
            answer = await self._session.ask(protocol.SetOptions(self._typed))
        except RequestFailed as refused:
            self._tell(refused.failed)
            return
        self.dismiss(answer.chosen)

    def _tell(self, failed: protocol.Failed) -> None:
        told = [item for item in failed.problems if item.field in _ORDER]
        for item in reversed(told):
            self._field(item.field).say_error(problem(item), problem_at_length(item))
        if told:
            self.query_one(f"#{min((i.field for i in told), key=_ORDER.index)}", Field).enter()
            self._says(words("options.wrong", count=len(told)))
        else:
            self._says(failure(failed))

    @work(group="recovery", exclusive=True)
    async def action_recovery_code(self) -> None:
        """A recovery code for this register; an older one ends once the new one is in effect."""
        if await make_recovery_code(self.app, self._session, self._terminal):
            self._says(words("recovery.done"))

    @work(group="test", exclusive=True)
    async def action_test_page(self) -> None:
        """A page that is no card, on the printer that stands in the field."""
        queue = self.query_one("#queue", TextField).value.strip()
        if not queue:
            self._says(words("test_page.no_queue"))
            return
        self._says(words("test_page.sent"))
        try:
            tested = await self._session.ask(protocol.TestPage(queue))
            end = monotonic() + _TEST_SECONDS
            while tested.state == State.RELEASED and monotonic() < end:
                await asyncio.sleep(_TEST_EVERY)
                tested = await self._session.ask(protocol.WatchTestPage(queue, tested.job))
        except RequestFailed as refused:
            self._says(failure(refused.failed))
            return
        told = " ".join(say("printer_reason", reason) for reason in tested.reasons)
        names = {"COMPLETED": "printed", "BLOCKED": "blocked"}
        self._says(words(f"test_page.{names.get(tested.state, 'sent')}", told=told))

    @work(group="back", exclusive=True)
    async def action_back(self) -> None:
        """Nothing is saved; asked where something was changed."""
        changed = bool(self._shown) and self._typed != self._shown
        question = Question(words("options.leave_title"), words("options.leave"))
        if not changed or await self.app.push_screen_wait(question):
            self.dismiss(None)
