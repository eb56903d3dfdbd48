"""The installed trust bundle is believed only where the trail saw it being imported.

Whoever can write into the state directory could put an older bundle back, and with it a key that
was compromised since, or another authority's. The trail names the last import by its hash; any
other file counts as no bundle at all until it is imported again, with all the checks of an import.
An import that died after its row is finished here, from the file that it had staged.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from iies_tui.domain.bundle import Bundle
from iies_tui.domain.errors import MachineFailed
from iies_tui.domain.trail import Event, TrailRow
from iies_tui.issuance.ports.trust import BundleChange, Trust


class InstalledFile(Trust, Protocol):
    """A ``Trust`` that tells the SHA-256 of what is installed, and of what is staged."""

    def digest(self) -> bytes | None: ...

    def staged(self) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class ImportedTrust:
    """Port ``Trust``. ``last(event)`` is the trail's newest row of a kind."""

    trust: InstalledFile
    last: Callable[[Event], TrailRow | None]

    def installed(self) -> Bundle | None:
        """The bundle in force; None where there is none or it was not imported here."""
        return None if self.replaced() else self.trust.installed()

    def replaced(self) -> bool:
        """True where a bundle lies there that the trail did not see being imported last."""
        if self.trust.digest() is None and self.trust.staged() is None:
            return False  # nothing lies there, and there may be no trail to ask
        row = self.last(Event.BUNDLE_IMPORTED)
        witnessed = row.details.get("bundle") if row else None
        if witnessed is not None and self.trust.digest() != witnessed == self.trust.staged():
            with contextlib.suppress(MachineFailed):  # a reader who may not write here
                self.trust.finish()
        digest = self.trust.digest()
        return digest is not None and digest != witnessed

    def propose(self, data: bytes) -> BundleChange:
        """See the port: compared with what lies there, witnessed or not."""
        return self.trust.propose(data)

    def stage(self, data: bytes, root: bytes) -> Bundle:
        return self.trust.stage(data, root)

    def finish(self) -> None:
        self.trust.finish()
