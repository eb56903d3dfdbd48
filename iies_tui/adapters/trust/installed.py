"""The trust bundle that is installed on a terminal, and its pinned root (``docs/bundle.md``).

One file, ``<state>/trust/bundle.iies``, holds both: the bundle as the authority signed it, whose
own root is the pinned one. It is replaced as a whole, so whatever dies in between leaves wholly the
old or wholly the new. It only ever moves up in version, under the same root or one that the pinned
root signed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from iies_tui.adapters.machine import files
from iies_tui.adapters.trust import bundle_reader
from iies_tui.adapters.trust.bundle_format import MAX_BUNDLE, SignedBundle
from iies_tui.adapters.trust.root import leads_to
from iies_tui.domain.bundle import Bundle
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.insurer import Insurer, compare
from iies_tui.issuance.ports.trust import BundleChange

FILE = "bundle.iies"
STAGED = "bundle.iies.next"
"""A bundle whose import has begun."""


class InstalledTrust:
    """Port ``Trust`` on ``<state>/trust``."""

    def __init__(self, directory: Path) -> None:
        """``directory`` is made at the first install, not before."""
        self._directory = directory
        self._cached: tuple[tuple[int, int, int], bytes, Bundle] | None = None

    @property
    def path(self) -> Path:
        """Where the installed bundle lies."""
        return self._directory / FILE

    @property
    def _staged(self) -> Path:
        return self._directory / STAGED

    def installed(self) -> Bundle | None:
        """The bundle in force, None before the first import. MachineFailed ``bundle_damaged``."""
        found = self._load()
        return found[1] if found else None

    def digest(self) -> bytes | None:
        """SHA-256 of what is installed, None before the first import."""
        found = self._load()
        return hashlib.sha256(found[0]).digest() if found else None

    def propose(self, data: bytes) -> BundleChange:
        """What importing would change.

        Refused as ``bundle_reader.read``, and ``bundle_root_differs`` (another authority),
        ``bundle_older``, ``bundle_forked`` (the installed version with another content),
        ``bundle_training_mismatch``.
        """
        signed = bundle_reader.read(data)
        found = self._load()
        if found is not None:
            _check_successor(found[0], found[1], data, signed)
        return change(found[1] if found else None, signed.bundle)

    def stage(self, data: bytes, root: bytes) -> Bundle:
        """Check the bundle and put it down beside the one in force; on disk on return.

        At the first import ``root`` is the 32-byte root that the user has confirmed: Refused
        ``bundle_root_needed`` where it is empty, ``bundle_root_differs`` where it is not the
        bundle's. Later ones need none. Otherwise as ``propose``.
        """
        proposed = self.propose(data)
        if proposed.new_root:
            if not root:
                raise Refused("bundle_root_needed", words=proposed.new.root_words)
            if root != proposed.new.root:
                raise Refused("bundle_root_differs", words=proposed.new.root_words)
        files.private_directory(self._directory)
        files.remove_leftovers(self._staged)
        files.write_atomically(self._staged, data)
        return proposed.new

    def staged(self) -> bytes | None:
        """SHA-256 of what ``stage`` left and ``finish`` has not taken up, None where nothing."""
        data = files.read_private(self._staged, MAX_BUNDLE)
        return None if data is None else hashlib.sha256(data).digest()

    def finish(self) -> None:
        """Make the staged bundle the one in force; on disk on return. MachineFailed.

        Nothing to do where another process has done it.
        """
        files.move_into_place(self._staged, self.path)

    def _load(self) -> tuple[bytes, Bundle] | None:
        """The installed bytes and what they say, parsed anew only where the file is another."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise files.failed(error, self.path, reading=True) from error
        mark = (status.st_ino, status.st_mtime_ns, status.st_size)
        if self._cached is None or self._cached[0] != mark:
            data = files.read_private(self.path, MAX_BUNDLE)
            if data is None:
                return None
            try:
                self._cached = (mark, data, bundle_reader.read(data).bundle)
            except Refused as error:
                raise MachineFailed("bundle_damaged", path=str(self.path)) from error
        return self._cached[1:]


def _check_successor(old_data: bytes, old: Bundle, data: bytes, signed: SignedBundle) -> None:
    new = signed.bundle
    if not leads_to(old.root, signed.succession, new.root):
        raise Refused("bundle_root_differs", words=new.root_words)
    if new.training != old.training:
        raise Refused("bundle_training_mismatch")
    if new.version < old.version:
        raise Refused("bundle_older", installed=old.version, offered=new.version)
    if new.version == old.version and data != old_data:
        raise Refused("bundle_forked", version=new.version)


def change(old: Bundle | None, new: Bundle) -> BundleChange:
    """What ``new`` changes, in lines that a clerk can read (``901 NORTH COUNTRY MUTUAL``).

    ``new_root`` is true where a user has to confirm the root.
    """
    insurers = compare(old.insurers if old else (), new.insurers)
    old_issuers = {one.license: one for one in old.issuers} if old else {}
    new_issuers = {one.license: one for one in new.issuers}
    old_revocations = set(old.revocations) if old else set()
    return BundleChange(
        old=old,
        new=new,
        new_root=old is None,
        insurers_added=_lines(insurers.added),
        insurers_renamed=_lines(insurers.renamed),
        insurers_withdrawn=_lines(insurers.withdrawn),
        issuers_changed=tuple(
            sorted(
                license
                for license in old_issuers.keys() | new_issuers.keys()
                if old_issuers.get(license) != new_issuers.get(license)
            )
        ),
        revocations_added=sum(one not in old_revocations for one in new.revocations),
    )


def _lines(insurers: tuple[Insurer, ...]) -> tuple[str, ...]:
    return tuple(f"{one.icc} {one.name}" for one in insurers)
