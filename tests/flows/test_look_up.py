"""From a keystroke to the insurer list, through a real session's socket: a figure, no verdict."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

BENCH = Path(__file__).parent.parent / "bench"


def test_the_look_up_is_measured_through_a_real_session(
    monkeypatch: pytest.MonkeyPatch,
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    measured = runpy.run_path(str(BENCH / "look_up.py"))["measure"]()
    sys.modules.pop("insurers", None)
    record_figure("insurer look-up through the session", measured)
    assert measured["insurers"] == 1000 and measured["median_ms"] > 0
