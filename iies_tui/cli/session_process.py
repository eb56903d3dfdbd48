"""``_session``: the other side of ``session.client``; started by the program, never by hand."""

from __future__ import annotations

import argparse
import socket
from pathlib import Path


def serve(arguments: argparse.Namespace) -> int:
    """Serve the inherited socket until it closes or a deadline passes."""
    from iies_tui import bootstrap
    from iies_tui.adapters.machine.clock import SystemClock
    from iies_tui.session.hardening import no_watchers
    from iies_tui.session.worker import Worker
    from iies_tui.tui.terminal.terminal import give_back

    state = bootstrap.state_directory(arguments.state)
    connection = socket.socket(fileno=arguments.socket)
    device = arguments.terminal
    if device:  # a clerk's secrets will come here; a command's caller knows what it runs under
        no_watchers()
    Worker(
        connection,
        lambda: bootstrap.services(Path(state)),
        SystemClock(),
        at_end=(lambda: give_back(device)) if device else lambda: None,
    ).run()
    return 0
