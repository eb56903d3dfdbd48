"""A KEY that others may have: one page, one key, and everything that must happen has happened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.domain.compromise import ADDRESS
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.keyboard.commands import CLOSE, Command, bindings
from iies_tui.tui.page import Dialog
from iies_tui.tui.ports import Session
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.words.wording import failure, local_time, problem

_DESTROY = Command("destroy", "f9", "destroy", "F9")
_FIELDS = ("licensee", "contact", "telephone", "folder")


class CompromisedDialog(Dialog[protocol.CompromiseTold | None]):
    """What was done; None for Esc. What is left empty stands in the notice as a line to fill in."""

    topic = "setup"
    commands: ClassVar[tuple[Command, ...]] = (_DESTROY, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(_DESTROY, CLOSE)

    def __init__(self, session: Session, terminal: protocol.Terminal, license: str) -> None:
        issuer = next((one for one in terminal.issuers if one.license == license), None)
        saved = issuer is None or issuer.recovery
        text = words("compromised.text" if saved else "compromised.text_no_code")
        super().__init__(words("compromised.title", license=license), text, grave=True)
        self._session = session
        self._license = license
        self._printer = terminal.printer
        self._values = {"licensee": issuer.name if issuer else "", "folder": terminal.folder}

    def body(self) -> Iterable[Widget]:
        """Whom DFS can ask, and where the notice goes."""
        for name in _FIELDS:
            yield TextField(
                words(f"compromised.{name}"),
                id=name,
                value=self._values.get(name, ""),
                max_length=200,
                optional=True,
            )

    def on_mount(self) -> None:
        self.query_one("#contact", Field).enter()

    @on(Field.Entered)
    def _go_on(self, event: Field.Entered) -> None:
        at = _FIELDS.index(event.field.id or _FIELDS[0]) + 1
        self.query_one(f"#{_FIELDS[at % len(_FIELDS)]}", Field).enter()

    @work(group="destroy", exclusive=True)
    async def action_destroy(self) -> None:
        """Now. Printed too, where there is a printer."""
        typed = {name: self.query_one(f"#{name}", TextField).value.strip() for name in _FIELDS}
        request = protocol.Compromised(license=self._license, queue=self._printer, **typed)
        try:
            told = await self._session.ask(request)
        except RequestFailed as refused:
            self.query_one("#contact", Field).say_error(failure(refused.failed))
            return
        self.dismiss(told)

    def action_close(self) -> None:
        self.dismiss(None)


def told(done: protocol.CompromiseTold) -> str:
    """What was done and what is left to do, with every serial."""
    lines = [
        words("compromised.done", tail=done.key_tail, count=len(done.serials)),
        words("compromised.shut" if done.register_shut else "compromised.open"),
        words(
            "compromised.send",
            address=ADDRESS,
            due=local_time(done.due),
        ),
        *(words("compromised.saved", path=path) for path in done.kept.paths),
        *([words("compromised.printed", job=done.kept.job)] if done.kept.job else []),
        *(f"! {problem(one)}" for one in done.kept.errors),
    ]
    if done.serials:
        lines += [words("compromised.serials"), *(f"  {serial}" for serial in done.serials)]
    return "\n".join(lines)
