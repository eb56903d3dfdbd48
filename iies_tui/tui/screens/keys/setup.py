"""Setup: the issuers of this terminal; license number, KEY, *Add Issuer*."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.domain.issuer import is_license, normalize_license
from iies_tui.domain.wiping import wipe
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.dialogs.question import Question
from iies_tui.tui.keyboard.commands import (
    ADD_ISSUER,
    BACK,
    HELP,
    ISSUER_KEYS,
    KEY_FILE,
    SHOW,
    Command,
    bindings,
)
from iies_tui.tui.page import Page
from iies_tui.tui.ports import Session
from iies_tui.tui.screens.keys.key_entry import KEY_LENGTH, KeyFileDialog, key_is_right
from iies_tui.tui.screens.keys.keys import KeysScreen
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.secret import SecretField
from iies_tui.tui.widgets.status import Standing
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.words.wording import failure, shown_date


class SetupScreen(Page[protocol.Terminal]):
    """Dismisses with the terminal as it is now.

    ``secret_typed``: a KEY or a PIN went through this process, which must not live on with it;
    ``changed``: Setup did something.
    """

    topic = "setup"
    commands: ClassVar[tuple[Command, ...]] = (HELP, KEY_FILE, SHOW, ISSUER_KEYS, ADD_ISSUER, BACK)
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEY_FILE, SHOW, ISSUER_KEYS, ADD_ISSUER, BACK)

    def __init__(self, session: Session, terminal: protocol.Terminal) -> None:
        super().__init__(Standing.nobody(terminal.training, ""))
        self._session = session
        self._terminal = terminal
        self.secret_typed = False
        self.changed = False

    def body(self) -> Iterable[Widget]:
        yield Line(words("setup.title"), classes="title")
        yield Line(words("setup.text"), classes="paragraph")
        yield TextField(
            words("start.license"),
            id="license",
            width=26,
            max_length=40,
            upper=True,
            hint=words("setup.license_hint"),
        )
        yield SecretField(words("setup.key"), id="key", width=40, hint=self._count(0))
        yield Line("", id="setup-says")
        yield Line(words("setup.issuers"), classes="heading")
        yield Line(self._list(), id="issuers")

    def on_mount(self) -> None:
        self.query_one("#license", Field).enter()

    def _list(self) -> str:
        rows = [
            words(
                "setup.issuer",
                license=f"{issuer.license:<16}",
                name=f"{issuer.name[:22]:<22}",
                tail=issuer.key_tail,
                added=shown_date(issuer.added[:10]),
            )
            for issuer in self._terminal.issuers
        ]
        return "\n".join(rows) or words("start.no_issuer")

    def _count(self, typed: int) -> str:
        return words("setup.count", typed=typed, length=KEY_LENGTH)

    @on(Field.Changed, "#key")
    def _key_changed(self) -> None:
        field = self.query_one("#key", SecretField)
        self.secret_typed = True
        field.say_hint(self._count(field.line.characters))
        field.say_error("")

    @on(Field.Entered)
    def _go_on(self, event: Field.Entered) -> None:
        if event.field.id == "license":
            self.query_one("#key", Field).enter()
        else:
            self.action_add_issuer()

    def action_show(self) -> None:
        """Show the KEY's characters, or hide them again."""
        line = self.query_one("#key", SecretField).line
        line.show(not line.shown)

    @work(group="file", exclusive=True)
    async def action_key_file(self) -> None:
        """The KEY from a file on a stick: the bare console has no clipboard."""
        secret = await self.app.push_screen_wait(KeyFileDialog())
        if secret is not None:
            field = self.query_one("#key", SecretField)
            field.line.put(secret)
            field.enter()

    @work(group="keys", exclusive=True)
    async def action_issuer_keys(self) -> None:
        screen = KeysScreen(self._session, self._terminal)
        self.secret_typed = True
        self._terminal = await self.app.push_screen_wait(screen)
        self.changed = self.changed or screen.changed
        self.query_one("#issuers", Line).update(self._list())

    def action_back(self) -> None:
        self.query_one("#key", SecretField).line.forget()
        self.dismiss(self._terminal)

    @work(group="add", exclusive=True)
    async def action_add_issuer(self) -> None:
        """Check what can be told without the session, then ask it."""
        field = self.query_one("#key", SecretField)
        if not await self._license_is_right() or not await key_is_right(self.app, field):
            return
        license = normalize_license(self.query_one("#license", TextField).value)
        key = field.line.take()
        spare = bytearray(key)
        try:
            terminal = await self._add(license, key, use_anyway=False)
            if terminal is None:
                terminal = await self._use_anyway(license, spare)
        except RequestFailed as refused:
            field.say_error(failure(refused.failed))
            field.enter()
            return
        finally:
            wipe(spare)
        field.say_hint(self._count(0))
        if terminal is not None:
            self._added(terminal, license)
        else:
            field.enter()

    async def _add(
        self, license: str, key: bytearray, *, use_anyway: bool
    ) -> protocol.Terminal | None:
        """The terminal with the issuer; None where the KEY's check digits are wrong."""
        try:
            request = protocol.AddIssuer(license, use_anyway)
            return await self._session.ask(request, [key])
        except RequestFailed as refused:
            if refused.failed.code == "key_check_failed" and not use_anyway:
                return None
            raise

    async def _use_anyway(self, license: str, key: bytearray) -> protocol.Terminal | None:
        question = Question(words("setup.anyway_title"), words("setup.anyway"), grave=True)
        if not await self.app.push_screen_wait(question):
            return None
        return await self._add(license, key, use_anyway=True)

    def _added(self, terminal: protocol.Terminal, license: str) -> None:
        self._terminal = terminal
        self.changed = True
        self.query_one("#issuers", Line).update(self._list())
        self.query_one("#setup-says", Line).update(words("setup.added", license=license))
        field = self.query_one("#license", TextField)
        field.value = ""
        field.enter()

    async def _license_is_right(self) -> bool:
        """Blanks are pointed out and removed on request, never silently."""
        field = self.query_one("#license", TextField)
        field.say_error("")
        text = field.value
        plain = "".join(text.split())
        if plain != text:
            question = Question(
                words("setup.blanks_title"), words("setup.license_blanks", plain=plain)
            )
            if not await self.app.push_screen_wait(question):
                field.say_error(words("setup.has_blanks"))
                field.enter()
                return False
            field.value = plain
        if not is_license(normalize_license(plain)):
            field.say_error(words("setup.license_wrong" if plain else "start.license_missing"))
            field.enter()
            return False
        return True
