"""The card's face: head, rows of cells, the specimen's words.

Each label and each line of a value is a text object of its own, in reading order, so that the
face can be recovered from the PDF's text.
"""

from __future__ import annotations

from dataclasses import replace

from iies_tui.adapters.paper.fit import block_height, fit
from iies_tui.adapters.paper.fonts import BOLD, SANS
from iies_tui.adapters.paper.inputs import CardFace, Cells, Content
from iies_tui.adapters.paper.layout import Cell, FaceLayout, Row
from iies_tui.adapters.paper.pen import HAIRLINE, Pen

_LABEL_GAP = 1.2
_HEAD, _FOOT = 3.0, 1.6
"""Points between the rule above a row and its labels, its values and the rule below."""
_DESCENT = 1.4
"""Points for what hangs below a value's last baseline."""


def draw_face(pen: Pen, said: CardFace, layout: FaceLayout) -> float:
    """Draw the face down to its last row; the y below it, from the box's top."""
    width, height = layout.width, layout.height
    if said.specimen:
        lines, size = layout.specimen_lines, layout.overprint_size
        pen.overprint(said.specimen, width, height, lines, size)
    pen.frame(width, height, 0.8)
    y = _draw_head(pen, said, layout)
    if said.specimen:
        y = _draw_banner(pen, said.specimen, layout, y)
    for row in layout.rows:
        y = draw_row(pen, layout.padding, y, row, said.cells, layout)
        pen.rule(layout.padding, y, layout.inner)
    return y


def _draw_head(pen: Pen, said: CardFace, layout: FaceLayout) -> float:
    """Title and form number (15 NYCRR 32.9)."""
    left, right = layout.padding, layout.width - layout.padding
    baseline = layout.head - 7
    pen.text(left, baseline, said.heading, BOLD, layout.title_size)
    form_width = layout.form_size * 3.6
    pen.text(
        right - form_width - layout.label_size * 4,
        baseline,
        said.form_label,
        SANS,
        layout.label_size,
    )
    pen.text_right(right, baseline, said.form, BOLD, layout.form_size)
    pen.rule(left, layout.head, layout.inner, 1.4)
    return layout.head


def _draw_banner(pen: Pen, text: str, layout: FaceLayout, y: float) -> float:
    """The specimen's words in black, which a fax keeps where it loses the gray ones."""
    height = layout.specimen_size * 1.5
    baseline = y + height / 2 + layout.specimen_size * 0.36
    pen.text_centered(layout.width / 2, baseline, text, BOLD, layout.specimen_size)
    pen.rule(layout.padding, y + height, layout.inner, HAIRLINE)
    return y + height


def draw_row(pen: Pen, x: float, y: float, row: Row, cells: Cells, layout: FaceLayout) -> float:
    """Cells side by side; the y of the row's lower edge."""
    present = [cell for cell in row.cells if cells.get(cell.name)]
    for cell in present:
        _draw_cell(pen, x, y, row.height, cell, cells[cell.name], layout)
        x += cell.width + layout.gutter
    return y + row.height


def _draw_cell(
    pen: Pen,
    x: float,
    y: float,
    height: float,
    cell: Cell,
    contents: tuple[Content, ...],
    layout: FaceLayout,
) -> None:
    """The contents of one cell below each other, in equal shares of its height."""
    top = y + _HEAD
    share = (height - _HEAD - _FOOT) / len(contents)
    for content in contents:
        below = pen.label(x, top, content.label, layout.label_size) + _LABEL_GAP
        room = share - (below - top) - _DESCENT
        fitted = fit(content.paragraphs, cell.style, cell.width, room, content.field)
        spare = room - block_height(len(fitted.lines), fitted.size)
        slack = 0.0 if len(content.paragraphs) > 1 else max(0.0, min(spare / 2, 3))
        pen.lines(x, below + slack, fitted, cell.style.font)
        top += share


def draw_column(
    pen: Pen,
    x: float,
    y: float,
    width: float,
    rows: tuple[Row, ...],
    cells: Cells,
    layout: FaceLayout,
) -> float:
    """Rows of one cell each, ``width`` wide; the y below them."""
    for row in rows:
        whole = Row(row.height, tuple(replace(cell, width=width) for cell in row.cells))
        y = draw_row(pen, x, y, whole, cells, layout)
    return y
