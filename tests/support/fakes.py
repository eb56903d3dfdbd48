"""Fakes that implement the ports of ``issuance/ports.py`` in memory, for tests without a machine.

``Edges`` counts every call that would touch the machine and can end the program there, before or
after the call took effect: what a power cut or SIGKILL does.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from iies_tui.domain import mail
from iies_tui.domain.batch import BatchState, KeptBatch
from iies_tui.domain.bundle import Bundle
from iies_tui.domain.delivery import JobState, JobStatus, Queue, State
from iies_tui.domain.errors import IiesError, MachineFailed, Refused
from iies_tui.domain.mail import MailEntry, MailState
from iies_tui.domain.merkle import Tree
from iies_tui.domain.note import TreeHead, origin
from iies_tui.domain.trail import GENESIS, TERMINAL, Checkpoint, Detail, Event, Note, TrailRow
from iies_tui.domain.vehicle import KnownVehicle
from iies_tui.issuance.ports.records import Head, RegisterEntry


class Killed(BaseException):
    """The process ended here; nothing of ours may catch it."""


@dataclass
class Edges:
    """``kill_before`` and ``kill_after``: the number (from 1) of the call to die at."""

    count: int = 0
    kill_before: int = 0
    kill_after: int = 0

    def before(self) -> None:
        self.count += 1
        if self.count == self.kill_before:
            raise Killed

    def after(self) -> None:
        if self.count == self.kill_after:
            raise Killed


@dataclass
class FakeClock:
    """A clock that moves when it is told to."""

    wall: datetime = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    since_boot: float = 1000.0
    boot_name: str = "boot-1"

    def now(self) -> datetime:
        return self.wall

    def boot(self) -> float:
        return self.since_boot

    def boot_id(self) -> str:
        return self.boot_name

    def pass_seconds(self, seconds: float) -> None:
        self.wall += timedelta(seconds=int(seconds))
        self.since_boot += seconds


@dataclass
class FakeCatalog:
    """Port ``VehicleCatalog``: what it was told, by VIN."""

    known: dict[str, KnownVehicle] = field(default_factory=dict)

    def look_up(self, vin: str, year: int | None = None) -> KnownVehicle | None:
        return self.known.get(vin)


@dataclass
class FakeTrust:
    """Port ``InstalledBundle``: one bundle, or none."""

    bundle: Bundle | None = None

    def installed(self) -> Bundle | None:
        return self.bundle


class FakeMemory:
    """Port ``HeadMemory`` in this process."""

    def __init__(self) -> None:
        self.head: Head | None = None

    def recall(self) -> Head | None:
        return self.head

    def remember(self, head: Head) -> None:
        self.head = head


@dataclass
class FakeTrail:
    """A chain in memory. Its hashes chain, but are not those of the real rows' bytes."""

    clock: FakeClock = field(default_factory=FakeClock)
    edges: Edges = field(default_factory=Edges)
    chain: list[TrailRow] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    failure: IiesError | None = None
    """Raised instead of appending: a full or failing disk."""

    def append(
        self, event: Event, actor: str, details: Mapping[str, Detail], clerk: str = ""
    ) -> TrailRow:
        self.edges.before()
        if self.failure is not None:
            raise self.failure
        row = self._add(event, actor, details, clerk)
        self.edges.after()
        return row

    def _add(self, event: Event, actor: str, details: Mapping[str, Detail], clerk: str) -> TrailRow:
        previous = self.chain[-1].hash if self.chain else GENESIS
        seq = len(self.chain) + 1
        text = repr((seq, previous, self.clock.now(), event, actor, clerk, sorted(details.items())))
        digest = hashlib.sha256(text.encode()).digest()
        row = TrailRow(seq, previous, self.clock.now(), event, actor, clerk, dict(details), digest)
        self.chain.append(row)
        return row

    def append_checkpointed(
        self,
        event: Event,
        actor: str,
        details: Mapping[str, Detail],
        clerk: str,
        checkpoint: Callable[[TrailRow], Checkpoint],
        note: Callable[[TreeHead], Note],
        before: Mapping[Event, Mapping[str, Detail]] = MappingProxyType({}),
    ) -> TrailRow:
        self.edges.before()
        if self.failure is not None:
            raise self.failure
        for earlier, told in before.items():
            self._add(earlier, actor, told, clerk)
        row, tree = self._add(event, actor, details, clerk), Tree()
        for one in self.chain:
            tree.add(one.hash)
        self.checkpoints.append(checkpoint(row))
        self.notes.append(note(TreeHead(origin(self.chain[0].hash, b""), tree.size, tree.root())))
        self.edges.after()
        return row

    def head(self) -> TrailRow | None:
        return self.chain[-1] if self.chain else None

    def rows(self, since: int = 1) -> Iterator[TrailRow]:
        return iter(self.chain[since - 1 :])

    def find_serial(self, event: Event, serial: str) -> TrailRow | None:
        return self._last(lambda row: row.event is event and row.details.get("serial") == serial)

    def last(self, event: Event) -> TrailRow | None:
        return self._last(lambda row: row.event is event)

    def newest(self, event: Event, limit: int) -> tuple[TrailRow, ...]:
        return self.of_kind(event)[::-1][:limit]

    def of_kind(self, event: Event) -> tuple[TrailRow, ...]:
        return tuple(row for row in self.chain if row.event is event)

    def open_intents(self) -> tuple[TrailRow, ...]:
        settled = {
            row.details.get("serial")
            for row in self.chain
            if row.event in (Event.SEALED, Event.VOID)
        }
        return tuple(
            row
            for row in self.chain
            if row.event is Event.INTENT and row.details.get("serial") not in settled
        )

    def begin_epoch(self, epoch: int) -> None:
        self.append(Event.EPOCH, TERMINAL, {"epoch": epoch.to_bytes(5, "big")})

    def _last(self, test: Callable[[TrailRow], bool]) -> TrailRow | None:
        return next((row for row in reversed(self.chain) if test(row)), None)


@dataclass
class FakeOutbox:
    """Messages in the order in which they were added; final ones lose their bytes."""

    edges: Edges = field(default_factory=Edges)
    entries: dict[str, MailEntry] = field(default_factory=dict)
    messages: dict[str, bytes] = field(default_factory=dict)

    def add(self, entry: MailEntry, message: bytes) -> None:
        self.edges.before()
        self.entries[entry.id], self.messages[entry.id] = entry, message
        self.edges.after()

    def get(self, id: str) -> MailEntry | None:
        return self.entries.get(id)

    def message(self, id: str) -> bytes:
        return self.messages.get(id, b"")

    def update(self, entry: MailEntry) -> None:
        self.edges.before()
        self.entries[entry.id] = entry
        if entry.state in mail.FINAL:
            self.messages[entry.id] = b""
        self.edges.after()

    def of_card(self, serial: str) -> tuple[MailEntry, ...]:
        return tuple(e for e in self.entries.values() if serial in ("", e.serial))

    def in_state(self, states: Sequence[MailState]) -> tuple[MailEntry, ...]:
        return tuple(entry for entry in self.entries.values() if entry.state in states)


@dataclass
class FakeRegister:
    """One issuer's entries, in the order in which they were added."""

    edges: Edges = field(default_factory=Edges)
    entries: dict[str, RegisterEntry] = field(default_factory=dict)
    settings: dict[str, object] = field(default_factory=dict)
    kept: dict[str, tuple[KeptBatch, bytes]] = field(default_factory=dict)
    closed: bool = False
    outbox: FakeOutbox = field(default_factory=FakeOutbox)

    def add(self, entry: RegisterEntry) -> None:
        self.edges.before()
        if entry.batch and any(entry.batch == other.batch for other in self.entries.values()):
            raise MachineFailed("database_failed", path="", reason="Constraint")
        self.entries[entry.card.serial] = entry
        self.edges.after()

    def get(self, serial: str) -> RegisterEntry | None:
        return self.entries.get(serial)

    def update(self, entry: RegisterEntry) -> None:
        self.edges.before()
        if entry.card.serial not in self.entries:
            raise KeyError(entry.card.serial)
        self.entries[entry.card.serial] = entry
        self.edges.after()

    def search(self, words: str, limit: int) -> tuple[RegisterEntry, ...]:
        wanted = words.upper().split()
        found = [
            entry
            for entry in reversed(self.entries.values())
            if all(
                any(part.startswith(word) for part in self._text(entry).split()) for word in wanted
            )
        ]
        return tuple(found[:limit])

    def of_batch(self, digest: str) -> tuple[RegisterEntry, ...]:
        return tuple(e for e in self.entries.values() if e.batch.startswith(f"{digest}:"))

    def update_all(self, entries: Sequence[RegisterEntry]) -> None:
        self.edges.before()
        self.entries.update({entry.card.serial: entry for entry in entries})
        self.edges.after()

    def keep_batch(self, batch: KeptBatch, rows: bytes) -> KeptBatch:
        self.edges.before()
        if batch.digest in self.kept:
            raise MachineFailed("database_failed", path="", reason="Constraint")
        made = dataclasses.replace(batch, number=len(self.kept) + 1)
        self.kept[batch.digest] = (made, rows)
        self.edges.after()
        return made

    def update_batch(self, batch: KeptBatch) -> None:
        self.edges.before()
        self.kept[batch.digest] = (batch, self.kept[batch.digest][1])
        self.edges.after()

    def batch(self, digest: str) -> KeptBatch | None:
        return self.kept[digest][0] if digest in self.kept else None

    def batch_rows(self, digest: str) -> bytes:
        return self.kept[digest][1] if digest in self.kept else b""

    def batches(self, states: Sequence[BatchState], limit: int) -> tuple[KeptBatch, ...]:
        found = [batch for batch, _ in reversed(self.kept.values()) if batch.state in states]
        return tuple(found[:limit])

    def batch_states(self, digest: str) -> Mapping[State, int]:
        return Counter(entry.state for entry in self.of_batch(digest))

    def in_state(self, states: Sequence[State]) -> tuple[RegisterEntry, ...]:
        return tuple(entry for entry in reversed(self.entries.values()) if entry.state in states)

    def setting(self, name: str) -> object:
        return self.settings.get(name)

    def set_setting(self, name: str, value: object) -> None:
        if value is None:
            self.settings.pop(name, None)
        else:
            self.settings[name] = value

    def close(self) -> None:
        self.closed = True

    @staticmethod
    def _text(entry: RegisterEntry) -> str:
        facts = entry.card.facts
        return " ".join((entry.card.serial, facts.policy, *facts.names)).upper()


@dataclass
class FakePrinter:
    """CUPS as it was seen to behave: ids that go up, held jobs that wait, canceled ones that stay.

    ``prints`` False: released jobs stay in the queue until ``print_pending``. ``failure`` is raised
    instead of an answer. ``settings``: what the queue does to pages whatever a job says.
    """

    edges: Edges = field(default_factory=Edges)
    names: tuple[str, ...] = ("FRONT",)
    accepting: bool = True
    prints: bool = True
    failure: IiesError | None = None
    jobs: dict[int, JobStatus] = field(default_factory=dict)
    data: dict[int, bytes] = field(default_factory=dict)
    printed: list[tuple[str, bytes]] = field(default_factory=list)
    stopped: bool = False
    reasons: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    next_job: int = 1

    def queues(self) -> tuple[Queue, ...]:
        self._answer()
        return tuple(
            Queue(name, name, self.accepting, self.stopped, name == self.names[0], False)
            for name in self.names
        )

    def forced(self, queue: str) -> tuple[str, ...]:
        self._answer()
        return self.settings

    def submit_held(self, queue: str, title: str, pdf: bytes, copies: int, fax_to: str = "") -> int:
        self.edges.before()
        self._answer()
        if queue not in self.names:
            raise Refused("no_such_queue", queue=queue)
        job = self.next_job
        self.next_job += 1
        self.jobs[job] = JobStatus(job, JobState.HELD, title=title)
        self.data[job] = pdf
        self.edges.after()
        return job

    def release(self, job: int) -> None:
        self.edges.before()
        self._answer()
        self._change(job, (JobState.HELD,), JobState.PENDING)
        if self.prints:
            self.print_pending()
        self.edges.after()

    def cancel(self, job: int) -> None:
        self.edges.before()
        self._answer()
        live = (JobState.HELD, JobState.PENDING, JobState.PRINTING, JobState.STOPPED)
        self._change(job, live, JobState.CANCELED)
        self.edges.after()

    def status(self, queue: str, job: int) -> JobStatus:
        self._answer()
        status = self.jobs.get(job, JobStatus(job, JobState.NOT_FOUND))
        if status.state is JobState.NOT_FOUND:
            return status
        return dataclasses.replace(
            status, reasons=(*self.reasons, *status.reasons), printer_stopped=self.stopped
        )

    def jobs_named(self, title: str) -> tuple[JobStatus, ...]:
        self._answer()
        return tuple(job for _, job in sorted(self.jobs.items()) if job.title == title)

    # -- what the tests do to it -----------------------------------------------------------

    def set_state(self, job: int, state: JobState, started: bool = False) -> None:
        self.jobs[job] = dataclasses.replace(self.jobs[job], state=state, started=started)

    def print_pending(self) -> None:
        for number, job in sorted(self.jobs.items()):
            if job.state is JobState.PENDING:
                self.printed.append((job.title, self.data[number]))
                self.set_state(number, JobState.COMPLETED, started=True)

    def _answer(self) -> None:
        if self.failure is not None:
            raise self.failure

    def _change(self, job: int, before: tuple[JobState, ...], after: JobState) -> None:
        if job not in self.jobs or self.jobs[job].state not in before:
            raise Refused("no_such_job", job=job)
        self.jobs[job] = dataclasses.replace(self.jobs[job], state=after)


@dataclass
class FakeIssuer:
    """Whoever is signed on, as delivery sees them."""

    license: str = "PC-123456"
    clerk: str = "JQD"
    register: FakeRegister = field(default_factory=FakeRegister)
