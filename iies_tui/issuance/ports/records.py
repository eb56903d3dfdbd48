"""The trail, the register and the outbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from iies_tui.domain.batch import BatchState, KeptBatch
from iies_tui.domain.card import SealedCard
from iies_tui.domain.delivery import State
from iies_tui.domain.mail import MailEntry, MailState
from iies_tui.domain.note import TreeHead
from iies_tui.domain.trail import Checkpoint, Detail, Event, Note, TrailRow


@dataclass(frozen=True, slots=True)
class Head:
    """A row of the trail by its number and its 32-byte hash."""

    seq: int
    hash: bytes


class HeadMemory(Protocol):
    """Remembers the trail's head outside the state directory."""

    def recall(self) -> Head | None: ...

    def remember(self, head: Head) -> None:
        """Store it; it is on disk when this returns."""


class Trail(Protocol):
    """The append-only chain; every ``append`` is committed and on disk on return."""

    def append(
        self, event: Event, actor: str, details: Mapping[str, Detail], clerk: str = ""
    ) -> TrailRow: ...

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
        """Row, checkpoint, and the signed note of all rows up to it, in one transaction; rows that
        stand ``before`` it in the same one, of the same actor.
        """

    def head(self) -> TrailRow | None: ...

    def rows(self, since: int = 1) -> Iterator[TrailRow]: ...

    def find_serial(self, event: Event, serial: str) -> TrailRow | None:
        """The last row of that kind about a serial."""

    def last(self, event: Event) -> TrailRow | None:
        """The newest row of a kind."""

    def newest(self, event: Event, limit: int) -> tuple[TrailRow, ...]:
        """At most so many rows of a kind, newest first."""

    def of_kind(self, event: Event) -> tuple[TrailRow, ...]:
        """Every row of a kind, oldest first."""

    def open_intents(self) -> tuple[TrailRow, ...]:
        """Intents that have neither a seal nor a VOID: a crash came in between."""


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A card as the register keeps it. ``pdf_hash`` and ``fax_hash`` are SHA-256 of what left."""

    card: SealedCard
    state: State
    queue: str = ""
    job: int = 0
    copies: int = 1
    reprints: int = 0
    pdf_hash: bytes = b""
    fax_hash: bytes = b""
    trail_seq: int = 0
    batch: str = ""
    """``domain.batch.binding`` where the card is of a batch: no two entries bear the same one."""


class Outbox(Protocol):
    """The messages of one issuer's register. One that is final loses its bytes, not its entry."""

    def add(self, entry: MailEntry, message: bytes) -> None: ...

    def get(self, id: str) -> MailEntry | None: ...

    def message(self, id: str) -> bytes:
        """The bytes as they were composed, empty once the message is final."""

    def update(self, entry: MailEntry) -> None:
        """State, attempts, due, reason and detail."""

    def of_card(self, serial: str) -> tuple[MailEntry, ...]:
        """A card's messages, oldest first; every card's where ``serial`` is empty."""

    def in_state(self, states: Sequence[MailState]) -> tuple[MailEntry, ...]:
        """Oldest first."""


class Register(Protocol):
    """One issuer's encrypted records, open while that issuer is signed on."""

    @property
    def outbox(self) -> Outbox: ...

    def add(self, entry: RegisterEntry) -> None: ...

    def get(self, serial: str) -> RegisterEntry | None: ...

    def update(self, entry: RegisterEntry) -> None: ...

    def search(self, words: str, limit: int) -> tuple[RegisterEntry, ...]:
        """Newest first; ``words`` are prefixes in any order, empty for all."""

    def of_batch(self, digest: str) -> tuple[RegisterEntry, ...]:
        """The cards of a batch, oldest first."""

    def update_all(self, entries: Sequence[RegisterEntry]) -> None:
        """``update`` of all of them, in one transaction."""

    def keep_batch(self, batch: KeptBatch, rows: bytes) -> KeptBatch:
        """A new batch with its file as ``batch_file.dump`` gives it; the batch with its number.

        MachineFailed ``database_failed`` where there is one of this digest.
        """

    def update_batch(self, batch: KeptBatch) -> None:
        """Order, state and skipped rows of a kept batch; its rows never change."""

    def batch(self, digest: str) -> KeptBatch | None: ...

    def batch_rows(self, digest: str) -> bytes:
        """The file of a kept batch; empty where there is none."""

    def batches(self, states: Sequence[BatchState], limit: int) -> tuple[KeptBatch, ...]:
        """Newest first."""

    def batch_states(self, digest: str) -> Mapping[State, int]:
        """How many cards of a batch stand where."""

    def in_state(self, states: Sequence[State]) -> tuple[RegisterEntry, ...]: ...

    def setting(self, name: str) -> object:
        """A JSON value kept for this issuer (Options, the draft); None where there is none."""

    def set_setting(self, name: str, value: object) -> None: ...

    def close(self) -> None: ...


class RegisterStore(Protocol):
    def enrol(self, license: str, wrap_key: bytes) -> Register:
        """The register of a first sign-on: the one that is here, else a new one."""

    def open(self, license: str, wrap_key: bytes) -> Register:
        """MachineFailed ``register_damaged`` where this key does not open it, or half is gone."""

    def exists(self, license: str) -> bool: ...

    def recovery_made(self, license: str) -> bool:
        """True where a recovery code opens the register."""

    def recovery_only(self, license: str) -> bool:
        """True after a compromise: only the recovery code opens it."""

    def set_recovery(self, license: str, wrap_key: bytes, code_key: bytes) -> None:
        """Let a recovery code open the register as well; an older code ends."""

    def begin_change(self, license: str, old_key: bytes, new_key: bytes, *, recovery: bool) -> None:
        """Let a new KEY and PIN open it beside the old; MachineFailed ``register_damaged``."""

    def end_change(self, license: str, new_key: bytes) -> None:
        """The old KEY and PIN open it no more."""

    def forget_pin(self, license: str) -> bool:
        """Only the recovery code opens it from now on; False where there is none."""
