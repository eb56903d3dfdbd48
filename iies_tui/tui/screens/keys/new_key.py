"""A new KEY beside the old one: what proves the right to the register, the KEY, its PIN twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.domain.key import is_short_pin
from iies_tui.domain.wiping import wipe
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.dialogs.question import Question
from iies_tui.tui.keyboard.commands import CLOSE, KEY_FILE, SHOW, Command, bindings
from iies_tui.tui.page import Dialog
from iies_tui.tui.ports import Session
from iies_tui.tui.screens.keys.key_entry import KEY_LENGTH, KeyFileDialog, key_is_right
from iies_tui.tui.widgets.secret import SecretField
from iies_tui.tui.widgets.text_field import Field
from iies_tui.tui.words.wording import failure

_SEND = Command("replace", "f9", "send", "F9")
_ORDER = ("proof", "new-key", "new-pin", "new-pin-again")
_ANYWAY = frozenset({"key_check_failed", "new_key_not_listed"})


class NewKeyDialog(Dialog[protocol.Terminal | None]):
    """The terminal with the new KEY, None for Esc. ``proof`` is ``pin`` or ``code``."""

    topic = "setup"
    commands: ClassVar[tuple[Command, ...]] = (KEY_FILE, SHOW, _SEND, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEY_FILE, SHOW, _SEND, CLOSE)

    def __init__(self, session: Session, license: str, proof: str) -> None:
        title = words(f"new_key.title_{proof}", license=license)
        super().__init__(title, words(f"new_key.text_{proof}"))
        self._session = session
        self._license = license
        self._proof = proof

    def body(self) -> Iterable[Widget]:
        yield SecretField(words(f"new_key.proof_{self._proof}"), id="proof", width=42)
        yield SecretField(words("new_key.key"), id="new-key", width=40, hint=self._count(0))
        yield SecretField(words("new_key.pin"), id="new-pin", width=26)
        yield SecretField(words("new_key.pin_again"), id="new-pin-again", width=26)

    def on_mount(self) -> None:
        self._field("proof").enter()

    def _field(self, name: str) -> SecretField:
        return self.query_one(f"#{name}", SecretField)

    def _count(self, typed: int) -> str:
        return words("setup.count", typed=typed, length=KEY_LENGTH)

    @on(Field.Changed)
    def _changed(self, event: Field.Changed) -> None:
        event.field.say_error("")
        field = self._field("new-key")
        field.say_hint(self._count(field.line.characters))
        pin = self._field("new-pin")
        short = bool(pin.line.characters) and is_short_pin(pin.line.characters)
        pin.say_hint(words("new_key.short") if short else "")

    @on(Field.Entered)
    def _go_on(self, event: Field.Entered) -> None:
        at = _ORDER.index(event.field.id or _ORDER[0]) + 1
        if at < len(_ORDER):
            self._field(_ORDER[at]).enter()
        else:
            self.action_send()

    def action_show(self) -> None:
        """Show the KEY and the recovery code, or hide them again; never a PIN."""
        for name in ("new-key", *(("proof",) if self._proof == "code" else ())):
            line = self._field(name).line
            line.show(not line.shown)

    @work(group="file", exclusive=True)
    async def action_key_file(self) -> None:
        secret = await self.app.push_screen_wait(KeyFileDialog())
        if secret is not None:
            self._field("new-key").line.put(secret)
            self._field("new-pin").enter()

    @work(group="send", exclusive=True)
    async def action_send(self) -> None:
        if not await self._is_right():
            return
        secrets = [self._field(name).line.take() for name in ("new-key", "new-pin", "proof")]
        self._field("new-pin-again").line.forget()
        spare = [bytearray(secret) for secret in secrets]
        try:
            terminal = await self._replace(secrets, spare)
        except RequestFailed as refused:
            self._field("proof").say_error(failure(refused.failed))
            self._field("proof").enter()
            return
        finally:
            for secret in spare:
                wipe(secret)
        if terminal is not None:
            self.dismiss(terminal)
        else:
            self._field("new-key").enter()

    async def _replace(
        self, secrets: list[bytearray], spare: list[bytearray]
    ) -> protocol.Terminal | None:
        request = protocol.ReplaceKey(self._license, self._proof)
        try:
            return await self._session.ask(request, secrets)
        except RequestFailed as refused:
            if refused.failed.code not in _ANYWAY:
                raise
            title = words("new_key.anyway_title")
            question = Question(title, failure(refused.failed), grave=True)
        if not await self.app.push_screen_wait(question):
            return None
        anyway = protocol.ReplaceKey(self._license, self._proof, use_anyway=True)
        return await self._session.ask(anyway, spare)

    async def _is_right(self) -> bool:
        proof, pin, again = (self._field(name) for name in ("proof", "new-pin", "new-pin-again"))
        if not proof.line.characters:
            return _wrong(proof, words(f"new_key.missing_{self._proof}"))
        if not await key_is_right(self.app, self._field("new-key")):
            return False
        if not pin.line.characters:
            return _wrong(pin, words("new_key.missing_new_pin"))
        if pin.line.peek() != again.line.peek():
            return _wrong(again, words("error.pin_differs"))
        return True

    def action_close(self) -> None:
        self.dismiss(None)


def _wrong(field: SecretField, text: str) -> bool:
    field.say_error(text)
    field.enter()
    return False
