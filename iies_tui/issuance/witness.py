"""The installed trust bundle is believed only where the trail saw it being imported.

Whoever can write into the state directory could put an older bundle back, and with it a key that
was compromised since, or another authority's. The trail names the last import by its hash; any
other file counts as no bundle at all until it is imported again, with all the checks of an import.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from iies_tui.domain.bundle import Bundle
from iies_tui.domain.trail import Event, TrailRow
from iies_tui.issuance.ports import BundleChange, Trust


class InstalledFile(Trust, Protocol):
    """A ``Trust`` that tells the SHA-256 of what is installed."""

    def digest(self) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class WitnessedTrust:
    """Port ``Trust``. ``last(event)`` is the trail's newest row of a kind."""

    trust: InstalledFile
    last: Callable[[Event], TrailRow | None]

    def installed(self) -> Bundle | None:
        """The bundle in force; None where there is none or it was not imported here."""
        return None if self.replaced() else self.trust.installed()

    def replaced(self) -> bool:
        """True where a bundle lies there that the trail did not see being imported last."""
        digest = self.trust.digest()
        if digest is None:
            return False
        row = self.last(Event.BUNDLE_IMPORTED)
        return row is None or row.details.get("bundle") != digest

    def read(self, data: bytes) -> Bundle:
        """See the port."""
        return self.trust.read(data)

    def propose(self, data: bytes) -> BundleChange:
        """See the port: compared with what lies there, witnessed or not."""
        return self.trust.propose(data)

    def install(self, data: bytes, root: bytes) -> Bundle:
        """See the port."""
        return self.trust.install(data, root)
