"""What the owner changes: trailed first, the password bound to its server, issuers told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given, strategies as st

from iies_tui.domain.errors import MachineFailed, Problem, Refused
from iies_tui.domain.owner import OWNER
from iies_tui.domain.trail import Event
from iies_tui.domain.trail_details import fits
from iies_tui.issuance.terminal_settings import (
    LEADS_ELSEWHERE,
    NOT_HERE,
    TerminalSettings,
    confirm,
    unseen,
)
from tests.support.fakes import Edges, FakeClock, FakePrinter, FakeRegister, FakeTrail, Killed

NAMES = (
    "printer.queue", "folder.path", "authority.contact", "mail.server", "mail.port",
    "mail.security", "mail.user", "mail.from", "mail.password_file", "mail.ca_file",
)  # fmt: skip
SETTABLE = sorted(set(NAMES) - NOT_HERE - {"printer.queue"})


@dataclass
class FakeStore:
    edges: Edges
    kept: dict[str, str] = field(default_factory=lambda: dict.fromkeys(NAMES, ""))

    def texts(self) -> Mapping[str, str]:
        return dict(self.kept)

    def problems(self, values: Mapping[str, str]) -> tuple[Problem, ...]:
        return tuple(Problem(name, "config_text") for name, text in values.items() if text == "BAD")

    def write(self, values: Mapping[str, str]) -> None:
        self.edges.before()
        self.kept.update(values)
        self.edges.after()


@dataclass
class FakePassword:
    edges: Edges
    kept: bytes = b""
    fixed: bool = False

    def is_set(self) -> bool:
        return bool(self.kept)

    def is_fixed(self) -> bool:
        return self.fixed

    def check(self, password: bytes | bytearray) -> None:
        if not password:
            raise Refused("mail_password_typed")

    def put(self, password: bytes | bytearray) -> None:
        self.edges.before()
        self.kept = bytes(password)
        self.edges.after()

    def erase(self) -> None:
        self.edges.before()
        self.kept = b""
        self.edges.after()


class Terminal:
    def __init__(self, edges: Edges | None = None) -> None:
        self.edges = edges or Edges()
        self.store = FakeStore(self.edges)
        self.password = FakePassword(self.edges)
        self.printer = FakePrinter(names=("FRONT", "BACK"))
        self.trail = FakeTrail(FakeClock(), self.edges)
        self.settings = TerminalSettings(self.store, self.password, self.printer, self.trail)

    def told(self) -> list[str]:
        rows = [row for row in self.trail.chain if row.event is Event.SETTINGS_CHANGED]
        assert all(row.actor == OWNER and fits(row) for row in rows)
        return [str(row.details["names"]) for row in rows]


def test_only_what_differs_is_changed_and_told_by_name_without_its_value() -> None:
    terminal = Terminal()
    changed = terminal.settings.change({"folder.path": "/srv/cards ", "authority.contact": ""})
    assert changed == ("folder.path",)
    assert terminal.store.kept["folder.path"] == "/srv/cards"
    assert terminal.told() == ["folder.path"]
    assert terminal.settings.change({"folder.path": "/srv/cards"}) == ()
    assert terminal.told() == ["folder.path"]


def test_a_printer_that_does_not_exist_cannot_be_saved() -> None:
    terminal = Terminal()
    with pytest.raises(Refused, match="settings_refused") as refused:
        terminal.settings.change({"printer.queue": "FORNT", "folder.path": "/srv"})
    (problem,) = refused.value.problems
    assert (problem.field, problem.code) == ("printer.queue", "no_such_queue")
    assert terminal.store.kept["folder.path"] == "" and not terminal.told()
    terminal.settings.change({"printer.queue": "BACK"})
    terminal.printer.names = ("FRONT",)  # it was taken away: other settings may still be changed
    terminal.settings.change({"printer.queue": "BACK", "folder.path": "/srv"})
    terminal.settings.change({"printer.queue": ""})


def test_a_printer_cannot_be_set_while_nobody_can_say_which_there_are() -> None:
    terminal = Terminal()
    terminal.printer.failure = MachineFailed("cups_down")
    with pytest.raises(MachineFailed, match="cups_down"):
        terminal.settings.change({"printer.queue": "FRONT"})
    assert terminal.settings.change({"folder.path": "/srv"}) == ("folder.path",)


@pytest.mark.parametrize("name", [*sorted(NOT_HERE), "mail.password", "owner.code", "x"])
def test_the_paths_of_secrets_cannot_be_set_here(name: str) -> None:
    terminal = Terminal()
    assert name not in terminal.settings.texts()
    with pytest.raises(Refused, match="setting_not_here"):
        terminal.settings.change({name: "/tmp/x"})
    assert not terminal.told()


def test_every_fault_is_told_and_nothing_is_saved() -> None:
    terminal = Terminal()
    with pytest.raises(Refused) as refused:
        terminal.settings.change({"folder.path": "BAD", "mail.from": "BAD", "mail.port": "25"})
    assert {one.field for one in refused.value.problems} == {"folder.path", "mail.from"}
    with pytest.raises(Refused, match="mail_password_typed"):
        terminal.settings.change({"mail.port": "25"}, b"")
    assert terminal.store.kept["mail.port"] == "" and not terminal.told()


@given(
    values=st.dictionaries(st.sampled_from(SETTABLE), st.sampled_from(["", "a", "b"])),
    password=st.none() | st.just(b"new"),
    dies=st.integers(0, 5),
    after=st.booleans(),
)
def test_the_old_password_never_meets_another_server_whatever_dies(
    values: dict[str, str], password: bytes | None, dies: int, after: bool
) -> None:
    edges = Edges(**{"kill_after" if after else "kill_before": dies})
    terminal = Terminal(edges)
    terminal.password.kept = b"old"
    try:
        terminal.settings.change(values, password)
        died = False
    except Killed:
        died = True
    changed = {name for name, text in terminal.store.kept.items() if text}
    elsewhere = bool(changed & LEADS_ELSEWHERE)
    assert not (elsewhere and terminal.password.kept == b"old")
    told = set(" ".join(terminal.told()).split())
    assert changed <= told
    assert terminal.password.kept == b"old" or "mail.password" in told
    if not died:
        wanted = {name for name, text in values.items() if text}
        assert changed == wanted
        left = b"" if elsewhere else b"old"
        assert terminal.password.kept == (password or left)


def test_a_password_that_the_system_gives_binds_the_server() -> None:
    terminal = Terminal()
    terminal.password.kept, terminal.password.fixed = b"unit's", True
    for values, password in (({"mail.server": "b"}, None), ({}, b"new")):
        with pytest.raises(Refused, match="mail_password_fixed"):
            terminal.settings.change(values, password)
    assert terminal.settings.change({"folder.path": "/srv"}) == ("folder.path",)
    assert terminal.told() == ["folder.path"]


def test_each_issuer_is_told_until_it_confirms() -> None:
    terminal, one, two = Terminal(), FakeRegister(), FakeRegister()
    assert unseen(one, terminal.trail) == ()
    terminal.settings.change({"mail.server": "b", "folder.path": "/srv"})
    terminal.settings.change({"mail.from": "c"})
    names = ("folder.path", "mail.from", "mail.server")
    assert unseen(one, terminal.trail) == unseen(two, terminal.trail) == names
    confirm(one, terminal.trail)
    assert unseen(one, terminal.trail) == () and unseen(two, terminal.trail) == names
    terminal.settings.change({"mail.from": "d"})
    assert unseen(one, terminal.trail) == ("mail.from",)


def test_a_register_put_back_is_told_again() -> None:
    terminal, register = Terminal(), FakeRegister()
    terminal.settings.change({"mail.server": "b"})
    register.set_setting("settings_seen", True)
    assert unseen(register, terminal.trail) == ("mail.server",)
