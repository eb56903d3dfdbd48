"""The text for the policyholder (15 NYCRR 32.12): the office's own file, else the one we came with.

A text file, UTF-8; lines that begin with ``#`` are not printed, an empty line ends a paragraph, the
first paragraph is the title.
"""

from __future__ import annotations

from pathlib import Path

from iies_tui.adapters.machine.files import failed
from iies_tui.domain.errors import Refused
from iies_tui.text import read

FILE = "policyholder.txt"
MAX_BYTES = 16_384
"""A page has room for about 6,000 characters at its smallest."""


def policyholder_text(state: Path) -> str:
    """Paragraphs of single-spaced words with an empty line between them, the title first.

    Raise Refused ``information_file`` where the office's file is too long, not UTF-8 or empty,
    MachineFailed where it cannot be read.
    """
    path = state / FILE
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return _paragraphs(read(FILE))
    except OSError as error:
        raise failed(error, path) from error
    if len(data) > MAX_BYTES:
        raise Refused("information_file", path=str(path), reason=f"{MAX_BYTES} bytes at most")
    try:
        text = _paragraphs(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused("information_file", path=str(path), reason="not UTF-8") from None
    if not text:
        raise Refused("information_file", path=str(path), reason="empty")
    return text


def _paragraphs(text: str) -> str:
    lines = (line.strip() for line in text.splitlines() if not line.startswith("#"))
    parts = (" ".join(part.split()) for part in "\n".join(lines).split("\n\n"))
    return "\n\n".join(part for part in parts if part)
