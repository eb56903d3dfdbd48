"""The cover page of a fax: to whom, from whom, what, and how many pages.

It is made for one sending and is no page of the card, so an envelope has no digest of it.
"""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from iies_tui.adapters.paper import geometry as g
from iies_tui.adapters.paper.cells import name_and_address, show_date, telephone_of
from iies_tui.adapters.paper.fit import Style
from iies_tui.adapters.paper.fonts import BOLD, SANS
from iies_tui.adapters.paper.pen import Pen
from iies_tui.domain.card import SealedCard
from iies_tui.domain.face_labels import goes_with
from iies_tui.text import words


def draw_cover(canvas: Canvas, card: SealedCard, number: str) -> None:
    """Nothing of the card but its serial and its day."""
    pen = Pen(canvas, g.MARGIN, g.PAGE_HEIGHT - g.MARGIN)
    y = pen.heading(0, 0, words("paper.cover_heading"), 26) + 6
    pen.rule(0, y, g.PART_WIDTH, 1.4)
    telephone = telephone_of(card.agency)
    who = (*name_and_address(card.agency), *filter(None, (telephone,)))
    rows = (
        ("paper.cover_to", (number,)),
        ("paper.cover_from", who or (card.facts.license,)),
        ("paper.cover_about", (words("paper.cover_subject"), card.serial)),
        ("paper.cover_date", (show_date(card.facts.current),)),
        ("paper.cover_pages", (words("paper.cover_count"),)),
    )
    y += 16
    for label, lines in rows:
        pen.text(0, y + 11, words(label), BOLD, 11)
        y = pen.prose(90, y, (g.PART_WIDTH - 90, 90), lines, Style(SANS, 13, 8)) + 12
    pen.rule(0, y, g.PART_WIDTH)
    text = tuple(words("paper.cover_note").splitlines())
    pen.prose(0, y + 14, (g.PART_WIDTH, 200), text, Style(SANS, 12, 8))
    bottom = g.PAGE_HEIGHT - 2 * g.MARGIN
    pen.text(0, bottom - 6, goes_with(card.serial), SANS, 8)
