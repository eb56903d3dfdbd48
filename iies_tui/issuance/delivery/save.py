"""A card's files into a folder or onto a stick, trailed before the act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from iies_tui.domain.delivery import State
from iies_tui.domain.trail import Event
from iies_tui.issuance.delivery.deliver import Issuer
from iies_tui.issuance.ports.delivery import Folder
from iies_tui.issuance.ports.records import Trail


@dataclass(frozen=True, slots=True)
class SaveCard:
    folder: Folder
    trail: Trail

    def __call__(
        self,
        issuer: Issuer,
        serial: str,
        directory: Path,
        files: Mapping[str, bytes],
        *,
        paper_follows: bool = False,
    ) -> dict[str, Path]:
        """Save ``files`` by their endings, named by serial and flushed; the absolute paths.

        A card that goes to paper as well stays SEALED, or nobody would be told where the printing
        never began. Raise MachineFailed; the card can be saved again.
        """
        self.trail.append(
            Event.DELIVERY,
            issuer.license,
            {"serial": serial, "state": State.SAVED.value, "files": len(files)},
            issuer.clerk,
        )
        saved = {
            ending: self.folder.save(directory, f"{serial}{ending}", data)
            for ending, data in files.items()
        }
        entry = issuer.register.get(serial)
        if entry is not None and entry.state is State.SEALED and not paper_follows:
            issuer.register.update(replace(entry, state=State.SAVED))
        return saved
