"""What the use cases need of the world, as Protocols; ``adapters`` and the tests' fakes fill them.

Every port raises only ``domain.errors``; a third-party exception never crosses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from iies_tui.domain.batch import BatchState, KeptBatch
from iies_tui.domain.bundle import Bundle, Recipient
from iies_tui.domain.card import CardFacts, SealedCard
from iies_tui.domain.delivery import JobStatus, Queue, State
from iies_tui.domain.envelope import Envelope, Stamp
from iies_tui.domain.face import Face
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.issuer import IssuerOnTerminal
from iies_tui.domain.mail import MailEntry, MailState, Outcome
from iies_tui.domain.trail import Checkpoint, Detail, Event, TrailRow
from iies_tui.domain.vehicle import KnownVehicle


class Clock(Protocol):
    """Wall clock for records, boot clock for waits."""

    def now(self) -> datetime:
        """Aware UTC, whole seconds."""

    def today(self) -> date:
        """The terminal's local day."""

    def boot(self) -> float:
        """Seconds since boot, suspend included (CLOCK_BOOTTIME)."""

    def boot_id(self) -> str:
        """The kernel's random id of this boot."""


Chance = Callable[[int], bytes]
"""``chance(n)``: n random bytes from the kernel."""


class IssuerKeys(Protocol):
    """The keys derived from one KEY and PIN, alive only while that issuer is signed on."""

    @property
    def kid(self) -> bytes: ...

    @property
    def public(self) -> bytes: ...

    def sign(self, message: bytes) -> bytes:
        """64-byte Ed25519 signature."""

    def register_wrap_key(self) -> bytes:
        """32 bytes under which the register's random key is wrapped."""

    def draft_key(self) -> bytes:
        """32 bytes that seal the half-filled form."""


class Derivation(Protocol):
    def derive(
        self, license: str, key: bytes | bytearray, pin: bytes | bytearray, kdf: int = 1
    ) -> IssuerKeys:
        """Design section 4; about a quarter of a second and 64 MiB by intention."""


class Vault(Protocol):
    """The sealed KEYs of this terminal's issuers."""

    def issuers(self) -> tuple[IssuerOnTerminal, ...]: ...

    def damaged(self) -> tuple[str, ...]:
        """Licenses whose sealed KEY cannot be read any more; ``add`` takes the KEY again."""

    def add(self, license: str, key: bytes | bytearray, added: datetime) -> IssuerOnTerminal:
        """Refused ``issuer_exists`` where the license is on this terminal already."""

    def unseal(self, license: str) -> bytearray:
        """The KEY; the caller wipes it. MachineFailed where file or pepper is wrong."""

    def put(
        self, license: str, key: bytes | bytearray, added: datetime, kid: bytes | None
    ) -> IssuerOnTerminal:
        """Seal the KEY in place of whatever is there, wholly or not at all."""

    def enrol(self, license: str, kid: bytes) -> None:
        """Store the key id that later sign-ons must match."""

    def remove(self, license: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Attempts:
    """``wait`` seconds until the next attempt may be made; ``alarm``: the counters disagree."""

    failures: int
    wait: float
    disabled: bool
    alarm: bool = False


class Throttle(Protocol):
    """Counts sign-on attempts durably, before the derivation (design section 4)."""

    def state(self, license: str) -> Attempts: ...

    def count(self, license: str) -> Attempts:
        """Count one attempt as failed until ``clear`` says otherwise; on disk on return."""

    def clear(self, license: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Head:
    """A row of the trail by its number and its 32-byte hash."""

    seq: int
    hash: bytes


class HeadMemory(Protocol):
    """Remembers the trail's head outside the state directory."""

    def recall(self) -> Head | None: ...

    def remember(self, head: Head) -> None:
        """On disk on return."""


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
    ) -> TrailRow:
        """Row and checkpoint in one transaction."""

    def head(self) -> TrailRow | None: ...

    def rows(self, since: int = 1) -> Iterator[TrailRow]: ...

    def find_serial(self, event: Event, serial: str) -> TrailRow | None:
        """The last row of that kind about a serial."""

    def last(self, event: Event) -> TrailRow | None:
        """The newest row of a kind."""

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


class VehicleCatalogue(Protocol):
    """What is known of vehicles by their VIN."""

    def look_up(self, vin: str, year: int | None = None) -> KnownVehicle | None:
        """None where the VIN's check digit is wrong or nothing is known of it."""


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

    def setting(self, name: str) -> str | None:
        """A small JSON value kept for this issuer (Options, the draft)."""

    def set_setting(self, name: str, value: str | None) -> None: ...

    def close(self) -> None: ...


class RegisterStore(Protocol):
    def create(self, license: str, wrap_key: bytes) -> Register: ...

    def open(self, license: str, wrap_key: bytes) -> Register:
        """MachineFailed ``register_damaged`` where it cannot be opened with this key."""

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


RecoveryKey = Callable[[str, bytes | bytearray], bytes]
"""``recovery_key(license, code)``: the 32 bytes under which a recovery code wraps a register."""


class InsurerList(Protocol):
    def by_icc(self, icc: str) -> Insurer | None: ...

    def find(self, words: str, limit: int) -> tuple[Insurer, ...]:
        """By code or by name: word prefixes in any order, then one slip. Alphabetical."""


@dataclass(frozen=True, slots=True)
class BundleChange:
    """What an import would change, told before it takes effect."""

    old: Bundle | None
    new: Bundle
    new_root: bool
    insurers_added: tuple[str, ...]
    insurers_renamed: tuple[str, ...]
    insurers_withdrawn: tuple[str, ...]
    issuers_changed: tuple[str, ...]
    revocations_added: int


class Trust(Protocol):
    """The installed bundle and its pinned root."""

    def installed(self) -> Bundle | None: ...

    def read(self, data: bytes) -> Bundle:
        """Parse and check a bundle's own signature, without installing it. Refused if bad."""

    def propose(self, data: bytes) -> BundleChange:
        """What importing would do. Refused where it must not be imported."""

    def stage(self, data: bytes, root: bytes) -> Bundle:
        """Put a bundle down beside the one in force, ``root`` confirmed at the first import."""

    def finish(self) -> None:
        """Make the staged one the one in force; wholly old or wholly new on disk."""


class BarcodeProfile(Protocol):
    """A card's content as the symbol carries it (entry point ``iies_tui.barcode_profiles``)."""

    name: str

    def check_claims(self, facts: CardFacts) -> None:
        """Refused ``claims_too_long``, with the field to shorten, past ``MAX_CLAIMS`` bytes."""

    def seal(self, facts: CardFacts, stamp: Stamp, keys: IssuerKeys, to: Recipient) -> Envelope:
        """Encrypt, then sign. Refused ``claims_too_long`` past ``MAX_CLAIMS``."""

    def digits(self, envelope: Envelope) -> str: ...

    def read(self, digits: str) -> Envelope:
        """Parse one canonical encoding. Refused ``malformed.*`` with the layer otherwise."""

    def authentic(self, envelope: Envelope, public: bytes) -> bool: ...

    def open(self, envelope: Envelope, private: bytes) -> Mapping[str, object]:
        """The claims by their names, JSON-ready. Refused where they cannot be opened."""

    def sign_checkpoint(self, row: TrailRow, keys: IssuerKeys) -> Checkpoint: ...


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page in points (1/72 in) from the lower left corner; page from 0."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Document:
    """Finished PDF bytes and where the symbols stand in them, for the read-back."""

    pdf: bytes
    symbols: tuple[Box, ...]
    title: str
    pages: int


class PageStack(Protocol):
    """A file that is being drawn page by page."""

    def add(self, card: SealedCard) -> None:
        """One page more. Refused as ``Paper.card_page``."""

    def finish(self) -> Document:
        """The whole file; nothing can be added afterwards."""


class Paper(Protocol):
    """Draws. The same card and program version give the same bytes."""

    def check(self, card: SealedCard) -> None:
        """Refused where a value cannot be printed whole; ``card.digits`` is not looked at."""

    def card_page(self, cards: Sequence[SealedCard]) -> Document:
        """Letter portrait, two identical parts a card; behind a card its page for the policyholder,
        where it has one.
        """

    def fax_sheet(self, card: SealedCard, cover_to: str = "") -> Document:
        """One Letter page: the card 3 in high, the large bar code, what DMV must be told.

        ``cover_to``: before it a cover page to that number.
        """

    def stack(self, title: str, *, fax: bool) -> PageStack:
        """One file of many cards, or of their fax sheets, drawn one at a time."""


@dataclass(frozen=True, slots=True)
class FoundSymbol:
    """A symbol as it was read. ``text`` is what a scanner would type; ``page`` from 1."""

    text: str
    page: int


@dataclass(frozen=True, slots=True)
class FoundPage:
    """What a file's page holds: symbols, and the faces its text layer states."""

    page: int
    symbols: tuple[str, ...]
    faces: tuple[tuple[Face, str], ...] = ()
    """(face, check code) pairs found in the text, empty for pictures."""


class SymbolReader(Protocol):
    """Reads symbols with code that shares nothing with the drawing."""

    def read_back(self, document: Document, dpi: int) -> tuple[str, ...]:
        """Rasterize each symbol's box of the exact PDF bytes in one bit; one text a box, or ''."""

    def pages(self, data: bytes) -> Iterator[FoundPage]:
        """Every page of a PDF, PNG, JPEG or TIFF, the ladder tried. Refused ``not_a_picture``."""


class Printer(Protocol):
    """Local CUPS. Every call may raise MachineFailed ``cups_down`` or ``cups_hangs``."""

    def queues(self) -> tuple[Queue, ...]: ...

    def submit_held(self, queue: str, title: str, pdf: bytes, copies: int, fax_to: str = "") -> int:
        """Create the job held and send the bytes; the job number. ``fax_to``: a fax's number."""

    def release(self, job: int) -> None: ...

    def cancel(self, job: int) -> None: ...

    def status(self, queue: str, job: int) -> JobStatus: ...

    def jobs_named(self, title: str) -> tuple[JobStatus, ...]:
        """Our user's jobs of that name, finished ones included, for recovery."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says: to whom, about which card, with which files (name, PDF bytes).

    ``id`` makes the Message-ID; ``date`` is aware UTC.
    """

    id: str
    date: datetime
    address: str
    card: SealedCard
    files: tuple[tuple[str, bytes], ...]
    fax_sheet: bool


class Mailer(Protocol):
    """E-mail: the message, and one mail server to give it to."""

    def address(self, typed: str) -> str:
        """The address as it goes into a message; its syntax only. Refused ``mail_address``."""

    def ready(self) -> None:
        """Could a message be sent, as far as the settings tell? Refused ``mail_off``,
        MachineFailed where a part of them is wrong."""

    def compose(self, letter: Letter) -> bytes:
        """The whole message, 7-bit with CRLF ends of lines (RFC 5322)."""

    def send(self, address: str, message: bytes, hand_over: Callable[[], bool]) -> Outcome:
        """One attempt; blocks, within its time limits; raises nothing of the network's.

        ``hand_over`` is called once the server has everything but the end of the data; where it
        answers False the data are not ended and the server has no message.
        """


class Folder(Protocol):
    """Saves files for the customer: atomically, flushed, by serial."""

    def check(self, directory: Path) -> None:
        """Before anything is sealed: make the directory and write to it, or MachineFailed."""

    def save(self, directory: Path, name: str, data: bytes) -> Path: ...
