"""The one use case by which a card leaves, on an office's records, with a printer of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from iies_tui.adapters.machine.folder import FileFolder
from iies_tui.domain.errors import Refused
from iies_tui.issuance.cards.draw_again import DrawAgain
from iies_tui.issuance.delivery.deliver import Deliver
from iies_tui.issuance.delivery.hand_out import HandOut
from iies_tui.issuance.delivery.outbox import OutboxSteps
from iies_tui.issuance.delivery.save import SaveCard
from iies_tui.issuance.delivery.send_mail import SendMail
from iies_tui.issuance.ports.delivery import Letter
from tests.support.fakes import FakePrinter


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


def hand_out(
    office: Any, printer: FakePrinter, mailer: FakeMailer | None = None, folder: Any = None
) -> HandOut:
    """On the office's trail; a fax file is its PDF's first bytes behind a TIFF's mark."""
    again, folder = DrawAgain(office.paper, office.reader), folder or FileFolder()
    steps = OutboxSteps(office.trail, office.clock)
    return HandOut(
        SaveCard(folder, office.trail),
        Deliver(office.trail, printer, office.clock),
        again,
        SendMail(mailer or FakeMailer(), again, folder, steps, office.clock, office.chance),
        lambda pdf, _kind: b"II*\0" + pdf[:8],
    )
