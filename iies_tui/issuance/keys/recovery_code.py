"""The recovery code of an issuer's register: made, asked back, in effect (``docs/key.md``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from iies_tui.domain import recovery
from iies_tui.domain.errors import Refused
from iies_tui.domain.trail import Event
from iies_tui.issuance.keys.sign_on import SignedOnIssuer
from iies_tui.issuance.ports.keys import RecoveryKey
from iies_tui.issuance.ports.machine import Chance
from iies_tui.issuance.ports.records import RegisterStore, Trail


@dataclass(frozen=True, slots=True, repr=False)
class Pending:
    """A code that was shown and opens nothing yet; ``asked`` are groups, from 1."""

    code: bytearray
    asked: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MakeRecoveryCode:
    """Shown first, in effect once two of its groups were given back: nobody relies on a code
    that nobody wrote down."""

    registers: RegisterStore
    trail: Trail
    chance: Chance
    recovery_key: RecoveryKey

    def begin(self) -> Pending:
        """A new code. The caller wipes it."""
        code = bytearray(self.chance(recovery.BYTES))
        return Pending(code, recovery.choose(self.chance))

    def confirm(self, issuer: SignedOnIssuer, pending: Pending, typed: Sequence[str]) -> None:
        """Put the code into effect; an older one ends. Refused ``recovery_groups``."""
        if not recovery.answers(pending.code, pending.asked, typed):
            raise Refused("recovery_groups")
        again = self.registers.recovery_made(issuer.license)
        self.trail.append(
            Event.RECOVERY_CODE_MADE,
            issuer.license,
            {"license": issuer.license, "again": int(again)},
            issuer.clerk,
        )
        self.registers.set_recovery(
            issuer.license,
            issuer.keys.register_wrap_key(),
            self.recovery_key(issuer.license, pending.code),
        )
