"""The owner's code: checked like a PIN, its own count, told to whoever signs on, kill points."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from iies_tui.adapters.keys.owner_vault import FileOwnerVault, owner_mark
from iies_tui.adapters.keys.pepper import Pepper, Source
from iies_tui.adapters.keys.throttle import LIMIT, WAITS, FileThrottle
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.owner import OWNER
from iies_tui.domain.trail import TERMINAL, Event
from iies_tui.domain.trail_details import fits
from iies_tui.issuance.keys.owner_code import OwnerCode
from tests.support.fakes import Edges, FakeClock, FakeTrail, Killed
from tests.support.key_terminal import CHEAP, LICENSE

CODE, OTHER, WRONG = b"four words", b"five words", b"no words at all"


@dataclass
class Dying:
    """A real adapter that may die before or after each of its writes."""

    inner: Any
    edges: Edges
    writes: tuple[str, ...]

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.inner, name)
        if name not in self.writes:
            return value

        def write(*arguments: Any) -> Any:
            self.edges.before()
            result = value(*arguments)
            self.edges.after()
            return result

        return write


class Terminal:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.clock = FakeClock()
        self.edges = Edges()
        self.trail = FakeTrail(self.clock)
        self.throttle = FileThrottle(
            home / "state", home / "pepper", self.clock, "owner", owner_mark
        )
        pepper = Pepper(bytes(32), Source.FILE, home)
        self.vault = FileOwnerVault(home / "state", pepper, os.urandom, CHEAP)

    @property
    def code(self) -> OwnerCode:
        return OwnerCode(
            Dying(self.vault, self.edges, ("put",)),
            Dying(self.throttle, self.edges, ("count", "clear")),
            Dying(self.trail, self.edges, ("append",)),
            self.clock,
        )

    def opens(self, code: bytes) -> bool:
        self.edges = Edges()
        self.clock.pass_seconds(100)
        try:
            self.code.prove(code)
        except Refused as error:
            assert error.code == "owner_code_wrong"
            return False
        return True

    def events(self) -> list[Event]:
        return [row.event for row in self.trail.chain]


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_made_once_and_then_it_alone_opens(terminal: Terminal) -> None:
    with pytest.raises(Refused, match="owner_code_missing"):
        terminal.code.prove(CODE)
    terminal.code.make(CODE, CODE)
    with pytest.raises(Refused, match="owner_code_exists"):
        terminal.code.make(OTHER, OTHER)
    assert terminal.opens(CODE) and not terminal.opens(WRONG) and terminal.opens(CODE)
    row = terminal.trail.chain[0]
    assert (row.event, row.actor) == (Event.SETTINGS_CHANGED, TERMINAL)
    assert row.details == {"names": "owner.code"} and fits(row)


@pytest.mark.parametrize(
    ("code", "again", "told"),
    [
        (b"12345", b"12345", "owner_code_form"),
        (b"x" * 33, b"x" * 33, "owner_code_form"),
        (b"", b"", "owner_code_form"),
        (b"four words", b"four word", "owner_code_differs"),
    ],
)
def test_a_slip_makes_no_code(terminal: Terminal, code: bytes, again: bytes, told: str) -> None:
    with pytest.raises(Refused, match=told):
        terminal.code.make(code, again)
    assert not terminal.code.exists() and not terminal.trail.chain


def test_changed_with_the_old_one_only(terminal: Terminal) -> None:
    terminal.code.make(CODE, CODE)
    with pytest.raises(Refused, match="owner_code_wrong"):
        terminal.code.change(WRONG, OTHER, OTHER)
    terminal.clock.pass_seconds(100)
    with pytest.raises(Refused, match="owner_code_differs"):
        terminal.code.change(CODE, OTHER, CODE)
    assert terminal.opens(CODE)
    terminal.code.change(CODE, OTHER, OTHER)
    assert terminal.opens(OTHER) and not terminal.opens(CODE)
    (changed,) = [r for r in terminal.trail.chain if r.actor == OWNER]
    assert changed.event is Event.SETTINGS_CHANGED


def test_waits_and_limit_are_a_pins_and_no_issuers(terminal: Terminal) -> None:
    terminal.code.make(CODE, CODE)
    issuers = FileThrottle(terminal.home / "state", terminal.home / "pepper", terminal.clock)
    for number in range(1, LIMIT + 1):
        with pytest.raises(Refused, match="owner_code_wrong"):
            terminal.code.prove(WRONG)
        wait = WAITS[min(number, len(WAITS) - 1)]
        if wait and number < LIMIT:
            with pytest.raises(Refused, match="owner_code_wait"):
                terminal.code.prove(CODE)
        terminal.clock.pass_seconds(100)
    with pytest.raises(Refused, match="owner_code_disabled"):
        terminal.code.prove(CODE)
    assert issuers.state(LICENSE).failures == 0
    terminal.code.reset(OTHER, OTHER)
    assert terminal.opens(OTHER)


def test_an_older_state_directory_put_back_is_told(terminal: Terminal) -> None:
    terminal.code.make(CODE, CODE)
    path = terminal.home / "state" / "owner" / "owner.attempts"
    old = path.read_bytes()
    for _ in range(3):
        terminal.throttle.count(OWNER)
    path.write_bytes(old)
    terminal.clock.pass_seconds(100)
    terminal.code.prove(CODE)
    assert Event.COUNTER_ALARM in terminal.events()


def test_a_damaged_file_is_told_and_only_a_reset_mends_it(terminal: Terminal) -> None:
    terminal.code.make(CODE, CODE)
    (terminal.home / "state" / "owner" / "code.vault").write_bytes(b"\xa0")
    with pytest.raises(MachineFailed, match="owner_code_damaged"):
        terminal.code.prove(CODE)
    with pytest.raises(Refused, match="owner_code_exists"):
        terminal.code.make(OTHER, OTHER)
    terminal.code.reset(OTHER, OTHER)
    assert terminal.opens(OTHER)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 6))
def test_whatever_dies_in_a_change_one_code_opens_and_no_change_is_untold(
    terminal: Terminal, at: int, after: bool
) -> None:
    terminal.code.make(CODE, CODE)
    rows = len(terminal.trail.chain)
    terminal.edges = Edges(**{"kill_after" if after else "kill_before": at})
    with pytest.raises(Killed):
        terminal.code.change(CODE, OTHER, OTHER)  # count, clear, append, put, clear
    new = terminal.opens(OTHER)
    assert new != terminal.opens(CODE)
    told = [r for r in terminal.trail.chain[rows:] if r.event is Event.SETTINGS_CHANGED]
    assert told or not new
    assert Event.COUNTER_ALARM not in terminal.events()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 4))
def test_whatever_dies_in_making_it_can_be_made_or_used(
    terminal: Terminal, at: int, after: bool
) -> None:
    terminal.edges = Edges(**{"kill_after" if after else "kill_before": at})
    with pytest.raises(Killed):
        terminal.code.make(CODE, CODE)  # append, put, clear
    terminal.edges = Edges()
    if terminal.code.exists():
        assert terminal.opens(CODE) and Event.SETTINGS_CHANGED in terminal.events()
    else:
        terminal.code.make(OTHER, OTHER)
        assert terminal.opens(OTHER)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [1, 2])
def test_a_death_costs_the_guesser_an_attempt_and_never_gives_one(
    terminal: Terminal, at: int, after: bool
) -> None:
    terminal.code.make(CODE, CODE)
    terminal.edges = Edges(**{"kill_after" if after else "kill_before": at})
    with pytest.raises(Killed):
        terminal.code.prove(WRONG)  # count, append
    counted = terminal.throttle.state(OWNER).failures
    assert counted == (0 if at == 1 and not after else 1)
