"""A new trust bundle takes effect: staged, trailed, then put in force.

The trail's row decides. Whatever dies before it leaves the old bundle; what dies after it leaves a
staged one that the trail names, which ``ImportedTrust`` puts in force at the next look. Without
the stage a row could name a bundle that is nowhere, and the old one would count as put back.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from iies_tui.domain.bundle import Bundle
from iies_tui.domain.trail import TERMINAL, Event
from iies_tui.issuance.ports.records import Trail
from iies_tui.issuance.ports.trust import Trust


@dataclass(frozen=True, slots=True)
class ImportBundle:
    trust: Trust
    trail: Trail

    def __call__(self, data: bytes, root: bytes) -> Bundle:
        """Install what ``Trust.stage`` accepts. Raise Refused or MachineFailed."""
        bundle = self.trust.stage(data, root)
        self.trail.append(
            Event.BUNDLE_IMPORTED,
            TERMINAL,
            {
                "version": bundle.version,
                "bundle": hashlib.sha256(data).digest(),
                "root": hashlib.sha256(root).digest(),
                "training": int(bundle.training),
            },
        )
        self.trust.finish()
        return bundle
