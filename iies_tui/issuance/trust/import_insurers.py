"""An unsigned insurer list takes effect: shown first, trailed before it is installed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from iies_tui.domain.errors import Problem
from iies_tui.domain.insurer import Insurer, InsurerChanges, combine, compare
from iies_tui.domain.trail import TERMINAL, Event
from iies_tui.issuance.ports.records import Trail
from iies_tui.issuance.ports.trust import InstalledBundle


class UnsignedInsurers(Protocol):
    """A terminal's insurer list without a signature."""

    def read(self, data: bytes) -> tuple[tuple[Insurer, ...], tuple[Problem, ...]]:
        """Insurers and notes by line. Refused ``icc_csv`` with problems by line."""

    def installed(self) -> tuple[Insurer, ...]:
        """The list in force, empty where there is none."""

    def install(self, data: bytes) -> None:
        """Replace it as a whole."""

    def remove(self) -> None: ...


@dataclass(frozen=True, slots=True)
class InsurersChange:
    """What an import would do: ``covered`` codes are the bundle's, whatever the list says."""

    insurers: int
    covered: int
    changes: InsurerChanges
    notes: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class ImportInsurers:
    trust: InstalledBundle
    unsigned: UnsignedInsurers
    trail: Trail

    def propose(self, data: bytes) -> InsurersChange:
        """What the clerk's list would change by it. Refused ``icc_csv``."""
        insurers, notes = self.unsigned.read(data)
        bundle = self.trust.installed()
        signed = bundle.insurers if bundle else ()
        codes = {one.icc for one in signed}
        return InsurersChange(
            insurers=len(insurers),
            covered=sum(one.icc in codes for one in insurers),
            changes=compare(combine(signed, self.unsigned.installed()), combine(signed, insurers)),
            notes=notes,
        )

    def __call__(self, data: bytes) -> None:
        """Install what ``propose`` has accepted."""
        insurers, _ = self.unsigned.read(data)
        self.trail.append(
            Event.INSURERS_IMPORTED,
            TERMINAL,
            {"insurers": len(insurers), "list": hashlib.sha256(data).digest()},
        )
        self.unsigned.install(data)

    def remove(self) -> None:
        """Remove the unsigned list: only the bundle's insurers remain."""
        self.trail.append(Event.INSURERS_IMPORTED, TERMINAL, {"insurers": 0})
        self.unsigned.remove()
