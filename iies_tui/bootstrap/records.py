"""What reads the records of a terminal without its lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iies_tui.bootstrap.state import (
    MAX_BACKUP,
    TRUST,
    check_target,
    read_source,
    read_trail,
    write_file,
)
from iies_tui.bootstrap.trust import bundle_file, installed_trust
from iies_tui.domain.errors import Refused

if TYPE_CHECKING:
    from iies_tui.adapters.barcode.profile_open import OpenProfile
    from iies_tui.issuance.checking.audit import Audit, Pin
    from iies_tui.issuance.checking.doctor import Finding
    from iies_tui.issuance.ports.records import Trail


def audit_trail(state: Path, cards: Sequence[Path]) -> Audit:
    """Examine the whole trail; ``cards``: files whose symbols must be announced in it.

    Raise Refused ``cannot_read``, ``source_too_large``, ``picture_too_large``.
    """
    from iies_tui.adapters.barcode.profile_open import OpenProfile
    from iies_tui.issuance.checking.audit import audit

    profile = OpenProfile()
    pins = [pin for card in cards for pin in _pins(card, profile)]
    with read_trail(state) as trail:
        return audit(
            trail.rows(),
            trail.columns(),
            trail.checkpoints(),
            bundle_file(state).installed(),
            profile.checkpoint_authentic,
            pins,
        )


def _pins(path: Path, profile: OpenProfile) -> list[Pin]:
    """What the symbols of a file say; one without a serial where none of ours was read."""
    from iies_tui.adapters.reading.symbol_reader import ZxingReader
    from iies_tui.issuance.checking.audit import Pin

    found = []
    try:
        for page in ZxingReader().pages(read_source(path)):
            for text in page.symbols:
                stamp = profile.read(text).stamp
                found.append(Pin(str(path), str(stamp.serial), stamp.intent))
    except Refused as error:
        if error.code not in ("malformed", "not_a_picture"):
            raise
        found.append(Pin(str(path)))
    return found or [Pin(str(path))]


def export_trail(state: Path, target: Path, *, overwrite: bool = False) -> tuple[int, bytes]:
    """Write every row and checkpoint to ``target``; how many rows, and the last one's hash.

    Raise Refused as ``check_target``.
    """
    from iies_tui.adapters.records import trail_export

    check_target(target, overwrite=overwrite)
    with read_trail(state) as trail:
        data, rows, head = trail_export.export(trail)
    write_file(target, data)
    return rows, head


def goes_on_from(state: Path, export: Path) -> int:
    """0 where the trail begins with every row of an earlier export, else the first other row.

    Raise Refused ``not_an_export``, ``cannot_read``.
    """
    from iies_tui.adapters.records import trail_export

    expected = trail_export.hashes(read_source(export, MAX_BACKUP), export)
    with read_trail(state) as trail:
        for number, (row, wanted) in enumerate(zip(trail.rows(), expected, strict=False), 1):
            if row.hash != wanted:
                return number
        head = trail.head()
    rows = head.seq if head else 0
    return 0 if rows >= len(expected) else rows + 1


def doctor(state: Path) -> tuple[Finding, ...]:
    """What is right and wrong with a terminal; no lock is taken and nothing is changed."""
    from iies_tui.adapters import config
    from iies_tui.adapters.checks import machine_facts
    from iies_tui.adapters.cups.jobs import CupsPrinter
    from iies_tui.adapters.machine.clock import SystemClock
    from iies_tui.issuance.checking.doctor import examine

    def last_record() -> datetime | None:
        with read_trail(state) as trail:
            head = trail.head()
            return head.time if head else None

    def of_trail(ask: Callable[[Trail], Any]) -> Any:
        with read_trail(state) as trail:
            return ask(trail)

    trusted = state / TRUST
    sources = machine_facts.Sources(
        clock=SystemClock(),
        bundle=lambda: installed_trust(state).installed() if trusted.is_dir() else None,
        audit=lambda: audit_trail(state, ()),
        trail=of_trail,
        last_record=last_record,
        queues=CupsPrinter().queues,
        mail=lambda: machine_facts.mail_facts(config.load(state).mail),
    )
    return examine(machine_facts.gather(state, sources))


def selftest(state: Path) -> Iterator[tuple[str, bool]]:
    """Every known answer, the bar code's round trip, and the mail settings where there are any:
    (name, passed). ``doctor`` says what is wrong with the last."""
    from iies_tui.adapters import config
    from iies_tui.adapters.checks import selftest as known
    from iies_tui.adapters.mail import settings as mail_settings

    def mail() -> bool:
        return not mail_settings.faults(config.load(state).mail)

    return known.run((*known.all_checks(), ("mail settings", mail)))
