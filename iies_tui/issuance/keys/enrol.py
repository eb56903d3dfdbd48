"""Setup: an issuer's KEY comes to this terminal (``docs/key.md``)."""

from __future__ import annotations

from dataclasses import dataclass

from iies_tui.domain.errors import MachineFailed, Problem, Refused
from iies_tui.domain.issuer import IssuerOnTerminal, is_license, normalize_license
from iies_tui.domain.key import has_blanks, is_key, passes_check
from iies_tui.domain.trail import TERMINAL, Event
from iies_tui.domain.wiping import wipe
from iies_tui.issuance.ports.keys import Throttle, Vault
from iies_tui.issuance.ports.machine import Clock
from iies_tui.issuance.ports.records import RegisterStore, Trail

KEY_LENGTH = 36


@dataclass(frozen=True, slots=True)
class AddIssuer:
    """*Add Issuer*: license number and KEY, sealed at once; the first sign-on enrols."""

    vault: Vault
    throttle: Throttle
    trail: Trail
    clock: Clock
    registers: RegisterStore

    def __call__(
        self, license: str, key: bytes | bytearray, *, use_anyway: bool = False
    ) -> IssuerOnTerminal:
        """Seal the KEY. The caller wipes ``key``.

        Raise Refused ``setup_refused`` with a problem beside its field, ``key_check_failed``
        where the check digits are wrong and ``use_anyway`` is not set, ``issuer_exists``,
        ``needs_recovery`` where only the recovery code opens the register that is here.
        """
        problems = [*license_problems(license), *key_problems(key)]
        if problems:
            raise Refused("setup_refused", tuple(problems))
        if not passes_check(bytes(key).decode("ascii")) and not use_anyway:
            raise Refused("key_check_failed")
        license = normalize_license(license)
        if any(issuer.license == license for issuer in self.vault.issuers()):
            return self._enter_again(license, key)
        if self.registers.exists(license) and self.registers.recovery_only(license):
            raise Refused("needs_recovery", license=license)
        added = self.vault.add(license, key, self.clock.now())
        # The count beside the pepper is another for each sealing: both begin anew together.
        self.throttle.clear(license)
        self.trail.append(
            Event.ISSUER_ADDED,
            TERMINAL,
            {"license": license, "key_tail": added.key_tail, "kdf": added.kdf},
        )
        return added

    def _enter_again(self, license: str, key: bytes | bytearray) -> IssuerOnTerminal:
        """The same KEY again lifts a disabling; another KEY is not a matter of adding.

        Where this terminal can unseal the stored one no more (another pepper, a damaged file), the
        KEY is sealed again under the same key id: a wrong one fails at the next sign-on.
        """
        before = next(issuer for issuer in self.vault.issuers() if issuer.license == license)
        try:
            same = self._is_stored(license, key)
        except MachineFailed as error:
            if error.code not in ("pepper_differs", "vault_damaged"):
                raise
            self.trail.append(Event.ISSUER_ADDED, TERMINAL, {"license": license, "again": 2})
            sealed = self.vault.put(license, key, self.clock.now(), before.kid)
            self.throttle.clear(license)
            return sealed
        if not same or not self.throttle.state(license).disabled:
            raise Refused("issuer_exists", license=license)
        self.trail.append(Event.ISSUER_ADDED, TERMINAL, {"license": license, "again": 1})
        self.throttle.clear(license)
        return before

    def _is_stored(self, license: str, key: bytes | bytearray) -> bool:
        stored = self.vault.unseal(license)
        try:
            return stored == key
        finally:
            wipe(stored)


def license_problems(license: str) -> tuple[Problem, ...]:
    """What is wrong with a typed issuer license number; blanks are pointed out, never removed."""
    if not license:
        return (Problem("license", "license_missing"),)
    if any(character.isspace() for character in license):
        return (Problem("license", "license_blanks"),)
    if not is_license(normalize_license(license)):
        return (Problem("license", "license_form"),)
    return ()


def key_problems(key: bytes | bytearray) -> tuple[Problem, ...]:
    """What is wrong with a typed or pasted KEY; never says what the KEY is."""
    if not key:
        return (Problem("key", "key_missing"),)
    try:
        text = bytes(key).decode("utf-8")
    except UnicodeDecodeError:
        return (Problem("key", "key_characters"),)
    if has_blanks(text):
        return (Problem("key", "key_blanks", {"length": len("".join(text.split()))}),)
    if len(text) != KEY_LENGTH:
        return (Problem("key", "key_length", {"length": len(text)}),)
    if not is_key(text):
        return (Problem("key", "key_characters"),)
    return ()
