"""The shipped session process with a real mail server, and a clerk who says what is true."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass, field

from iies_tui.domain.mail import ASKING, MOVING
from iies_tui.session import protocol
from iies_tui.session.client import session_command
from tests.support import mail_server
from tests.support.mail_server import PASSWORD, TO, MailServer
from tests.support.session_client import WatchedClient
from tests.support.terminal import REQUEST, Terminal


@dataclass
class PostOffice:
    """One terminal, one card, one mail server. ``asked``: how often the customer was asked."""

    terminal: Terminal
    server: MailServer
    client: WatchedClient | None = None
    serial: str = ""
    asked: int = 0
    opened: list[protocol.MailInfo] = field(default_factory=list)

    def set_up(self, **more: object) -> None:
        secret = self.terminal.file("mail-password", PASSWORD + "\n")
        secret.chmod(0o600)
        path = self.terminal.state / "config.toml"
        path.write_text(mail_server.settings_toml(self.server, secret, **more))
        path.chmod(0o600)

    async def sign_on(self) -> None:
        """A new session process that sends what waits."""
        client = WatchedClient(
            session_command(sys.executable, self.terminal.state), self.terminal.environment
        )
        client.start()
        self.client = client
        await client.ask(protocol.SignOn(self.terminal.license), [self._pin()])
        self.opened = (await client.ask(protocol.StartMail())).mails

    async def issue(self) -> None:
        issued = await self.session.ask(protocol.Issue(request=REQUEST, fax_sheet=False))
        self.serial = issued.cards[0].serial

    @property
    def session(self) -> WatchedClient:
        assert self.client is not None
        return self.client

    def _pin(self) -> bytearray:
        return bytearray(self.terminal.made["pin"].encode())

    async def send(self) -> protocol.MailInfo:
        """Into the outbox."""
        await self.session.ask(protocol.Activity())
        request = protocol.SendMail(serial=self.serial, address=TO)
        return (await self.session.ask(request, [self._pin()])).mail

    async def mails(self) -> list[protocol.MailInfo]:
        return (await self.session.ask(protocol.ListMail())).mails

    async def rested(self, id: str, seconds: float = 120) -> protocol.MailInfo:
        """The message once nothing moves by itself."""
        end = time.monotonic() + seconds
        while True:
            found = next(one for one in await self.mails() if one.id == id)
            if found.state not in MOVING:
                return found
            assert time.monotonic() < end, found
            await asyncio.sleep(0.05)

    async def answer(self, id: str, answer: str) -> None:
        await self.session.ask(protocol.AnswerMail(id, answer))

    def times(self, id: str) -> int:
        """How often it is in the customer's mailbox."""
        return self.server.times_delivered()[f"<iies.{id}@agency.example>"]

    async def settle(self) -> None:
        """What a clerk does with each message that asks: ask the customer, and say so."""
        for one in await self.mails():
            found = one
            while found.state in (*MOVING, *ASKING):
                found = await self.rested(one.id)
                if found.state == "DOUBTFUL":
                    self.asked += 1
                    await self.answer(one.id, "arrived" if self.times(one.id) else "again")
                elif found.state in ASKING:
                    await self.answer(one.id, "again")

    async def check_all(self) -> int:
        """Each message of the outbox in the mailbox once, and no other; how many."""
        mails = await self.mails()
        assert {one.state for one in mails} == {"SENT"}
        assert {one.id: self.times(one.id) for one in mails} == {one.id: 1 for one in mails}
        assert len(self.server.delivered) == len(mails)
        return len(mails)

    def close(self) -> None:
        if self.client is not None:
            self.client.kill()
            self.client = None
