"""The clerk's absence, on the boot clock: it counts through suspend and no one can set it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto

SUSPENDED = 1.5
"""Seconds by which the boot clock outran the running clock between two looks: a suspend."""


def boot_clock() -> float:
    """Seconds since boot, suspend included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def wall_clock() -> datetime:
    """The moment that the box believes it is, aware UTC: for what screens show."""
    return datetime.now(UTC)


def running_clock() -> float:
    """Seconds that the machine was awake."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)


class Due(Enum):
    """What the time asks for."""

    NOTHING = auto()
    WARN = auto()
    IDLE = auto()
    ABSOLUTE = auto()
    SUSPEND = auto()


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: sign-off without a key or paste, warning before it, and whatever happens."""

    sign_off: float
    warn: float
    absolute: float


class IdleWatch:
    """Counts from the last key or paste, and from the sign-on.

    A key after the deadline does not revive the sitting: a process that was stopped finds the
    deadline past before it reads the key.
    """

    def __init__(
        self,
        limits: Limits,
        boot: Callable[[], float] = boot_clock,
        running: Callable[[], float] = running_clock,
    ) -> None:
        self._limits = limits
        self._boot = boot
        self._running = running
        self._touched = self._began = boot()
        self._asleep = self._touched - running()

    def touch(self) -> None:
        """The clerk pressed a key or pasted."""
        if self.due() in (Due.NOTHING, Due.WARN):
            self._touched = self._boot()

    def restart(self) -> None:
        """Nobody was signed on and nothing was typed: count anew, after a suspend too."""
        self._touched = self._began = self._boot()
        self._asleep = self._touched - self._running()

    def left(self) -> float:
        """Seconds until sign-off, never below zero."""
        now = self._boot()
        idle = self._limits.sign_off - (now - self._touched)
        absolute = self._limits.absolute - (now - self._began)
        return max(0.0, min(idle, absolute))

    def due(self) -> Due:
        """What is to be done now. A suspend is told from its trace in the two clocks."""
        now = self._boot()
        if now - self._running() - self._asleep > SUSPENDED:
            return Due.SUSPEND
        if now - self._began >= self._limits.absolute:
            return Due.ABSOLUTE
        if now - self._touched >= self._limits.sign_off:
            return Due.IDLE
        return Due.WARN if self.left() <= self._limits.warn else Due.NOTHING
