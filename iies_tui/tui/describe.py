"""A card in words and rows, as Result and the register show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from textual.content import Content

from iies_tui.domain.face import show_check_code
from iies_tui.session import protocol
from iies_tui.text import words
from iies_tui.tui.wording import say


def local_time(moment: str) -> str:
    """``2026-11-22 12:05`` in this terminal's time, of ISO in UTC; what is no moment stays."""
    try:
        return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return moment


def with_paths(now: protocol.CardInfo, before: protocol.CardInfo) -> protocol.CardInfo:
    """Where its files are is said at the delivery only, and stays true."""
    return replace(
        now,
        pdf=now.pdf or before.pdf,
        fax_pdf=now.fax_pdf or before.fax_pdf,
        fax_tiff=now.fax_tiff or before.fax_tiff,
        trail_seq=now.trail_seq or before.trail_seq,
    )


def describe(card: protocol.CardInfo) -> Content:
    """A card as Result and the register show it."""
    mode = "" if card.mode == "live" else f"   {words(f'status.{card.mode}')}"
    rows: list[tuple[str, str]] = [
        (words("result.serial"), f"{card.serial}{mode}"),
        (words("result.check_code"), show_check_code(card.check_code)),
        (words("result.read_back"), words("result.read_back_ok")),
        (words("result.for"), f"{card.names} · {card.vehicle}"),
    ]
    rows += [
        (words(f"result.{name}"), path)
        for name, path in (("pdf", card.pdf), ("fax", card.fax_pdf), ("tiff", card.fax_tiff))
        if path
    ]
    if card.queue:
        rows.append((words("result.printer"), words("result.job", queue=card.queue, job=card.job)))
    lines = [say("delivery", card.state), *(say("printer_reason", r) for r in card.reasons)]
    rows.append((words("result.paper"), ". ".join(lines)))
    parts: list[Content | str | tuple[str, str]] = []
    for at, (name, value) in enumerate(rows):
        style = "bold" if at in (0, 1, len(rows) - 1) else ""
        parts += [f"{name:<14}", (value, style), "\n" if at < len(rows) - 1 else ""]
    return Content.assemble(*parts)
