"""The version of a page's drawing, and the digests that bind a card to its pages.

``docs/face.md`` says what a version freezes and which bytes each digest covers.
"""

from __future__ import annotations

from dataclasses import dataclass

LAYOUT = 1
"""The drawing that this program makes: its code, fonts, measures, words and statements.

Whatever changes a mark on a page needs the next number. Cards are out under the old one.
"""

MAX_LAYOUT = 255
"""The largest number that an envelope may name, so that it stays within the digits measured."""

DIGEST_BYTES = 16
"""Of each page's digest."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn: the version, and a digest for each kind of page that a card has.

    Each digest is ``DIGEST_BYTES`` long: of the card page, of the fax sheet, and of the page for
    the policyholder, which is all zero where the card has no such page. One digest for each page,
    since a verifier who holds one page cannot know what stands on another.
    """

    layout: int
    card: bytes
    fax: bytes
    information: bytes = bytes(DIGEST_BYTES)
