"""Sign-on attempts: counted before the PIN is tried, in two places, against a simple model."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from iies_tui.adapters.keys import throttle
from iies_tui.adapters.keys.throttle import LIMIT, WAITS, FileThrottle
from iies_tui.adapters.machine.files import write_atomically
from iies_tui.domain.errors import MachineFailed
from tests.support.fakes import FakeClock

LICENSE = "BR-123456/123"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def made(tmp_path: Path, clock: FakeClock) -> FileThrottle:
    return FileThrottle(tmp_path / "state", tmp_path / "pepper", clock)


def test_waits_grow_and_the_tenth_failure_disables(made: FileThrottle, clock: FakeClock) -> None:
    waits = []
    for number in range(1, LIMIT + 1):
        state = made.count(LICENSE)
        assert state.failures == number
        waits.append(state.wait)
        assert state.disabled is (number == LIMIT)
        clock.pass_seconds(1000)
    assert waits == [0, 1, 5, 30, 60, 60, 60, 60, 60, 60]


def test_a_wait_runs_down_on_the_boot_clock_and_not_on_the_walls(
    made: FileThrottle, clock: FakeClock
) -> None:
    for _ in range(4):
        made.count(LICENSE)
    clock.wall = clock.wall.replace(year=2030)
    assert made.state(LICENSE).wait == 30
    clock.since_boot += 10
    assert made.state(LICENSE).wait == 20


def test_a_reboot_starts_the_wait_again(made: FileThrottle, clock: FakeClock) -> None:
    for _ in range(4):
        made.count(LICENSE)
    clock.since_boot, clock.boot_name = 3.0, "boot-2"
    assert made.state(LICENSE).wait == 27


def test_right_or_entered_again_clears(made: FileThrottle, tmp_path: Path) -> None:
    for _ in range(LIMIT):
        made.count(LICENSE)
    made.clear(LICENSE)
    state = made.state(LICENSE)
    assert (state.failures, state.wait, state.disabled, state.alarm) == (0, 0, False, False)


def test_counted_on_disk_in_both_places(made: FileThrottle, tmp_path: Path) -> None:
    made.count(LICENSE)
    (first,) = (tmp_path / "state" / "issuers").glob("*.attempts")
    (second,) = (tmp_path / "pepper").glob("*.attempts")
    assert first.read_bytes() == second.read_bytes()
    assert b"@" not in first.read_bytes()


def test_an_older_state_directory_put_back_gives_no_attempt_and_is_told(
    made: FileThrottle, tmp_path: Path, clock: FakeClock
) -> None:
    made.count(LICENSE)
    shutil.copytree(tmp_path / "state", tmp_path / "copy")
    for _ in range(5):
        made.count(LICENSE)
    shutil.rmtree(tmp_path / "state")
    (tmp_path / "copy").rename(tmp_path / "state")
    again = FileThrottle(tmp_path / "state", tmp_path / "pepper", clock)
    state = again.state(LICENSE)
    assert state.failures == 6 and state.alarm
    assert again.count(LICENSE).alarm
    assert not again.state(LICENSE).alarm


@pytest.mark.parametrize("place", ["state/issuers", "pepper"])
@pytest.mark.parametrize("data", [b"", b"\xff" * 20, b"\x85\x01\x00\x05\x60\x00", b"\xa0"])
def test_a_damaged_count_disables_and_setup_lifts_it(
    made: FileThrottle, tmp_path: Path, place: str, data: bytes
) -> None:
    made.count(LICENSE)
    (path,) = (tmp_path / place).glob("*.attempts")
    path.write_bytes(data)
    assert made.state(LICENSE).disabled
    made.clear(LICENSE)
    assert not made.state(LICENSE).disabled


def test_a_disk_that_fails_counts_nothing_and_disables_nobody(
    made: FileThrottle, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.count(LICENSE)
    real = write_atomically

    def full(path: Path, data: bytes) -> None:
        if "issuers" in str(path):
            raise MachineFailed("disk_full", path=str(path))
        real(path, data)

    monkeypatch.setattr(throttle, "write_atomically", full)
    for _ in range(LIMIT):
        with pytest.raises(MachineFailed, match="disk_full"):
            made.count(LICENSE)
    monkeypatch.undo()
    state = made.state(LICENSE)
    assert (state.failures, state.alarm) == (1, False)


class Model(RuleBasedStateMachine):
    """What must hold whatever comes in which order: failures are never forgotten."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.clock = FakeClock()
        self.throttle = FileThrottle(self.home / "state", self.home / "pepper", self.clock)
        self.failures = 0
        self.since = self.clock.boot()
        self.kept = False

    def teardown(self) -> None:
        shutil.rmtree(self.home)

    @rule()
    def attempt(self) -> None:
        told = self.throttle.count(LICENSE)
        self.failures += 1
        self.since = self.clock.boot()
        assert told.failures == self.failures

    @rule()
    def right(self) -> None:
        self.throttle.clear(LICENSE)
        self.failures = 0

    @rule(seconds=st.integers(0, 90))
    def time_passes(self, seconds: int) -> None:
        self.clock.pass_seconds(seconds)

    @rule(days=st.integers(-400, 400))
    def somebody_sets_the_clock(self, days: int) -> None:
        self.clock.wall = self.clock.wall.fromtimestamp(
            1_800_000_000 + days * 86_400, self.clock.wall.tzinfo
        )

    @rule()
    def reboot(self) -> None:
        self.clock.boot_name += "'"
        self.clock.since_boot = 0.0
        self.since = 0.0

    @rule()
    def keep_a_copy(self) -> None:
        shutil.rmtree(self.home / "copy", ignore_errors=True)
        shutil.copytree(self.home / "state", self.home / "copy")
        self.kept = True

    @precondition(lambda self: self.kept and self.failures > 0)
    @rule()
    def put_the_copy_back(self) -> None:
        shutil.rmtree(self.home / "state")
        shutil.copytree(self.home / "copy", self.home / "state")

    @invariant()
    def nothing_is_forgotten(self) -> None:
        state = self.throttle.state(LICENSE)
        assert state.failures >= self.failures
        assert state.disabled or self.failures < LIMIT
        passed = self.clock.boot() - self.since
        least = WAITS[min(self.failures, len(WAITS) - 1)] - passed
        assert state.wait >= max(0.0, least) - 1.0


TestModel = Model.TestCase
TestModel.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
