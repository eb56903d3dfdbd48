"""The owner's page in the session process, on a real state directory: who may, who is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from iies_tui import bootstrap
from iies_tui.adapters import config
from iies_tui.adapters.mail.settings import password_place
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.trail import Event
from iies_tui.session import protocol
from iies_tui.session.handlers import Handlers
from iies_tui.session.services import Services

CODE = b"four words"


class Session:
    """One session process's handlers."""

    def __init__(self, state: Path) -> None:
        self.ended = False
        self.services: Services = bootstrap.services(state)
        self.handlers = Handlers(self.services, lambda _idle, _end: None, lambda job: job())

    def ask(self, request: Any, *secrets: bytes) -> Any:
        given = tuple(bytearray(secret) for secret in secrets)
        return self.handlers.handle(request, given, lambda _step, _done, _total: None)

    def end(self) -> None:
        if not self.ended:
            self.services.lock.release()
        self.ended = True

    def told(self) -> list[str]:
        rows = self.services.trail.of_kind(Event.SETTINGS_CHANGED)
        return [str(row.details["names"]) for row in rows]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "documents"))
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    return tmp_path / "state"


@pytest.fixture
def session(state: Path) -> Iterator[Session]:
    made = Session(state)
    yield made
    made.end()


def test_without_the_code_nothing_is_told_or_changed(session: Session, state: Path) -> None:
    assert session.ask(protocol.Hello()).owner is False
    for request in (protocol.ChangeSettings({"mail.port": "25"}), protocol.TestMail("a@b.example")):
        with pytest.raises(Refused, match="owner_code_needed"):
            session.ask(request)
    with pytest.raises(Refused, match="owner_code_missing"):
        session.ask(protocol.OpenSettings(), CODE)
    session.ask(protocol.MakeOwnerCode(), CODE, CODE)
    assert session.ask(protocol.Hello()).owner is True
    session.end()
    another = Session(state)  # as after a sign-off
    try:
        with pytest.raises(Refused, match="owner_code_wrong"):
            another.ask(protocol.OpenSettings(), b"other words")
        with pytest.raises(Refused, match="owner_code_needed"):
            another.ask(protocol.ChangeSettings({"mail.port": "25"}))
        another.ask(protocol.OpenSettings(), CODE)
        another.ask(protocol.ChangeSettings({"mail.port": "25"}))
        assert another.told() == ["owner.code", "mail.port"]
    finally:
        another.end()


def test_the_password_goes_into_its_file_and_with_its_server(session: Session, state: Path) -> None:
    found = session.ask(protocol.MakeOwnerCode(), CODE, CODE)
    assert not found.password and found.values["mail.server"] == ""
    mail = {"mail.server": "mx.office.example", "mail.from": "cards@office.example"}
    answer = session.ask(protocol.ChangeSettings({**mail, "mail.user": "cards"}), b"secret")
    assert answer.settings.password and "secret" not in repr(answer)
    place = password_place(config.load(state).mail)
    assert place.read_bytes() == b"secret\n" and place.stat().st_mode & 0o777 == 0o600
    answer = session.ask(protocol.ChangeSettings({"mail.from_name": "Office"}))
    assert answer.names == ["mail.from_name"] and answer.settings.password
    answer = session.ask(protocol.ChangeSettings({"mail.server": "mx.other.example"}))
    assert answer.names == ["mail.password", "mail.server"] and not answer.settings.password
    assert not place.exists()


def test_an_issuer_is_told_and_its_outbox_waits(session: Session, tmp_path: Path) -> None:
    made = session.services.make_training(session.services.terminal.state)
    pin = made.pin.encode()
    session.ask(protocol.MakeOwnerCode(), CODE, CODE)
    first = session.ask(protocol.SignOn(made.license), pin)
    assert first.enrolled_now and first.settings_changed == []
    with pytest.raises(Refused, match="signed_on_already"):
        session.ask(protocol.ChangeSettings({"mail.port": "25"}))
    session.ask(protocol.StartMail())
    state = session.services.terminal.state
    session.end()
    owner = Session(state)
    owner.ask(protocol.OpenSettings(), CODE)
    owner.ask(protocol.ChangeSettings({"mail.port": "25", "folder.path": str(tmp_path)}))
    owner.end()
    later = Session(state)
    try:
        signed = later.ask(protocol.SignOn(made.license), pin)
        assert signed.settings_changed == ["folder.path", "mail.port"]
        with pytest.raises(Refused, match="settings_unseen"):
            later.ask(protocol.StartMail())
        assert later.ask(protocol.ConfirmSettings()).mails == []
        later.ask(protocol.StartMail())
    finally:
        later.end()


def test_a_new_code_without_the_old_one_needs_the_closed_program(
    session: Session, state: Path
) -> None:
    session.ask(protocol.MakeOwnerCode(), CODE, CODE)
    with pytest.raises(MachineFailed, match="state_locked"):
        bootstrap.reset_owner_code(state, bytearray(b"five words"))
    session.end()
    bootstrap.reset_owner_code(state, bytearray(b"five words"))
    another = Session(state)
    try:
        another.ask(protocol.OpenSettings(), b"five words")
        assert another.told() == ["owner.code", "owner.code"]
    finally:
        another.end()
