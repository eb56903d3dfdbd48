"""Where a card goes: printer, e-mail, folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from iies_tui.domain.card import SealedCard
from iies_tui.domain.delivery import JobStatus, Queue
from iies_tui.domain.mail import Outcome


class Printer(Protocol):
    """Local CUPS. Every call may raise MachineFailed ``cups_down`` or ``cups_hangs``."""

    def queues(self) -> tuple[Queue, ...]: ...

    def forced(self, queue: str) -> tuple[str, ...]:
        """The queue's settings that change a page and that no job can set otherwise, for people."""

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
