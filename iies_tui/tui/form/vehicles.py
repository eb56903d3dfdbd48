"""Vehicles: a row each, or ALL OWNED VEHICLES for a fleet (15 NYCRR 32.13(c))."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from iies_tui.domain.card import ALL_OWNED_VEHICLES
from iies_tui.text import words
from iies_tui.tui.form.card_form import MAX_VEHICLES, Car, CardForm
from iies_tui.tui.form.pane import Pane, label
from iies_tui.tui.form.suggest import of_line
from iies_tui.tui.widgets.choice import ChoiceField
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.text_field import Field, TextField

_PARTS = {"year": (6, 4), "make": (9, 12), "vin": (21, 40)}
"""Cells and characters. A pasted VIN may hold blanks and hyphens, which the rules take out."""


class VehicleRow(Horizontal):
    """Year, make, VIN on one line."""

    def __init__(self, at: int) -> None:
        super().__init__(id=f"vehicle-{at}", classes="vehicle-row")
        self.at = at
        self._fields = {
            part: TextField(
                "",
                id=f"vehicles-{at}-{part}",
                width=width,
                max_length=length,
                upper=True,
                whole=part in ("year", "make"),
                classes=f"bare bare-{part}",
            )
            for part, (width, length) in _PARTS.items()
        }

    def compose(self) -> Iterable[Widget]:
        yield Line(words("vehicle.number", number=self.at + 1), classes="row-number")
        yield from self._fields.values()

    @property
    def car(self) -> Car:
        """What stands here, mounted or not: a draft may be taken at any moment."""
        return Car(**{part: field.value for part, field in self._fields.items()})

    @car.setter
    def car(self, car: Car) -> None:
        for part, field in self._fields.items():
            field.value = getattr(car, part)


class VehiclesPane(Pane):
    """Rows are added by F4; a row left empty is no vehicle."""

    def __init__(self, form: CardForm) -> None:
        super().__init__("vehicles", form)

    def body(self) -> Iterable[Widget]:
        kinds = (("each", words("vehicle.each")), ("fleet", ALL_OWNED_VEHICLES))
        yield ChoiceField(label("vehicles"), kinds, id="vehicle-kind")
        with Vertical(id="each"):
            with Horizontal(classes="vehicle-head"):
                yield Line("", classes="row-number")
                for part in _PARTS:
                    yield Line(label(part), classes=f"bare-{part}")
            yield Vertical(*(VehicleRow(at) for at, _ in enumerate(self.form.vehicles)), id="rows")
            yield Line(words("vehicle.another"), classes="aside")
        with Vertical(id="fleet"):
            yield Line(words("vehicle.fleet_words"), classes="aside")
            yield TextField(label("fleet_vehicles"), id="fleet-vehicles", width=6, max_length=5)
            hire = (("no", words("choice.no")), ("yes", words("choice.yes")))
            yield ChoiceField(label("for_hire"), hire, id="fleet-for_hire")

    def on_mount(self) -> None:
        self._write()

    async def fill(self, form: CardForm) -> None:
        """Values into fields; as many rows as there are vehicles."""
        self.form = form
        rows = self.query_one("#rows")
        have, want = len(self.query(VehicleRow)), len(self.form.vehicles)
        for row in list(self.query(VehicleRow))[want:]:
            await row.remove()
        if want > have:
            await rows.mount_all(VehicleRow(at) for at in range(have, want))
        self._write()

    def _write(self) -> None:
        form = self.form
        self.query_one("#vehicle-kind", ChoiceField).value = "fleet" if form.fleet else "each"
        for row, car in zip(self.query(VehicleRow), form.vehicles, strict=False):
            row.car = car
        self.text("fleet-vehicles").value = form.fleet_vehicles
        self.query_one("#fleet-for_hire", ChoiceField).value = "yes" if form.for_hire else "no"
        self._show_kind()

    def read(self) -> None:
        form = self.form
        form.fleet = self.query_one("#vehicle-kind", ChoiceField).value == "fleet"
        form.vehicles = [row.car for row in self.query(VehicleRow)]
        form.fleet_vehicles = self.text("fleet-vehicles").value
        form.for_hire = self.query_one("#fleet-for_hire", ChoiceField).value == "yes"

    async def add(self) -> None:
        """One more row, with the focus in it."""
        at = len(self.query(VehicleRow))
        self.query_one("#vehicle-kind", ChoiceField).value = "each"
        self._show_kind()
        if at < MAX_VEHICLES:
            await self.query_one("#rows").mount(VehicleRow(at))
            self.form.vehicles.append(Car())
            self.text(f"vehicles-{at}-year").enter()

    def enter_first(self) -> None:
        """The first vehicle's year: the kind above it is right for nearly every card."""
        fields = self.chain()
        wrong = [field for field in fields if field.has_error]
        empty = [f for f in fields if isinstance(f, TextField) and not f.value]
        typed = [field for field in fields if isinstance(field, TextField)]
        (wrong or empty or typed or fields)[0].enter()

    def focused_row(self) -> VehicleRow | None:
        """The vehicle that the focus is in, else the last; None for a fleet."""
        if self.query_one("#vehicle-kind", ChoiceField).value == "fleet":
            return None
        rows = list(self.query(VehicleRow))
        inside = [row for row in rows if row.has_focus_within]
        return (inside or rows)[-1]

    @on(Field.Pasted)
    def _whole(self, event: Field.Pasted) -> None:
        """A whole VIN lands in the VIN wherever in the row it is pasted; so does a whole line."""
        event.stop()
        row = next((node for node in event.field.ancestors if isinstance(node, VehicleRow)), None)
        pasted = of_line(event.text)
        if row is None or pasted is None or not event.alone:
            return
        car = row.car
        setattr(car, (event.field.id or "").rsplit("-", 1)[-1], "")
        row.car = Car(pasted.year or car.year, pasted.make or car.make, pasted.vin)
        self.text(f"vehicles-{row.at}-vin").enter()

    def _show_kind(self) -> None:
        fleet = self.query_one("#vehicle-kind", ChoiceField).value == "fleet"
        self.query_one("#each").display = not fleet
        self.query_one("#fleet").display = fleet

    @on(Field.Changed, "#vehicle-kind")
    def _kind_chosen(self) -> None:
        self._show_kind()
