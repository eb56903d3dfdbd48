"""What is wrong with this terminal, for Start: which notices there are, and the gravest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from iies_tui.domain import new_york
from iies_tui.domain.bundle import Bundle
from iies_tui.domain.errors import Problem
from iies_tui.issuance.clock_ahead import told, unconfirmed
from iies_tui.issuance.clock_guard import went_back
from iies_tui.issuance.keys.compromise import unanswered
from iies_tui.issuance.ports.keys import Vault
from iies_tui.issuance.ports.machine import Clock
from iies_tui.issuance.ports.records import RegisterStore, Trail
from iies_tui.issuance.trust.imported_bundle import ImportedTrust

FIRST_WARNING = timedelta(days=30)
ENDS_SOON, ENDS_NOW = 7, 1
"""Days before its end at which a bundle's warning gets graver; ``refresh_by`` is 30 before."""


@dataclass(frozen=True, slots=True)
class Notices:
    """``contact``: whom to ask, in the owner's words; empty for the authority's name."""

    trust: ImportedTrust
    trail: Trail
    clock: Clock
    vault: Vault
    registers: RegisterStore
    contact: str

    def __call__(self, interrupted: int) -> tuple[Problem, ...]:
        """Codes with words in ``notice.<code>``. ``interrupted``: cards that a crash made VOID."""
        bundle = self.trust.installed()
        found = [Problem("", "bundle_replaced")] if self.trust.replaced() else []
        found += self._clock()
        found += self._compromised()
        found += bundle_notices(bundle, self.clock.now(), self.contact)
        if interrupted:
            found.append(Problem("", "interrupted", {"count": interrupted}))
        if bundle is None or not bundle.training:
            found += self._without_recovery_code()
        found += [
            Problem("", "vault_damaged", {"license": license}) for license in self.vault.damaged()
        ]
        return tuple(found)

    def _clock(self) -> list[Problem]:
        if alarm := unconfirmed(self.trail):
            return [Problem("", "clock_ahead", told(alarm))]
        head = self.trail.head()
        back = went_back(self.clock.now(), head.time) if head else 0
        return [Problem("", "clock_went_back")] if back else []

    def _compromised(self) -> list[Problem]:
        found = []
        for one in unanswered(self.trail, self.clock):
            code = "compromised_late" if one.seconds < 0 else "compromised"
            hours = abs(one.seconds) // 3600
            found.append(Problem("", code, {"license": one.license, "hours": hours}))
        return found

    def _without_recovery_code(self) -> list[Problem]:
        return [
            Problem("", "no_recovery_code", {"license": issuer.license})
            for issuer in self.vault.issuers()
            if issuer.kid is not None and not self.registers.recovery_made(issuer.license)
        ]


def bundle_notices(installed: Bundle | None, now: datetime, contact: str) -> list[Problem]:
    """What the trust bundle's dates say, the gravest first."""
    if installed is None:
        return [Problem("", "no_bundle")]
    found = []
    whom = contact or installed.authority
    end = new_york.day_of(installed.expires).isoformat()
    if now >= installed.expires:
        found.append(Problem("", "bundle_expired", {"expired": end, "whom": whom}))
    elif now >= installed.refresh_by or installed.expires - now <= FIRST_WARNING:
        days = (installed.expires - now).days
        code = "bundle_expires"
        if days <= ENDS_SOON:
            code = "bundle_ends_now" if days <= ENDS_NOW else "bundle_ends_soon"
        found.append(Problem("", code, {"days": days, "day": end, "whom": whom}))
    if now < installed.issued:
        found.append(Problem("", "clock_behind"))
    return found
