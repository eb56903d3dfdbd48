"""What judges a symbol: files, pictures, keystrokes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from iies_tui.bootstrap.state import read_source
from iies_tui.domain.errors import Refused

if TYPE_CHECKING:
    from iies_tui.domain.bundle import Bundle
    from iies_tui.issuance.checking.verify import Faces, Opener, SymbolReport, Verify
    from iies_tui.issuance.ports.barcode import BarcodeProfile

MAX_TYPED = 1024 * 1024
"""Bytes of a scanner's keystrokes."""


def profile() -> BarcodeProfile:
    """The bar code's profile."""
    from iies_tui.adapters.barcode.profiles import find

    return find()


def verifier(bundle: Bundle | None, opener: Opener | None = None) -> Verify:
    """Judges symbols against one bundle, with an authority's key where it is at hand."""
    from iies_tui.adapters.barcode.profiles import find
    from iies_tui.adapters.machine.clock import SystemClock
    from iies_tui.issuance.checking.verify import Verify

    return Verify(find(), bundle, SystemClock(), opener)


def verify_source(path: Path, verify: Verify, faces: Faces = ()) -> tuple[SymbolReport, ...]:
    """As ``verify_data``, of one file. Raise Refused ``cannot_read`` too, and
    ``not_a_scan`` for a text of mostly something else than digits.
    """
    data = read_source(path)
    if _is_typed(data) and not _mostly_digits(data):
        raise Refused("not_a_scan", path=str(path))
    return verify_data(str(path), data, verify, faces)


def verify_data(
    source: str, data: bytes, verify: Verify, faces: Faces = ()
) -> tuple[SymbolReport, ...]:
    """Every symbol on every page, or of what a scanner typed. Raise Refused ``not_a_picture``.

    ``faces`` are what the verifier read from the paper.
    """
    from iies_tui.adapters.reading.symbol_reader import ZxingReader

    if _is_typed(data):
        return verify.keystrokes(source, data.decode("ascii"), faces)
    pages = ZxingReader(verify.reads).pages(data)
    return tuple(report for page in pages for report in verify.page(source, page, faces))


def _mostly_digits(data: bytes) -> bool:
    signs = b"".join(data.split())
    return 2 * sum(48 <= sign <= 57 for sign in signs) >= len(signs)


def _is_typed(data: bytes) -> bool:
    """True for text, as a scanner's keystrokes are; no PDF or picture is all printable ASCII."""
    if b"%PDF-" in data[:1024] or len(data) > MAX_TYPED:
        return False
    return data.isascii() and all(sign >= 32 or sign in b"\t\r\n\x1d\x04" for sign in data)
