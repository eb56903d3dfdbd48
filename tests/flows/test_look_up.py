"""From a keystroke to the insurer list, through a real session's socket: a figure, no verdict."""

from __future__ import annotations

from collections.abc import Callable

from tests.bench import look_up


def test_the_look_up_is_measured_through_a_real_session(
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    measured = look_up.measure()
    record_figure("insurer look-up through the session", {**measured})
    assert measured["insurers"] == 1000 and measured["median_ms"] > 0
