"""Verify: a file's path, or the digits of a bar code as a scanner types them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from iies_tui.domain.envelope import FaceMatch
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import has, words
from iies_tui.tui.keyboard.commands import BACK, HELP, Command, bindings
from iies_tui.tui.page import Page, Scroll
from iies_tui.tui.ports import Session
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.progress import ProgressLine
from iies_tui.tui.widgets.status import Standing
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.words.wording import failure, local_time, say

_LEAST_DIGITS = 20
"""Of a line of a scan, and two thirds of it at least; fewer are a file's name."""
QUIET = 0.4
"""Seconds without a key after which a scan is whole: some scanners end each line."""


_WORTH_TELLING = ("not_drawn", "layout_unknown")
"""Reasons why a face that was read or typed is not checked after all."""


class VerifyScreen(Page[None]):
    """No sign-on is needed to look at a card."""

    topic = "verify"
    commands: ClassVar[tuple[Command, ...]] = (HELP, BACK)
    BINDINGS: ClassVar[list[BindingType]] = bindings(BACK)

    def __init__(self, session: Session, terminal: protocol.Terminal) -> None:
        super().__init__(Standing.nobody(terminal.training, ""))
        self._session = session
        self._scanned: list[str] = []
        self._quiet: Timer | None = None
        self._still = 0

    def body(self) -> Iterable[Widget]:
        yield Line(words("verify.title"), classes="title")
        yield Line(words("verify.text"), classes="paragraph")
        yield TextField(words("verify.what"), id="what", max_length=4000)
        yield ProgressLine(id="progress")
        with Scroll():
            yield Line("", id="verdicts")

    def on_mount(self) -> None:
        self.query_one("#what", Field).enter()

    @on(Field.Entered)
    def _entered(self) -> None:
        field = self.query_one("#what", TextField)
        typed = field.value.strip()
        if self._scanned or is_scan(typed):
            self._scanned.append(typed)
            field.value = ""
            self._wait_for_quiet()
        elif typed:
            path = Path(typed.strip("'\"")).expanduser().absolute()
            self._verify(protocol.Verify(path=str(path)))

    @on(Field.Changed)
    def _typing(self) -> None:
        self._still = 0

    def _wait_for_quiet(self) -> None:
        """A scan is over after two looks in a row at which no key had come since the one before.

        One look is not enough: where the machine was away for a while, keys lie waiting behind it.
        """
        self._still = 0
        if self._quiet is None:
            self._quiet = self.set_interval(QUIET / 2, self._look)

    def _look(self) -> None:
        self._still += 1
        if self._still < 2 or self._quiet is None:
            return
        self._quiet.stop()
        self._quiet = None
        digits = "\n".join(self._scanned)
        self._scanned = []
        self._verify(protocol.Verify(digits=digits))

    @work(group="verify", exclusive=True)
    async def _verify(self, request: protocol.Verify) -> None:
        field = self.query_one("#what", TextField)
        asked = field.value
        field.say_error("")
        # The last card's verdict must not stand beside the next card's name.
        verdicts = self.query_one("#verdicts", Line)
        verdicts.update("")
        progress = self.query_one(ProgressLine)
        progress.begin()
        try:
            answer = await self._session.ask(request, progress=progress.tell)
        except RequestFailed as refused:
            field.say_error(failure(refused.failed))
            if asked and field.value == asked:
                field.select_all()  # the next scan stands in its place
            return
        finally:
            progress.end()
        shown = [verdict(one, len(list(same))) for one, same in groupby(answer.symbols)] or [
            Content(words("verify.none"))
        ]
        verdicts.update(Content("\n\n").join(shown))
        if field.value == asked:  # else the next card is being typed
            field.value = ""

    def action_back(self) -> None:
        self.dismiss(None)


def is_scan(typed: str) -> bool:
    """True for what a scanner types, its prefix and suffix with it; False for a file's path.

    Digits alone are a scan however few they are, as on the command line: never a path.
    """
    if typed.isascii() and typed.isdigit():
        return True
    digits = sum(sign in "0123456789" for sign in typed)
    return digits >= _LEAST_DIGITS and 3 * digits >= 2 * len(typed)


def _bundle(symbol: protocol.SymbolInfo) -> str:
    """What it was judged by."""
    age = symbol.bundle
    if not age:
        return ""
    return words("verify.judged", name=age["authority"], version=age["version"], days=age["days"])


def verdict(symbol: protocol.SymbolInfo, times: int = 1) -> Content:
    """The verdict, bold; what it means and what it does not. ``times``: as often on the page."""
    code = symbol.verdict.lower().replace(" ", "_")
    facts = [
        (words("verify.file"), "" if symbol.source == "-" else Path(symbol.source).name),
        (words("result.serial"), symbol.serial),
        (words("start.license"), symbol.license),
        (words("verify.issued"), local_time(symbol.issued_at or "")),
        (words("verify.page"), str(symbol.page)),
        (words("verify.face"), symbol.face),
        (words("verify.bundle"), _bundle(symbol)),
    ]
    lines = [f"{name:<16}{value}" for name, value in facts if value]
    key = f"verify_reason.{symbol.reason}"
    reason = words(key) if has(key) else symbol.reason
    if symbol.face != FaceMatch.NOT_CHECKED:
        reason = f"{reason}\n{words(f'face.{symbol.face}')}"
    elif symbol.face_reason in _WORTH_TELLING:
        reason = f"{reason}\n{words(f'face_reason.{symbol.face_reason}')}"
    return Content.assemble(
        (symbol.verdict, "bold reverse"),
        "\n" if times == 1 else f"   {words('verify.identical', count=times)}\n",
        say("verdict", code),
        f"\n{reason}\n",
        "\n".join(["", *lines]),
    )
