"""A batch's file with its problems beside each row, for the spreadsheet that it came from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.issuance.ports.delivery import Folder


@dataclass(frozen=True, slots=True)
class SaveProblems:
    """``mark`` is what the file's name ends in: ``fleet-problems.csv`` beside ``fleet.csv``."""

    folder: Folder
    documents: Path
    mark: str
    unnamed: str

    def __call__(self, data: bytes, source: Path | None, target: Path | None) -> Path:
        """To ``target``, which must be free (Refused ``file_exists``); else beside ``source``, or
        in the documents folder where that cannot be written. Raise MachineFailed."""
        if target is not None:
            if target.exists():
                raise Refused("file_exists", path=str(target))
            return self._save(target, data)
        documents = self.documents / (source.name if source else self.unnamed)
        if source is not None:
            try:
                return self._save(self._free(source), data)
            except MachineFailed:  # a USB drive that is read-only or full
                pass
        return self._save(self._free(documents), data)

    def _save(self, target: Path, data: bytes) -> Path:
        return self.folder.save(target.parent, target.name, data)

    def _free(self, source: Path) -> Path:
        """The first free name: a file of the clerk's is never replaced."""
        stem = source.stem.split(self.mark)[0]
        names = (f"{stem}{self.mark}{f'-{n}' if n > 1 else ''}.csv" for n in range(1, 1000))
        return next(path for name in names if not (path := source.with_name(name)).exists())
