"""What the terminal trusts: bundle and unsigned insurer list, each shown before it counts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from iies_tui.domain import new_york
from iies_tui.domain.bundle import Bundle
from iies_tui.domain.errors import Refused
from iies_tui.session import protocol, to_protocol
from iies_tui.session.handlers.state import SessionState, Table, read_file
from iies_tui.session.protocol.frames import Call

MAX_FILE = 32 * 1024 * 1024
"""Bytes of a bundle; a list may have fewer, which its reader says."""


class TrustHandlers:
    """One method a request; ``terminal`` tells the terminal as it is afterwards."""

    def __init__(self, session: SessionState, terminal: Callable[[], protocol.Terminal]) -> None:
        self._session = session
        self._terminal = terminal

    def table(self) -> Table:
        return dict(
            [
                protocol.ProposeBundle.by(self._propose_bundle),
                protocol.ImportBundle.by(self._import_bundle),
                protocol.ProposeInsurers.by(self._propose_insurers),
                protocol.ImportInsurers.by(self._import_insurers),
                protocol.RemoveInsurers.by(self._remove_insurers),
            ]
        )

    def _propose_bundle(self, call: Call[protocol.ProposeBundle]) -> protocol.BundleProposed:
        services = self._session.services
        data = read_file(Path(call.body.path), MAX_FILE)
        return to_protocol.proposal(
            services.trust.propose(data), new_york.day_of(services.clock.now()), _digest(data)
        )

    def _import_bundle(self, call: Call[protocol.ImportBundle]) -> protocol.Terminal:
        services = self._session.services
        data = read_file(Path(call.body.path), MAX_FILE)
        change = services.trust.propose(data)
        _check_shown(call.body, data)
        if change.new_root and not _root_matches(call.body.root, change.new):
            raise Refused("bundle_root_needed", words=change.new.root_words)
        services.import_bundle(data, change.new.root)
        return self._terminal()

    def _propose_insurers(self, call: Call[protocol.ProposeInsurers]) -> protocol.InsurersProposed:
        data = read_file(Path(call.body.path), MAX_FILE)
        change = self._session.services.import_insurers.propose(data)
        return to_protocol.insurers_proposal(change, _digest(data))

    def _import_insurers(self, call: Call[protocol.ImportInsurers]) -> protocol.Terminal:
        data = read_file(Path(call.body.path), MAX_FILE)
        _check_shown(call.body, data)
        self._session.services.import_insurers(data)
        return self._terminal()

    def _remove_insurers(self, call: Call[protocol.RemoveInsurers]) -> protocol.Terminal:
        self._session.services.import_insurers.remove()
        return self._terminal()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _check_shown(wanted: protocol.ImportBundle | protocol.ImportInsurers, data: bytes) -> None:
    """What is installed is what was shown, though the file may be another by now."""
    if wanted.digest and wanted.digest != _digest(data):
        raise Refused("import_changed", path=wanted.path)


def _root_matches(given: str, bundle: Bundle) -> bool:
    """The fingerprint as hexadecimal or as words, blanks and case aside."""
    folded = "".join(given.split()).lower()
    fingerprint = hashlib.sha256(bundle.root).hexdigest()
    return bool(folded) and folded in (fingerprint, "".join(bundle.root_words.split()).lower())
