"""What a KEY's owner keeps on paper or sends: a recovery code's sheet, a notice to DFS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from iies_tui.domain.errors import IiesError
from iies_tui.issuance.ports.delivery import Folder, Printer


@dataclass(frozen=True, slots=True)
class Document:
    """``files``: bytes by file name; ``page``: its PDF page; ``title``: the print job's name."""

    title: str
    page: bytes
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Kept:
    """Saved paths, the print job (0: none), and why the folder or the printer failed."""

    paths: tuple[Path, ...]
    job: int
    folder_failed: IiesError | None
    printer_failed: IiesError | None


@dataclass(frozen=True, slots=True)
class KeepDocument:
    """Into a folder and onto a printer. Neither failure undoes what was done before it."""

    folder: Folder
    printer: Printer

    def __call__(self, document: Document, directory: Path | None, queue: str) -> Kept:
        """``directory`` None: no file; ``queue`` empty: not printed."""
        paths: list[Path] = []
        job, folder_failed, printer_failed = 0, None, None
        try:
            if directory is not None:
                for name, data in document.files.items():
                    paths.append(self.folder.save(directory, name, data))
        except IiesError as error:
            folder_failed = error
        try:
            if queue:
                job = self.printer.submit_held(queue, document.title, document.page, 1)
                self.printer.release(job)
        except IiesError as error:
            printer_failed = error
        return Kept(tuple(paths), job, folder_failed, printer_failed)
