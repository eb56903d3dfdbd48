"""Insurance: the company by code or name, the policy, the dates, the form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from textual import on, work
from textual.widget import Widget
from textual.widgets import OptionList

from iies_tui.domain.card import Form
from iies_tui.domain.dates import parse_quick
from iies_tui.domain.insurer import is_icc
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.form.card_form import CardForm, base_of, in_full, iso
from iies_tui.tui.form.pane import Pane, label
from iies_tui.tui.form.suggestions import insurer_row
from iies_tui.tui.ports import Session
from iies_tui.tui.widgets.choice import ChoiceField
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.picker import Picker
from iies_tui.tui.widgets.text_field import Field, TextField


class InsurancePane(Pane):
    """While letters stand in the company field, a list stands where the other fields are."""

    def __init__(
        self,
        form: CardForm,
        session: Session,
        today: Callable[[], date],
    ) -> None:
        super().__init__("insurance", form)
        self._session = session
        self._today = today
        self.default_term = ""
        """The usual term of Options: offered as expiration."""

    def body(self) -> Iterable[Widget]:
        yield TextField(
            label("icc"),
            id="icc",
            width=22,
            max_length=60,
            upper=True,
            hint=words("field.icc_hint"),
            whole=True,
        )
        yield Picker(id="insurers")
        yield TextField(label("policy"), id="policy", width=32, max_length=60, upper=True)
        for name, shown in (("effective", self._in_full), ("expiration", self._in_full_from)):
            yield TextField(
                label(name),
                id=name,
                width=14,
                max_length=20,
                hint=words(f"field.{name}_hint"),
                shown=shown,
                whole=True,
            )
        forms = tuple((form.value, words(f"form.{form.value}")) for form in Form)
        yield ChoiceField(label("form"), forms, id="form")
        yield Line("", id="form-words", classes="aside")

    async def on_mount(self) -> None:
        await self.fill(self.form)

    async def fill(self, form: CardForm) -> None:
        self.form = form
        for name in ("icc", "policy", "effective", "expiration"):
            self.text(name).value = getattr(form, name)
        self.query_one("#form", ChoiceField).value = form.form
        self._tell_form()
        self._look_up(form.icc)

    def read(self) -> None:
        form = self.form
        form.icc = self.text("icc").value.strip()
        form.policy = self.text("policy").value
        form.effective = self.text("effective").value
        form.expiration = self.text("expiration").value
        form.form = self.query_one("#form", ChoiceField).value

    def _in_full(self, text: str) -> str:
        return in_full(text, self._today())

    def _in_full_from(self, text: str) -> str:
        effective = iso(self.text("effective").value, self._today())
        return in_full(text, self._today(), base_of(effective))

    def _tell_form(self) -> None:
        chosen = self.query_one("#form", ChoiceField).value
        self.query_one("#form-words", Line).update(words(f"form_words.{chosen}"))

    @on(Field.Changed, "#form")
    def _form_chosen(self) -> None:
        self._tell_form()

    @on(Field.Left, "#effective")
    def _offer_expiration(self) -> None:
        """The usual term of Options, where no expiration stands yet."""
        effective = base_of(iso(self.text("effective").value, self._today()))
        expiration = self.text("expiration")
        if self.default_term and effective and not expiration.value:
            try:
                day = parse_quick(self.default_term, self._today(), effective)
            except ValueError:
                return
            expiration.value = f"{day:%m/%d/%Y}"

    # -- the company ----------------------------------------------------------------------

    @on(Field.Changed, "#icc")
    def _typed(self) -> None:
        self.text("icc").say_error("")  # it was said of what stood there before
        self._look_up(self.text("icc").value)

    def _look_up(self, typed: str) -> None:
        typed = typed.strip()
        icc = self.text("icc")
        picking = bool(typed) and not typed.isdigit()
        self.set_class(picking, "-picking")
        icc.say_hint(words("field.icc_hint") if not typed else "")
        if is_icc(typed) or picking:
            self._find(typed)
        elif not typed:
            self.query_one(Picker).fill(())

    @work(group="find", exclusive=True)
    async def _find(self, typed: str) -> None:
        try:
            answer = await self._session.ask(protocol.FindInsurers(typed))
        except RequestFailed:
            answer = protocol.Insurers([])
        if self.text("icc").value.strip() != typed:
            return
        if is_icc(typed):
            self._tell_company(typed, answer.found)
        else:
            self._show_list(answer.found)

    def _tell_company(self, icc: str, found: list[protocol.InsurerInfo]) -> None:
        exact = next((insurer for insurer in found if insurer.icc == icc), None)
        field = self.text("icc")
        if exact is None:
            field.say_hint(words("field.icc_unknown"))
            return
        field.say_hint(exact.name if exact.active else words("field.icc_gone", name=exact.name))

    def _show_list(self, found: list[protocol.InsurerInfo]) -> None:
        self.query_one(Picker).fill(insurer_row(insurer) for insurer in found)
        self.text("icc").say_hint(words("field.icc_pick") if found else words("field.icc_none"))

    def on_key(self, event: object) -> None:
        """The arrows move in the list while the focus stays in the field."""
        key = getattr(event, "key", "")
        if not self.has_class("-picking") or key not in ("up", "down"):
            return
        picker = self.query_one(Picker)
        (picker.action_cursor_up if key == "up" else picker.action_cursor_down)()

    def go_on_from(self, field: Field) -> None:
        if field.id == "icc" and self.has_class("-picking"):
            chosen = self.query_one(Picker).chosen
            if chosen is None:
                self.app.bell()
                field.say_error(words("field.icc_none"))
                return
            self.text("icc").value = chosen
            self.set_class(False, "-picking")
        super().go_on_from(field)

    def take(self, icc: str) -> None:
        """A company that was picked from a list."""
        self.text("icc").value = icc
        self.set_class(False, "-picking")
        self.text("policy").enter()

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.take(event.option.id or "")
