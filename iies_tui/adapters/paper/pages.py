"""What each page of a card says: the words of the layout with the card's own in their places."""

from __future__ import annotations

from iies_tui.adapters.paper.cells import cells_of, folded, name_and_address
from iies_tui.adapters.paper.inputs import (
    CardFace,
    FaxSheet,
    InformationPage,
    PlainPage,
    WindowPage,
    digest,
)
from iies_tui.adapters.paper.layout import CARD_FACE, CARD_SIDE, FAX_FACE, Row
from iies_tui.adapters.paper.window_layout import WINDOW_FACE
from iies_tui.domain.card import Layout, Mode, SealedCard
from iies_tui.domain.drawing import LAYOUT, Drawn
from iies_tui.domain.errors import Problem, Refused
from iies_tui.domain.face_labels import HEADING, LABELS, SPECIMEN, goes_with
from iies_tui.text import read, words


def card_page(card: SealedCard) -> PlainPage | WindowPage:
    """In the layout that was chosen for the card. Refused ``window_no_address``."""
    return window_page(card) if card.layout is Layout.WINDOW else plain_page(card)


def plain_page(card: SealedCard) -> PlainPage:
    """Two large parts, which fill the page."""
    return PlainPage(
        face=_face(card, (*CARD_FACE.rows, *CARD_SIDE)),
        statements=statements("card"),
        cut=words("paper.cut_here"),
    )


def window_page(card: SealedCard) -> WindowPage:
    """Two smaller parts below an address. Refused ``window_no_address`` without one."""
    address = folded(card.facts.address)
    if not address:
        raise Refused(
            "window_no_address", (Problem("address", "window_no_address"),), field="address"
        )
    return WindowPage(
        face=_face(card, WINDOW_FACE.rows),
        statements=statements("card"),
        cut=words("paper.cut_here"),
        fold=words("paper.fold_here"),
        sender=name_and_address(card.agency),
        address=(*folded(card.facts.names), *address),
        heading=words("paper.window_heading"),
        note=words("paper.window_note"),
    )


def fax_sheet(card: SealedCard) -> FaxSheet:
    """The same for every layout of the card page."""
    said = (*statements("card"), words("paper.see_bar_code"))
    return FaxSheet(
        face=_face(card, FAX_FACE.rows),
        statements=(" ".join(said),),
        heading=words("paper.fax_heading"),
        beside=(
            (words("paper.fax_bring_heading"), statements("fax")),
            (words("paper.fax_dmv_heading"), (words("paper.fax_dmv"),)),
            (words("paper.fax_sender_heading"), (words("paper.fax_sender"),)),
        ),
        bar_code=words("paper.fax_bar_code"),
        serial=card.serial,
    )


def information_page(card: SealedCard) -> InformationPage | None:
    """The page for the policyholder; None where the card has none."""
    if not card.information:
        return None
    title, *paragraphs = _paragraphs(card.information)
    return InformationPage(
        title, tuple(paragraphs), goes_with(card.serial), " ".join(folded((card.agency.name,)))
    )


def drawn(card: SealedCard) -> Drawn:
    """The digests of all pages of a card; ``card.digits`` is not looked at.

    Refused ``window_no_address``.
    """
    information, code = information_page(card), card.check_code
    made = Drawn(LAYOUT, digest(code, card_page(card)), digest(code, fax_sheet(card)))
    if information is None:
        return made
    return Drawn(LAYOUT, made.card, made.fax, digest(code, information))


def statements(section: str) -> tuple[str, ...]:
    """The paragraphs of ``statements.txt`` under ``[section]``."""
    lines = (line for line in read("statements.txt").splitlines() if not line.startswith("#"))
    blocks = "\n".join(lines).split("[")
    for block in blocks:
        name, found, body = block.partition("]")
        if found and name == section:
            return _paragraphs(body)
    raise KeyError(section)


def _paragraphs(text: str) -> tuple[str, ...]:
    """Parted by empty lines; a single line's end is a space."""
    return folded(" ".join(part.split()) for part in text.split("\n\n"))


def _face(card: SealedCard, rows: tuple[Row, ...]) -> CardFace:
    """The card with the cells that stand in ``rows``."""
    names = {cell.name for row in rows for cell in row.cells}
    cells = {name: cell for name, cell in cells_of(card).items() if cell and name in names}
    return CardFace(
        heading=HEADING,
        form_label=LABELS["form"],
        form=card.facts.form.value,
        specimen="" if card.mode is Mode.LIVE else SPECIMEN,
        cells=cells,
    )
