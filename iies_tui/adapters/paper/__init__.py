"""Every page that is drawn, with reportlab; nothing is read back here, that is in ``reading``."""

from iies_tui.adapters.paper.letter import LetterPaper

__all__ = ["LetterPaper"]
