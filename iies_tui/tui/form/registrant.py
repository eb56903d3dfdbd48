"""Registrant: one or two individuals, or one organization (15 NYCRR 32.13); the address."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from iies_tui.domain.name_line import split
from iies_tui.text import words
from iies_tui.tui.form.card_form import ADDRESS_LINES, CardForm, Person
from iies_tui.tui.form.pane import Pane, label
from iies_tui.tui.widgets.choice import ChoiceField
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.text_field import Field, TextField

_PARTS = {
    "last": (24, 35),
    "first": (24, 35),
    "middle": (4, 10),
    "suffix": (6, 6),
    "driver_license": (12, 12),
}
"""Cells, and characters that may be typed; what is too long for a card, Check says."""


class RegistrantPane(Pane):
    """Two columns of five fields, so that nothing scrolls at 80x24."""

    def __init__(self, form: CardForm) -> None:
        super().__init__("registrant", form)

    def body(self) -> Iterable[Widget]:
        """Kind, individuals or organization, address."""
        kinds = (
            ("individual", words("registrant.individual")),
            ("organization", words("registrant.organization")),
        )
        yield ChoiceField(label("kind"), kinds, id="kind")
        yield Line(words("registrant.names_help"), id="names-help", classes="aside")
        with Horizontal(id="individuals"):
            for at in (0, 1):
                with Vertical(classes="column"):
                    yield Line(words(f"registrant.number_{at + 1}"), classes="heading")
                    yield from self._person(at)
        with Vertical(id="organization"):
            yield TextField(
                label("organization"), id="organization-name", max_length=60, upper=True
            )
            yield TextField(
                label("fein"),
                id="organization-fein",
                width=14,
                max_length=12,
                optional=True,
                hint=words("field.fein_hint"),
            )
        for at in range(ADDRESS_LINES):
            name = label("address") if at == 0 else ""
            yield TextField(
                name, id=f"address-{at}", width=40, max_length=60, upper=True, optional=True
            )

    def _person(self, at: int) -> Iterable[Widget]:
        for part, (width, length) in _PARTS.items():
            yield TextField(
                label(part),
                id=f"registrants-{at}-{part}",
                width=width,
                max_length=length,
                upper=True,
                optional=at == 1 or part not in ("last", "first"),
                classes="narrow",
            )

    async def on_mount(self) -> None:
        await self.fill(self.form)

    async def fill(self, form: CardForm) -> None:
        self.form = form
        self.query_one("#kind", ChoiceField).value = (
            "organization" if form.organization else "individual"
        )
        for at, person in enumerate(form.people):
            for part in _PARTS:
                self.text(f"registrants-{at}-{part}").value = getattr(person, part)
        self.text("organization-name").value = form.organization_name
        self.text("organization-fein").value = form.fein
        for at, line in enumerate(form.address):
            self.text(f"address-{at}").value = line
        self._show_kind()

    def read(self) -> None:
        form = self.form
        form.organization = self.query_one("#kind", ChoiceField).value == "organization"
        form.people = [
            Person(**{part: self.text(f"registrants-{at}-{part}").value for part in _PARTS})
            for at in (0, 1)
        ]
        form.organization_name = self.text("organization-name").value
        form.fein = self.text("organization-fein").value
        form.address = [self.text(f"address-{at}").value for at in range(ADDRESS_LINES)]

    @on(Field.Pasted)
    def _part(self, event: Field.Pasted) -> None:
        """A whole name in a last or first name's field goes into its parts, and is told."""
        event.stop()
        place = (event.field.id or "").split("-")
        if place[0] != "registrants" or place[2] not in ("last", "first") or not event.alone:
            return
        parts = split(event.text)
        if parts is None:
            return
        for part in ("last", "first", "middle", "suffix"):
            self.text(f"registrants-{place[1]}-{part}").value = getattr(parts, part)
        self.text(f"registrants-{place[1]}-driver_license").enter()
        self.post_message(self.Told(words("registrant.parted", last=parts.last, first=parts.first)))

    def _show_kind(self) -> None:
        organization = self.query_one("#kind", ChoiceField).value == "organization"
        self.query_one("#individuals").display = not organization
        self.query_one("#names-help").visible = not organization
        self.query_one("#organization").display = organization

    @on(Field.Changed, "#kind")
    def _kind_chosen(self) -> None:
        self._show_kind()

    def go_on_from(self, field: Field) -> None:
        """Enter on an empty second last name passes over the second registrant."""
        if field.id == "registrants-1-last" and not self.text("registrants-1-last").value:
            self.text("address-0").enter()
        else:
            super().go_on_from(field)
