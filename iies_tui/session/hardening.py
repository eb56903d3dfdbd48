"""A process that nobody else of this user reads: no core, no ptrace, no error that shows a value.

Called first of all, before anything slow is imported: until then the process is as open as any.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
import threading
from pathlib import Path

from iies_tui.domain.errors import MachineFailed

_PR_SET_DUMPABLE = 4


def no_core_dumps() -> None:
    """No core file and no ptrace by the same user, in this process; no core in what it starts."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def no_watchers() -> None:
    """Nobody but root is tracing this process since before it was closed to others.

    Raise MachineFailed ``traced`` with ``pid`` and ``command``. Call it after ``no_core_dumps``:
    from then on nobody else can begin.
    """
    pid = _tracer()
    if not pid:
        return
    try:
        owner = Path(f"/proc/{pid}").stat().st_uid
        command = Path(f"/proc/{pid}/comm").read_text("utf-8", "replace").strip()
    except OSError:
        owner, command = os.getuid(), "?"
    if owner != 0:  # root needs no ptrace
        raise MachineFailed("traced", pid=pid, command=command)


def _tracer() -> int:
    try:
        lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
        return int(next(one for one in lines if one.startswith("TracerPid:")).split()[1])
    except (OSError, ValueError, StopIteration):
        return 0


def quiet_interpreter() -> None:
    """Python's own reports quote what went wrong, data with it: they are not printed.

    What reaches the interpreter's edge is told by kind and place alone, by whoever runs there.
    """
    threading.excepthook = lambda _: None
    sys.unraisablehook = lambda _: None
    sys.excepthook = lambda kind, error, trace: None
