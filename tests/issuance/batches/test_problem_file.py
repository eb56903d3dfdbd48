"""The file of problems: beside the clerk's file, and never over one of the clerk's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from iies_tui.adapters.machine.folder import FileFolder
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.issuance.batches.problem_file import SaveProblems


def saver(documents: Path, folder: FileFolder | None = None) -> SaveProblems:
    return SaveProblems(folder or FileFolder(), documents, "-problems", "batch.csv")


def test_beside_the_file_under_the_first_free_name(tmp_path: Path) -> None:
    save, source = saver(tmp_path / "documents"), tmp_path / "fleet.csv"
    source.write_bytes(b"the clerk's")
    made = [save(b"one", source, None), save(b"two", source, None)]
    assert [path.name for path in made] == ["fleet-problems.csv", "fleet-problems-2.csv"]
    again = save(b"three", made[0], None)
    assert again.name == "fleet-problems-3.csv"
    assert [path.read_bytes() for path in (source, *made)] == [b"the clerk's", b"one", b"two"]


def test_a_drive_that_cannot_be_written_gives_it_to_the_documents(tmp_path: Path) -> None:
    class ReadOnly(FileFolder):
        def save(self, directory: Path, name: str, data: bytes) -> Path:
            if directory == tmp_path / "usb":
                raise MachineFailed("not_allowed", path=str(directory))
            return super().save(directory, name, data)

    (tmp_path / "usb").mkdir()
    save = saver(tmp_path / "documents", ReadOnly())
    made = save(b"rows", tmp_path / "usb" / "fleet.csv", None)
    assert made == tmp_path / "documents" / "fleet-problems.csv"


def test_a_batch_of_the_register_has_no_file_and_goes_to_the_documents(tmp_path: Path) -> None:
    assert saver(tmp_path)(b"rows", None, None) == tmp_path / "batch-problems.csv"


def test_a_name_that_the_clerk_gave_must_be_free(tmp_path: Path) -> None:
    target = tmp_path / "mine.csv"
    assert saver(tmp_path)(b"rows", None, target) == target
    with pytest.raises(Refused, match="file_exists"):
        saver(tmp_path)(b"others", None, target)
    assert target.read_bytes() == b"rows"
