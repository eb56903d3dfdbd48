"""A card's files into a folder or onto a stick, trailed before the act."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from iies_tui.domain.delivery import State
from iies_tui.domain.trail import Event
from iies_tui.issuance.issue import IssuedCard
from iies_tui.issuance.ports import Folder, Trail
from iies_tui.issuance.sign_on import SignedOnIssuer


@dataclass(frozen=True, slots=True)
class SaveCard:
    folder: Folder
    trail: Trail

    def __call__(
        self,
        issuer: SignedOnIssuer,
        issued: IssuedCard,
        directory: Path,
        extras: dict[str, bytes],
    ) -> dict[str, Path]:
        """Save the card page, and ``extras`` by their endings; the absolute paths by ending.

        Raise MachineFailed; the card stays SEALED in the register and can be saved again.
        """
        serial = issued.card.serial
        self.trail.append(
            Event.DELIVERY,
            issuer.license,
            {"serial": serial, "state": State.SAVED.value, "files": 1 + len(extras)},
            issuer.clerk,
        )
        saved = {
            ending: self.folder.save(directory, f"{serial}{ending}", data)
            for ending, data in {".pdf": issued.page.pdf, **extras}.items()
        }
        entry = issuer.register.get(serial)
        if entry is not None and entry.state is State.SEALED:
            issuer.register.update(replace(entry, state=State.SAVED))
        return saved
