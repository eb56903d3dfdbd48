"""From a keystroke to the insurer list within one frame, through a real session's socket."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

BENCH = Path(__file__).parent.parent / "bench"
FRAME_MS = 1000 / 60


def test_a_thousand_insurers_within_a_frame(
    monkeypatch: pytest.MonkeyPatch,
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    measured = runpy.run_path(str(BENCH / "look_up.py"))["measure"]()
    sys.modules.pop("insurers", None)
    record_figure("insurer look-up through the session", measured)
    assert measured["median_ms"] < FRAME_MS
