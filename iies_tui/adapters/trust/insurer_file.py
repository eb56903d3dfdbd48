"""An unsigned insurer list on a terminal: ``<state>/trust/insurers.csv``, as it was imported.

The file is kept byte for byte and read strictly each time, so that what is in force is what
somebody could compare with its source.
"""

from __future__ import annotations

from pathlib import Path

from iies_tui.adapters.machine import files
from iies_tui.adapters.trust import icc_csv
from iies_tui.domain.errors import MachineFailed, Problem, Refused
from iies_tui.domain.insurer import Insurer

FILE = "insurers.csv"


class InsurerFile:
    """Port ``UnsignedInsurers`` on the directory that also holds the trust bundle."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE
        self._cached: tuple[tuple[int, int, int], tuple[Insurer, ...]] | None = None

    def read(self, data: bytes) -> tuple[tuple[Insurer, ...], tuple[Problem, ...]]:
        """The list's insurers and notes by line. Refused ``icc_csv`` with problems by line."""
        table = icc_csv.read(data)
        return table.insurers, table.notes

    def installed(self) -> tuple[Insurer, ...]:
        """The list in force, empty where there is none. MachineFailed ``insurers_damaged``.

        The same tuple again as long as the file is the same.
        """
        try:
            status = self._path.stat()
        except FileNotFoundError:
            self._cached = None
            return ()
        except OSError as error:
            raise files.failed(error, self._path) from error
        mark = (status.st_ino, status.st_mtime_ns, status.st_size)
        if self._cached is None or self._cached[0] != mark:
            data = files.read_private(self._path, icc_csv.MAX_BYTES)
            if data is None:
                return ()
            try:
                self._cached = (mark, icc_csv.read(data).insurers)
            except Refused as error:
                raise MachineFailed("insurers_damaged", path=str(self._path)) from error
        return self._cached[1]

    def install(self, data: bytes) -> None:
        """Replace the list as a whole; on disk on return. Refused as ``read``."""
        icc_csv.read(data)
        files.private_directory(self._path.parent)
        files.write_atomically(self._path, data)

    def remove(self) -> None:
        """No unsigned list any more; on disk on return."""
        try:
            self._path.unlink(missing_ok=True)
            if self._path.parent.exists():
                files.flush_directory(self._path.parent)
        except OSError as error:
            raise files.failed(error, self._path) from error
