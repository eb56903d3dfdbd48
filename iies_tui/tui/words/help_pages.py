"""The help pages as text: their titles, and where words stand in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from textual.content import Content

from iies_tui.text import read

TOPICS = (
    "first",
    "start",
    "setup",
    "insurance",
    "registrant",
    "vehicles",
    "issue",
    "review",
    "result",
    "register",
    "batch",
    "mail",
    "options",
    "verify",
    "keys",
    "terminal",
)
"""In the order of the pages; ``text/en/help/<topic>.md``."""

AROUND = 28
"""Characters before a hit that a line of the search shows, where there is room for them."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list or a heading: its words without marks."""

    text: str
    heading: bool = False
    bold: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page: title, and its blocks in order."""

    topic: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """Words found: the page's number from 0, the block in it, and the line to show."""

    page: int
    block: int
    line: str


@cache
def pages() -> tuple[HelpPage, ...]:
    """All pages, read once."""
    return tuple(_page(topic, read(f"help/{topic}.md")) for topic in TOPICS)


def _page(topic: str, markdown: str) -> HelpPage:
    title, _, rest = markdown.partition("\n")
    blocks: list[Block] = []
    for part in rest.strip().split("\n\n"):
        lines = part.split("\n")
        if lines[0].startswith("#"):
            blocks.append(Block(lines[0].lstrip("# "), heading=True))
            lines = lines[1:]
        if not lines:
            continue
        # Paragraphs are joined so that they wrap to the terminal's width; lists keep their lines.
        listed = any(line.startswith(("- ", "  ")) for line in lines)
        blocks.append(_block(("\n" if listed else " ").join(lines)))
    return HelpPage(topic, title.lstrip("# "), tuple(blocks))


def _block(text: str) -> Block:
    """``**words**`` are bold."""
    plain, bold = "", []
    for at, piece in enumerate(text.split("**")):
        if at % 2:
            bold.append((len(plain), len(plain) + len(piece)))
        plain += piece
    return Block(plain, bold=tuple(bold))


def search(typed: str) -> list[Hit]:
    """Every block that has all the words, in the order of the pages; one hit a block."""
    words = typed.lower().split()
    if not words:
        return []
    found: list[Hit] = []
    for number, page in enumerate(pages()):
        title = page.title.lower()
        for at, block in enumerate(page.blocks):
            text = block.text.lower()
            if any(word in text for word in words) and all(
                word in text or word in title for word in words
            ):
                found.append(Hit(number, at, _around(block.text, words)))
    return found


def _around(text: str, words: list[str]) -> str:
    """The text from a little before the first word that was found."""
    flat = " ".join(text.split())
    first = min((at for word in words if (at := flat.lower().find(word)) >= 0), default=0)
    start = max(0, first - AROUND)
    if start:
        start = flat.find(" ", start) + 1
    return ("... " if start else "") + flat[start:]


def content(page: HelpPage, typed: str) -> tuple[list[Content], list[int]]:
    """Each block with bold words, the words searched for in reverse; and where hits are."""
    words = typed.lower().split()
    drawn: list[Content] = []
    hits: list[int] = []
    for at, block in enumerate(page.blocks):
        shown = Content(block.text)
        if block.heading:
            shown = shown.stylize("bold underline")
        for start, end in block.bold:
            shown = shown.stylize("bold", start, end)
        low = block.text.lower()
        for word in words:
            place = low.find(word)
            while place >= 0:
                shown = shown.stylize("reverse", place, place + len(word))
                place = low.find(word, place + len(word))
        if words and any(word in low for word in words):
            hits.append(at)
        drawn.append(shown)
    return drawn, hits
