"""A terminal's use cases on real records in a temporary directory, with a cheap derivation.

Everything that the machine does is written down in ``office.done``, in its order.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from iies_tui.adapters.barcode.profile_open import OpenProfile
from iies_tui.adapters.keys.derivation import Argon2Derivation
from iies_tui.adapters.keys.pepper import Pepper, Source
from iies_tui.adapters.keys.throttle import FileThrottle
from iies_tui.adapters.keys.vault import FileVault
from iies_tui.adapters.paper import LetterPaper
from iies_tui.adapters.reading.symbol_reader import ZxingReader
from iies_tui.adapters.records.head_memory import FileHeadMemory
from iies_tui.adapters.records.register import FileRegisterStore
from iies_tui.adapters.records.trail import TrailFile
from iies_tui.adapters.trust.insurers import InsurerIndex
from iies_tui.domain.bundle import ListedKey
from iies_tui.domain.dates import Limits
from iies_tui.issuance.cards.issue import IssueCards
from iies_tui.issuance.cards.serials import Serials
from iies_tui.issuance.keys.enrol import AddIssuer
from iies_tui.issuance.keys.sign_on import SignedOnIssuer, SignOn
from iies_tui.issuance.ports.trust import VehicleCatalog
from tests.support import trust_samples
from tests.support.authority_helpers import CHEAP
from tests.support.fakes import FakeCatalog, FakeClock, FakeTrust

LICENSE = "PC-123456"
KEY = b"0" * 34 + b"98"
PIN = b"12345678"
MACHINE = b"machine1"


class Recording:
    """Passes every call on and writes its name and first argument down before and after it.

    ``fails``: names of calls that raise this error instead of taking effect.
    """

    def __init__(self, inner: Any, name: str, done: list[str]) -> None:
        self._inner, self._name, self._done = inner, name, done
        self.fails: dict[str, Exception] = {}

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(self._inner, attribute)
        if not callable(value):
            return value

        def call(*arguments: Any, **named: Any) -> Any:
            if error := self.fails.get(attribute):
                raise error
            result = value(*arguments, **named)
            what = f" {arguments[0]}" if arguments and isinstance(arguments[0], str) else ""
            self._done.append(f"{self._name}.{attribute}{what}")
            return result

        return call


@dataclass
class Office:
    home: Path
    clock: FakeClock = field(default_factory=FakeClock)
    done: list[str] = field(default_factory=list)
    trust: FakeTrust = field(default_factory=FakeTrust)
    chance: Callable[[int], bytes] = os.urandom
    vehicles: VehicleCatalog = field(default_factory=FakeCatalog)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """As at each start of the program."""
        pepper = Pepper(bytes(32), Source.FILE, self.home)
        self.vault = FileVault(self.home / "state", pepper, self.chance)
        self.throttle = FileThrottle(self.home / "state", self.home / "pepper", self.clock)
        trail = TrailFile(self.home / "state" / "trail.db", self.clock)
        self.trail: Any = Recording(trail, "trail", self.done)
        self.registers = FileRegisterStore(self.home / "state", self.chance)
        self.derivation = Argon2Derivation(CHEAP)
        memory = FileHeadMemory(self.home / "state", self.home / "pepper")
        self.serials = Serials(self.trail, self.chance, MACHINE, memory)
        self.serials.begin()
        self.reader: Any = Recording(ZxingReader(), "reader", self.done)
        self.paper: Any = Recording(LetterPaper("test"), "paper", self.done)
        self.profile: Any = Recording(OpenProfile(), "profile", self.done)

    def setup(self, license: str = LICENSE, key: bytes = KEY) -> None:
        add = AddIssuer(self.vault, self.throttle, self.trail, self.clock, self.registers)
        add(license, key)

    def list_issuer(self, **changes: Any) -> None:
        """Let the bundle list the issuer with the key that KEY and PIN give."""
        public = self.derivation.derive(LICENSE, KEY, PIN).public
        kid = self.derivation.derive(LICENSE, KEY, PIN).kid
        issuer = {"keys": (ListedKey(kid, public),), **changes}
        self.trust.bundle = trust_samples.bundle(issuers=(replace(trust_samples.ISSUER, **issuer),))

    @property
    def sign_on(self) -> SignOn:
        return SignOn(
            self.vault,
            self.throttle,
            self.derivation,
            self.registers,
            self.trust,
            self.trail,
            self.clock,
        )

    def signed_on(self, pin: bytes = PIN) -> SignedOnIssuer:
        issuer = self.sign_on(LICENSE, pin, pin, "JQD")
        return replace(issuer, register=Recording(issuer.register, "register", self.done))

    @property
    def issue(self) -> IssueCards:
        insurers = self.trust.bundle.insurers if self.trust.bundle else ()
        return IssueCards(
            trail=self.trail,
            trust=self.trust,
            insurers=lambda: InsurerIndex(insurers),
            profile=self.profile,
            paper=self.paper,
            reader=self.reader,
            serials=self.serials,
            clock=self.clock,
            chance=self.chance,
            limits=Limits(),
            vehicles=self.vehicles,
            information=lambda: "TITLE\n\nWords for the policyholder.",
        )

    def events(self) -> list[str]:
        return [row.event.value for row in self.trail.rows()]


def ready(home: Path) -> tuple[Office, SignedOnIssuer]:
    """An office whose listed issuer is signed on."""
    office = Office(home)
    office.list_issuer()
    office.setup()
    return office, office.signed_on()
