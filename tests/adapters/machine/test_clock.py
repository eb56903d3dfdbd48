"""The machine's clocks."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from iies_tui.adapters.machine.clock import SystemClock
from iies_tui.adapters.machine.identity import machine_mark


def test_the_wall_clock_is_utc_in_whole_seconds() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC and now.microsecond == 0
    assert abs((datetime.now(UTC) - now).total_seconds()) < 2


def test_the_boot_clock_runs_and_the_boot_has_a_name() -> None:
    clock = SystemClock()
    before = clock.boot()
    time.sleep(0.01)
    assert 0.01 <= clock.boot() - before < 5
    assert len(clock.boot_id()) == 36 and clock.boot_id() == SystemClock().boot_id()


def test_the_machines_mark_does_not_give_its_id_away() -> None:
    assert len(machine_mark()) == 8
    assert machine_mark() == machine_mark()
