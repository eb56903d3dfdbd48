"""What reads the records of a terminal without its lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
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
from iies_tui.domain.errors import MachineFailed, Refused

if TYPE_CHECKING:
    from iies_tui.adapters.barcode.profile_open import OpenProfile
    from iies_tui.adapters.records.trail import TrailFile
    from iies_tui.domain.note import SignedHead
    from iies_tui.issuance.checking.audit import Audit, Judges, Pin, Records
    from iies_tui.issuance.checking.doctor import Finding
    from iies_tui.issuance.ports.records import Trail


def audit_trail(state: Path, cards: Sequence[Path], against: Path | None = None) -> Audit:
    """Examine the whole trail.

    ``cards``: files whose symbols must be announced in it. ``against``: an earlier export that it
    must go on from, or one signed note that must fit it.

    Raise Refused ``cannot_read``, ``source_too_large``, ``picture_too_large``, ``not_an_export``.
    """
    from iies_tui.adapters.barcode.profile_open import OpenProfile
    from iies_tui.adapters.records import trail_export
    from iies_tui.issuance.checking.audit import Fault, audit

    profile = OpenProfile()
    pins = [pin for card in cards for pin in _pins(card, profile)]
    kept = trail_export.Kept((), ())
    if against is not None:
        kept = trail_export.read(read_source(against, MAX_BACKUP), against)
    with read_trail(state) as trail:
        other = _goes_on_from(trail, kept.hashes)
        records = records_of(trail, kept.notes)
        found = audit(records, bundle_file(state).installed(), judges(), pins)
    faults = (Fault(other, "not_of_export"), *found.faults) if other else found.faults
    return replace(found, faults=faults)


def records_of(trail: TrailFile, kept: Sequence[SignedHead] = ()) -> Records:
    """What ``audit`` reads of a trail; ``kept``: notes that were kept elsewhere."""
    from iies_tui.issuance.checking.audit import Records
    from iies_tui.issuance.checking.audit_tree import SignedTree

    tree = SignedTree(trail.nodes(), trail.notes(), kept)
    return Records(trail.records(), trail.columns(), trail.checkpoints(), tree)


def judges() -> Judges:
    """Who judges the trail's two kinds of signatures."""
    from iies_tui.adapters.barcode.profile_open import OpenProfile
    from iies_tui.adapters.encoding import ed25519
    from iies_tui.issuance.checking.audit import Judges

    return Judges(OpenProfile().checkpoint_authentic, ed25519.verify)


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


def _goes_on_from(trail: TrailFile, expected: Sequence[bytes]) -> int:
    """0 where the trail begins with rows of these hashes, else the first other row."""
    number = 0
    try:
        for number, (row, wanted) in enumerate(zip(trail.rows(), expected, strict=False), 1):
            if row.hash != wanted:
                return number
    except MachineFailed as error:
        if error.code != "trail_damaged":  # which the audit tells by itself
            raise
    return number + 1 if number < len(expected) else 0


def doctor(state: Path) -> tuple[Finding, ...]:
    """What is right and wrong with a terminal; no lock is taken and nothing is changed."""
    from iies_tui.adapters import config
    from iies_tui.adapters.checks import machine_facts
    from iies_tui.adapters.cups.jobs import CupsPrinter
    from iies_tui.adapters.machine.clock import SystemClock
    from iies_tui.issuance import clock_ahead
    from iies_tui.issuance.checking.doctor import examine

    def last_record() -> datetime | None:
        with read_trail(state) as trail:
            head = trail.head()
            return head.time if head else None

    def days_ahead() -> int:
        with read_trail(state) as trail:
            return clock_ahead.days_ahead(trail, SystemClock())

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
        days_ahead=days_ahead,
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
