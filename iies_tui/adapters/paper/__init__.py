"""The card page and the fax sheet, drawn with reportlab."""

from iies_tui.adapters.paper.letter import LetterPaper

__all__ = ["LetterPaper"]
