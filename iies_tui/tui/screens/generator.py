"""Insurance ID Card Generator: four tabs, one form, errors beside their fields."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import filterfalse
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.css.query import NoMatches
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from iies_tui.domain.mail import ASKING
from iies_tui.domain.options import Options
from iies_tui.domain.vehicle import last_year
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.dialogs.pin_again import PinNow
from iies_tui.tui.dialogs.question import Message, Question
from iies_tui.tui.form.as_registered import AsRegistered
from iies_tui.tui.form.card_form import CardForm
from iies_tui.tui.form.insurance import InsurancePane
from iies_tui.tui.form.issue import IssuePane
from iies_tui.tui.form.pane import Pane
from iies_tui.tui.form.registrant import RegistrantPane
from iies_tui.tui.form.suggestions import pick_customer, pick_insurer, pick_vehicle
from iies_tui.tui.form.vehicles import VehiclesPane
from iies_tui.tui.keyboard import commands as keys
from iies_tui.tui.keyboard.commands import Command, bindings
from iies_tui.tui.page import Page
from iies_tui.tui.screens.batch.flow import go_through_batches
from iies_tui.tui.screens.card import EDIT, Left, with_pin
from iies_tui.tui.screens.options import OptionsScreen
from iies_tui.tui.screens.printers import FaxNumber
from iies_tui.tui.screens.register import RegisterScreen
from iies_tui.tui.screens.result import Again, ResultScreen
from iies_tui.tui.screens.review import ReviewScreen
from iies_tui.tui.signed_on import SignedOnContext
from iies_tui.tui.widgets.lines import KeysLine, Line
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.words.wording import failure, notice, problem, problem_at_length, say

_ID = re.compile(r"[a-z][a-z0-9_-]*\Z")
_OWN_KEYS: dict[str, tuple[Command, ...]] = {
    "insurance": (keys.LIST,),
    "registrant": (keys.LIST,),
    "vehicles": (keys.ADD_VEHICLE, keys.LIST),
    "issue": (keys.BATCH,),
}
"""Keys that a tab alone has."""
TABS = ("insurance", "registrant", "vehicles", "issue")
MAIL_EVERY = 10.0
"""Seconds between two looks at the outbox."""
WIDE = 100
"""Cells from which on the title is written in full."""
DRAFT_EVERY = 0.5
"""Seconds between two looks for changes: a draft is sealed within a second of each."""


class GeneratorScreen(Page[None]):
    """Stays until sign-off; Review and Result are pushed over it."""

    topic = "insurance"
    commands: ClassVar[tuple[Command, ...]] = (
        keys.HELP,
        keys.REGISTER,
        keys.OPTIONS,
        keys.LIST,
        keys.REVIEW,
        keys.SIGN_OFF,
        keys.DISCARD,
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        keys.REGISTER,
        keys.OPTIONS,
        keys.ADD_VEHICLE,
        keys.LIST,
        keys.TABS,
        keys.TAB_REGISTRANT,
        keys.TAB_VEHICLES,
        keys.TAB_ISSUE,
        keys.NEXT_TAB,
        keys.PREVIOUS_TAB,
        keys.REVIEW,
        keys.BATCH,
        keys.DISCARD,
    )

    def __init__(self, signed_on: SignedOnContext) -> None:
        super().__init__(signed_on.standing)
        self._signed_on = signed_on
        # The terminal's own printer, where the issuer has not chosen another in Options.
        self._options = replace(signed_on.signed.options, queue=signed_on.printer)
        self._greeting = False
        draft = signed_on.signed.draft
        self._form = CardForm.from_draft(draft) if draft else CardForm.begin(self._options)
        self._saved: protocol.Json = self._form.draft()
        self._panes: dict[str, Pane] = {}
        self._visited: set[str] = set()
        self._reviewed = False
        self._busy = self._asking = False
        self._mail_told: set[str] = set()
        self._overruled: tuple[str, ...] = ()  # places where the registration can overrule a rule

    def body(self) -> Iterable[Widget]:
        signed_on, form = self._signed_on, self._form
        mode = say("mode", signed_on.signed.reason)
        nobody_chose = signed_on.signed.options.queue is None and not signed_on.terminal.printer
        fresh = nobody_chose and not signed_on.signed.draft
        panes: tuple[Pane, ...] = (
            InsurancePane(form, signed_on.session, signed_on.today),
            RegistrantPane(form),
            VehiclesPane(form),
            IssuePane(form, signed_on.session, signed_on.terminal.folder, mode, any_printer=fresh),
        )
        self._panes = dict(zip(TABS, panes, strict=True))
        yield Line(id="tabs")
        with ContentSwitcher(initial="insurance", id="panes"):
            yield from panes
        yield Line("", id="says")

    def on_mount(self) -> None:
        self.set_interval(DRAFT_EVERY, self._save_draft)
        self._use_options()
        self.set_interval(MAIL_EVERY, self._watch_mail)
        self._watch_mail()
        self._draw_tabs()
        self._greet()
        self.call_after_refresh(self._pane("insurance").enter_first)
        if self._signed_on.signed.open or self._signed_on.signed.batches:
            self._show_open()

    def _greet(self) -> None:
        """The draft, what the cards are worth where it is less; that the bundle is about to end.

        What is said so goes with the next tab.
        """
        signed_on = self._signed_on
        mode = say("mode", signed_on.signed.reason)
        draft = words("generator.draft") if signed_on.signed.draft else ""
        first = (
            f"{draft}\n{mode}" if draft and signed_on.signed.mode == "specimen" else draft or mode
        )
        ends = [one for one in signed_on.terminal.notices if one.code.startswith("bundle_e")]
        more = [f"! {notice(one)}" for one in ends]
        if not signed_on.signed.options.agency_name:
            more.append(words("generator.options_first"))
        self._say("\n".join([first, *more]))
        self._greeting = True

    def _use_options(self) -> None:
        """What the panes need of Options."""
        self.query_one(InsurancePane).default_term = self._options.default_term
        issue = self.query_one(IssuePane)
        issue.folder = self._options.folder or self._signed_on.terminal.folder

    @work(group="mail", exclusive=True)
    async def _watch_mail(self) -> None:
        """E-mail is sent as long as this screen is there; one that comes to ask is told once."""
        try:
            answer = await self._signed_on.session.ask(protocol.StartMail())
        except RequestFailed:
            return  # the clerk's own requests tell what is wrong with the session
        asking = {one.id: one for one in answer.mails if one.state in ASKING}
        begun = not self._mail_told and bool(self._signed_on.signed.open)
        for id in asking.keys() - self._mail_told:
            if not begun:  # those from before are shown with what is open
                self._say(words("mail_says.asks", serial=asking[id].serial))
        self._mail_told |= asking.keys()

    # -- tabs -----------------------------------------------------------------------------

    @property
    def _at(self) -> str:
        return self.query_one("#panes", ContentSwitcher).current or TABS[0]

    @property
    def _whole(self) -> bool:
        """False while the screen is being taken down."""
        return self.is_attached and all(
            pane.is_mounted and pane.is_attached for pane in self._panes.values()
        )

    def _pane(self, name: str) -> Pane:
        return self._panes[name]

    @property
    def topic_now(self) -> str:
        """The help of the tab that is shown."""
        return self._at

    def action_tab(self, name: str) -> None:
        """Show a tab, with the focus where it is needed."""
        self._read()
        if self._greeting:
            self._greeting = False
            self._say("")
        self.query_one("#panes", ContentSwitcher).current = name
        self._draw_tabs()
        if name == "issue":
            self._check(shown=self._visited, enter=True)
        self._pane(name).enter_first()

    def action_next_tab(self) -> None:
        self.action_tab(TABS[min(TABS.index(self._at) + 1, len(TABS) - 1)])

    def action_previous_tab(self) -> None:
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
        own = _OWN_KEYS[self._at]
        shown = [c for c in self.commands if c is not keys.LIST]
        own, others = (*shown[1:3], *own), shown[3:]
        if self._overruled_here():  # in the room of Register and Options
            own = (*_OWN_KEYS[self._at], keys.AS_REGISTERED)
        self.query_one(KeysLine).show((keys.HELP, *own, *others))

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
            await self._signed_on.session.ask(protocol.SaveDraft(draft))
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
        checked = await self._ask_check(self._read().request(self._signed_on.today()))
        if checked is not None and self._whole:
            self._tell(checked, shown)
            if enter and checked.problems and self._at == "issue":
                self._pane("issue").enter_first()
            if self._reviewed:
                count = len(checked.problems)
                told = count and self._at != "issue"  # there stands the list itself
                self._say(words("generator.wrong", count=count) if told else "")

    async def _ask_check(self, request: protocol.Json) -> protocol.Checked | None:
        """What is wrong, less what the clerk said is as on the registration while the same is still
        to be said of another vehicle."""
        try:
            check = protocol.Check(request=request, corrects=self._form.corrects)
            checked = await self._signed_on.session.ask(check)
            return replace(checked, problems=[*filterfalse(self._is_said, checked.problems)])
        except RequestFailed as refused:
            self._say(failure(refused.failed))
            return None

    def _is_said(self, item: protocol.ProblemInfo) -> bool:
        place = self._form.place_of(item.field)
        return (
            item.params.get("as_registered") == "vin"
            and self._form.value_at(place) in self._form.registered
        )

    def _tell(self, checked: protocol.Checked, shown: set[str] | None) -> list[str]:
        """Errors beside their fields, all at once; the places of those shown, in order."""
        said: dict[str, protocol.ProblemInfo] = {}
        homeless: list[str] = []
        for item in checked.problems:
            place = self._form.place_of(item.field)
            if not _ID.match(place) or not self.query(f"#{place}"):
                homeless.append(problem(item))
            elif shown is None or place in shown:
                said.setdefault(place, item)
        for field in self.query(Field):
            wrong = said.get(field.id or "")
            if wrong is None:
                field.say_error("")
            else:
                field.say_error(problem(wrong), problem_at_length(wrong))
        self._overruled = tuple(
            place for place, item in said.items() if "as_registered" in item.params
        )
        issue = self._pane("issue")
        if isinstance(issue, IssuePane):
            issue.tell(checked)
        if homeless:
            self._say("\n".join(homeless))
        self._draw_tabs()
        self.tell_field()
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
        request = self._read().request(self._signed_on.today())
        try:
            checked = await self._ask_check(request)
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
        await self._review(request, checked)

    async def _review(self, request: protocol.Json, checked: protocol.Checked) -> None:
        """Show the faces of the request that was checked; that very request is issued."""
        review = ReviewScreen(self._signed_on, checked)
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
                request=request,
                queue=self._form.queue,
                fax_sheet=self._form.fax_sheet,
                fax_to=number,
                drafted=True,
                corrects=self._form.corrects,
            )
            answer = await self.app.push_screen_wait(ResultScreen(self._signed_on, order))
            again = isinstance(answer, protocol.Failed) and answer.code == "pin_needed"
            if again and await self._prove(order.corrects):
                answer = await self.app.push_screen_wait(ResultScreen(self._signed_on, order))
            await self._after(answer)
        finally:
            self._busy = False

    async def _prove(self, serial: str) -> bool:
        """The PIN for the card to be corrected, where it was given before the last sign-off."""

        async def prove(pin: bytearray) -> bool:
            await self._signed_on.session.ask(protocol.Reissue(serial), [pin])
            return True

        title, text = words("card_dialog.edit"), words("card_dialog.edit_text")
        return await with_pin(self.app, partial(PinNow, title, text, EDIT.name), prove, self._say)

    async def _after(self, answer: Again | protocol.Failed | Left) -> None:
        """What Result left; unless it was refused, the session has forgotten the draft."""
        if isinstance(answer, protocol.Failed):
            if answer.code == "is_void":
                self._form.corrects = ""  # somebody made it void by itself: this is a new card
            await self.app.push_screen_wait(
                Message(words("generator.not_issued"), failure(answer), grave=True)
            )
            return
        self._saved = {}
        if isinstance(answer, Left):
            await self._take_up(answer)
        else:
            await self._begin_again(answer)
            self._saved = self._read().draft()  # a draft again once the clerk types

    @on(IssuePane.DefaultPrinter)
    def _keep_default(self, event: IssuePane.DefaultPrinter) -> None:
        self._options = replace(self._options, queue=event.queue)

    async def _begin_again(self, answer: Again) -> None:
        same = answer is Again.SAME_CUSTOMER
        form = self._form.next_for_same_customer() if same else CardForm.begin(self._options)
        await self._fill(form)
        self.action_tab("vehicles" if same else "insurance")
        self._say(words("generator.same" if same else "generator.new"))
        self._greeting = True

    async def action_add_vehicle(self) -> None:
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
            self.action_tab("insurance")
            self._say(words("generator.new"))

    @work(group="dialog", exclusive=True)
    async def action_register(self) -> None:
        await self._take_up(await self.app.push_screen_wait(RegisterScreen(self._signed_on)))

    @work(group="dialog", exclusive=True)
    async def _show_open(self) -> None:
        signed = self._signed_on.signed
        if signed.batches:
            await go_through_batches(
                self.app, self._signed_on, self._signed_on.printer, opened=True
            )
        if signed.open:
            opened = RegisterScreen(self._signed_on, opened=signed.open)
            await self._take_up(await self.app.push_screen_wait(opened))

    @work(group="dialog", exclusive=True)
    async def action_batch(self) -> None:
        """A fleet from a file, or what is left of one; where a value that the rules refuse may be
        as on the registration, that."""
        self._read()
        if place := self._overruled_here():
            await self._as_registered(place)
            return
        await go_through_batches(self.app, self._signed_on, self._form.queue)

    def _overruled_here(self) -> str:
        """The field with the focus, or the tab's first, that the registration can overrule."""
        panes = [node.id for node in self._pane(self._at).query(Field)] if self._whole else []
        here = [place for place in self._overruled if place in panes]
        focused = [place for place in here if self.query_one(f"#{place}").has_focus_within]
        return next(iter((*focused, *here)), "")

    async def _as_registered(self, place: str) -> None:
        value = self._form.value_at(place)
        if await self.app.push_screen_wait(AsRegistered(self._form, place)):
            self._form.registered.append(value)
            self._visited.add(place)
            self._check(shown=self._visited)
            self._say(words("as_registered.said", value=value))

    async def _take_up(self, left: Left | None) -> None:
        """The form of a card that is to be corrected, or of one to be copied."""
        if left is None or left.request is None:
            return
        if not self._read().is_empty():
            question = Question(words("generator.discard_title"), words("generator.discard"))
            if not await self.app.push_screen_wait(question):
                return
        await self._fill(CardForm.from_request(left.request, self._options, left.corrects))
        self.action_tab("insurance")
        key = "generator.correct" if left.corrects else "generator.copied"
        self._say(words(key, serial=left.corrects))

    @on(Pane.Told)
    def _told(self, event: Pane.Told) -> None:
        self._say(event.text)

    @work(group="dialog", exclusive=True)
    async def action_list(self) -> None:
        """What may be picked for the tab that is shown."""
        session = self._signed_on.session
        if self._at == "insurance":
            icc = await pick_insurer(self.app, session)
            if icc is not None:
                self.query_one(InsurancePane).take(icc)
        elif self._at == "registrant":
            customer = await pick_customer(self.app, session)
            if customer is not None:
                await self._take_customer(customer)
        elif self._at == "vehicles":
            await self._pick_vehicle()

    async def _take_customer(self, customer: protocol.Json) -> None:
        form = self._read()
        taken = CardForm.from_request(customer, Options())
        form.organization, form.people, form.address = (
            taken.organization,
            taken.people,
            taken.address,
        )
        form.organization_name, form.fein = taken.organization_name, taken.fein
        pane = self.query_one(RegistrantPane)
        await pane.fill(form)
        pane.chain()[-1].enter()
        self._say(words("generator.customer"))

    async def _pick_vehicle(self) -> None:
        row = self.query_one(VehiclesPane).focused_row()
        if row is None:
            return
        last = last_year(self._signed_on.today().year)
        car = await pick_vehicle(self.app, self._signed_on.session, row.car, last)
        if car is not None:
            row.car = car
            self.query_one(f"#vehicles-{row.at}-vin", Field).enter()
            self._visited.add(f"vehicles-{row.at}-vin")
            self._check(shown=self._visited)

    @work(group="dialog", exclusive=True)
    async def action_options(self) -> None:
        chosen = await self.app.push_screen_wait(OptionsScreen(self._signed_on))
        if chosen is not None:
            empty = self._read().is_empty()
            self._options = chosen
            self._use_options()
            self._say(words("generator.saved"))
            self._greeting = True
            if empty:
                await self._fill(CardForm.begin(chosen))
                self._pane(self._at).enter_first()
