"""Import a trust bundle: a path, what it would change, the root's words to compare, yes or no."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widget import Widget

from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.dialogs.question import Question
from iies_tui.tui.keyboard.commands import CLOSE, Command, bindings
from iies_tui.tui.page import Dialog
from iies_tui.tui.ports import Session
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.words.wording import failure, shown_date

_READ = Command("read", "enter", "read", "Enter", priority=False)

_NAMED = 6
"""Changes told by name: the dialog fits 24 lines."""


class ImportBundleDialog(Dialog[protocol.Terminal | None]):
    """The terminal as it is after the import; None where nothing was installed."""

    commands: ClassVar[tuple[Command, ...]] = (_READ, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(CLOSE)

    def __init__(self, session: Session) -> None:
        super().__init__(words("import.title"), words("import.text"))
        self._session = session

    def body(self) -> Iterable[Widget]:
        yield TextField(words("import.path"), id="path", max_length=500)

    def on_mount(self) -> None:
        self.query_one("#path", Field).enter()

    @on(Field.Entered)
    def _entered(self) -> None:
        self._import()

    @work(group="import", exclusive=True)
    async def _import(self) -> None:
        field = self.query_one("#path", TextField)
        path = field.value.strip().strip("'\"")
        if not path:
            return
        field.say_error("")
        try:
            proposed = await self._session.ask(protocol.ProposeBundle(path))
            question = Question(words("import.confirm_title"), _proposal(proposed))
            if not await self.app.push_screen_wait(question):
                return
            # The words were on the screen, and the file is the one that they were read from.
            confirmed = protocol.ImportBundle(path, proposed.bundle.root_words, proposed.digest)
            terminal = await self._session.ask(confirmed)
        except RequestFailed as refused:
            field.say_error(failure(refused.failed))
            return
        self.dismiss(terminal)

    def action_close(self) -> None:
        self.dismiss(None)


def _proposal(proposed: protocol.BundleProposed) -> str:
    """What the import would change, and the words to compare where the root is new."""
    bundle = proposed.bundle
    lines = [
        words(
            "import.from",
            authority=bundle.authority,
            version=bundle.version,
            issued=shown_date(bundle.issued),
            expires=shown_date(bundle.expires),
        ),
        words("import.holds", issuers=bundle.issuers, insurers=bundle.insurers),
        words(
            "import.changes",
            added=proposed.insurers_added,
            renamed=proposed.insurers_renamed,
            withdrawn=proposed.insurers_withdrawn,
            issuers=proposed.issuers_changed,
            revoked=proposed.revocations_added,
        ),
    ]
    if bundle.training:
        lines.append(words("import.training"))
    root = words("import.new_root" if proposed.new_root else "import.same_root")
    # The words to compare stand before the names, so that no list can push them off the screen.
    return "\n".join([*lines, root, f"  {bundle.root_words}", *_named(proposed)])


def _named(proposed: protocol.BundleProposed) -> list[str]:
    """The changes by name, as many as the screen has room for, the gravest first."""
    lines = [
        f"  {words(f'import.{kind}')} {line}"
        for kind, found in (
            ("revoked", proposed.revoked),
            ("withdrawn", proposed.withdrawn),
            ("renamed", proposed.renamed),
            ("issuer", proposed.issuers),
            ("added", proposed.added),
        )
        for line in found
    ]
    more = len(lines) - _NAMED
    return [*lines[:_NAMED], *([words("import.more", count=more)] if more > 0 else [])]
