"""A terminal's key side in one process: the real adapters on a directory, at a test's cost.

``Trust`` is a fake that holds one bundle; everything else is what ships.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from iies_tui.adapters.keys.derivation import Argon2Derivation, Cost
from iies_tui.adapters.keys.pepper import Pepper, Source
from iies_tui.adapters.keys.recovery import recovery_key
from iies_tui.adapters.keys.throttle import FileThrottle
from iies_tui.adapters.keys.vault import FileVault
from iies_tui.adapters.records.register import FileRegisterStore
from iies_tui.domain.key import mint_key, mint_pin
from iies_tui.domain.trail import Event
from iies_tui.issuance.keys.compromise import Compromise
from iies_tui.issuance.keys.enrol import AddIssuer
from iies_tui.issuance.keys.recovery_code import MakeRecoveryCode
from iies_tui.issuance.keys.remove import RemoveIssuer
from iies_tui.issuance.keys.replace_key import ReplaceKey
from iies_tui.issuance.keys.sign_on import SignedOnIssuer, SignOn
from tests.support.fakes import FakeClock, FakeTrail, FakeTrust

CHEAP = Cost(memory=8, passes=1, lanes=1)
"""A guess takes microseconds: in tests only."""

LICENSE = "BR-123456/123"


@dataclass
class KeyTerminal:
    """``key`` and ``pin`` are the issuer's once ``enrol`` ran."""

    home: Path
    pepper: bytes = bytes(range(32))
    trust: FakeTrust = field(default_factory=FakeTrust)
    clock: FakeClock = field(default_factory=FakeClock)
    chance: Callable[[int], bytes] = os.urandom
    key: bytes = b""
    pin: bytes = b""

    def __post_init__(self) -> None:
        self.trail = FakeTrail(self.clock)
        self.derivation = Argon2Derivation(CHEAP)
        self.open_again()

    def open_again(self) -> None:
        """As a new session process would."""
        state = self.home / "state"
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = Pepper(self.pepper, Source.FILE, Path("/nowhere"))
        self.vault = FileVault(state, found, self.chance)
        self.throttle = FileThrottle(state, self.home / "pepper", self.clock)
        self.registers = FileRegisterStore(state, self.chance)
        self.sign_on = SignOn(
            self.vault, self.throttle, self.derivation, self.registers, self.trust, self.trail,
            self.clock,
        )  # fmt: skip
        self.add = AddIssuer(self.vault, self.throttle, self.trail, self.clock, self.registers)
        self.replace = ReplaceKey(self.sign_on, recovery_key)
        self.remove = RemoveIssuer(self.sign_on)
        self.recovery = MakeRecoveryCode(self.registers, self.trail, self.chance, recovery_key)
        self.compromise = Compromise(self.vault, self.registers, self.trail, self.clock)

    @property
    def state(self) -> Path:
        return self.home / "state"

    def enrol(self) -> SignedOnIssuer:
        """Add the issuer and sign on for the first time; a mark is left in its register."""
        self.key, self.pin = self.fresh()
        self.add(LICENSE, self.key)
        issuer = self.on(self.pin, again=True)
        issuer.register.set_setting("mark", "five years")
        return issuer

    def fresh(self) -> tuple[bytes, bytes]:
        return mint_key(os.urandom).encode(), mint_pin(os.urandom).encode()

    def on(self, pin: bytes, *, again: bool = False) -> SignedOnIssuer:
        self.clock.pass_seconds(100)
        return self.sign_on(LICENSE, pin, pin if again else None, "")

    def reads(self, pin: bytes) -> bool:
        """True where this PIN signs on and the register is the one that was made."""
        issuer = self.on(pin)
        try:
            return issuer.register.setting("mark") == "five years"
        finally:
            issuer.register.close()

    def events(self) -> list[Event]:
        return [row.event for row in self.trail.chain]
