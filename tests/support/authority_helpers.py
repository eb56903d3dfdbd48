"""A real authority in a temporary directory, with cheap key derivation and a clock that is set."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from iies_tui.adapters.keys.derivation import Argon2Derivation, Cost
from iies_tui.adapters.records.trail import TrailFile
from iies_tui.adapters.trust import icc_csv
from iies_tui.adapters.trust.authority_store import AuthorityDirectory
from iies_tui.authority.authority import Authority
from iies_tui.domain.insurer import Insurer

CHEAP = Cost(memory=64, passes=1)
PASSPHRASE = b"correct horse battery"
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


@dataclass
class SetClock:
    """Port ``Clock``, standing still where it is set."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def boot(self) -> float:
        return 1000.0

    def boot_id(self) -> str:
        return "boot"


def seeded(seed: int) -> random.Random:
    return random.Random(seed)


def make_authority(directory: Path, clock: SetClock | None = None, seed: int = 1) -> Authority:
    """An authority's use cases on ``directory``; its store and trail are the real ones."""
    clock = clock or SetClock()
    chance = seeded(seed).randbytes
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Authority(
        store=AuthorityDirectory(directory, chance, CHEAP),
        trail=TrailFile(directory / "trail.db", clock, cards=False),
        clock=clock,
        chance=chance,
        derivation=Argon2Derivation(CHEAP),
    )


def insurers(
    text: str = "icc,name,naic,status\n901,NORTH COUNTRY MUTUAL INS CO,90901,active\n",
) -> tuple[Insurer, ...]:
    return icc_csv.read(text.encode()).insurers
