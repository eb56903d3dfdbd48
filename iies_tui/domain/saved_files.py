"""The names of what is saved: one place for every file's ending."""

from __future__ import annotations

from enum import StrEnum


class Ending(StrEnum):
    """What comes after a card's serial, or after another name, in the name of a saved file."""

    PDF = ".pdf"
    FAX_PDF = "-fax.pdf"
    FAX_TIFF = "-fax.tiff"
    EML = ".eml"
    TEXT = ".txt"


CARD_FILES = (Ending.PDF, Ending.FAX_PDF, Ending.FAX_TIFF)
"""The files that a card may have in a folder."""


def batch_pdf(number: int, *, fax: bool) -> str:
    """The one PDF of a batch's cards, or of their fax sheets."""
    return f"batch-{number:04d}{Ending.FAX_PDF if fax else Ending.PDF}"


def batch_folder(number: int) -> str:
    """A batch's own folder: two thousand files do not belong between others."""
    return f"batch-{number:04d}"
