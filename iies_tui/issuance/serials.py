"""Which serial the next card gets. The trail itself is the counter, so that no second file can
disagree with it (design section 8)."""

from __future__ import annotations

from dataclasses import dataclass

from iies_tui.domain.serial import MAX_COUNTER, Serial
from iies_tui.domain.trail import GENESIS, TERMINAL, Event
from iies_tui.issuance.ports import Chance, Trail


@dataclass(frozen=True, slots=True)
class Serials:
    """``machine``: eight bytes that stand for this machine's id, not the id itself."""

    trail: Trail
    chance: Chance
    machine: bytes

    def begin(self) -> None:
        """Start an epoch where there is none, or where this is another machine."""
        row = self.trail.last(Event.EPOCH)
        if row is None or row.details.get("machine") != self.machine:
            self._new_epoch("first" if row is None else "machine")

    def next(self) -> Serial:
        """The serial to announce in the next intent row; a new epoch after 999,999 cards."""
        epoch = self._epoch()
        row = self.trail.last(Event.INTENT)
        counter = 1
        if row is not None:
            latest = Serial.parse(str(row.details["serial"]))
            if latest.epoch == epoch:
                counter = latest.counter + 1
        if counter > MAX_COUNTER:
            return Serial(self._new_epoch("full"), 1)
        return Serial(epoch, counter)

    def _epoch(self) -> int:
        row = self.trail.last(Event.EPOCH)
        if row is None:
            return self._new_epoch("first")
        return int.from_bytes(bytes(row.details["epoch"]), "big")  # type: ignore[arg-type]

    def _new_epoch(self, reason: str) -> int:
        epoch = self.chance(5)
        head = self.trail.head()
        self.trail.append(
            Event.EPOCH,
            TERMINAL,
            {
                "epoch": epoch,
                "machine": self.machine,
                "reason": reason,
                "old_head": head.hash if head else GENESIS,
            },
        )
        return int.from_bytes(epoch, "big")
