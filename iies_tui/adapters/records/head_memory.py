"""What the trail's head was, kept beside the pepper and so outside the state directory.

An older state directory that is put back would announce serials that are out in the world already.
Its trail is then behind this memory, or another chain, and a new epoch is begun. What no memory on
this disk can see is both put back together (docs/trail.md).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from iies_tui.adapters.encoding import cbor as canonical
from iies_tui.adapters.machine.files import private_directory, read_private, write_atomically
from iies_tui.issuance.ports.records import Head

_MAX_FILE = 128


class FileHeadMemory:
    """Port ``HeadMemory``: one small file a state directory, wholly old or wholly new."""

    def __init__(self, state: Path, beside: Path) -> None:
        """``beside``: the directory of the pepper."""
        mark = hashlib.sha256(str(state.resolve()).encode()).hexdigest()[:16]
        self._path = private_directory(beside) / f"head-{mark}"

    def recall(self) -> Head | None:
        """The last head that was remembered; None where there is none or it is damaged."""
        data = read_private(self._path, _MAX_FILE)
        try:
            match canonical.decode(data or b"", max_bytes=_MAX_FILE, max_depth=1):
                case [1, int(seq), bytes(digest)] if seq > 0 and len(digest) == 32:
                    return Head(seq, digest)
        except ValueError:
            pass
        return None

    def remember(self, head: Head) -> None:
        """On disk on return. Raise MachineFailed."""
        write_atomically(self._path, canonical.encode([1, head.seq, head.hash]))
