"""A real card into the outbox or a file: refused by the rule, the exact pages, one more copy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from iies_tui.domain.delivery import State
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.mail import MailState
from tests.support.fakes import FakePrinter
from tests.support.hand_out import FakeMailer, hand_out
from tests.support.office import ready
from tests.support.terminal import REQUEST

TO = "jane.doe@customer.example"


@dataclass
class Desk:
    """A card, its register, and what may send it."""

    home: Path

    def __post_init__(self) -> None:
        self.office, self.issuer = ready(self.home)
        (self.card,) = self.office.issue(self.issuer, REQUEST, lambda *_: None, fax_sheet=False)
        self.serial = self.card.card.serial
        self.mailer = FakeMailer()
        self.send = hand_out(self.office, FakePrinter(), self.mailer).send_mail

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
