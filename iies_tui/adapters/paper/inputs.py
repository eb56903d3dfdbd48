"""All that a page's drawing takes but the symbol, and the digest of it that an envelope bears.

A page is drawn from one of these objects and from the symbol's digits, from nothing else: so what
is not in here is not on the paper, and whatever is in here changes the digest. ``docs/face.md``
describes the canonical form, member by member.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from iies_tui.adapters.encoding import cbor
from iies_tui.domain.drawing import DIGEST_BYTES, LAYOUT


@dataclass(frozen=True, slots=True)
class Content:
    """One field of the face.

    ``label`` and each of ``paragraphs`` become text objects of their own, in this order, so that
    the text layer can be read back. ``field`` is the request's path, for a refusal: no mark on
    the paper, so it is not compared and not in the digest.
    """

    label: str
    paragraphs: tuple[str, ...]
    field: str = dataclasses.field(compare=False)


Cells = Mapping[str, tuple[Content, ...]]
"""Cells of the layout by name; a cell without content is not drawn."""


@dataclass(frozen=True, slots=True)
class CardFace:
    """The card itself. ``specimen``: the words across it, empty on a live card.

    ``cells`` holds the cells that this page's layout has room for, and no others.
    """

    heading: str
    form_label: str
    form: str
    specimen: str
    cells: Cells


@dataclass(frozen=True, slots=True)
class PlainPage:
    """A card page in the plain layout. ``cut``: the words at the line between its two parts."""

    face: CardFace
    statements: tuple[str, ...]
    cut: str


@dataclass(frozen=True, slots=True)
class WindowPage:
    """A card page for a window envelope: sender, address and a note above the two parts."""

    face: CardFace
    statements: tuple[str, ...]
    cut: str
    fold: str
    sender: tuple[str, ...]
    address: tuple[str, ...]
    heading: str
    note: str


@dataclass(frozen=True, slots=True)
class FaxSheet:
    """The card, the words beside it (a heading and its paragraphs each), the line over the symbol.

    ``bar_code`` and ``serial`` stand in that line.
    """

    face: CardFace
    statements: tuple[str, ...]
    heading: str
    beside: tuple[tuple[str, tuple[str, ...]], ...]
    bar_code: str
    serial: str


@dataclass(frozen=True, slots=True)
class InformationPage:
    """The page for the policyholder. ``goes_with`` and ``agency`` stand at its foot."""

    title: str
    paragraphs: tuple[str, ...]
    goes_with: str
    agency: str


PageInput = PlainPage | WindowPage | FaxSheet | InformationPage

KINDS: Mapping[type[PageInput], str] = {
    PlainPage: "plain",
    WindowPage: "window",
    FaxSheet: "fax",
    InformationPage: "information",
}
"""What a kind of page is called in its canonical form."""


def canonical_input(page: PageInput) -> bytes:
    """Deterministic CBOR of ``[layout version, kind, [members in the order of the class]]``."""
    return cbor.encode([LAYOUT, KINDS[type(page)], _plain(page)])


def digest(check_code: str, page: PageInput) -> bytes:
    """SHA-256(check code ‖ 0x0A ‖ canonical input), its first ``DIGEST_BYTES``.

    ``check_code``: ten characters without the hyphen.
    """
    whole = check_code.encode("ascii") + b"\n" + canonical_input(page)
    return hashlib.sha256(whole).digest()[:DIGEST_BYTES]


def _plain(value: object) -> object:
    """Lists, maps and texts. Raise TypeError for what has no canonical form."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if dataclasses.is_dataclass(value):
        members = (one for one in dataclasses.fields(value) if one.compare)
        return [_plain(getattr(value, one.name)) for one in members]
    raise TypeError(type(value).__name__)
