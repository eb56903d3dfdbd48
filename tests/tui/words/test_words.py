"""Every key that the screens ask for has words; every glyph is one that the console font has."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import iies_tui.tui
from iies_tui.domain.delivery import State
from iies_tui.domain.issuer import ModeReason
from iies_tui.session import protocol
from iies_tui.text import has, read
from iies_tui.tui.app import IiesApp
from iies_tui.tui.keyboard.commands import Command
from iies_tui.tui.outcome import Reason
from iies_tui.tui.terminal.look import Look, look_of
from iies_tui.tui.words.help_pages import TOPICS
from tests.support import shots
from tests.support.driving import press, shown
from tests.support.fake_session import EMPTY_TERMINAL, NOW, PIN, FakeSession

CONSOLE_FONT = set("─│┌┐└┘├┤┬┴┼·…") | {chr(code) for code in range(0x20, 0x7F)}
CONSOLE_FONT |= {chr(code) for code in range(0xA0, 0x100)} | {"\n", "–"}
"""Lat15/Lat2 console fonts and CP437 agree on these."""

ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""Screens write ``MM/DD/YYYY``; files and commands write this."""


def test_every_key_in_the_code_has_words() -> None:
    asked = set()
    for path in Path(iies_tui.tui.__path__[0]).rglob("*.py"):
        asked |= set(re.findall(r'words\(\s*"([a-z_]+\.[a-zA-Z_0-9-]+)"', path.read_text()))
    assert len(asked) > 100
    assert [key for key in sorted(asked) if not has(key)] == []


def test_every_family_of_keys_is_whole() -> None:
    from iies_tui.tui.keyboard import commands

    names = {item.name for item in vars(commands).values() if isinstance(item, Command)}
    wanted = {f"keys.{name}" for name in names}
    wanted |= {f"mode.{reason}" for reason in ModeReason}
    wanted |= {f"mode_short.{reason}" for reason in ModeReason}
    wanted |= {f"delivery.{state}" for state in State} | {f"state_short.{state}" for state in State}
    wanted |= {f"signed_off.{reason}" for reason in Reason}
    assert [key for key in sorted(wanted) if not has(key)] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_help_pages_have_a_title_and_console_glyphs_only(topic: str) -> None:
    text = read(f"help/{topic}.md")
    assert text.startswith("# ")
    assert len(text) > 400
    assert set(text) <= CONSOLE_FONT


def _glyph_stories() -> list[tuple[Look, int]]:
    """Every story on the console; two in the other looks, which have the same glyphs."""
    told = [n for n, story in enumerate(shots.stories()) if story[1] is not shots.issuing]
    return [(look, n) for look in Look for n in (told if look is Look.CONSOLE else told[:2])]


@pytest.mark.parametrize(("look", "number"), _glyph_stories())
async def test_every_screen_has_only_glyphs_of_the_console_font_and_dates_as_americans_write_them(
    look: Look, number: int
) -> None:
    session, story = shots.stories()[number]
    app = IiesApp(session, look=look, now=lambda: NOW)
    async with app.run_test(size=(80, 24)) as pilot:

        async def shot(name: str, app: IiesApp = app) -> None:
            text = shown(app)
            assert not set(text) - CONSOLE_FONT, (name, set(text) - CONSOLE_FONT)
            assert not ISO_DATE.search(text), (name, ISO_DATE.search(text))

        await story(pilot, shot)


async def test_the_keys_line_fits_80_columns_on_every_screen() -> None:
    from iies_tui.tui.widgets.lines import KeysLine

    async def check(app: IiesApp) -> None:
        for line in app.screen.query(KeysLine):
            assert len(str(line.render())) <= 80, str(line.render())

    session = FakeSession(terminal=EMPTY_TERMINAL)
    app = IiesApp(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        await check(app)
    app = IiesApp(FakeSession())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        await press(pilot, PIN, "<enter>")
        await pilot.pause(0.5)
        for key in ("f2", "f3"):
            await check(app)
            await press(pilot, f"<{key}>")
            await check(app)
            await press(pilot, "<escape>")


@pytest.mark.parametrize(
    ("environment", "look"),
    [
        ({"TERM": "linux"}, Look.CONSOLE),
        ({"TERM": "linux", "NO_COLOR": "1"}, Look.MONO),
        ({"TERM": "xterm-256color"}, Look.RICH),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, Look.RICH),
        ({"TERM": "vt220"}, Look.MONO),
        ({}, Look.CONSOLE),
    ],
)
def test_the_look_follows_the_terminal(environment: dict[str, str], look: Look) -> None:
    assert look_of(environment) is look


def test_a_notice_without_words_is_told_by_its_code() -> None:
    from iies_tui.tui.words.wording import notice

    assert "zz_new_code" in notice(protocol.ProblemInfo(field="", code="zz_new_code"))


Recorder = Callable[[str, dict[str, object]], None]
