"""The trust bundle, the unsigned insurer list, and a root's fingerprint."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from iies_tui.bootstrap.state import TRAIL, TRUST, read_source, read_trail
from iies_tui.domain.errors import Refused

if TYPE_CHECKING:
    from iies_tui.adapters.trust.icc_csv import InsurerTable
    from iies_tui.adapters.trust.installed import InstalledTrust
    from iies_tui.domain.bundle import Bundle
    from iies_tui.domain.insurer import Insurer
    from iies_tui.domain.trail import Event, TrailRow
    from iies_tui.issuance.ports.trust import InstalledBundle, InsurerList
    from iies_tui.issuance.trust.import_insurers import UnsignedInsurers
    from iies_tui.issuance.trust.imported_bundle import ImportedTrust


def bundle_file(state: Path) -> InstalledTrust:
    """The trust bundle's file of a state directory, whoever put it there."""
    from iies_tui.adapters.trust.installed import InstalledTrust

    return InstalledTrust(state / TRUST)


def installed_trust(state: Path) -> ImportedTrust:
    """The trust bundle that this directory's trail saw being imported; needs no lock."""
    from iies_tui.issuance.trust.imported_bundle import ImportedTrust

    def last(event: Event) -> TrailRow | None:
        if not (state / TRAIL).exists():
            return None
        with read_trail(state) as trail:
            return trail.last(event)

    return ImportedTrust(bundle_file(state), last)


def installed_bundle(state: Path, file: str | None) -> Bundle | None:
    """The bundle of a file where one is given, else the installed one; no lock is needed."""
    if file:
        from iies_tui.adapters.trust import bundle_reader

        return bundle_reader.read(read_source(Path(file))).bundle
    trust = installed_trust(state)
    if trust.replaced():
        raise Refused("bundle_replaced")
    return trust.installed()


def unsigned_insurers(state: Path) -> UnsignedInsurers:
    """The unsigned insurer list of a state directory; reading it needs no lock."""
    from iies_tui.adapters.trust.insurer_file import InsurerFile

    return InsurerFile(state / TRUST)


def insurer_list(trust: InstalledBundle, unsigned: UnsignedInsurers) -> Callable[[], InsurerList]:
    """The bundle's insurers and what an unsigned list adds, indexed once a version."""
    from iies_tui.adapters.trust.insurers import InsurerIndex
    from iies_tui.domain.insurer import combine

    kept: list[tuple[Bundle | None, tuple[Insurer, ...], InsurerIndex]] = []

    def current() -> InsurerList:
        bundle, added = trust.installed(), unsigned.installed()
        if not kept or kept[0][0] is not bundle or kept[0][1] is not added:
            signed = bundle.insurers if bundle else ()
            kept[:] = [(bundle, added, InsurerIndex(combine(signed, added)))]
        return kept[0][2]

    return current


def insurer_table(path: Path) -> InsurerTable:
    """Insurers of a CSV file, and notes by line. Refused ``icc_csv`` with problems by line."""
    from iies_tui.adapters.trust.icc_csv import read

    return read(read_source(path))


def fingerprint(root: bytes) -> str:
    """A root's fingerprint, hexadecimal."""
    from iies_tui.adapters.trust import root as roots

    return roots.fingerprint(root)


def root_words(root: bytes) -> str:
    """A root's fingerprint in words."""
    from iies_tui.adapters.trust import root as roots

    return roots.root_words(root)
