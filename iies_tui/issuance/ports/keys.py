"""The issuer's KEY, PIN and recovery code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from iies_tui.domain.issuer import IssuerOnTerminal


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


class Derivation(Protocol):
    def derive(
        self, license: str, key: bytes | bytearray, pin: bytes | bytearray, kdf: int = 1
    ) -> IssuerKeys:
        """See ``docs/key.md``; about a quarter of a second and 64 MiB by intention."""


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


class OwnerVault(Protocol):
    """What the owner's code is checked against (``docs/key.md``)."""

    def exists(self) -> bool: ...

    def put(self, code: bytes | bytearray, made: datetime) -> None:
        """Make the code, in place of whatever is there, wholly or not at all."""

    def fits(self, code: bytes | bytearray) -> bool:
        """Refused ``owner_code_missing``; MachineFailed where file or pepper is wrong."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """``wait`` seconds until the next attempt may be made; ``alarm``: the counters disagree."""

    failures: int
    wait: float
    disabled: bool
    alarm: bool = False


class Throttle(Protocol):
    """Counts sign-on attempts durably, before the derivation (``docs/key.md``)."""

    def state(self, license: str) -> Attempts: ...

    def count(self, license: str) -> Attempts:
        """Count one attempt as failed until ``clear`` says otherwise; on disk on return."""

    def clear(self, license: str) -> None: ...


RecoveryKey = Callable[[str, bytes | bytearray], bytes]
"""``recovery_key(license, code)``: the 32 bytes under which a recovery code wraps a register."""
