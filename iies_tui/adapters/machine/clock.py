"""The machine's clocks."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path


class SystemClock:
    """Wall clock in UTC for records, CLOCK_BOOTTIME for waits."""

    def now(self) -> datetime:
        """Aware UTC, whole seconds."""
        return datetime.now(UTC).replace(microsecond=0)

    def boot(self) -> float:
        """Seconds since boot, suspend included; setting the wall clock does not move it."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def boot_id(self) -> str:
        """The kernel's random id of this boot."""
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
