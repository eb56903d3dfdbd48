"""The customer's files: saved whole or not at all, flushed, named by serial."""

from __future__ import annotations

import os
from pathlib import Path

from iies_tui.adapters.machine.files import failed, remove_leftovers, write_atomically
from iies_tui.domain.errors import MachineFailed


class FileFolder:
    """Port ``Folder`` on a directory of this machine or a USB stick."""

    def check(self, directory: Path) -> None:
        """Write, flush and remove a small file there. Raise MachineFailed as ``save`` does."""
        try:
            probe = self.save(directory, f".iies-{os.getpid()}.probe", bytes(4096))
        except MachineFailed as error:
            # The probe's name is ours alone: what the user chose is the directory.
            raise MachineFailed(error.code, **{**error.params, "path": str(directory)}) from error
        try:
            probe.unlink()
        except OSError as error:
            raise failed(error, probe) from error

    def save(self, directory: Path, name: str, data: bytes) -> Path:
        """Write ``data`` as ``directory/name``; on disk on return. The absolute path.

        Raise MachineFailed (``disk_full``, ``not_allowed``, ``no_such_path``, ``not_a_folder``,
        ``disk_failed``);
        nothing half-written stays, not even what a kill in the middle of the same file left.
        """
        target = directory.absolute()
        try:
            if not target.exists():
                target.mkdir(mode=0o700, parents=True)
        except OSError as error:
            raise failed(error, target) from error
        if not target.is_dir():
            raise MachineFailed("not_a_folder", path=str(target))
        path = target / name
        remove_leftovers(path)
        write_atomically(path, data)
        return path
