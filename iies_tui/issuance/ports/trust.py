"""The trust bundle, the insurers and the vehicle catalog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from iies_tui.domain.bundle import Bundle
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.vehicle import KnownVehicle


class VehicleCatalog(Protocol):
    """What is known of vehicles by their VIN."""

    def look_up(self, vin: str, year: int | None = None) -> KnownVehicle | None:
        """None where the VIN's check digit is wrong or nothing is known of it."""


class InsurerList(Protocol):
    def by_icc(self, icc: str) -> Insurer | None: ...

    def find(self, words: str, limit: int) -> tuple[Insurer, ...]:
        """By code or by name: word prefixes in any order, then one slip. Alphabetical."""


@dataclass(frozen=True, slots=True)
class BundleChange:
    """What an import would change, told before it takes effect."""

    old: Bundle | None
    new: Bundle
    new_root: bool
    insurers_added: tuple[str, ...]
    insurers_renamed: tuple[str, ...]
    insurers_withdrawn: tuple[str, ...]
    issuers_changed: tuple[str, ...]
    revocations_added: int


class InstalledBundle(Protocol):
    """The trust bundle in force."""

    def installed(self) -> Bundle | None: ...


class Trust(InstalledBundle, Protocol):
    """The installed bundle with its pinned root, and how another takes its place."""

    def propose(self, data: bytes) -> BundleChange:
        """What importing would do. Refused where it must not be imported."""

    def stage(self, data: bytes, root: bytes) -> Bundle:
        """Put a bundle down beside the one in force, ``root`` confirmed at the first import."""

    def finish(self) -> None:
        """Make the staged one the one in force; wholly old or wholly new on disk."""
