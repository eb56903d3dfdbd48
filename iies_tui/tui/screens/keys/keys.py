"""The KEYs of this terminal's issuers: replace, recover, remove, compromised."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.domain.issuer import is_license, normalize_license
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.dialogs.question import Message, Question
from iies_tui.tui.keyboard.commands import BACK, CLOSE, HELP, Command, bindings
from iies_tui.tui.page import Dialog, Page
from iies_tui.tui.ports import Session
from iies_tui.tui.screens.keys.compromised import CompromisedDialog, told
from iies_tui.tui.screens.keys.new_key import NewKeyDialog
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.secret import SecretField
from iies_tui.tui.widgets.status import Standing
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.words.wording import failure, shown_date

_REPLACE = Command("replace", "f4", "replace", "F4")
_RECOVER = Command("recover", "f5", "recover", "F5")
_REMOVE = Command("remove", "f6", "remove", "F6")
_COMPROMISED = Command("compromised", "f7", "compromised", "F7")
_REPORTED = Command("reported", "f9", "reported", "F9")
_SEND = Command("remove", "enter", "send", "Enter", priority=False)


class KeysScreen(Page[protocol.Terminal]):
    """Dismisses with the terminal as it is now; ``changed`` says whether anything was done."""

    topic = "setup"
    commands: ClassVar[tuple[Command, ...]] = (
        HELP, _REPLACE, _RECOVER, _REMOVE, _COMPROMISED, _REPORTED, BACK,
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = bindings(*commands[1:])

    def __init__(self, session: Session, terminal: protocol.Terminal) -> None:
        super().__init__(Standing.nobody(terminal.training, ""))
        self._session = session
        self._terminal = terminal
        self.changed = False

    def body(self) -> Iterable[Widget]:
        """The license that the keys act on, and the list."""
        issuers = self._terminal.issuers
        yield Line(words("keys_screen.title"), classes="title")
        yield Line(words("keys_screen.text"), classes="paragraph")
        yield TextField(
            words("start.license"),
            id="license",
            value=issuers[0].license if len(issuers) == 1 else "",
            width=26,
            max_length=24,
            upper=True,
        )
        yield Line("", id="keys-say")
        yield Line(words("setup.issuers"), classes="heading")
        yield Line(self._list(), id="issuers")

    def on_mount(self) -> None:
        self.query_one("#license", Field).enter()

    def _list(self) -> str:
        rows = []
        for issuer in self._terminal.issuers:
            state = "disabled" if issuer.disabled else "recovery" if issuer.recovery else "bare"
            rows.append(
                words(
                    "keys_screen.issuer",
                    license=f"{issuer.license:<16}",
                    tail=issuer.key_tail,
                    added=shown_date(issuer.added[:10]),
                    state=words(f"keys_screen.{state}"),
                )
            )
        return "\n".join(rows) or words("start.no_issuer")

    def _license(self) -> str:
        """The license typed, normal; empty, and said so, where it is none."""
        field = self.query_one("#license", TextField)
        license = normalize_license(field.value.strip())
        field.say_error("" if is_license(license) else words("start.license_missing"))
        return license if is_license(license) else ""

    def _on_terminal(self) -> protocol.IssuerInfo | None:
        license = self._license()
        found = next((one for one in self._terminal.issuers if one.license == license), None)
        if license and found is None:
            text = words("error.no_such_issuer", license=license)
            self.query_one("#license", TextField).say_error(text)
        return found

    @on(Field.Entered)
    def _entered(self) -> None:
        self._license()

    @work(group="keys", exclusive=True)
    async def action_replace(self) -> None:
        issuer = self._on_terminal()
        if issuer is not None:
            await self._new_key(issuer.license, "pin")

    @work(group="keys", exclusive=True)
    async def action_recover(self) -> None:
        """A new KEY, proven by the recovery code; the issuer need not be on the list."""
        if license := self._license():
            await self._new_key(license, "code")

    async def _new_key(self, license: str, proof: str) -> None:
        terminal = await self.app.push_screen_wait(NewKeyDialog(self._session, license, proof))
        if terminal is not None:
            self._now(terminal, words("keys_screen.replaced", license=license))

    @work(group="keys", exclusive=True)
    async def action_remove(self) -> None:
        """The sealed KEY goes, the register stays."""
        issuer = self._on_terminal()
        if issuer is None:
            return
        dialog = RemoveDialog(self._session, issuer)
        terminal = await self.app.push_screen_wait(dialog)
        if terminal is not None:
            self._now(terminal, words("keys_screen.removed", license=issuer.license))

    @work(group="keys", exclusive=True)
    async def action_compromised(self) -> None:
        """One action: destroyed, trailed, listed, the notice written."""
        license = self._license()
        if not license:
            return
        dialog = CompromisedDialog(self._session, self._terminal, license)
        done = await self.app.push_screen_wait(dialog)
        if done is None:
            return
        title = words("compromised.done_title", license=license)
        await self.app.push_screen_wait(Message(title, told(done), grave=True))
        await self._ask_anew(words("compromised.now"))

    @work(group="keys", exclusive=True)
    async def action_reported(self) -> None:
        license = self._license()
        question = Question(words("compromised.reported_title"), words("compromised.reported"))
        if not license or not await self.app.push_screen_wait(question):
            return
        try:
            request = protocol.AnswerCompromised(license)
            terminal = await self._session.ask(request)
        except RequestFailed as refused:
            self.query_one("#license", TextField).say_error(failure(refused.failed))
            return
        self._now(terminal, words("cli.answered_done", license=license))

    async def _ask_anew(self, says: str) -> None:
        terminal = await self._session.ask(protocol.Hello())
        self._now(terminal, says)

    def _now(self, terminal: protocol.Terminal, says: str) -> None:
        self.changed = True
        self._terminal = terminal
        self.query_one("#issuers", Line).update(self._list())
        self.query_one("#keys-say", Line).update(says)
        self.query_one("#license", Field).enter()

    def action_back(self) -> None:
        self.dismiss(self._terminal)


class RemoveDialog(Dialog[protocol.Terminal | None]):
    """The PIN, where the issuer has one here; None for Esc."""

    topic = "setup"
    commands: ClassVar[tuple[Command, ...]] = (_SEND, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(CLOSE)

    def __init__(self, session: Session, issuer: protocol.IssuerInfo) -> None:
        title = words("remove.title", license=issuer.license)
        super().__init__(title, words("remove.text"), grave=True)
        self._session = session
        self._issuer = issuer

    def body(self) -> Iterable[Widget]:
        hint = "" if self._issuer.enrolled else words("remove.no_pin")
        yield SecretField(words("start.pin"), id="pin", width=26, hint=hint)

    def on_mount(self) -> None:
        self.query_one(SecretField).enter()

    @on(Field.Entered)
    def _entered(self) -> None:
        self._send()

    @work(group="send", exclusive=True)
    async def _send(self) -> None:
        field = self.query_one(SecretField)
        if self._issuer.enrolled and not field.line.characters:
            return
        secrets = [field.line.take()] if field.line.characters else []
        try:
            request = protocol.RemoveIssuer(self._issuer.license)
            terminal = await self._session.ask(request, secrets)
        except RequestFailed as refused:
            field.say_error(failure(refused.failed))
            field.enter()
            return
        self.dismiss(terminal)

    def action_close(self) -> None:
        self.dismiss(None)
