"""An import of a bundle killed at any line leaves the old one or the new, and nothing is stuck."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from iies_tui.adapters.machine import files
from iies_tui.adapters.records import trail
from iies_tui.adapters.records.trail import TrailFile
from iies_tui.adapters.trust import installed as bundles
from iies_tui.adapters.trust.installed import InstalledTrust
from iies_tui.issuance.trust import import_bundle, imported_bundle as witness
from iies_tui.issuance.trust.import_bundle import ImportBundle
from iies_tui.issuance.trust.imported_bundle import ImportedTrust
from tests.support.authority_helpers import SetClock
from tests.support.trust_samples import ISSUED, ROOT_PUBLIC, bundle, signed

OLD, NEW = signed(bundle(version=7)), signed(bundle(version=8))
WATCHED = frozenset(
    str(module.__file__) for module in (bundles, files, trail, import_bundle, witness)
)
"""Whose lines are the points to be killed at: all that touches the disk in an import."""


def _open(state: Path) -> tuple[ImportedTrust, TrailFile]:
    rows = TrailFile(state / "trail.db", SetClock(ISSUED))
    return ImportedTrust(InstalledTrust(state / "trust"), rows.last), rows


def _import(state: Path, data: bytes) -> None:
    trust, rows = _open(state)
    try:
        ImportBundle(trust, rows)(data, ROOT_PUBLIC)
    finally:
        rows.close()


def _at_line(number: int) -> Callable[[FrameType, str, Any], Any]:
    """A tracer that kills the process at the so-many-th line; below 0 it only counts."""
    seen = [0]

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename not in WATCHED:
            return None
        if event == "line":
            if seen[0] == number:
                os.kill(os.getpid(), signal.SIGKILL)
            seen[0] += 1
        return trace

    trace.seen = seen  # type: ignore[attr-defined]
    return trace


def _lines(state: Path) -> int:
    tracer = _at_line(-1)
    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        _import(state, NEW)
    finally:
        sys.settrace(before)
    return int(tracer.seen[0])  # type: ignore[attr-defined]


def _killed_at(state: Path, line: int) -> None:
    child = os.fork()
    if child == 0:
        try:
            sys.settrace(_at_line(line))
            _import(state, NEW)
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.heavy
@pytest.mark.parametrize("before", [None, OLD], ids=["first import", "later import"])
def test_killed_at_every_line(
    before: bytes | None, tmp_path: Path, full_count: Callable[..., int]
) -> None:
    start = tmp_path / "start"
    start.mkdir(mode=0o700)
    if before is not None:
        _import(start, before)
    shutil.copytree(start, tmp_path / "counted")
    lines = _lines(tmp_path / "counted")
    assert lines > 100
    count = full_count("bundle import killed at a line", sample=12, full=lines)
    ended: set[int | None] = set()
    for number in range(count):
        state = tmp_path / f"state-{number}"
        shutil.copytree(start, state)
        _killed_at(state, number * (lines - 1) // (count - 1))
        trust, rows = _open(state)
        installed = trust.installed()
        assert not trust.replaced(), "what is in force is what the trail names"
        ended.add(installed.version if installed else None)
        rows.close()
        _import(state, NEW)  # and the next import is as good as the first
        trust, rows = _open(state)
        assert trust.installed() is not None and not trust.replaced()
        assert [path.name for path in (state / "trust").iterdir()] == ["bundle.iies"]
        rows.close()
        shutil.rmtree(state)
    assert ended == {7 if before else None, 8}
