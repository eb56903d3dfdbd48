"""A recovery sheet or a notice: each way is gone by itself, and what failed is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from iies_tui.adapters.machine.folder import FileFolder
from iies_tui.domain.errors import MachineFailed
from iies_tui.issuance.keys.paper_copies import Document, KeepDocument
from tests.support.fakes import FakePrinter

DOCUMENT = Document("recovery code", b"%PDF a page", {"a.txt": b"text", "a.pdf": b"%PDF a page"})


def test_into_the_folder_and_onto_the_printer(tmp_path: Path) -> None:
    printer: Any = FakePrinter()
    kept = KeepDocument(FileFolder(), printer)(DOCUMENT, tmp_path / "out", "FRONT")
    assert [path.read_bytes() for path in kept.paths] == [b"text", b"%PDF a page"]
    assert printer.printed == [("recovery code", b"%PDF a page")]
    assert (kept.job, kept.folder_failed, kept.printer_failed) == (1, None, None)


def test_neither_way_is_taken_unasked(tmp_path: Path) -> None:
    printer: Any = FakePrinter()
    kept = KeepDocument(FileFolder(), printer)(DOCUMENT, None, "")
    assert (kept.paths, kept.job, printer.printed, [*tmp_path.iterdir()]) == ((), 0, [], [])


@pytest.mark.parametrize("queue", ["FRONT", ""])
def test_a_folder_that_fails_does_not_keep_the_page_from_the_printer(
    tmp_path: Path, queue: str
) -> None:
    (tmp_path / "file").write_bytes(b"")
    printer: Any = FakePrinter()
    kept = KeepDocument(FileFolder(), printer)(DOCUMENT, tmp_path / "file" / "out", queue)
    assert kept.folder_failed is not None and kept.paths == ()
    assert len(printer.printed) == bool(queue)


def test_a_printer_that_fails_does_not_undo_what_was_saved(tmp_path: Path) -> None:
    printer: Any = FakePrinter(failure=MachineFailed("cups_down"))
    kept = KeepDocument(FileFolder(), printer)(DOCUMENT, tmp_path, "FRONT")
    assert len(kept.paths) == 2 and kept.job == 0
    assert kept.printer_failed is not None and kept.printer_failed.code == "cups_down"
