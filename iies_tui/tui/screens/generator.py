"""Insurance ID Card Generator: four tabs, one form, errors beside their fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.css.query import NoMatches
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui import commands as keys
from iies_tui.tui.commands import Command, bindings
from iies_tui.tui.form import CardForm
from iies_tui.tui.panes.insurance import InsurancePane
from iies_tui.tui.panes.issue import IssuePane
from iies_tui.tui.panes.pane import Pane
from iies_tui.tui.panes.registrant import RegistrantPane
from iies_tui.tui.panes.vehicles import VehiclesPane
from iies_tui.tui.ports import Session
from iies_tui.tui.screens.options import OptionsScreen
from iies_tui.tui.screens.page import Page
from iies_tui.tui.screens.printers import FaxNumber
from iies_tui.tui.screens.question import Message, Question
from iies_tui.tui.screens.register import RegisterScreen
from iies_tui.tui.screens.result import Again, ResultScreen
from iies_tui.tui.screens.review import ReviewScreen
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.status import Standing
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.wording import failure, problem, say

_ID = re.compile(r"[a-z][a-z0-9_-]*\Z")
TABS = ("insurance", "registrant", "vehicles", "issue")
WIDE = 100
"""Cells from which on the title is written in full."""
DRAFT_EVERY = 0.5
"""Seconds between two looks for changes: a draft is sealed within a second of each."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the generator works with: who is signed on where, and today's day."""

    session: Session
    terminal: protocol.Terminal
    signed: protocol.SignedOn
    today: Callable[[], date]

    @property
    def standing(self) -> Standing:
        """For the status line."""
        clerk = f"/{self.signed.clerk}" if self.signed.clerk else ""
        where = self.signed.options.get("queue") or words("status.folder")
        issuer = f"{self.signed.license}{clerk}"
        return Standing(issuer, self.signed.mode, self.signed.reason, where)


class GeneratorScreen(Page[None]):
    """Stays until sign-off; Review and Result are pushed over it."""

    topic = "insurance"
    _KEYS: ClassVar[tuple[Command, ...]] = (
        keys.HELP,
        keys.REGISTER,
        keys.OPTIONS,
        keys.ADD_VEHICLE,
        keys.REVIEW,
        keys.SIGN_OFF,
        keys.DISCARD,
    )
    commands = _KEYS
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        keys.REGISTER,
        keys.OPTIONS,
        keys.ADD_VEHICLE,
        keys.TABS,
        keys.TAB_REGISTRANT,
        keys.TAB_VEHICLES,
        keys.TAB_ISSUE,
        keys.NEXT_TAB,
        keys.PREVIOUS_TAB,
        keys.REVIEW,
        keys.DISCARD,
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.standing)
        self._desk = desk
        # The terminal's own printer, where the issuer has not chosen another in Options.
        self._options = {"queue": desk.terminal.printer, **desk.signed.options}
        draft = desk.signed.draft
        self._form = CardForm.from_draft(draft) if draft else CardForm.begin(self._options)
        self._saved: protocol.Json = self._form.draft()
        self._visited: set[str] = set()
        self._reviewed = False
        self._busy = self._asking = False

    def body(self) -> Iterable[Widget]:
        """Tabs over panes."""
        desk, form = self._desk, self._form
        yield Line(id="tabs")
        with ContentSwitcher(initial="insurance", id="panes"):
            term = self._options.get("default_term", "")
            yield InsurancePane(form, desk.session, desk.today, term)
            yield RegistrantPane(form)
            yield VehiclesPane(form)
            mode = say("mode", desk.signed.reason)
            nobody_chose = "queue" not in desk.signed.options and not desk.terminal.printer
            fresh = nobody_chose and not desk.signed.draft
            yield IssuePane(form, desk.session, desk.terminal.folder, mode, any_printer=fresh)
        yield Line("", id="says")

    def on_mount(self) -> None:
        """Begin, or go on with the draft."""
        self.set_interval(DRAFT_EVERY, self._save_draft)
        self._draw_tabs()
        mode = say("mode", self._desk.signed.reason)
        draft = words("generator.draft") if self._desk.signed.draft else ""
        self._say(
            f"{draft}\n{mode}" if draft and self._desk.signed.mode == "specimen" else draft or mode
        )
        self.call_after_refresh(self._pane("insurance").enter_first)
        if self._desk.signed.open:
            self._show_open()

    # -- tabs -----------------------------------------------------------------------------

    @property
    def _at(self) -> str:
        return self.query_one("#panes", ContentSwitcher).current or TABS[0]

    @property
    def _whole(self) -> bool:
        """False while the screen is being taken down."""
        return self.is_attached and all(self.query(f"#panes > #{name}") for name in TABS)

    def _pane(self, name: str) -> Pane:
        return self.query_one(f"#panes > #{name}", Pane)

    @property
    def topic_now(self) -> str:
        """The help of the tab that is shown."""
        return self._at

    def action_tab(self, name: str) -> None:
        """Show a tab, with the focus where it is needed."""
        self._read()
        self.query_one("#panes", ContentSwitcher).current = name
        self._draw_tabs()
        if name == "issue":
            self._check(shown=self._visited, enter=True)
        self._pane(name).enter_first()

    def action_next_tab(self) -> None:
        """One on."""
        self.action_tab(TABS[min(TABS.index(self._at) + 1, len(TABS) - 1)])

    def action_previous_tab(self) -> None:
        """One back."""
        self.action_tab(TABS[max(TABS.index(self._at) - 1, 0)])

    @on(Pane.Finished)
    def _pane_finished(self) -> None:
        self.action_next_tab()

    def _draw_tabs(self) -> None:
        wrong = {name: any(f.has_error for f in self._pane(name).query(Field)) for name in TABS}
        title = words("generator.title" if self.size.width >= WIDE else "generator.title_short")
        parts: list[Content | str | tuple[str, str]] = [(title, "bold"), "  "]
        for number, name in enumerate(TABS):
            mark = "!" if wrong[name] else " "
            label = f" F{number + 5} {words(f'tab.{name}')}{mark}"
            parts.append((label, "bold reverse" if name == self._at else ""))
        self.query_one("#tabs", Line).update(Content.assemble(*parts))

    def _say(self, text: str) -> None:
        self.query_one("#says", Line).update(text)

    # -- the form, its check and its draft --------------------------------------------------

    def _read(self) -> CardForm:
        for name in TABS:
            self._pane(name).read()
        return self._form

    async def _fill(self, form: CardForm) -> None:
        self._form = form
        self._visited.clear()
        self._reviewed = False
        for name in TABS:
            await self._pane(name).fill(form)
        for field in self.query(Field):
            field.say_error("")
        self._draw_tabs()

    async def _save_draft(self) -> None:
        if self._busy or not self._whole:
            return
        draft = self._read().draft()
        if draft == self._saved:
            return
        self._saved = draft
        try:
            await self._desk.session.ask(protocol.SaveDraft(draft), protocol.Done)
        except RequestFailed as refused:
            self._say(failure(refused.failed))

    @on(Field.Left)
    def _left(self, event: Field.Left) -> None:
        if event.field.id:
            field = event.field
            if not (isinstance(field, TextField) and not field.value):
                self._visited.add(event.field.id)
            self._check(shown=self._visited)

    @work(group="check", exclusive=True)
    async def _check(self, shown: set[str], *, enter: bool = False) -> None:
        """Say what is wrong with the fields that were filled in and left."""
        checked = await self._ask_check()
        if checked is not None and self._whole:
            self._tell(checked, shown)
            if enter and checked.problems and self._at == "issue":
                self._pane("issue").enter_first()
            if self._reviewed:
                count = len(checked.problems)
                self._say(words("generator.wrong", count=count) if count else "")

    async def _ask_check(self) -> protocol.Checked | None:
        request = self._read().request(self._desk.today())
        try:
            return await self._desk.session.ask(protocol.Check(request), protocol.Checked)
        except RequestFailed as refused:
            self._say(failure(refused.failed))
            return None

    def _tell(self, checked: protocol.Checked, shown: set[str] | None) -> list[str]:
        """Errors beside their fields, all at once; the places of those shown, in order."""
        said: dict[str, str] = {}
        homeless: list[str] = []
        for item in checked.problems:
            place = self._form.place_of(item.field)
            if not _ID.match(place) or not self.query(f"#{place}"):
                homeless.append(problem(item))
            elif shown is None or place in shown:
                said.setdefault(place, problem(item))
        for field in self.query(Field):
            field.say_error(said.get(field.id or "", ""))
        issue = self._pane("issue")
        if isinstance(issue, IssuePane):
            issue.tell(checked)
        if homeless:
            self._say("\n".join(homeless))
        self._draw_tabs()
        return list(said)

    @on(IssuePane.Jump)
    def _jump(self, event: IssuePane.Jump) -> None:
        self._focus(event.place)

    def _focus(self, place: str) -> None:
        try:
            field = self.query_one(f"#{place}", Field)
        except NoMatches:
            return
        pane = next(node for node in field.ancestors if isinstance(node, Pane))
        self.query_one("#panes", ContentSwitcher).current = pane.id
        self._draw_tabs()
        field.enter()

    # -- commands -------------------------------------------------------------------------

    @on(IssuePane.ReviewWanted)
    def _review_wanted(self) -> None:
        self.action_review()

    def still_settling(self) -> bool:
        """While Review is being asked for, keys are kept for what comes."""
        return self._asking or super().still_settling()

    def action_review(self) -> None:
        """Check all; show what is wrong, or the card as it will print."""
        if not self._asking and not self._busy:
            self._asking = True
            self._ask_review()

    @work(group="issue", exclusive=True)
    async def _ask_review(self) -> None:
        try:
            checked = await self._ask_check()
        finally:
            self._asking = False
        if checked is None:
            return
        if checked.problems:
            places = self._tell(checked, None)
            self._visited.update(field.id for field in self.query(Field) if field.id)
            self._reviewed = True
            self._say(words("generator.wrong", count=len(checked.problems)))
            if places:
                self._focus(places[0])
            return
        self._tell(checked, None)
        self._say("")
        await self._review(checked.notes)

    async def _review(self, notes: list[protocol.ProblemInfo]) -> None:
        insurance = self.query_one(InsurancePane)
        request = self._read().request(self._desk.today())
        review = ReviewScreen(self._desk, request, insurance.company, notes, self._form.queue)
        self._busy = True
        try:
            if not await self.app.push_screen_wait(review):
                return
            number: str | None = ""
            if self.query_one(IssuePane).to_fax:
                number = await self.app.push_screen_wait(FaxNumber(self._form.queue))
            if number is None:
                return
            order = protocol.Issue(
                request, self._form.queue, fax_sheet=self._form.fax_sheet, fax_to=number
            )
            result = ResultScreen(self._desk, order)
            answer = await self.app.push_screen_wait(result)
        finally:
            self._busy = False
        if isinstance(answer, protocol.Reissued):
            await self._correct(answer.request)
            return
        if isinstance(answer, protocol.Failed):
            await self.app.push_screen_wait(
                Message(words("generator.not_issued"), failure(answer), grave=True)
            )
            return
        await self._begin_again(answer)

    @on(IssuePane.DefaultPrinter)
    def _keep_default(self, event: IssuePane.DefaultPrinter) -> None:
        self._options["queue"] = event.queue

    async def _begin_again(self, answer: Again) -> None:
        same = answer is Again.SAME_CUSTOMER
        form = self._form.next_for_same_customer() if same else CardForm.begin(self._options)
        await self._fill(form)
        self._say(words("generator.same" if same else "generator.new"))
        self.action_tab("vehicles" if same else "insurance")

    async def action_add_vehicle(self) -> None:
        """One more row on the Vehicles tab."""
        self.query_one("#panes", ContentSwitcher).current = "vehicles"
        self._draw_tabs()
        await self.query_one(VehiclesPane).add()

    @work(group="dialog", exclusive=True)
    async def action_discard(self) -> None:
        """Empty the form, after asking where something stands in it."""
        if self._read().is_empty():
            return
        question = Question(words("generator.discard_title"), words("generator.discard"))
        if await self.app.push_screen_wait(question):
            await self._fill(CardForm.begin(self._options))
            self._say(words("generator.new"))
            self.action_tab("insurance")

    @work(group="dialog", exclusive=True)
    async def action_register(self) -> None:
        """The cards of this issuer."""
        await self._correct(await self.app.push_screen_wait(RegisterScreen(self._desk)))

    @work(group="dialog", exclusive=True)
    async def _show_open(self) -> None:
        opened = RegisterScreen(self._desk, opened=self._desk.signed.open)
        await self._correct(await self.app.push_screen_wait(opened))

    async def _correct(self, request: protocol.Json | None) -> None:
        """The form of a card that was made void, to be issued anew."""
        if request is not None:
            await self._fill(CardForm.from_request(request, self._options))
            self._say(words("generator.correct"))
            self.action_tab("insurance")

    @work(group="dialog", exclusive=True)
    async def action_options(self) -> None:
        """The agency's name and the defaults."""
        values = await self.app.push_screen_wait(OptionsScreen(self._desk))
        if values is not None:
            empty = self._read().is_empty()
            self._options = values
            if empty:
                await self._fill(CardForm.begin(values))
