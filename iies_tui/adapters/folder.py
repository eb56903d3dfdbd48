"""The customer's files: saved whole or not at all, flushed, named by serial."""

from __future__ import annotations

from pathlib import Path

from iies_tui.adapters.files import failed, write_atomically


class FileFolder:
    """Port ``Folder`` on a directory of this machine or a USB stick."""

    def save(self, directory: Path, name: str, data: bytes) -> Path:
        """Write ``data`` as ``directory/name``; on disk on return. The absolute path.

        Raise MachineFailed (``disk_full``, ``not_allowed``, ``no_such_path``, ``disk_failed``);
        nothing half-written stays.
        """
        target = directory.absolute()
        try:
            if not target.exists():
                target.mkdir(mode=0o700, parents=True)
        except OSError as error:
            raise failed(error, target) from error
        path = target / name
        write_atomically(path, data)
        return path
