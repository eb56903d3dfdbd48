"""Keys for the pilot, and the words on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.events import Key
from textual.pilot import Pilot
from textual.screen import Screen

from iies_tui.tui.app import IiesApp
from iies_tui.tui.dialogs.wait import WaitScreen
from iies_tui.tui.outcome import Outcome
from tests.support.picture import text_of

NAMES = {" ": "space", "-": "minus", "+": "plus", "/": "slash", ".": "full_stop"}


def keys(*parts: str) -> list[str]:
    """``keys("901", "<enter>")``: the characters of each part, or one named key."""
    found: list[str] = []
    for part in parts:
        if part.startswith("<") and part.endswith(">"):
            found.append(part[1:-1])
        else:
            found += [NAMES.get(character, character) for character in part]
    return found


async def until(pilot: Pilot[Any], condition: Callable[[], bool], seconds: float = 120.0) -> None:
    """Wait for a condition; AssertionError with the screen where it does not come."""
    end = asyncio.get_running_loop().time() + seconds
    while not condition():
        if asyncio.get_running_loop().time() > end:
            shown = text_of(pilot.app) if isinstance(pilot.app, IiesApp) else pilot.app.screen
            raise AssertionError(f"never came; the screen was:\n{shown}")
        await pilot.pause(0.02)


async def press(pilot: Pilot[Any], *parts: str) -> int:
    """Type as a clerk does; how many keys that was."""
    typed = keys(*parts)
    app = pilot.app
    if isinstance(app, IiesApp):
        # What is typed before Start is there goes nowhere (test_too_early).
        await until(pilot, lambda: app.return_value is not None or _takes_keys(app))
        burst(app, *parts)
        await pilot.pause()
        await until(pilot, lambda: app.return_value is not None or not app._typed_ahead.busy)
    else:
        await pilot.press(*typed)
    await pilot.pause()
    return len(typed)


def _takes_keys(app: IiesApp) -> bool:
    screen = app.screen
    return screen.is_mounted and not isinstance(screen, WaitScreen)


def burst(app: App[Any], *parts: str) -> None:
    """All keys in one read of the terminal, with no pause between them."""
    plain = {name: character for character, name in NAMES.items()}
    for name in keys(*parts):
        character = plain.get(name, name)
        app.post_message(Key(name, character if len(character) == 1 else None))


async def at(pilot: Pilot[Any], kind: type[Screen[Any]]) -> None:
    """Wait until this screen is on top and, where it has fields, one has the focus."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))
    await pilot.pause(0.05)
    await pilot.pause()


def shown(app: App[Any]) -> str:
    assert isinstance(app, IiesApp)
    return text_of(app)


def flat(app: App[Any]) -> str:
    """What is on the screen as one line of words, without frames."""
    return " ".join(shown(app).replace("│", " ").split())


def showing(app: App[Any], words: str) -> Callable[[], bool]:
    """For ``until``: the words are on the screen, however they are broken into lines."""
    return lambda: words in flat(app)


def outcome(app: App[Any]) -> Outcome:
    value = app.return_value
    assert isinstance(value, Outcome)
    return value
