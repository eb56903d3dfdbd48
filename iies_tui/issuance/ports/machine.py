"""The clock and the kernel's randomness."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Wall clock for records, boot clock for waits."""

    def now(self) -> datetime:
        """Aware UTC, whole seconds."""

    def boot(self) -> float:
        """Seconds since boot, suspend included (CLOCK_BOOTTIME)."""

    def boot_id(self) -> str:
        """The kernel's random id of this boot."""


Chance = Callable[[int], bytes]
"""``chance(n)``: n random bytes from the kernel."""
