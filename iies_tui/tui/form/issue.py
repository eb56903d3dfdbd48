"""Issue: where the card goes, what it says in short, and what is still wrong."""

from __future__ import annotations

from collections.abc import Iterable

from textual import work
from textual.message import Message
from textual.widget import Widget
from textual.widgets import OptionList

from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.form.card_form import CardForm
from iies_tui.tui.form.pane import Pane, label
from iies_tui.tui.ports import Session
from iies_tui.tui.widgets.choice import ChoiceField
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.picker import Row, Rows
from iies_tui.tui.widgets.text_field import Field
from iies_tui.tui.words.wording import problem, say


class ErrorList(Rows):
    """What is still wrong; Enter jumps to the field."""

    def __init__(self) -> None:
        super().__init__(id="errors")


class IssuePane(Pane):
    """The folder is the default; the queues of this terminal are asked for once it is shown."""

    class Jump(Message):
        """The clerk chose an error: go to its field."""

        def __init__(self, place: str) -> None:
            super().__init__()
            self.place = place

    class DefaultPrinter(Message):
        """CUPS' own default, where neither issuer nor terminal chose one."""

        def __init__(self, queue: str) -> None:
            super().__init__()
            self.queue = queue

    class ReviewWanted(Message):
        """Enter on the last field."""

    def __init__(
        self,
        form: CardForm,
        session: Session,
        folder: str,
        mode_words: str,
        *,
        any_printer: bool = False,
    ) -> None:
        """``any_printer``: nobody chose a printer, so CUPS' default is as good as the folder."""
        super().__init__("issue", form)
        self._any_printer = any_printer
        self._faxes: frozenset[str] = frozenset()
        self._session = session
        self.folder = folder
        self._mode_words = mode_words

    def body(self) -> Iterable[Widget]:
        """Destination, fax sheet, then the state of things."""
        folder = (("", words("issue.folder", folder=self.folder)),)
        yield ChoiceField(label("destination"), folder, id="queue", wide=False)
        fax = (("yes", words("choice.yes")), ("no", words("choice.no")))
        yield ChoiceField(label("fax_sheet"), fax, id="fax_sheet", hint=words("issue.fax_hint"))
        yield Line("", id="queue-says", classes="aside")
        yield Line(self._mode_words, id="mode-words")
        yield Line("", id="ready", classes="heading")
        yield ErrorList()

    async def on_mount(self) -> None:
        await self.fill(self.form)
        self._ask_queues()

    async def fill(self, form: CardForm) -> None:
        self.form = form
        self.query_one("#queue", ChoiceField).value = form.queue
        self.query_one("#fax_sheet", ChoiceField).value = "yes" if form.fax_sheet else "no"

    def read(self) -> None:
        self.form.queue = self.query_one("#queue", ChoiceField).value
        self.form.fax_sheet = self.query_one("#fax_sheet", ChoiceField).value == "yes"

    @work(group="queues", exclusive=True)
    async def _ask_queues(self) -> None:
        try:
            answer = await self._session.ask(protocol.ListQueues())
        except RequestFailed as refused:
            answer = protocol.Queues([], refused.failed.code)
        wanted = self.form.queue
        self._faxes = frozenset(queue.name for queue in answer.queues if queue.fax)
        if self._any_printer and not wanted:
            for queue in answer.queues:
                if queue.default and queue.accepting and not queue.fax:
                    wanted = self.form.queue = queue.name
                    self.post_message(self.DefaultPrinter(wanted))
        options = [("", words("issue.folder", folder=self.folder))]
        for queue in answer.queues:
            if queue.accepting:
                kind = "issue.fax_queue" if queue.fax else "issue.printer"
                state = words("issue.stopped") if queue.stopped else ""
                options.append((queue.name, words(kind, name=queue.name, state=state)))
        self.query_one("#queue", ChoiceField).offer(tuple(options), wanted)
        says = say("error", answer.error) if answer.error else ""
        if wanted and all(name != wanted for name, _ in options):
            says = words("issue.queue_gone", queue=wanted)
        self.query_one("#queue-says", Line).update(says)

    @property
    def to_fax(self) -> bool:
        """The chosen queue sends a fax."""
        return self.form.queue in self._faxes

    def tell(self, checked: protocol.Checked) -> None:
        """What Check said: a list that jumps, or that all is well."""
        errors = self.query_one(ErrorList)
        places = [(self.form.place_of(item.field), item) for item in checked.problems]
        errors.fill(
            Row(f"{at}:{place}", f"{place_label(place)}: {problem(item)}")
            for at, (place, item) in enumerate(places)
        )
        count = len(checked.problems)
        left_alone = errors.has_focus and not count
        errors.display = count > 0
        if left_alone:
            super().enter_first()
        ready = self.query_one("#ready", Line)
        ready.update(words("issue.wrong", count=count) if count else words("issue.ready"))
        ready.set_class(count > 0, "-wrong")

    def enter_first(self) -> None:
        """The list where something is wrong, else the destination."""
        errors = self.query_one(ErrorList)
        if errors.display and errors.option_count:
            errors.focus()
            errors.action_first()
        else:
            super().enter_first()

    def go_on_from(self, field: Field) -> None:
        if field.id == "fax_sheet":
            self.post_message(self.ReviewWanted())
        else:
            super().go_on_from(field)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.post_message(self.Jump((event.option.id or "").partition(":")[2]))


def place_label(place: str) -> str:
    """The field's name as the list of errors shows it, with its row."""
    parts = place.split("-")
    if parts[0] == "vehicles" and len(parts) == 3:
        return words("issue.of_vehicle", field=label(parts[2]), number=int(parts[1]) + 1)
    if parts[0] == "registrants" and len(parts) == 3:
        return words("issue.of_registrant", field=label(parts[2]), number=int(parts[1]) + 1)
    names = {
        "organization-name": "organization",
        "organization-fein": "fein",
        "fleet-vehicles": "fleet_vehicles",
        "fleet-for_hire": "for_hire",
    }
    known = names.get(place, parts[0] or "request")
    return label(known) if known else ""
