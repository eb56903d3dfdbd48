"""Sign-on: license number and PIN open an issuer's KEY and register."""

from __future__ import annotations

from dataclasses import dataclass

from iies_tui.domain.bundle import Bundle, standing_under
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.issuer import (
    IssuerOnTerminal,
    Standing,
    normalize_license,
)
from iies_tui.domain.key import MAX_PIN, MIN_PIN, is_pin
from iies_tui.domain.trail import TERMINAL, Event
from iies_tui.domain.wiping import wipe
from iies_tui.issuance.clock_guard import clock_offset
from iies_tui.issuance.ports.keys import Derivation, IssuerKeys, Throttle, Vault
from iies_tui.issuance.ports.machine import Clock
from iies_tui.issuance.ports.records import Register, RegisterStore, Trail
from iies_tui.issuance.ports.trust import InstalledBundle

MAX_CLERK = 8
"""Characters of a clerk's initials."""


@dataclass(frozen=True, slots=True)
class SignedOnIssuer:
    """What lives in the session process while an issuer is signed on, and no longer.

    ``clerk`` is the initials given at sign-on, or empty; ``name`` is empty where no bundle lists
    the issuer.
    """

    license: str
    name: str
    clerk: str
    keys: IssuerKeys
    register: Register
    enrolled_now: bool
    clock_offset: float | None = None
    """The wall clock less the boot clock at sign-on, in seconds."""


@dataclass(frozen=True, slots=True)
class SignOn:
    vault: Vault
    throttle: Throttle
    derivation: Derivation
    registers: RegisterStore
    trust: InstalledBundle
    trail: Trail
    clock: Clock

    def __call__(
        self, license: str, pin: bytes | bytearray, pin_again: bytes | bytearray | None, clerk: str
    ) -> SignedOnIssuer:
        """Open the KEY and the register. The caller wipes both PINs.

        Raise Refused: ``sign_on_failed`` for a wrong license, PIN or KEY alike; ``wait`` with
        ``seconds``; ``disabled``; ``pin_again`` where the first sign-on of an issuer that no
        bundle lists needs the PIN a second time; ``pin_differs`` where the two differ,
        ``pin_form`` where it is too short or too long to be fixed; ``clerk_form``;
        ``key_is_compromised`` where that KEY was destroyed here. MachineFailed
        ``vault_damaged``, ``register_damaged``.
        """
        license = normalize_license(license)
        _check_clerk(clerk)
        if license in self.vault.damaged():
            raise MachineFailed("vault_damaged", license=license)
        issuer = next((one for one in self.vault.issuers() if one.license == license), None)
        if issuer is None:
            self._spend_the_same_time(license, pin)
            raise self._failure(TERMINAL, "unknown_issuer")
        bundle = self.trust.installed()
        self._ask_twice(issuer, bundle, pin, pin_again)
        self._throttle(license)
        keys = self._derive(issuer, pin)
        enrolled_now = issuer.kid is None
        if not self._is_right(issuer, keys, bundle):
            raise self._failure(license, "wrong_pin")
        if enrolled_now and is_compromised(self.trail, keys.kid):
            raise Refused("key_is_compromised", license=license)
        listed = bundle.issuer_by_license(license) if bundle else None
        try:
            register = self._open(license, keys, enrolled_now)
        except MachineFailed as error:
            # Where nothing else knows the PIN, the register that is here already does.
            if enrolled_now and listed is None and error.code == "register_damaged":
                raise self._failure(license, "wrong_pin") from error
            self.throttle.clear(license)
            raise
        self.throttle.clear(license)
        self.trail.append(Event.SIGNED_ON, license, {"license": license, "kid": keys.kid}, clerk)
        name = listed.name if listed else ""
        offset = clock_offset(self.clock)
        return SignedOnIssuer(license, name, clerk, keys, register, enrolled_now, offset)

    def prove(self, license: str, pin: bytes | bytearray) -> tuple[IssuerOnTerminal, IssuerKeys]:
        """The PIN of an enrolled issuer, counted as a sign-on's is, without signing on.

        Raise Refused ``no_such_issuer``, ``not_enrolled``, ``sign_on_failed``, ``wait``,
        ``disabled``; MachineFailed ``vault_damaged``, ``pepper_differs``.
        """
        issuer = next((one for one in self.vault.issuers() if one.license == license), None)
        if issuer is None:
            raise Refused("no_such_issuer", license=license)
        if issuer.kid is None:
            raise Refused("not_enrolled", license=license)
        self._throttle(license)
        keys = self._derive(issuer, pin)
        if issuer.kid != keys.kid:
            raise self._failure(license, "wrong_pin")
        self.throttle.clear(license)
        return issuer, keys

    def _ask_twice(
        self,
        issuer: IssuerOnTerminal,
        bundle: Bundle | None,
        pin: bytes | bytearray,
        pin_again: bytes | bytearray | None,
    ) -> None:
        """The first sign-on of an unlisted issuer fixes the PIN, so a slip must not fix it."""
        if issuer.kid is not None or (bundle and bundle.issuer_by_license(issuer.license)):
            return
        if pin_again is None:
            raise Refused("pin_again")
        if bytes(pin) != bytes(pin_again):
            raise Refused("pin_differs")
        if not is_pin(bytes(pin).decode("utf-8", "replace")):
            raise Refused("pin_form", least=MIN_PIN, most=MAX_PIN)

    def _throttle(self, license: str) -> None:
        before = self.throttle.state(license)
        if before.alarm:
            self.trail.append(Event.COUNTER_ALARM, TERMINAL, {"license": license})
        if before.disabled:
            raise Refused("disabled", license=license)
        if before.wait > 0:
            raise Refused("wait", seconds=int(before.wait) + 1)
        self.throttle.count(license)

    def _derive(self, issuer: IssuerOnTerminal, pin: bytes | bytearray) -> IssuerKeys:
        key = self.vault.unseal(issuer.license)
        try:
            return self.derivation.derive(issuer.license, key, pin, issuer.kdf)
        finally:
            wipe(key)

    def _is_right(self, issuer: IssuerOnTerminal, keys: IssuerKeys, bundle: Bundle | None) -> bool:
        """Against the stored key id; at enrolment against the bundle, where it lists the issuer."""
        if issuer.kid is not None:
            return issuer.kid == keys.kid
        listed = bundle.issuer_by_license(issuer.license) if bundle else None
        return listed is None or any(key.public == keys.public for key in listed.keys)

    def _open(self, license: str, keys: IssuerKeys, enrol: bool) -> Register:
        # The register comes first: a crash after it enrols again with the same keys.
        wrap_key = keys.register_wrap_key()
        # One that was enrolled has a register: where it is gone, no empty one takes its place.
        open_register = self.registers.enrol if enrol else self.registers.open
        register = open_register(license, wrap_key)
        if enrol:
            self.trail.append(Event.ISSUER_ENROLLED, license, {"license": license, "kid": keys.kid})
            self.vault.enrol(license, keys.kid)
        return register

    def _spend_the_same_time(self, license: str, pin: bytes | bytearray) -> None:
        self.derivation.derive(license, bytes(36), pin)

    def _failure(self, actor: str, reason: str) -> Refused:
        self.trail.append(Event.SIGN_ON_FAILED, TERMINAL, {"license": actor, "reason": reason})
        return Refused("sign_on_failed")


def is_compromised(trail: Trail, kid: bytes) -> bool:
    """True where this terminal destroyed that KEY as compromised: it never comes back."""
    return any(row.details.get("kid") == kid for row in trail.of_kind(Event.KEY_COMPROMISED))


def _check_clerk(clerk: str) -> None:
    """Initials, for the trail holds no personal data."""
    if len(clerk) > MAX_CLERK or not clerk.isprintable():
        raise Refused("clerk_form", limit=MAX_CLERK)


def standing(issuer: SignedOnIssuer, bundle: Bundle | None, clock: Clock) -> Standing:
    """The mode of the next card and why."""
    return standing_under(bundle, issuer.license, issuer.keys.kid, clock.now())
