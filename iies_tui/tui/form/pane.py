"""What a tab's pane is: fields in the order of Enter, filled from the form and read into it."""

from __future__ import annotations

from collections.abc import Iterable

from textual.message import Message
from textual.widget import Widget

from iies_tui.text import words
from iies_tui.tui.form.card_form import CardForm
from iies_tui.tui.page import Scroll
from iies_tui.tui.widgets.text_field import Field, TextField


class Pane(Scroll):
    """Scrolls where a terminal is small or errors are many; usually nothing scrolls."""

    class Finished(Message):
        """Enter on the last field: on to the next tab."""

        def __init__(self, pane: Pane) -> None:
            super().__init__()
            self.pane = pane

    class Told(Message):
        """Something that the clerk should read."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, name: str, form: CardForm) -> None:
        super().__init__(id=name, classes="pane")
        self.form = form

    def compose(self) -> Iterable[Widget]:
        yield from self.body()

    def body(self) -> Iterable[Widget]:
        raise NotImplementedError

    async def fill(self, form: CardForm) -> None:
        raise NotImplementedError

    def read(self) -> None:
        """Write what stands here into ``self.form``."""
        raise NotImplementedError

    def chain(self) -> list[Field]:
        """The fields that Enter goes through, as they are displayed now."""
        return [field for field in self.query(Field) if all_displayed(field, self)]

    def enter_first(self) -> None:
        """Focus the first field that is wrong, else empty, else the first."""
        chain = self.chain()
        wrong = [field for field in chain if field.has_error]
        empty = [f for f in chain if isinstance(f, TextField) and not f.value and not f.optional]
        for field in (*wrong, *empty, *chain):
            field.enter()
            return

    def on_field_entered(self, event: Field.Entered) -> None:
        """Enter goes on to the next field, or says that this was the last."""
        event.stop()
        self.go_on_from(event.field)

    def go_on_from(self, field: Field) -> None:
        chain = self.chain()
        at = chain.index(field) + 1 if field in chain else 0
        if at < len(chain):
            chain[at].enter()
        else:
            self.post_message(self.Finished(self))

    def text(self, name: str) -> TextField:
        """One of the pane's text fields."""
        return self.query_one(f"#{name}", TextField)


def all_displayed(widget: Widget, above: Widget) -> bool:
    """True where nothing between the widget and the pane is hidden."""
    node: Widget = widget
    while node is not above:
        if not node.display:
            return False
        parent = node.parent
        if not isinstance(parent, Widget):
            return False
        node = parent
    return True


def label(name: str) -> str:
    """A field's label."""
    return words(f"field.{name}")
