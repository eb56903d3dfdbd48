"""A card by e-mail: to whom and how; and what became of a message that asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.domain.mail import ANSWERS, ASKING, Answer, MailState
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.dialogs.pin_again import PinNow
from iies_tui.tui.keyboard.commands import CLOSE, Command, bindings
from iies_tui.tui.page import Dialog
from iies_tui.tui.ports import Session
from iies_tui.tui.widgets.choice import ChoiceField
from iies_tui.tui.widgets.lines import KeysLine, Line
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.words.card_text import mail_words
from iies_tui.tui.words.wording import failure

_SEND = Command("mail_send", "f9", "send", "F9")
_ORDER = ("mail-address", "mail-fax", "mail-how")
LONGEST = 254
"""Characters of an address (RFC 5321 section 4.5.3.1, RFC 3696 erratum 1690)."""


class MailDialog(Dialog[list[protocol.Mailed]]):
    """What was queued or saved, one a card; empty for Esc."""

    topic = "mail"
    commands: ClassVar[tuple[Command, ...]] = (_SEND, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(_SEND, CLOSE)

    def __init__(self, session: Session, serials: Sequence[str]) -> None:
        many = len(serials) > 1
        title = words("mail_dialog.title_many" if many else "mail_dialog.title", count=len(serials))
        more = f" {words('mail_dialog.many')}" if many else ""
        super().__init__(title, words("mail_dialog.text") + more)
        self._session = session
        self._serials = list(serials)
        self._done: list[protocol.Mailed] = []

    def body(self) -> Iterable[Widget]:
        yield TextField(words("mail_dialog.address"), id=_ORDER[0], width=48, max_length=LONGEST)
        yes_no = (("no", words("mail_dialog.no")), ("yes", words("mail_dialog.yes")))
        yield ChoiceField(words("mail_dialog.fax"), yes_no, id=_ORDER[1], value="no")
        how = tuple((name, words(f"mail_dialog.{name}")) for name in ("send", "save"))
        yield ChoiceField(words("mail_dialog.how"), how, id=_ORDER[2], value="send")
        yield Line("", id="mail-says")

    def on_mount(self) -> None:
        """Ready to type; what this terminal can do is asked for meanwhile."""
        self.query_one(f"#{_ORDER[0]}", TextField).enter()
        self._offer()

    @work(group="offer")
    async def _offer(self) -> None:
        terminal = await self._session.ask(protocol.Hello())
        if not terminal.mail_server and self.is_mounted:
            save = (("save", words("mail_dialog.save")),)
            self.query_one(f"#{_ORDER[2]}", ChoiceField).offer(save, "save")
            self._says(words("mail_dialog.off"))

    def _says(self, text: str) -> None:
        self.query_one("#mail-says", Line).update(text)

    @on(Field.Entered)
    def _go_on(self, event: Field.Entered) -> None:
        at = _ORDER.index(event.field.id or _ORDER[0]) + 1
        if at < len(_ORDER):
            self.query_one(f"#{_ORDER[at]}", Field).enter()
        else:
            self.action_send()

    @work(group="send", exclusive=True)
    async def action_send(self) -> None:
        """Into the outbox, or into the folder; one that is refused leaves the rest as they are."""
        address = self.query_one(f"#{_ORDER[0]}", TextField)
        address.say_error("")
        fax_sheet = self.query_one(f"#{_ORDER[1]}", ChoiceField).value == "yes"
        save = self.query_one(f"#{_ORDER[2]}", ChoiceField).value == "save"
        for serial in self._serials[len(self._done) :]:
            request = protocol.SendMail(
                serial=serial, address=address.value.strip(), fax_sheet=fax_sheet, save=save
            )
            try:
                mailed = await self._with_pin(request)
            except RequestFailed as refused:
                if refused.failed.code == "mail_address":
                    address.say_error(failure(refused.failed))
                    address.enter()
                else:
                    self._says(failure(refused.failed))
                return
            if mailed is None:
                return
            self._done.append(mailed)
        self.dismiss(self._done)

    async def _with_pin(self, request: protocol.SendMail) -> protocol.Mailed | None:
        """Where the customer has the card already, once more with the PIN; None: not now."""
        try:
            return await self._session.ask(request)
        except RequestFailed as refused:
            if refused.failed.code != "pin_needed":
                raise
        dialog = PinNow(words("mail_dialog.again"), words("mail_dialog.again_text"), "mail_again")
        pin = await self.app.push_screen_wait(dialog)
        if pin is None:
            return None
        return await self._session.ask(request, [pin])

    def action_close(self) -> None:
        self.dismiss(self._done)


class Next(Enum):
    """How the clerk left a message."""

    CLOSED = auto()
    OTHER_ADDRESS = auto()


_ARRIVED = Command("mail_arrived", "a", "say('arrived')", "A")
_AGAIN = Command("mail_again", "s", "say('again')", "S")
_CANCEL = Command("mail_cancel", "l", "say('cancel')", "L")
_OTHER = Command("mail_other", "o", "other", "O")
_WORDS = {Answer.ARRIVED: _ARRIVED, Answer.AGAIN: _AGAIN, Answer.CANCEL: _CANCEL}


class MailAsk(Dialog[Next]):
    """One message that asks or waits: what is the matter, and what the clerk may say."""

    topic = "mail"
    commands: ClassVar[tuple[Command, ...]] = (_ARRIVED, _AGAIN, _CANCEL, _OTHER, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(_ARRIVED, _AGAIN, _CANCEL, _OTHER, CLOSE)

    def __init__(self, session: Session, mail: protocol.MailInfo) -> None:
        super().__init__(words(f"mail_ask.title_{mail.state}"))
        self._session = session
        self._mail = mail

    def body(self) -> Iterable[Widget]:
        yield Line(mail_words(self._mail), id="mail-state")
        if self._mail.state == MailState.DOUBTFUL:
            yield Line(words("mail_ask.doubtful"), id="mail-doubt")
        yield Line("", id="mail-says")

    def on_mount(self) -> None:
        self.query_one(KeysLine).show(self._possible())

    def _possible(self) -> tuple[Command, ...]:
        state = MailState(self._mail.state)
        found = [_WORDS[answer] for answer, (_, of) in ANSWERS.items() if state in of]
        if state in ASKING and state is not MailState.DOUBTFUL:
            found.append(_OTHER)
        return (*found, CLOSE)

    @work(group="say", exclusive=True)
    async def action_say(self, answer: str) -> None:
        """Answer the question, if this state of the message has one."""
        if _WORDS[Answer(answer)] in self._possible() and await self._tell(answer):
            self.dismiss(Next.CLOSED)

    @work(group="say", exclusive=True)
    async def action_other(self) -> None:
        """This message is left; another is written to another address."""
        if _OTHER in self._possible() and await self._tell(Answer.CANCEL.value):
            self.dismiss(Next.OTHER_ADDRESS)

    async def _tell(self, answer: str) -> bool:
        try:
            await self._session.ask(protocol.AnswerMail(self._mail.id, answer))
        except RequestFailed as refused:
            self.query_one("#mail-says", Line).update(failure(refused.failed))
            return False
        return True

    def action_close(self) -> None:
        self.dismiss(Next.CLOSED)
