"""The customer's folder: tried before a card is sealed, files whole and by serial."""

from __future__ import annotations

from pathlib import Path

import pytest

from iies_tui.adapters.machine.folder import FileFolder
from iies_tui.domain.errors import MachineFailed


def test_a_folder_is_made_and_a_file_saved_whole(tmp_path: Path) -> None:
    target = tmp_path / "IIES cards" / "new"
    folder = FileFolder()
    folder.check(target)
    assert list(target.iterdir()) == []
    path = folder.save(target, "S.pdf", b"%PDF")
    assert path.is_absolute() and path.read_bytes() == b"%PDF"


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for target, code in (("file", "not_a_folder"), ("file/below", "no_such_path")):
        with pytest.raises(MachineFailed, match=code) as error:
            FileFolder().check(tmp_path / target)
        assert error.value.params == {"path": str(tmp_path / target)}
