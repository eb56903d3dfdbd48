"""The card as it will print, in characters: one of its identical parts."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest

from textual.content import Content

from iies_tui.domain.face_labels import HEADING
from iies_tui.session import protocol
from iies_tui.text import words

WIDTH = 76
"""Cells. A part is 7.5 in wide, so a cell is about a tenth of an inch wide and a fifth high."""
SYMBOL = (50, 5)
"""Cells of the bar code with its quiet zone on such a part: 5.0 in by 1.0 in (16 columns)."""


def draw_card(card: protocol.FaceInfo, signed: protocol.SignedOn) -> Content:
    """Twelve or so lines in a single frame; the bar code is a box, since it does not exist yet."""
    inner = WIDTH - 4
    title, form = HEADING, card.form
    lines = [f"{title}{form:>{inner - len(title)}}"]
    lines.append(_pair(f"{card.icc} {card.insurer}", card.policy, inner))
    effective, expiration = shown(card.effective), shown(card.expiration)
    dates = f"{words('card.effective')} {effective}  {words('card.expires')} {expiration}"
    lines.append(_pair(" ".join(card.vehicle), "", inner))
    lines.append(dates)
    for name, place in zip_longest(card.names[:2], card.address[:2], fillvalue=""):
        lines.append(_pair(name, place, inner))
    lines += _symbol(signed, inner)
    top = "┌" + "─" * (WIDTH - 2) + "┐"
    end = "└" + "─" * (WIDTH - 2) + "┘"
    body = [f"│ {line:<{inner}} │" for line in lines]
    return Content("\n".join([top, *body, end]))


def shown(day: str) -> str:
    """An ISO day as it stands on the card: ``MM/DD/YYYY``."""
    return f"{date.fromisoformat(day):%m/%d/%Y}"


def _pair(left: str, right: str, width: int) -> str:
    """Two texts at the two ends; the left one gives way."""
    room = width - len(right) - 2 if right else width
    return f"{left[:room]:<{room}}{'  ' + right if right else ''}"


def _symbol(signed: protocol.SignedOn, inner: int) -> list[str]:
    """The box, with what the program adds beside it."""
    wide, high = SYMBOL
    label = words("card.symbol")
    box = ["┌" + "─" * (wide - 2) + "┐"]
    for row in range(high - 2):
        text = label if row == (high - 2) // 2 else ""
        box.append("│" + f"{text:^{wide - 2}}" + "│")
    box.append("└" + "─" * (wide - 2) + "┘")
    beside = [signed.license, words("card.serial"), words("card.check_code")]
    beside += [words("card.specimen_1"), words("card.specimen_2")] if signed.mode != "live" else []
    beside += [""] * (high - len(beside))
    room = inner - wide - 2
    return [f"{line}  {beside[at][:room]}" for at, line in enumerate(box)]
