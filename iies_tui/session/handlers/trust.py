"""What the terminal trusts: bundle and unsigned insurer list, each shown before it counts."""

from __future__ import annotations

import hashlib
from pathlib import Path

from iies_tui.domain.bundle import Bundle
from iies_tui.domain.errors import Refused
from iies_tui.session import protocol
from iies_tui.session import to_protocol as infos
from iies_tui.session.handlers.state import Call, Handler, Room, read_file

MAX_FILE = 32 * 1024 * 1024
"""Bytes of a bundle; a list may have fewer, which its reader says."""


class TrustHandlers:
    """One method a request; ``hello`` tells the terminal as it is afterwards."""

    def __init__(self, room: Room, hello: Handler) -> None:
        self._room = room
        self._hello = hello

    def table(self) -> dict[type, Handler]:
        """The requests answered here."""
        return {
            protocol.ImportBundle: self._import_bundle,
            protocol.ImportInsurers: self._import_insurers,
            protocol.RemoveInsurers: self._remove_insurers,
        }

    def _import_bundle(self, call: Call) -> object:
        services = self._room.services
        data = read_file(Path(call.body.path), MAX_FILE)
        change = services.trust.propose(data)
        if not call.body.confirm:
            return infos.proposal(change, services.clock.today(), _digest(data))
        _check_shown(call, data)
        if change.new_root and not _root_matches(call.body.root, change.new):
            raise Refused("bundle_root_needed", words=change.new.root_words)
        services.import_bundle(data, change.new.root)
        return self._hello(call)

    def _import_insurers(self, call: Call) -> object:
        data = read_file(Path(call.body.path), MAX_FILE)
        change = self._room.services.import_insurers.propose(data)
        if not call.body.confirm:
            return infos.insurers_proposal(change, _digest(data))
        _check_shown(call, data)
        self._room.services.import_insurers(data)
        return self._hello(call)

    def _remove_insurers(self, call: Call) -> object:
        self._room.services.import_insurers.remove()
        return self._hello(call)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _check_shown(call: Call, data: bytes) -> None:
    """What is installed is what was shown, though the file may be another by now."""
    if call.body.digest and call.body.digest != _digest(data):
        raise Refused("import_changed", path=call.body.path)


def _root_matches(given: str, bundle: Bundle) -> bool:
    """The fingerprint as hexadecimal or as words, blanks and case aside."""
    folded = "".join(given.split()).lower()
    fingerprint = hashlib.sha256(bundle.root).hexdigest()
    return bool(folded) and folded in (fingerprint, "".join(bundle.root_words.split()).lower())
