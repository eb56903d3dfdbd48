"""A compromised KEY, one action: destroyed, trailed, its cards listed, DFS told in time.

Anybody at the terminal may do it, without a PIN: a KEY that may be in other hands is worth less
than the minutes that looking for the PIN would cost. Doing it again changes nothing but makes the
notice anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from iies_tui.domain.compromise import DUE, Contact, Notice, OpenCompromise
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.issuer import IssuerOnTerminal, normalize_license
from iies_tui.domain.trail import TERMINAL, Event, TrailRow
from iies_tui.issuance.ports.keys import Vault
from iies_tui.issuance.ports.machine import Clock
from iies_tui.issuance.ports.records import RegisterStore, Trail


@dataclass(frozen=True, slots=True)
class Destroyed:
    """``register_shut``: from now on only the recovery code opens the register. False where no
    code was ever made, or there is no register."""

    notice: Notice
    register_shut: bool


@dataclass(frozen=True, slots=True)
class Compromise:
    vault: Vault
    registers: RegisterStore
    trail: Trail
    clock: Clock

    def __call__(self, license: str, contact: Contact) -> Destroyed:
        """Destroy the sealed KEY. Refused ``no_such_issuer`` where there is none, nor a record."""
        license = normalize_license(license)
        issuer = next((one for one in self.vault.issuers() if one.license == license), None)
        row = self._trail(license, issuer)
        if issuer is not None or license in self.vault.damaged():
            self.vault.remove(license)
        shut = self._shut(license)
        kid = row.details.get("kid", b"")
        notice = Notice(
            license=license,
            contact=contact,
            key_tail=str(row.details.get("key_tail", "")),
            kid=kid if isinstance(kid, bytes) else b"",
            at=row.time,
            serials=self._serials(license, kid),
        )
        return Destroyed(notice, shut)

    def _trail(self, license: str, issuer: IssuerOnTerminal | None) -> TrailRow:
        """The row of this compromise: a new one while there is a KEY to destroy."""
        if issuer is None and license not in self.vault.damaged():
            known = [row for row in self.trail.of_kind(Event.KEY_COMPROMISED)
                     if row.details.get("license") == license]  # fmt: skip
            if not known:
                raise Refused("no_such_issuer", license=license)
            return known[-1]
        details: dict[str, str | int | bytes] = {"license": license}
        if issuer is not None:
            details["key_tail"] = issuer.key_tail
            if issuer.kid is not None:
                details["kid"] = issuer.kid
        return self.trail.append(Event.KEY_COMPROMISED, TERMINAL, details)

    def _shut(self, license: str) -> bool:
        try:
            return self.registers.exists(license) and self.registers.forget_pin(license)
        except MachineFailed as error:
            if error.code == "register_damaged":  # nothing opens it anyway
                return False
            raise

    def _serials(self, license: str, kid: object) -> tuple[str, ...]:
        """What was sealed under that key, as the trail has it; any key's where it is not known."""
        announced = {
            str(row.details["serial"])
            for row in self.trail.of_kind(Event.INTENT)
            if row.actor == license and (not kid or row.details.get("kid") == kid)
        }
        sealed = (str(row.details.get("serial")) for row in self.trail.of_kind(Event.SEALED))
        return tuple(serial for serial in sealed if serial in announced)


def answer(trail: Trail, license: str, clock: Clock) -> None:
    """Somebody says that DFS was told. Refused ``not_compromised`` where nothing is open."""
    license = normalize_license(license)
    if all(one.license != license for one in unanswered(trail, clock)):
        raise Refused("not_compromised", license=license)
    trail.append(Event.COMPROMISE_ANSWERED, TERMINAL, {"license": license})


def unanswered(trail: Trail, clock: Clock) -> tuple[OpenCompromise, ...]:
    """Compromises that nobody has marked as reported, the oldest first (23 NYCRR 500.17)."""
    answered: dict[object, int] = {}
    for row in trail.of_kind(Event.COMPROMISE_ANSWERED):
        answered[row.details.get("license")] = row.seq
    first: dict[str, TrailRow] = {}
    for row in trail.of_kind(Event.KEY_COMPROMISED):
        license = str(row.details.get("license", ""))
        if row.seq > answered.get(license, 0):
            first.setdefault(license, row)
    now = clock.now()
    return tuple(
        OpenCompromise(license, row.time + DUE, int((row.time + DUE - now).total_seconds()))
        for license, row in first.items()
    )
