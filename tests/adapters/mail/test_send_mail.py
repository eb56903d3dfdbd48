"""A real card into the outbox or a file: refused by the rule, the exact pages, one more copy."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from iies_tui.adapters.machine.folder import FileFolder
from iies_tui.domain.delivery import State
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.mail import MailState
from iies_tui.issuance.cards.draw_again import DrawAgain
from iies_tui.issuance.delivery.outbox import OutboxSteps
from iies_tui.issuance.delivery.send_mail import SendMail
from iies_tui.issuance.ports.delivery import Letter
from tests.support.office import ready
from tests.support.terminal import REQUEST

TO = "jane.doe@customer.example"


@dataclass
class FakeMailer:
    """Composes a line; ``failure`` is what ``ready`` raises."""

    failure: Exception | None = None
    letters: list[Letter] = field(default_factory=list)

    def address(self, typed: str) -> str:
        if "@" not in typed:
            raise Refused("mail_address", reason="")
        return typed

    def ready(self) -> None:
        if self.failure is not None:
            raise self.failure

    def compose(self, letter: Letter) -> bytes:
        self.letters.append(letter)
        return b"a message"

    def send(self, *arguments: Any) -> Any:
        raise AssertionError("nothing is sent here")


@dataclass
class Desk:
    """A card, its register, and what may send it."""

    home: Path

    def __post_init__(self) -> None:
        self.office, self.issuer = ready(self.home)
        (self.card,) = self.office.issue(self.issuer, REQUEST, lambda *_: None, fax_sheet=False)
        self.serial = self.card.card.serial
        self.mailer = FakeMailer()
        steps = OutboxSteps(self.office.trail, self.office.clock)
        again = DrawAgain(self.office.paper, self.office.reader)
        self.send = SendMail(
            self.mailer, again, FileFolder(), steps, self.office.clock, self.office.chance
        )

    def becomes(self, state: State) -> None:
        entry = self.issuer.register.get(self.serial)
        assert entry is not None
        self.issuer.register.update(replace(entry, state=state))

    def state(self) -> State:
        entry = self.issuer.register.get(self.serial)
        assert entry is not None
        return entry.state


def test_a_card_by_e_mail(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    entry = desk.issuer.register.get(desk.serial)
    assert entry is not None and not desk.send.another(desk.issuer, entry)

    made = desk.send.queue(desk.issuer, desk.serial, TO, fax_sheet=False)
    assert desk.mailer.letters[0].files == ((f"{desk.serial}.pdf", desk.card.page.pdf),)
    assert desk.issuer.register.outbox.message(made.id) == b"a message"
    assert desk.issuer.register.outbox.of_card(desk.serial) == (made,)
    assert desk.state() is State.SEALED, "what waits is no file yet"

    # Saved: a file, whatever the server; the card is out, so that another one asks for the PIN.
    desk.mailer.failure = Refused("mail_off")
    with pytest.raises(Refused, match="mail_off"):
        desk.send.queue(desk.issuer, desk.serial, TO, fax_sheet=False)
    saved, path = desk.send.save(desk.issuer, desk.serial, TO, tmp_path / "out", fax_sheet=True)
    assert path == tmp_path / "out" / f"{desk.serial}.eml"
    assert path.read_bytes() == b"a message"
    names = [name for name, _ in desk.mailer.letters[-1].files]
    assert names == [f"{desk.serial}.pdf", f"{desk.serial}-fax.pdf"]
    assert (saved.state, desk.state()) == (MailState.SAVED, State.SAVED)
    assert desk.send.another(desk.issuer, entry)
    rows = [row.details["state"] for row in desk.office.trail.rows() if row.event == "mail"]
    assert rows == ["QUEUED", "SAVED"]

    # Refused: no address, another company than the owner lists, a void card, no such card.
    with pytest.raises(Refused, match="mail_address"):
        desk.send.save(desk.issuer, desk.serial, "jane", tmp_path / "x.eml", fax_sheet=False)
    listed = replace(desk.send, insurers=frozenset({"017"}))
    with pytest.raises(Refused, match="mail_insurer"):
        listed.check(entry)
    with pytest.raises(Refused, match="no_such_card"):
        desk.send.queue(desk.issuer, "7K3M9QXD-000009-X", TO, fax_sheet=False)
    with pytest.raises(MachineFailed):
        desk.send.save(desk.issuer, desk.serial, TO, Path("/proc/nowhere/x.eml"), fax_sheet=False)
    desk.becomes(State.VOID)
    with pytest.raises(Refused, match="is_void"):
        desk.send.queue(desk.issuer, desk.serial, TO, fax_sheet=False)
