"""Which serial the next card gets. The trail itself is the counter, so that no second file can
disagree with it."""

from __future__ import annotations

from dataclasses import dataclass

from iies_tui.domain.serial import MAX_COUNTER, Serial
from iies_tui.domain.trail import GENESIS, TERMINAL, Event, TrailRow
from iies_tui.issuance.ports.machine import Chance
from iies_tui.issuance.ports.records import Head, HeadMemory, Trail


@dataclass(frozen=True, slots=True)
class Serials:
    """``machine``: eight bytes that stand for this machine's id, not the id itself."""

    trail: Trail
    chance: Chance
    machine: bytes
    memory: HeadMemory

    def begin(self) -> None:
        """Start an epoch where there is none, on another machine, and after an older trail was
        put back: its counter would give out serials that are on paper already."""
        row = self.trail.last(Event.EPOCH)
        if row is not None and row.details.get("machine") != self.machine:
            self._new_epoch("machine")
        elif not self._is_remembered():
            if row is not None or self.memory.recall() is not None:
                self.trail.append(Event.COUNTER_ALARM, TERMINAL, {"what": "trail"})
            self._new_epoch("first" if row is None else "restored")

    def restored(self) -> None:
        """The records were put back from a backup: what was issued since it is not in them."""
        self._new_epoch("restored")

    def remember(self, row: TrailRow) -> None:
        """The intent that was just announced, outside the state directory too."""
        self.memory.remember(Head(row.seq, row.hash))

    def _is_remembered(self) -> bool:
        """True where the row that was remembered stands in this trail."""
        head = self.memory.recall()
        if head is None:
            return False
        row = next(iter(self.trail.rows(head.seq)), None)
        return row is not None and (row.seq, row.hash) == (head.seq, head.hash)

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
        row = self.trail.append(
            Event.EPOCH,
            TERMINAL,
            {
                "epoch": epoch,
                "machine": self.machine,
                "reason": reason,
                "old_head": head.hash if head else GENESIS,
            },
        )
        self.remember(row)
        return int.from_bytes(epoch, "big")
