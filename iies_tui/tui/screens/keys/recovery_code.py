"""The recovery code: offered, shown once, saved or printed if wished, two groups asked back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from textual import on, work
from textual.app import App
from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.dialogs.pin_again import PinNow
from iies_tui.tui.dialogs.question import Question
from iies_tui.tui.keyboard.commands import CLOSE, Command, bindings
from iies_tui.tui.page import Dialog
from iies_tui.tui.ports import Session
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.words.wording import failure, problem

_NOTED = Command("noted", "f9", "noted", "F9")
_KEEP = Command("keep", "enter", "keep", "Enter", priority=False)
_PRINT = Command("print", "f2", "print_code", "F2")
_SEND = Command("send_groups", "enter", "send", "Enter", priority=False)
_LATER = Command("later", "escape", "close", "Esc")
_AGAIN = Command("show_again", "escape", "close", "Esc")


class OfferCode(Question):
    """Enter makes the code, one other key leaves it for later."""

    commands: ClassVar[tuple[Command, ...]] = (
        Command("make_code", "y,enter", "yes", "Enter"),
        Command("later", "n,escape", "no", "Esc"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(*commands)


async def offer_recovery_code(app: App[Any], session: Session, terminal: protocol.Terminal) -> bool:
    """At the first sign-on of a live terminal. True where a code is in effect."""
    offer = OfferCode(words("recovery.title"), words("recovery.offer"))
    if not await app.push_screen_wait(offer):
        return False
    return await make_recovery_code(app, session, terminal)


async def make_recovery_code(app: App[Any], session: Session, terminal: protocol.Terminal) -> bool:
    """Show, ask back, show again where that failed. True once it is in effect."""
    code = await _begin(app, session)
    if code is None:
        return False
    while await app.push_screen_wait(ShowCode(session, terminal, code)):
        if await app.push_screen_wait(AskBack(session, code)):
            return True
    return False


async def _begin(app: App[Any], session: Session) -> protocol.RecoveryCode | None:
    """A code that is not in effect yet, with the PIN where the session asks for it; None for Esc.

    Raise RequestFailed.
    """
    try:
        return await session.ask(protocol.BeginRecoveryCode())
    except RequestFailed as refused:
        if refused.failed.code != "code_needs_pin":
            raise
    pin = await app.push_screen_wait(
        PinNow(words("recovery.title"), words("recovery.pin"), "make_code")
    )
    if pin is None:
        return None
    return await session.ask(protocol.BeginRecoveryCode(), [pin])


class ShowCode(Dialog[bool]):
    """The eight groups. True once they are written down, False for later."""

    topic = "setup"

    def __init__(
        self, session: Session, terminal: protocol.Terminal, code: protocol.RecoveryCode
    ) -> None:
        super().__init__(words("recovery.title"), words("recovery.show"))
        self._session = session
        self._code = code
        self._printer = terminal.printer
        printing = (_PRINT,) if terminal.printer else ()
        self.commands = (_NOTED, _KEEP, *printing, _LATER)  # type: ignore[misc]

    BINDINGS: ClassVar[list[BindingType]] = bindings(_NOTED, _PRINT, _LATER)

    def body(self) -> Iterable[Widget]:
        """Two rows of four groups, large gaps; then where to keep it."""
        groups = self._code.groups
        for row in (groups[:4], groups[4:]):
            yield Line("   " + "   ".join(row), classes="title")
        yield Line("")
        yield TextField(words("recovery.folder"), id="folder", max_length=200, optional=True)
        yield Line("", id="code-says")

    def on_mount(self) -> None:
        self.query_one("#folder", Field).enter()

    @on(Field.Entered)
    def _entered(self) -> None:
        folder = self.query_one("#folder", TextField).value.strip().strip("'\"")
        if folder:
            self._keep(protocol.KeepRecoveryCode(folder=folder))
        else:
            self.dismiss(True)

    def action_print_code(self) -> None:
        if self._printer:
            self._keep(protocol.KeepRecoveryCode(queue=self._printer))

    @work(group="keep", exclusive=True)
    async def _keep(self, request: protocol.KeepRecoveryCode) -> None:
        says = self.query_one("#code-says", Line)
        try:
            kept = await self._session.ask(request)
        except RequestFailed as refused:
            says.update(failure(refused.failed))
            return
        if kept.errors:
            says.update("\n".join(f"! {problem(one)}" for one in kept.errors))
            return
        done = [words("compromised.saved", path=path) for path in kept.paths]
        done += [words("compromised.printed", job=kept.job)] if kept.job else []
        says.update("\n".join(done))
        self.query_one("#folder", TextField).value = ""

    def action_noted(self) -> None:
        self.dismiss(True)

    def action_close(self) -> None:
        self.dismiss(False)


class AskBack(Dialog[bool]):
    """Two groups, typed from the paper. True once the code is in effect."""

    topic = "setup"
    commands: ClassVar[tuple[Command, ...]] = (_SEND, _AGAIN)
    BINDINGS: ClassVar[list[BindingType]] = bindings(CLOSE)

    def __init__(self, session: Session, code: protocol.RecoveryCode) -> None:
        super().__init__(words("recovery.ask_title"), words("recovery.ask"))
        self._session = session
        self._asked = code.asked

    def body(self) -> Iterable[Widget]:
        for number in self._asked:
            label = words("recovery.group", number=number)
            yield TextField(label, id=f"group-{number}", width=8, max_length=6, upper=True)

    def on_mount(self) -> None:
        self._field(self._asked[0]).enter()

    def _field(self, number: int) -> TextField:
        return self.query_one(f"#group-{number}", TextField)

    @on(Field.Entered)
    def _go_on(self, event: Field.Entered) -> None:
        if event.field.id == f"group-{self._asked[0]}":
            self._field(self._asked[1]).enter()
        else:
            self._send()

    @work(group="send", exclusive=True)
    async def _send(self) -> None:
        typed = [bytearray(self._field(number).value.encode()) for number in self._asked]
        try:
            await self._session.ask(protocol.ConfirmRecoveryCode(), typed)
        except RequestFailed as refused:
            self._field(self._asked[0]).say_error(failure(refused.failed))
            self._field(self._asked[0]).enter()
            return
        self.dismiss(True)

    def action_close(self) -> None:
        self.dismiss(False)
