"""Start: what this terminal is, what is wrong with it, and the sign-on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import Vertical
from textual.timer import Timer
from textual.widget import Widget

from iies_tui.domain.issuer import normalize_license
from iies_tui.domain.key import count_characters, is_short_pin
from iies_tui.domain.wiping import wipe
from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed
from iies_tui.text import words
from iies_tui.tui.dialogs.clock_question import ClockQuestion
from iies_tui.tui.dialogs.pin_again import PinAgain
from iies_tui.tui.dialogs.question import Message, Question
from iies_tui.tui.keyboard import commands
from iies_tui.tui.keyboard.commands import Command, bindings
from iies_tui.tui.keyboard.idle import wall_clock
from iies_tui.tui.outcome import Reason
from iies_tui.tui.page import Facts, Page, TypedAheadVoid
from iies_tui.tui.ports import Session
from iies_tui.tui.screens.import_bundle import ImportBundleDialog
from iies_tui.tui.screens.training import TrainingMadeDialog
from iies_tui.tui.widgets.lines import Line
from iies_tui.tui.widgets.secret import SecretField
from iies_tui.tui.widgets.status import Standing
from iies_tui.tui.widgets.text_field import Field, TextField
from iies_tui.tui.words.wording import failure, notice, say

_NOTICES = 3
LOOK_AGAIN = 60.0
"""Seconds between two looks at what is wrong with this terminal: hours run, bundles expire."""


class Go(Enum):
    """The screen that the clerk chose on Start."""

    SIGNED_ON = auto()
    SETUP = auto()
    VERIFY = auto()
    TERMINAL = auto()
    SWITCH = auto()
    QUIT = auto()


@dataclass(frozen=True, slots=True)
class StartResult:
    """``signed`` with SIGNED_ON, ``state_dir`` with SWITCH."""

    go: Go
    signed: protocol.SignedOn | None = None
    state_dir: str = ""


class StartScreen(Page[StartResult]):
    """The first screen. ``live_dir`` is set on a training terminal that a live one holds."""

    topic = "start"
    COMMANDS_SHOWN: ClassVar[tuple[Command, ...]] = (
        commands.HELP,
        commands.SETUP,
        commands.TRAINING,
        commands.IMPORT,
        commands.VERIFY,
        commands.TERMINAL,
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(*COMMANDS_SHOWN[1:], commands.QUIT)

    def __init__(
        self,
        session: Session,
        terminal: protocol.Terminal,
        *,
        kiosk: bool,
        live_dir: str = "",
        arrived: Reason | None = None,
        now: Callable[[], datetime] = wall_clock,
    ) -> None:
        super().__init__(Standing.nobody(terminal.training, ""))
        self._session = session
        self._terminal = terminal
        self._kiosk = kiosk
        self._live_dir = live_dir
        self._arrived = arrived
        self._now = now
        self._waiting: Timer | None = None
        self._wait_left = 0
        self._asking = False
        self.secret_typed = False
        """A PIN was typed here, or a part of one: it must not wait for somebody else."""
        quitting = () if kiosk else (commands.QUIT,)
        shown = tuple(
            commands.GO_LIVE if one is commands.TRAINING and terminal.training else one
            for one in self.COMMANDS_SHOWN
        )
        self.commands = (*shown, *quitting)  # type: ignore[misc]

    def body(self) -> Iterable[Widget]:
        """Name, terminal, notices, sign-on, checklist."""
        yield Line(words("start.product"), classes="title")
        yield Line(words("start.what"), classes="subtitle")
        yield Facts(self._facts(), id="terminal")
        yield Line("", id="notices")
        with Vertical(id="sign-on"):
            yield Line(words("start.sign_on"), classes="heading")
            yield TextField(
                words("start.license"),
                id="license",
                value=self._only_license(),
                width=26,
                max_length=24,
                upper=True,
            )
            yield SecretField(words("start.pin"), id="pin", width=26)
            yield TextField(
                words("start.clerk"),
                id="clerk",
                width=26,
                max_length=8,
                upper=True,
                hint=words("start.optional"),
            )
            yield Line("", id="sign-on-says")
        yield Line(self._checklist(), id="checklist")

    def on_mount(self) -> None:
        self._show_notices()
        self._say(words(f"signed_off.{self._arrived}") if self._arrived else "", good=True)
        self._focus_first()
        self.set_interval(LOOK_AGAIN, self._look_again)

    @on(Field.Changed, "#pin")
    def _pin_changed(self) -> None:
        self.secret_typed = True

    @work(group="look", exclusive=True)
    async def _look_again(self) -> None:
        if self._asking:
            return
        with contextlib.suppress(RequestFailed):
            terminal = await self._session.ask(protocol.Hello())
            if terminal != self._terminal and self.is_attached:
                self.refresh_terminal(terminal)

    @property
    def topic_now(self) -> str:
        """First-time directions until the first sign-on, then the help of this screen."""
        return "first" if self._checklist() else "start"

    def refresh_terminal(self, terminal: protocol.Terminal) -> None:
        """The terminal changed: a bundle was imported, an issuer added."""
        self._terminal = terminal
        self._show_notices()
        self.query_one("#checklist", Line).update(self._checklist())
        self.run_worker(self.query_one("#terminal", Facts).show(self._facts()))
        license = self.query_one("#license", TextField)
        license.value = license.value or self._only_license()

    def _focus_first(self) -> None:
        filled = bool(self.query_one("#license", TextField).value)
        self.query_one("#pin" if filled else "#license", Field).enter()

    def _only_license(self) -> str:
        issuers = self._terminal.issuers
        return issuers[0].license if len(issuers) == 1 else ""

    def _facts(self) -> list[tuple[str, str]]:
        terminal, bundle = self._terminal, self._terminal.bundle
        if bundle is None:
            kind, authority = words("start.kind_none"), words("start.no_bundle")
        else:
            kind = words("start.kind_training" if bundle.training else "start.kind_live")
            authority = words(
                "start.bundle",
                authority=bundle.authority,
                version=bundle.version,
                days=bundle.days_left,
            )
        rows = [(words("start.terminal"), kind), (words("start.authority"), authority)]
        if bundle is not None:
            rows.append((words("start.root"), bundle.root_words))
        issuers = ", ".join(f"{i.license} (...{i.key_tail})" for i in terminal.issuers)
        rows.append((words("start.issuers"), issuers or words("start.no_issuer")))
        where = terminal.printer or words("start.folder", folder=terminal.folder)
        return [*rows, (words("start.destination"), where)]

    def _show_notices(self) -> None:
        """What is wrong with this terminal, the worst first."""
        told = [f"! {notice(item)}" for item in self._terminal.notices[:_NOTICES]]
        line = self.query_one("#notices", Line)
        line.display = bool(told)
        line.update("\n".join(told))

    def _checklist(self) -> str:
        terminal = self._terminal
        steps = {
            "owner": terminal.owner,
            "bundle": terminal.bundle is not None,
            "issuer": bool(terminal.issuers),
            "enrolled": any(issuer.enrolled for issuer in terminal.issuers),
        }
        if all(done for step, done in steps.items() if step != "owner"):
            return ""
        marks = [
            f"[{'x' if done else ' '}] {words(f'checklist.{step}')}" for step, done in steps.items()
        ]
        return "\n".join([words("checklist.title"), *marks])

    def tell_too_early(self) -> None:
        """What was typed before this screen was there was dropped."""
        self._say(words("start.too_early"))

    def _say(self, text: str, *, good: bool = False) -> None:
        line = self.query_one("#sign-on-says", Line)
        line.set_class(good, "-good")
        line.update(text)

    # -- sign-on --------------------------------------------------------------------------

    @on(Field.Entered)
    def _go_on(self, event: Field.Entered) -> None:
        typed = self.query_one("#pin", SecretField).line.characters
        if typed and event.field.id != "license":
            self._sign_on()
        else:
            self.query_one("#pin", Field).enter()

    def still_settling(self) -> bool:
        """While the PIN is judged, what is typed is meant for the next screen, not for the PIN."""
        return self._asking or super().still_settling()

    def _sign_on(self) -> None:
        """Take the PIN before another key can reach it."""
        if self._wait_left or self._asking:
            return
        license = normalize_license(self.query_one("#license", TextField).value)
        if not license or license != license.strip() or " " in license:
            self._say(words("start.license_blank" if license else "start.license_missing"))
            self.query_one("#license", Field).enter()
            return
        self._asking = True
        self._say(words("start.signing_on"), good=True)
        clerk = self.query_one("#clerk", TextField).value.strip()
        pin = self.query_one("#pin", SecretField).line.take()
        self._ask_to_sign_on(protocol.SignOn(license, clerk), pin)

    @work(group="sign-on")
    async def _ask_to_sign_on(self, request: protocol.SignOn, pin: bytearray) -> None:
        kept = bytearray(pin)
        try:
            request = replace(request, year=await self._year())
            signed = await self._session.ask(request, [pin])
        except RequestFailed as refused:
            if refused.failed.code != "pin_again":
                self._refused(refused.failed)
                return
            short = is_short_pin(count_characters(kept))
            again = await self.app.push_screen_wait(PinAgain(request.license, short=short))
            if again is None:
                self._stay("")
                return
            try:
                signed = await self._session.ask(request, [kept, again])
            except RequestFailed as second:
                self._refused(second.failed)
                return
        finally:
            wipe(kept)
        self.dismiss(StartResult(Go.SIGNED_ON, signed=signed))

    async def _year(self) -> str:
        """As it was typed, where the clock is far ahead of the last record; else empty."""
        for one in self._terminal.notices:
            if one.code == "clock_ahead":
                return await self.app.push_screen_wait(ClockQuestion(self._now, one.params))
        return ""

    def _stay(self, text: str) -> None:
        """Not signed on: what was typed ahead is dropped."""
        self._asking = False
        self.post_message(TypedAheadVoid())
        self._say(text)

    def _refused(self, failed: protocol.Failed) -> None:
        self._stay("")
        if failed.code == "wait":
            self._wait_left = max(1, int(float(failed.params.get("seconds", 1)) + 0.999))
            self._tell_wait()
            if self._waiting is None:
                self._waiting = self.set_interval(1.0, self._count_down)
        elif failed.code in ("sign_on_failed", "disabled"):
            self._say(words(f"sign_on.{failed.code}", **failed.params))
        else:
            self._say(failure(failed))
        self.query_one("#pin", Field).enter()

    def _tell_wait(self) -> None:
        self._say(words("sign_on.wait", seconds=self._wait_left))

    def _count_down(self) -> None:
        self._wait_left -= 1
        if self._wait_left > 0:
            self._tell_wait()
            return
        self._wait_left = 0
        self._say(words("sign_on.wait_over"), good=True)
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None

    # -- the other ways -------------------------------------------------------------------

    def action_setup(self) -> None:
        self.dismiss(StartResult(Go.SETUP))

    def action_verify(self) -> None:
        self.dismiss(StartResult(Go.VERIFY))

    def action_terminal(self) -> None:
        self.dismiss(StartResult(Go.TERMINAL))

    def action_quit_program(self) -> None:
        if not self._kiosk:
            self.dismiss(StartResult(Go.QUIT))

    @work(group="dialog", exclusive=True)
    async def action_training(self) -> None:
        """Make a training terminal, or switch to it, or back to the live one."""
        if self._live_dir:
            question = Question(words("training.leave_title"), words("training.leave"))
            if await self.app.push_screen_wait(question):
                self.dismiss(StartResult(Go.SWITCH, state_dir=self._live_dir))
            return
        if self._terminal.training:
            text = words("training.alone", directory=self._terminal.state_dir)
            await self.app.push_screen_wait(Message(words("training.alone_title"), text))
            return
        directory = Path(self._terminal.state_dir) / "training"
        if await asyncio.to_thread(directory.is_dir):
            question = Question(words("training.enter_title"), words("training.enter"))
            if await self.app.push_screen_wait(question):
                self.dismiss(StartResult(Go.SWITCH, state_dir=str(directory)))
            return
        question = Question(
            words("training.make_title"), words("training.make", directory=directory)
        )
        if not await self.app.push_screen_wait(question):
            return
        self._say(words("training.making"), good=True)
        try:
            made = await self._session.ask(protocol.MakeTraining(str(directory)))
        except RequestFailed as refused:
            self._say("")
            text = failure(refused.failed)
            await self.app.push_screen_wait(Message(words("training.failed"), text, grave=True))
            return
        await self.app.push_screen_wait(TrainingMadeDialog(made))
        self.dismiss(StartResult(Go.SWITCH, state_dir=made.directory))

    @work(group="dialog", exclusive=True)
    async def action_import_bundle(self) -> None:
        terminal = await self.app.push_screen_wait(ImportBundleDialog(self._session))
        if terminal is not None:
            self.refresh_terminal(terminal)
            self._say(words("import.done"), good=True)
            self._focus_first()


__all__ = ["Go", "StartResult", "StartScreen", "say"]
