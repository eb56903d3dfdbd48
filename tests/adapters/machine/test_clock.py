"""The machine's clocks."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from iies_tui.adapters.machine.clock import SystemClock
from iies_tui.adapters.machine.identity import machine_mark


def test_the_wall_clock_is_utc_in_whole_seconds() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC and now.microsecond == 0
    assert abs((datetime.now(UTC) - now).total_seconds()) < 2


def test_today_is_the_terminals_own_day(monkeypatch: pytest.MonkeyPatch) -> None:
    found = set()
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        found.add(SystemClock().today())
    monkeypatch.undo()
    time.tzset()
    assert len(found) == 2  # 26 hours apart: never the same day


def test_the_boot_clock_runs_and_the_boot_has_a_name() -> None:
    clock = SystemClock()
    before = clock.boot()
    time.sleep(0.01)
    assert 0.01 <= clock.boot() - before < 5
    assert len(clock.boot_id()) == 36 and clock.boot_id() == SystemClock().boot_id()


def test_the_machines_mark_does_not_give_its_id_away() -> None:
    assert len(machine_mark()) == 8
    assert machine_mark() == machine_mark()
