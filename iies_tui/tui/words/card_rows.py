"""A card as one line of a list."""

from __future__ import annotations

from iies_tui.domain.mail import ASKING, MOVING, MailState
from iies_tui.session import protocol
from iies_tui.text import words
from iies_tui.tui.words.wording import local_time, say

ROW = 74
"""Cells of a row at 80 columns."""
_BESIDE = 59
"""Of them, what is beside the names: ALL OWNED VEHICLES is the longest of the vehicles."""


def head_of(room: int = ROW) -> str:
    """The heading of such rows, beside the mark."""
    serial, issued, name, vehicle, paper = (
        words(f"register.head_{one}") for one in ("serial", "issued", "name", "vehicle", "paper")
    )
    return f" {serial:<17} {issued:<10} {name:<{room - _BESIDE}} {vehicle:<18} {paper}"


def row_of(card: protocol.CardInfo, room: int = ROW) -> str:
    """One line of ``room`` cells, beside a mark and a scroll bar: serial, day,
    names, vehicle, state.

    An e-mail that is on its way or asks goes before the paper's state; ``@``: it went by e-mail.
    """
    state = say("state_short", card.paper.state)
    if card.paper.mail in (*MOVING, *ASKING):
        state = say("mail_short", card.paper.mail)
    elif card.paper.mail in (MailState.SENT, MailState.SAVED):
        state = f"{state[:8]} @"
    names = room - _BESIDE
    return (
        f"{card.serial:<17} {local_time(card.issued_at)[:10]} {card.names[:names]:<{names}} "
        f"{card.vehicle[-18:].strip():<18} {state[:10]}"
    )
