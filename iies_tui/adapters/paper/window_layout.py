"""Where each cell of a part of the window layout stands: a low face over a flat symbol."""

from __future__ import annotations

from iies_tui.adapters.paper.fit import Style
from iies_tui.adapters.paper.fonts import BOLD, MONO, SANS
from iies_tui.adapters.paper.geometry import PART_WIDTH, WINDOW_PART_HEIGHT
from iies_tui.adapters.paper.layout import Cell, FaceLayout, Row

WINDOW_FACE = FaceLayout(
    width=PART_WIDTH,
    height=WINDOW_PART_HEIGHT,
    padding=8,
    gutter=9,
    head=19,
    title_size=11.5,
    form_size=12.5,
    label_size=5,
    specimen_size=7.5,
    specimen_lines=4,
    overprint_size=19,
    rows=(
        Row(
            24,
            (
                Cell("insurer", 178, Style(BOLD, 9.5, 5)),
                Cell("icc", 30, Style(BOLD, 10.5, 8)),
                Cell("policy", 116, Style(BOLD, 10.5, 6)),
                Cell("license", 90, Style(BOLD, 9, 6)),
                Cell("check_code", 74, Style(MONO, 9.5, 8)),
            ),
        ),
        Row(
            44,
            (
                Cell("names", 218, Style(BOLD, 12.5, 5.75)),
                Cell("address", 116, Style(SANS, 8, 4.5)),
                Cell("issued", 174, Style(SANS, 6.5, 4.2)),
            ),
        ),
        Row(
            23,
            (
                Cell("year", 34, Style(BOLD, 11, 8)),
                Cell("make", 50, Style(BOLD, 11, 8)),
                Cell("vin", 132, Style(MONO, 11.5, 7)),
                Cell("fleet", 234, Style(BOLD, 12, 9)),
                Cell("effective", 66, Style(BOLD, 10.5, 8)),
                Cell("expiration", 66, Style(BOLD, 10.5, 8)),
                Cell("serial", 122, Style(MONO, 10.5, 8)),
            ),
        ),
    ),
)

WINDOW_STATEMENTS = Style(SANS, 5, 4.2)
WINDOW_STATEMENTS_HEIGHT = 20.0
"""Points for the card's statements, in two columns: more than 200 characters of a line are too
long for a reader, and for ``letterforms``."""
