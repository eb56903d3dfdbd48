"""A new KEY in place of the old one, its register kept (docs/key.md).

Three writes, in this order: the register's key wrapped under the new KEY and PIN beside the old;
the trail's row and the vault; the old wrap removed. Whatever dies in between, the KEY that the
vault holds opens the register, so that at every moment either the old KEY and PIN work or the new.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from iies_tui.domain import recovery
from iies_tui.domain.bundle import Bundle, RevocationKind
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.issuer import IssuerOnTerminal, normalize_license
from iies_tui.domain.key import MAX_PIN, MIN_PIN, is_pin, passes_check
from iies_tui.domain.trail import TERMINAL, Detail, Event
from iies_tui.domain.wiping import wipe
from iies_tui.issuance.keys.enrol import key_problems, license_problems
from iies_tui.issuance.keys.sign_on import SignOn, is_compromised
from iies_tui.issuance.ports.keys import IssuerKeys, RecoveryKey

Secret = bytes | bytearray


@dataclass(frozen=True, slots=True)
class NewKey:
    """A KEY and its PIN as they were typed; the caller wipes both.

    ``use_anyway``: take a KEY whose check digits are wrong, or that no bundle lists yet.
    """

    key: Secret
    pin: Secret
    use_anyway: bool = False


@dataclass(frozen=True, slots=True)
class ReplaceKey:
    """Each way of asking proves something else; what follows is the same."""

    sign_on: SignOn
    recovery_key: RecoveryKey

    def by_pin(self, license: str, new: NewKey, pin: Secret) -> IssuerOnTerminal:
        """Proven by the PIN of the KEY that is here.

        Raise Refused: ``setup_refused`` with problems, ``key_check_failed``, ``pin_form``,
        ``same_key``, ``new_key_not_listed``, ``key_is_compromised``, and what ``SignOn.prove``
        raises; MachineFailed where the disk fails: then the old KEY works, or the new one.
        """
        license = self._look_at(license, new)
        self._not_the_same(license, new.key)
        _, old = self.sign_on.prove(license, pin)
        wrap = old.register_wrap_key()
        return self._change(license, new, lambda to: self._begin(license, wrap, to, code=False))

    def by_code(self, license: str, new: NewKey, code: Secret) -> IssuerOnTerminal:
        """Proven by the recovery code, wherever the old KEY or PIN went; ``code`` as typed.

        Raise as ``by_pin``; Refused ``recovery_failed`` where the code does not open the register,
        ``no_recovery_code``.
        """
        license = self._look_at(license, new)
        if not self.sign_on.registers.recovery_made(license):
            raise Refused("no_recovery_code", license=license)
        plain = recovery.parse(bytes(code).decode("utf-8", "replace"))
        if plain is None:
            raise Refused("recovery_form")
        wrap = self.recovery_key(license, plain)
        wipe(plain)
        return self._change(license, new, lambda to: self._begin(license, wrap, to, code=True))

    def by_old_key(
        self, license: str, new: NewKey, old_key: Secret, old_pin: Secret
    ) -> IssuerOnTerminal:
        """Proven by KEY and PIN from the licensee's papers, where no recovery code was made.

        Raise as ``by_code``.
        """
        license = self._look_at(license, new)
        old = self.sign_on.derivation.derive(license, old_key, old_pin)
        wrap = old.register_wrap_key()
        return self._change(license, new, lambda to: self._begin(license, wrap, to, code=False))

    def _look_at(self, license: str, new: NewKey) -> str:
        """What is wrong with the form alone, before any secret is tried."""
        problems = [*license_problems(license), *key_problems(new.key)]
        if problems:
            raise Refused("setup_refused", tuple(problems))
        if not passes_check(bytes(new.key).decode("ascii")) and not new.use_anyway:
            raise Refused("key_check_failed")
        if not is_pin(bytes(new.pin).decode("utf-8", "replace")):
            raise Refused("pin_form", least=MIN_PIN, most=MAX_PIN)
        return normalize_license(license)

    def _not_the_same(self, license: str, key: Secret) -> None:
        stored = self.sign_on.vault.unseal(license)
        try:
            if bytes(stored) == bytes(key):
                raise Refused("same_key", license=license)
        finally:
            wipe(stored)

    def _begin(self, license: str, old: bytes, new: bytes, *, code: bool) -> None:
        """The first write; where the proof does not open the register it is trailed as failed."""
        try:
            self.sign_on.registers.begin_change(license, old, new, recovery=code)
        except MachineFailed as error:
            if error.code != "register_damaged":
                raise
            details = {"license": license, "reason": "code" if code else "old_key"}
            self.sign_on.trail.append(Event.RECOVERY_FAILED, TERMINAL, details)
            raise Refused("recovery_failed", license=license) from error

    def _change(
        self, license: str, new: NewKey, begin: Callable[[bytes], None]
    ) -> IssuerOnTerminal:
        at = self.sign_on
        keys = at.derivation.derive(license, new.key, new.pin)
        _check_listed(license, keys, at.trust.installed(), use_anyway=new.use_anyway)
        if is_compromised(at.trail, keys.kid):
            raise Refused("key_is_compromised", license=license)
        wrap = keys.register_wrap_key()
        begin(wrap)
        before = next((one for one in at.vault.issuers() if one.license == license), None)
        details: dict[str, Detail] = {
            "license": license,
            "kid": keys.kid,
            "key_tail": bytes(new.key[-5:]).decode("ascii"),
        }
        if before is not None and before.kid is not None:
            details["old_kid"] = before.kid
        at.trail.append(Event.KEY_REPLACED, TERMINAL, details)
        sealed = at.vault.put(license, new.key, at.clock.now(), keys.kid)
        at.registers.end_change(license, wrap)
        at.throttle.clear(license)
        return sealed


def _check_listed(
    license: str, keys: IssuerKeys, bundle: Bundle | None, *, use_anyway: bool
) -> None:
    """A slip in the new PIN must not shut the register, so the bundle's list decides."""
    if bundle is None:
        return
    revocation = bundle.revocation_of(keys.kid)
    if revocation is not None and revocation.kind is RevocationKind.COMPROMISED:
        raise Refused("key_is_compromised", license=license)
    listed = bundle.issuer_by_license(license)
    if listed is None or use_anyway:
        return
    if all(key.public != keys.public for key in listed.keys):
        raise Refused("new_key_not_listed", license=license)
