"""The main job as keys: the sign-on, and what a clerk types into each part of the form."""

from __future__ import annotations

from typing import Any

from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.start import StartScreen
from tests.support.driving import at, press, until
from tests.support.fake_session import PIN

VIN = "1HGCM82633A004352"
SECOND_VIN = "1FTEW1EP1KFA00007"

INSURANCE = ("901", "<enter>", "PA-1234567-01", "<enter>", "1201", "<enter>", "+1y", "<enter>")
PERSON = ("doe", "<enter>", "john", "<enter>", "q", "<enter>", "<enter>", "<enter>", "<enter>")
ADDRESS = ("1 main st", "<enter>", "albany ny 12207", "<enter>")
VEHICLE = ("2003", "<enter>", "honda", "<enter>", VIN, "<enter>")


async def sign_on(pilot: Any) -> None:
    """Type the PIN on Start; return when a field of the form has the focus."""
    await at(pilot, StartScreen)
    await press(pilot, PIN, "<enter>")
    await at(pilot, GeneratorScreen)
    await until(pilot, lambda: pilot.app.focused is not None)
