"""A trust bundle that lies there without having been imported counts as none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from iies_tui.domain.bundle import Bundle
from iies_tui.domain.trail import TERMINAL, Event
from iies_tui.issuance.trust.imported_bundle import ImportedTrust
from tests.support import trust_samples
from tests.support.fakes import FakeTrail

OLD, NEW = b"version 2", b"version 3"


@dataclass
class Files:
    data: bytes | None = None
    next: bytes | None = None

    def installed(self) -> Bundle | None:
        return trust_samples.bundle() if self.data else None

    def digest(self) -> bytes | None:
        return hashlib.sha256(self.data).digest() if self.data else None

    def staged(self) -> bytes | None:
        return hashlib.sha256(self.next).digest() if self.next else None

    def finish(self) -> None:
        self.data, self.next = self.next, None


def imported(trail: FakeTrail, data: bytes) -> None:
    trail.append(Event.BUNDLE_IMPORTED, TERMINAL, {"bundle": hashlib.sha256(data).digest()})


def test_what_was_imported_last_is_believed() -> None:
    trail, files = FakeTrail(), Files()
    trust = ImportedTrust(files, trail.last)  # type: ignore[arg-type]
    assert trust.installed() is None and not trust.replaced()
    for data in (OLD, NEW):
        imported(trail, data)
        files.data = data
        assert trust.installed() is not None and not trust.replaced()


def test_an_older_one_put_back_or_a_stranger_is_none() -> None:
    trail, files = FakeTrail(), Files(NEW)
    trust = ImportedTrust(files, trail.last)  # type: ignore[arg-type]
    assert trust.replaced() and trust.installed() is None
    imported(trail, OLD)
    imported(trail, NEW)
    for data in (OLD, b"a rogue authority's"):
        files.data = data
        assert trust.replaced() and trust.installed() is None


def test_an_import_that_died_after_its_row_is_finished() -> None:
    for before in (None, OLD):
        trail, files = FakeTrail(), Files(before, next=NEW)
        trust = ImportedTrust(files, trail.last)  # type: ignore[arg-type]
        if before:
            imported(trail, before)
        assert not trust.replaced() and files.data == before  # no row yet: the old one
        imported(trail, NEW)
        assert trust.installed() is not None and not trust.replaced()
        assert (files.data, files.next) == (NEW, None)


def test_a_staged_stranger_is_not_put_in_force() -> None:
    trail, files = FakeTrail(), Files(OLD, next=b"a rogue authority's")
    trust = ImportedTrust(files, trail.last)  # type: ignore[arg-type]
    imported(trail, NEW)
    assert trust.replaced() and trust.installed() is None
    assert files.data == OLD
