"""The application: the way from Start to sign-off, the clock over it, and the crash."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path, PurePath
from typing import ClassVar

from rich.console import RenderableType
from textual import events, work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import NoColor
from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import WorkerFailed

from iies_tui.session import protocol
from iies_tui.session.client import RequestFailed, SessionLost
from iies_tui.text import words
from iies_tui.tui.dialogs.help import HelpScreen
from iies_tui.tui.dialogs.idle_warning import IdleWarning
from iies_tui.tui.dialogs.question import Message
from iies_tui.tui.dialogs.settings_changed import tell_settings
from iies_tui.tui.dialogs.wait import WaitScreen
from iies_tui.tui.keyboard.idle import (
    Due,
    IdleWatch,
    Limits,
    boot_clock,
    running_clock,
    wall_clock,
)
from iies_tui.tui.keyboard.typed_ahead import TypedAhead
from iies_tui.tui.outcome import Next, Outcome, Reason
from iies_tui.tui.page import Page
from iies_tui.tui.ports import Session
from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.keys.recovery_code import offer_recovery_code
from iies_tui.tui.screens.keys.setup import SetupScreen
from iies_tui.tui.screens.start import Go, StartScreen
from iies_tui.tui.screens.terminal_settings import TerminalScreen, give_code
from iies_tui.tui.screens.verify import VerifyScreen
from iies_tui.tui.signed_on import SignedOnContext
from iies_tui.tui.styles.themes import CONSOLE, RICH
from iies_tui.tui.terminal.console_front import ConsoleFront, own_console
from iies_tui.tui.terminal.crash import code_of
from iies_tui.tui.terminal.look import Look
from iies_tui.tui.terminal.terminal import let_out
from iies_tui.tui.too_early import TooEarly
from iies_tui.tui.words.wording import failure

TICK = 0.25
"""Seconds between two looks at the clock."""
ACTIVITY_EVERY = 0.5
"""Seconds: the session is told of keys at most so often."""
WIND_UP = 1.5
"""Seconds that the clerk's own sign-off waits for the card that is being made; no other does."""
_DUE = {Due.IDLE: Reason.IDLE, Due.ABSOLUTE: Reason.ABSOLUTE, Due.SUSPEND: Reason.SUSPEND}
_STYLES = Path(__file__).parent / "styles"


class IiesApp(App[Outcome], inherit_bindings=False):
    """Holds no KEY and no record; ``sign_off`` kills the session first, whatever goes on."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [
        _STYLES / "base.tcss",
        _STYLES / "fields.tcss",
        _STYLES / "screens.tcss",
    ]
    ENABLE_COMMAND_PALETTE = False
    ESCAPE_TO_MINIMIZE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", show=False, priority=True),
        Binding("f10", "sign_off", show=False, priority=True),
    ]

    def __init__(
        self,
        session: Session,
        *,
        look: Look = Look.CONSOLE,
        kiosk: bool = False,
        live_dir: str = "",
        arrived: Reason | None = None,
        now: Callable[[], datetime] = wall_clock,
        boot: Callable[[], float] = boot_clock,
        running: Callable[[], float] = running_clock,
        front: ConsoleFront | None = None,
    ) -> None:
        super().__init__(ansi_color=look is not Look.RICH)
        for theme in (CONSOLE, RICH):
            self.register_theme(theme)
        self.theme = RICH.name if look is Look.RICH else CONSOLE.name
        self.animation_level = "none"
        if look is Look.MONO:
            self._filters.append(NoColor())
        self._look = look
        self._session = session
        self._kiosk = kiosk
        self._live_dir = live_dir
        self._arrived = arrived
        self._now = now
        self._clocks = (boot, running)
        self._front = front or ConsoleFront(own_console())
        self._watch: IdleWatch | None = None
        self._signed_on = False
        self._activity_at = -ACTIVITY_EVERY
        self._leaving = False
        self._typed_ahead = TypedAhead(self._feed, self._settling, running, self._release_soon)
        self._early = TooEarly(running)
        self._cursor_shown = False
        self.crash_code = ""

    # -- the way --------------------------------------------------------------------------

    def get_default_screen(self) -> Screen[object]:
        """What stands there until the session has said what this terminal is."""
        return WaitScreen()

    def on_mount(self) -> None:
        self.add_class(f"-{self._look}")
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            with contextlib.suppress(RuntimeError, ValueError, NotImplementedError):
                loop.add_signal_handler(number, self.sign_off, Reason.HANG_UP)
        self.set_interval(TICK, self._tick)
        self._way()
        self._watch_session()

    def on_unmount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            with contextlib.suppress(RuntimeError, ValueError, NotImplementedError):
                loop.remove_signal_handler(number)

    @work
    async def _watch_session(self) -> None:
        await self._session.lost.wait()
        self.sign_off(Reason.LOST)

    @work
    async def _way(self) -> None:
        """Start, and what it leads to, until somebody signs on."""
        try:
            terminal = await self._session.ask(protocol.Hello())
        except RequestFailed as refused:
            text = failure(refused.failed)
            await self.push_screen_wait(Message(words("refused.start"), text, grave=True))
            self._leave(Outcome(Next.QUIT, exit_code=refused.failed.exit_code))
            return
        boot, running = self._clocks
        limits = Limits(terminal.sign_off_seconds, terminal.warn_seconds, terminal.absolute_seconds)
        self._watch = IdleWatch(limits, boot, running)
        arrived = self._arrived
        while True:
            start = StartScreen(
                self._session,
                terminal,
                kiosk=self._kiosk,
                live_dir=self._live_dir,
                arrived=arrived,
                now=self._now,
            )
            result = await self.push_screen_wait(start)
            arrived = None
            if result.go is Go.SIGNED_ON and result.signed is not None:
                signed = result.signed
                own = Limits(signed.sign_off_seconds, signed.warn_seconds, limits.absolute)
                self._watch = IdleWatch(own, boot, running)
                self._signed_on = True
                await tell_settings(self, self._session, signed.settings_changed)
                if signed.enrolled_now and not (signed.recovery or terminal.training):
                    await offer_recovery_code(self, self._session, terminal)
                signed_on = SignedOnContext(self._session, terminal, result.signed, self._now)
                await self.push_screen_wait(GeneratorScreen(signed_on))
                return
            if result.go is Go.SETUP:
                setup = SetupScreen(self._session, terminal)
                await self.push_screen_wait(setup)
                if setup.secret_typed:
                    # What was typed or pasted stays in this process's memory: a new one goes on.
                    reason = Reason.SETUP if setup.changed else None
                    self._leave(Outcome(Next.SIGN_OFF, reason=reason))
                    return
            elif result.go is Go.VERIFY:
                await self.push_screen_wait(VerifyScreen(self._session, terminal))
            elif result.go is Go.TERMINAL:
                found = await give_code(self, self._session, made=terminal.owner)
                changed = found is not None and await self.push_screen_wait(
                    TerminalScreen(self._session, terminal, found)
                )
                # The code was typed here, and the settings are read at a start.
                reason = Reason.SETTINGS if changed else None
                self._leave(Outcome(Next.SIGN_OFF, reason=reason))
                return
            elif result.go is Go.SWITCH:
                self._leave(Outcome(Next.SWITCH, state_dir=result.state_dir))
                return
            else:
                self._leave(Outcome(Next.QUIT))
                return
            terminal = await self._session.ask(protocol.Hello())

    # -- sign-off -------------------------------------------------------------------------

    def sign_off(self, reason: Reason) -> None:
        """Kill the session, then go: nothing waits for a dialog, a printer or an answer."""
        if reason is Reason.LOST and self._leaving:
            return
        self._leave(Outcome(Next.SIGN_OFF, reason=reason))

    def _leave(self, outcome: Outcome) -> None:
        if self._leaving:
            return
        self._leaving = True
        self._session.kill()
        self.exit(outcome)

    def action_sign_off(self) -> None:
        """F10, at once; before the sign-on there is a PIN or KEY to forget, or nothing."""
        if self._leaving:
            return
        if self._signed_on:
            self._wind_up()
        elif self._something_typed():
            self.sign_off(Reason.FORGOTTEN)

    @work(group="wind_up", exclusive=True)
    async def _wind_up(self) -> None:
        """A batch ends between two cards, where that does not take long; then go."""
        ends = [getattr(screen, "wind_up", None) for screen in self.screen_stack]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WIND_UP):
                for end in ends:
                    if end is not None:
                        await end()
        self.sign_off(Reason.KEY)

    def _tick(self) -> None:
        if self._leaving or not self.screen_stack:
            return
        self._release_soon()
        if self._watch is None:
            return
        self._let_out()
        if self._front.left() and (self._signed_on or self._something_typed()):
            self.sign_off(Reason.SWITCHED)
            return
        due = self._watch.due()
        if due in _DUE:
            if self._signed_on or self._something_typed():
                self.sign_off(_DUE[due] if self._signed_on else Reason.FORGOTTEN)
            else:
                self._watch.restart()
            return
        left = self._watch.left()
        self._tell_time(left if self._signed_on else None)
        if due is Due.WARN and self._signed_on and not isinstance(self.screen, IdleWarning):
            self.push_screen(IdleWarning())
        if isinstance(self.screen, IdleWarning):
            self.screen.countdown(left)

    def _let_out(self) -> None:
        """Nobody stops the screen: what is drawn later must get there, a sign-off above all."""
        if not self.is_headless:
            let_out()

    def _tell_time(self, seconds: float | None) -> None:
        for screen in self.screen_stack:
            told = getattr(screen, "countdown", None)
            if told is not None and screen.is_mounted and screen.is_attached:
                told(seconds)

    def _something_typed(self) -> bool:
        """A half-typed PIN or KEY is as good as a sitting: nobody else is to find it there."""
        start = next((one for one in self.screen_stack if isinstance(one, StartScreen)), None)
        if start is not None and start.secret_typed:
            return True
        return not isinstance(self.screen, StartScreen | WaitScreen)

    async def on_event(self, event: events.Event) -> None:
        """Count the clerk's keys and pastes, before anything else sees them."""
        typed = isinstance(event, events.Key | events.Paste) and not event.is_forwarded
        if typed and not self._leaving and self.screen_stack:
            if self._watch is not None:
                self._watch.touch()
                self._tick()
                if self._leaving:
                    return
                self._tell_activity()
            self._early.see(event, self.screen)
            hasty = isinstance(event, events.Key) and event.key == "f10"
            if isinstance(self.screen, IdleWarning) and not hasty:
                self.screen.dismiss(None)
                return
            if not hasty:
                await self._typed_ahead.take(event, self, self.focused or self.screen)
                return
        await super().on_event(event)

    def _settling(self) -> bool:
        """A screen is on its way and no field of it takes keys yet."""
        screen = self.screen
        return isinstance(screen, WaitScreen) or (
            isinstance(screen, Page) and screen.still_settling()
        )

    async def _feed(self, event: events.Event) -> None:
        """What Textual does with a key; none that was typed too early gets into the PIN."""
        if not self._early.drops(event, self.screen):
            await super().on_event(event)

    def _release_soon(self) -> None:
        self.call_later(self._release)

    async def _release(self) -> None:
        if self.screen_stack and not self._leaving:
            await self._typed_ahead.release(self, lambda: self.focused or self.screen)

    def on_typed_ahead_void(self) -> None:
        self._typed_ahead.forget()

    def _tell_activity(self) -> None:
        now = self._clocks[0]()
        if self._signed_on and now - self._activity_at >= ACTIVITY_EVERY:
            self._activity_at = now
            self._send_activity()

    @work(group="activity")
    async def _send_activity(self) -> None:
        with contextlib.suppress(RequestFailed):
            await self._session.ask(protocol.Activity())

    # -- help, cursor, clipboard ------------------------------------------------------------

    def action_help(self) -> None:
        """The page of this screen, over anything but another help page."""
        if not isinstance(self.screen, HelpScreen | IdleWarning | WaitScreen):
            topic = getattr(self.screen, "topic_now", "") or getattr(self.screen, "topic", "")
            self.push_screen(HelpScreen(topic))

    def copy_to_clipboard(self, text: str) -> None:
        """Nothing leaves the program by the terminal's clipboard; cut and paste work inside."""
        self._clipboard = text

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Every frame ends with the hardware cursor on the focus, where screen readers look."""
        place = self._place_of_cursor()
        if place is not None:
            self.cursor_position = place
        super()._display(screen, renderable)
        self._show_cursor(place is not None)

    def _place_of_cursor(self) -> Offset | None:
        focused: Widget | None = self.focused if self._running and self.screen_stack else None
        if focused is None or not focused.display:
            return None
        place = getattr(focused, "place_of_cursor", None)
        return place() if place is not None else focused.content_region.offset

    def _show_cursor(self, shown: bool) -> None:
        if shown != self._cursor_shown and self._driver is not None and not self.is_headless:
            self._cursor_shown = shown
            self._driver.write("\x1b[?25h" if shown else "\x1b[?25l")

    # -- crash ----------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        """Instead of Textual's report, which prints local variables: a code, and the end.

        A session that is lost, or was killed by our own sign-off, is no crash.
        """
        cause = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(cause, SessionLost):
            self.sign_off(Reason.LOST)
            return
        if self._leaving:
            # Screens are being taken down under what was still at work: the outcome stands.
            self._close_messages_no_wait()
            return
        if isinstance(cause, RequestFailed):
            self._tell_refusal(cause.failed)
            return
        self._return_code = 3
        self.crash_code = self.crash_code or code_of(cause)
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._leaving = True
        self._session.kill()
        self._close_messages_no_wait()

    def _tell_refusal(self, failed: protocol.Failed) -> None:
        """A refusal that no screen expected is told, not fatal."""
        self.push_screen(Message(words("refused.title"), failure(failed), grave=True))

    def panic(self, *renderables: RenderableType) -> None:
        """Textual's input thread calls this with a traceback: told by its code alone."""
        self._handle_exception(RuntimeError("terminal input failed"))

    def _print_error_renderables(self) -> None:
        self._exit_renderables.clear()
