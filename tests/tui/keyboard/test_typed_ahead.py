"""Keys typed ahead reach the field they were meant for, however slow the machine is, or none."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Input

from iies_tui.tui.keyboard.typed_ahead import PATIENCE, TypedAhead


class SlowForm(App[None]):
    """Enter goes on to the next field, some turns of the loop later; each look is ``step`` s on."""

    def __init__(self, step: float) -> None:
        super().__init__()
        self.step = step
        self.now = 0.0
        self.settling = False
        self.gone = False
        self.ahead = TypedAhead(self._feed, lambda: self.settling, self._clock, self._look_later)

    def _look_later(self) -> None:
        self.call_later(self.look)

    def _clock(self) -> float:
        self.now += self.step
        return self.now

    def compose(self) -> ComposeResult:
        for name in ("one", "two", "three"):
            yield Input(id=name)

    def on_mount(self) -> None:
        self.query_one("#one").focus()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self.ahead.take(event, self, self.focused or self.screen)
            return
        await super().on_event(event)

    async def _feed(self, event: events.Event) -> None:
        await super().on_event(event)

    async def look(self) -> None:
        await self.ahead.release(self, lambda: self.focused or self.screen)

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        if self.gone:
            await event.input.remove()
        else:
            self.screen.focus_next()


def type_all(app: SlowForm, keys: Iterable[str]) -> None:
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


async def rest(app: SlowForm) -> None:
    for _ in range(400):
        await asyncio.sleep(0.005)
        app.call_later(app.look)
        if not app.ahead.busy:
            break
    await asyncio.sleep(0.02)


def values(app: SlowForm) -> list[str]:
    return [field.value for field in app.query(Input)]


@pytest.mark.parametrize("step", [0.0, 0.005])
async def test_each_key_lands_in_its_field(step: float) -> None:
    app = SlowForm(step)
    async with app.run_test() as pilot:
        type_all(app, ["a", "b", "enter", "c", "enter", "d", "e"])
        await rest(app)
        await pilot.pause()
        assert values(app) == ["ab", "c", "de"]


async def test_a_key_whose_field_was_taken_down_holds_nothing_up() -> None:
    app = SlowForm(0.0)
    async with app.run_test() as pilot:
        app.gone = True
        type_all(app, ["a", "enter", "b"])
        await rest(app)
        await pilot.pause()
        assert not app.ahead.busy
        assert sorted(values(app)) == ["", "b"]


async def test_keys_that_waited_too_long_are_dropped_and_never_go_astray() -> None:
    app = SlowForm(0.0)
    async with app.run_test() as pilot:
        app.settling = True
        type_all(app, ["a", "b"])
        await pilot.pause()
        assert app.ahead.busy
        app.now += PATIENCE - 1
        await app.look()
        assert app.ahead.busy
        app.now += 2
        await app.look()
        app.settling = False
        await rest(app)
        assert values(app) == ["", "", ""]
        type_all(app, ["c"])
        await rest(app)
        assert values(app) == ["c", "", ""]
