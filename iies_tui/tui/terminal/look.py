"""How the screens look on this terminal: eight colors, rich, or none. No Textual here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Look(StrEnum):
    """CONSOLE: eight ANSI colors (the bare Linux console). MONO: none. RICH: more of them."""

    CONSOLE = "console"
    MONO = "mono"
    RICH = "rich"


_NO_COLORS = ("dumb", "vt100", "vt102", "vt220", "vt320", "linux-m", "xterm-mono", "ansi-m")


def look_of(environment: Mapping[str, str]) -> Look:
    """By ``NO_COLOR`` (https://no-color.org), ``COLORTERM`` and ``TERM``."""
    term = environment.get("TERM", "")
    if environment.get("NO_COLOR") or term in _NO_COLORS:
        return Look.MONO
    if environment.get("COLORTERM") in ("truecolor", "24bit"):
        return Look.RICH
    return Look.RICH if term.endswith(("256color", "direct", "kitty")) else Look.CONSOLE
