"""A screen of the application as a PNG, cell by cell, with the hardware cursor where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from rich.style import Style
from rich.terminal_theme import TerminalTheme

from iies_tui.tui.app import IiesApp

CONSOLE = TerminalTheme(
    (0, 0, 0),
    (170, 170, 170),
    [
        *[(0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0)],
        *[(0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170)],
    ],
    [
        *[(85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85)],
        *[(85, 85, 255), (255, 85, 255), (85, 255, 255), (255, 255, 255)],
    ],
)
"""The Linux console's own colors."""
_FONTS = Path("/usr/share/fonts/truetype/dejavu")
_WIDE, _HIGH = 10, 20


def cells(app: IiesApp) -> list[list[tuple[str, Style]]]:
    """One (character, style) a cell, a list a line."""
    width, height = app.size
    lines: list[list[tuple[str, Style]]] = []
    for strip in app.screen._compositor.render_strips():
        line: list[tuple[str, Style]] = []
        for segment in strip:
            line += [(character, segment.style or Style()) for character in segment.text]
        lines.append((line + [(" ", Style())] * width)[:width])
    return lines[:height]


def text_of(app: IiesApp) -> str:
    """The screen's characters."""
    return "\n".join("".join(character for character, _ in line) for line in cells(app))


def save(app: IiesApp, path: Path) -> None:
    """Draw it in the console's own colors."""
    width, height = app.size
    image = Image.new("RGB", (width * _WIDE, height * _HIGH))
    draw = ImageDraw.Draw(image)
    plain: Any = ImageFont.truetype(str(_FONTS / "DejaVuSansMono.ttf"), 16)
    bold: Any = ImageFont.truetype(str(_FONTS / "DejaVuSansMono-Bold.ttf"), 16)
    for y, line in enumerate(cells(app)):
        for x, (character, style) in enumerate(line):
            ink, paper = _colors(style)
            box = (x * _WIDE, y * _HIGH, (x + 1) * _WIDE - 1, (y + 1) * _HIGH - 1)
            draw.rectangle(box, fill=paper)
            font = bold if style.bold else plain
            draw.text((box[0], box[1]), character, fill=ink, font=font)
            if style.underline:
                draw.line((box[0], box[3], box[2], box[3]), fill=ink)
    at = app._place_of_cursor()
    if at is not None:
        box = (at.x * _WIDE, (at.y + 1) * _HIGH - 4, (at.x + 1) * _WIDE, (at.y + 1) * _HIGH - 1)
        draw.rectangle(box, fill=(255, 0, 255))
    image.save(path)


def _colors(style: Style) -> tuple[tuple[int, ...], tuple[int, ...]]:
    ink = style.color.get_truecolor(CONSOLE) if style.color else CONSOLE.foreground_color
    paper = (
        style.bgcolor.get_truecolor(CONSOLE, foreground=False)
        if style.bgcolor
        else CONSOLE.background_color
    )
    pair = (tuple(ink), tuple(paper))
    return (pair[1], pair[0]) if style.reverse else pair
