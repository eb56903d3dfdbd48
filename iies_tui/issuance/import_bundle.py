"""A new trust bundle takes effect: trailed before it is installed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from iies_tui.domain.bundle import Bundle
from iies_tui.domain.trail import TERMINAL, Event
from iies_tui.issuance.ports import Trail, Trust


@dataclass(frozen=True, slots=True)
class ImportBundle:
    trust: Trust
    trail: Trail

    def __call__(self, data: bytes, root: bytes) -> Bundle:
        """Install what ``Trust.propose`` has accepted. Raise Refused or MachineFailed."""
        change = self.trust.propose(data)
        self.trail.append(
            Event.BUNDLE_IMPORTED,
            TERMINAL,
            {
                "version": change.new.version,
                "bundle": hashlib.sha256(data).digest(),
                "root": hashlib.sha256(root).digest(),
                "training": int(change.new.training),
            },
        )
        return self.trust.install(data, root)
