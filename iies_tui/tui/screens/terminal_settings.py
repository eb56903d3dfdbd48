"""Terminal: the settings of this terminal, behind the owner's code (``docs/settings.md``)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from time import monotonic
from typing import Any, ClassVar

from textual import on, work
from textual.app import App
from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.domain.delivery import State
from iies_tui.domain.mail import Result
from iies_tui.domain.wiping import wipe
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import has, words
from iies_tui.tui.dialogs.owner_code import OwnerCodeDialog
from iies_tui.tui.dialogs.question import Question
from iies_tui.tui.keyboard.commands import BACK, HELP, SAVE, TEST_PAGE, Command, bindings
from iies_tui.tui.page import Dialog, Page, Scroll
from iies_tui.tui.ports import Session
from iies_tui.tui.screens.printers import PickQueue
from iies_tui.tui.widgets.choice import ChoiceField
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.secret import SecretField
from iies_tui.tui.widgets.status import Standing
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.words.wording import failure, problem, say

_ORDER = (
    "printer.queue", "folder.path", "sign_off.idle_seconds", "sign_off.absolute_seconds",
    "authority.contact",
    "mail.server", "mail.security", "mail.port", "mail.user", "mail.password", "mail.from",
    "mail.from_name", "mail.insurers", "mail.timeout_seconds", "mail.retry_seconds",
    "card.acceptance_days", "card.max_term_days", "card.max_temporary_days", "card.max_back_days",
    "card.max_ahead_days", "card.as_registered", "card.apostrophe",
)  # fmt: skip
_FLAGS = ("card.as_registered", "card.apostrophe")
_TRUTHS = ("", "true", "false")
_PASSWORD, _SECURITY = "mail.password", "mail.security"
_LONG = ("folder.path", "authority.contact", "mail.insurers", "mail.from", "mail.from_name",
         "mail.server", "mail.user", "printer.queue")  # fmt: skip
_WIDTH, _SECRET, _NUMBER = 44, 28, 12
_LONGEST = 4000
_TEST_SECONDS, _TEST_EVERY = 5.0, 0.25
_PRINTERS = Command("list", "f11", "printers", "F11")
_TEST_MAIL = Command("test_mail", "f6", "test_mail", "F6")
_CODE = Command("owner_code", "f7", "owner_code", "F7")


async def give_code(
    app: App[Any], session: Session, *, made: bool
) -> protocol.TerminalSettings | None:
    """Ask for the owner's code, or make the first one, until it is right; None for Esc."""
    wrong = ""
    while True:
        asked = OwnerCodeDialog.ASK if made else OwnerCodeDialog.MAKE
        codes = await app.push_screen_wait(OwnerCodeDialog(asked, wrong))
        if codes is None:
            return None
        request = protocol.OpenSettings() if made else protocol.MakeOwnerCode()
        try:
            return await session.ask(request, codes)
        except RequestFailed as refused:
            wrong = failure(refused.failed)
            made = made or refused.failed.code == "owner_code_exists"
        finally:
            for code in codes:
                wipe(code)


class TestAddress(Dialog[str | None]):
    """Where a test message goes."""

    commands: ClassVar[tuple[Command, ...]] = (BACK,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(BACK)

    def __init__(self, address: str) -> None:
        super().__init__(words("terminal.test_mail_title"), words("terminal.test_mail_text"))
        self._address = address

    def body(self) -> Iterable[Widget]:
        yield TextField(words("terminal.test_mail_to"), id="address", value=self._address)

    def on_mount(self) -> None:
        self.query_one(TextField).enter()

    @on(Field.Entered)
    def _send(self) -> None:
        self.dismiss(self.query_one(TextField).value.strip() or None)

    def action_back(self) -> None:
        self.dismiss(None)


class TerminalScreen(Page[bool]):
    """True where something was changed: the program starts anew with it."""

    topic = "terminal"
    commands: ClassVar[tuple[Command, ...]] = (
        HELP, TEST_PAGE, _TEST_MAIL, _CODE, SAVE, _PRINTERS, BACK,
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = bindings(*commands[1:])

    def __init__(
        self, session: Session, terminal: protocol.Terminal, found: protocol.TerminalSettings
    ) -> None:
        super().__init__(Standing.nobody(terminal.training, ""))
        self._session = session
        self._found = found
        self._changed = False

    def body(self) -> Iterable[Widget]:
        yield Line(words("terminal.title"), id="terminal-title", classes="title")
        with Scroll():
            for name in _ORDER:
                yield self._made(name)
        yield Line("", id="terminal-says")

    def _made(self, name: str) -> Field:
        label, value = words(f"setting.{_plain(name)}"), self._found.values.get(name, "")
        id = name.replace(".", "-")
        if name == _PASSWORD:
            return SecretField(label, id=id, width=_SECRET, hint=self._password_hint())
        if name == _SECURITY:
            offered = (("", words("terminal.starttls")), ("tls", words("terminal.tls")))
            return ChoiceField(label, offered, id=id, value=value if value == "tls" else "")
        if name in _FLAGS:
            truths = tuple((one, words(f"terminal.{one or 'unsaid'}")) for one in _TRUTHS)
            return ChoiceField(label, truths, id=id, value=value)
        default = self._found.defaults.get(name, "")
        hint = words("terminal.default", value=default) if default and name not in _LONG else ""
        width = _WIDTH if name in _LONG else _NUMBER
        return TextField(
            label, id=id, value=value, width=width, max_length=_LONGEST, hint=hint, optional=True
        )

    def _password_hint(self) -> str:
        if self._found.fixed:
            return words("terminal.password_fixed")
        return words("terminal.password_set" if self._found.password else "terminal.password_none")

    def on_mount(self) -> None:
        self._field(_ORDER[0]).enter()
        self.watch(self.query_one(Scroll), "scroll_y", self._tell_more, init=False)

    def on_resize(self) -> None:
        self.call_after_refresh(self._tell_more)

    def _tell_more(self) -> None:
        """That there are fields below the edge."""
        scroll = self.query_one(Scroll)
        more = words("options.more") if scroll.scroll_y < scroll.max_scroll_y else ""
        self.query_one("#terminal-title", Line).update(words("terminal.title") + more)

    def _field(self, name: str) -> Field:
        return self.query_one(f"#{name.replace('.', '-')}", Field)

    def _typed(self) -> dict[str, str]:
        """What stands in the fields now, less what is as it was; never the password."""
        found = {}
        for name in _ORDER:
            field = self._field(name)
            if not isinstance(field, TextField | ChoiceField):
                continue
            text, before = field.value.strip(), self._found.values.get(name, "")
            same = name == _SECURITY and {text, before} == {"", "starttls"}
            if text != before and not same:
                found[name] = text
        return found

    @property
    def _secret(self) -> SecretField:
        return self.query_one(f"#{_PASSWORD.replace('.', '-')}", SecretField)

    def _unsaved(self) -> bool:
        return bool(self._typed()) or self._secret.line.characters > 0

    def _says(self, text: str) -> None:
        self.query_one("#terminal-says", Line).update(text)

    @on(Field.Entered)
    def _go_on(self, event: Field.Entered) -> None:
        names = [name.replace(".", "-") for name in _ORDER]
        at = names.index(event.field.id or names[0]) + 1
        if at < len(_ORDER):
            self._field(_ORDER[at]).enter()
        else:
            self.action_save()

    @work(group="save", exclusive=True)
    async def action_save(self) -> None:
        """Save what differs; what is wrong is told at its field, all at once."""
        for name in _ORDER:
            self._field(name).say_error("")
        secrets = [self._secret.line.take()] if self._secret.line.characters else []
        try:
            answer = await self._session.ask(protocol.ChangeSettings(self._typed()), secrets)
        except RequestFailed as refused:
            self._tell(refused.failed)
            return
        self._found = answer.settings
        self._changed = self._changed or bool(answer.names)
        self._secret.say_hint(self._password_hint())
        erased = _PASSWORD in answer.names and not self._found.password
        told = "erased" if erased else "saved" if answer.names else "nothing"
        self._says(words(f"terminal.{told}"))
        if erased:
            self._secret.enter()

    def _tell(self, failed: protocol.Failed) -> None:
        told = [item for item in failed.problems if item.field in _ORDER]
        for item in told:
            self._field(item.field).say_error(problem(item))
        if told:
            self._field(min((item.field for item in told), key=_ORDER.index)).enter()
            self._says(words("options.wrong", count=len(told)))
        else:
            self._says(failure(failed))

    @work(group="dialog", exclusive=True)
    async def action_printers(self) -> None:
        """One of the printers that are there."""
        try:
            found = await self._session.ask(protocol.ListQueues())
        except RequestFailed as refused:
            self._says(failure(refused.failed))
            return
        queues = [queue for queue in found.queues if not queue.fax]
        if found.error or not queues:
            self._says(
                failure(protocol.Failed(code=found.error))
                if found.error
                else words("terminal.no_printer")
            )
            return
        field = self.query_one("#printer-queue", TextField)
        chosen = await self.app.push_screen_wait(PickQueue(queues, ""))
        if chosen is not None:
            field.value = chosen.name
        field.enter()

    @work(group="test", exclusive=True)
    async def action_test_page(self) -> None:
        """A page that is no card, on the printer that stands in the field."""
        queue = self.query_one("#printer-queue", TextField).value.strip()
        if not queue:
            self._says(words("test_page.no_queue"))
            return
        self._says(words("test_page.sent"))
        try:
            tested = await self._session.ask(protocol.TestPage(queue))
            end = monotonic() + _TEST_SECONDS
            while tested.state == State.RELEASED and monotonic() < end:
                await asyncio.sleep(_TEST_EVERY)
                tested = await self._session.ask(protocol.WatchTestPage(queue, tested.job))
        except RequestFailed as refused:
            self._says(failure(refused.failed))
            return
        told = " ".join(say("printer_reason", reason) for reason in tested.reasons)
        names = {"COMPLETED": "printed", "BLOCKED": "blocked"}
        self._says(words(f"test_page.{names.get(tested.state, 'sent')}", told=told))

    @work(group="test", exclusive=True)
    async def action_test_mail(self) -> None:
        """A message that is no card, by the settings as they were saved."""
        if self._unsaved():
            self._says(words("terminal.save_first"))
            return
        to = await self.app.push_screen_wait(TestAddress(self._found.values.get("mail.from", "")))
        if to is None:
            return
        self._says(words("terminal.mail_sending"))
        try:
            tested = await self._session.ask(protocol.TestMail(to))
        except RequestFailed as refused:
            self._says(failure(refused.failed))
            return
        if tested.result == Result.SENT:
            self._says(words("terminal.mail_sent", address=to))
            return
        key = f"mail_reason.{tested.reason}"
        why = words(key) if has(key) else words("mail_reason.unknown", code=tested.reason)
        self._says(words("terminal.mail_failed", why=" ".join((why, tested.detail)).strip()))

    @work(group="dialog", exclusive=True)
    async def action_owner_code(self) -> None:
        """Another owner's code in place of the old one."""
        wrong = ""
        while True:
            dialog = OwnerCodeDialog(OwnerCodeDialog.CHANGE, wrong)
            codes = await self.app.push_screen_wait(dialog)
            if codes is None:
                return
            try:
                await self._session.ask(protocol.ChangeOwnerCode(), codes)
            except RequestFailed as refused:
                wrong = failure(refused.failed)
                continue
            finally:
                for code in codes:
                    wipe(code)
            self._changed = True
            self._says(words("owner_code.changed"))
            return

    @work(group="back", exclusive=True)
    async def action_back(self) -> None:
        """Asked where something was changed and not saved."""
        question = Question(words("options.leave_title"), words("options.leave"))
        if not self._unsaved() or await self.app.push_screen_wait(question):
            self._secret.line.forget()
            self.dismiss(self._changed)


def _plain(name: str) -> str:
    return name.replace(".", "_")
