"""Where each cell of a face stands: the card's part and the smaller card of the fax sheet."""

from __future__ import annotations

from dataclasses import dataclass

from iies_tui.adapters.paper.fit import Style
from iies_tui.adapters.paper.fonts import BOLD, MONO, SANS
from iies_tui.adapters.paper.geometry import (
    FAX_CARD_HEIGHT,
    FAX_CARD_WIDTH,
    PART_HEIGHT,
    PART_WIDTH,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell by name, its width in points, and how its value is set."""

    name: str
    width: float
    style: Style


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side; cells without content leave their room to the row's last one."""

    height: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class FaceLayout:
    """A face: its size, its head, and its rows from the top. Points."""

    width: float
    height: float
    padding: float
    gutter: float
    head: float
    title_size: float
    form_size: float
    label_size: float
    specimen_size: float
    specimen_lines: int
    overprint_size: float
    rows: tuple[Row, ...]

    @property
    def inner(self) -> float:
        """Width between the paddings."""
        return self.width - 2 * self.padding


CARD_FACE = FaceLayout(
    width=PART_WIDTH,
    height=PART_HEIGHT,
    padding=11,
    gutter=12,
    head=28,
    title_size=15,
    form_size=17,
    label_size=5.6,
    specimen_size=10.5,
    specimen_lines=4,
    overprint_size=25,
    rows=(
        Row(
            30,
            (
                Cell("insurer", 266, Style(BOLD, 12, 7)),
                Cell("icc", 46, Style(BOLD, 14, 9)),
                Cell("policy", 182, Style(BOLD, 14, 7)),
            ),
        ),
        Row(
            61,
            (
                Cell("names", 266, Style(BOLD, 17, 7)),
                Cell("address", 114, Style(SANS, 9, 5.5)),
                Cell("agency", 114, Style(SANS, 7.5, 5)),
            ),
        ),
        Row(
            31,
            (
                Cell("year", 42, Style(BOLD, 15, 9)),
                Cell("make", 68, Style(BOLD, 15, 9)),
                Cell("vin", 182, Style(MONO, 16, 8)),
                Cell("fleet", 316, Style(BOLD, 16, 12)),
                Cell("effective", 84, Style(BOLD, 14, 12)),
                Cell("expiration", 84, Style(BOLD, 14, 12)),
            ),
        ),
    ),
)

CARD_SIDE = (
    Row(22, (Cell("serial", 0, Style(MONO, 11, 8)),)),
    Row(22, (Cell("check_code", 0, Style(MONO, 11, 8)),)),
    Row(20, (Cell("license", 0, Style(BOLD, 10, 6)),)),
    Row(26, (Cell("authority", 0, Style(SANS, 6.5, 4.5)),)),
)
"""The column beside the card's symbol; its width is what the symbol leaves."""

CARD_STATEMENTS = Style(SANS, 6, 4.5)

FAX_FACE = FaceLayout(
    width=FAX_CARD_WIDTH,
    height=FAX_CARD_HEIGHT,
    padding=8,
    gutter=8,
    head=19,
    title_size=10.2,
    form_size=12,
    label_size=5.2,
    specimen_size=9,
    specimen_lines=4,
    overprint_size=17,
    rows=(
        Row(
            27,
            (
                Cell("insurer", 166, Style(BOLD, 10, 6)),
                Cell("icc", 34, Style(BOLD, 11, 8)),
                Cell("policy", 128, Style(BOLD, 11, 6)),
            ),
        ),
        Row(
            49,
            (
                Cell("names", 214, Style(BOLD, 12, 6)),
                Cell("address", 122, Style(SANS, 8, 4.5)),
            ),
        ),
        Row(
            24,
            (
                Cell("year", 32, Style(BOLD, 11, 8)),
                Cell("make", 46, Style(BOLD, 11, 8)),
                Cell("vin", 118, Style(MONO, 12, 7)),
                Cell("fleet", 212, Style(BOLD, 12, 9)),
                Cell("effective", 58, Style(BOLD, 10, 8)),
                Cell("expiration", 58, Style(BOLD, 10, 8)),
            ),
        ),
        Row(
            23,
            (
                Cell("serial", 130, Style(MONO, 10, 8)),
                Cell("check_code", 90, Style(MONO, 10, 8)),
                Cell("license", 108, Style(BOLD, 10, 6)),
            ),
        ),
        Row(
            28,
            (
                Cell("agency_line", 214, Style(SANS, 7, 4.5)),
                Cell("authority", 122, Style(SANS, 7, 4.5)),
            ),
        ),
    ),
)

FAX_STATEMENTS = Style(SANS, 6.5, 4.5)
