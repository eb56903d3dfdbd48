"""``iies-tui trail``: the record of who issued what, shown and proven; needs no PIN and no lock."""

from __future__ import annotations

import argparse
from pathlib import Path

from iies_tui import bootstrap
from iies_tui.cli.speech import answer, say
from iies_tui.cli.verify import files_of
from iies_tui.domain import new_york
from iies_tui.domain.trail import TrailRow
from iies_tui.issuance.checking.audit import Fault
from iies_tui.text import words


def show(arguments: argparse.Namespace) -> int:
    """Print the rows of the trail, oldest first."""
    with bootstrap.read_trail(bootstrap.state_directory(arguments.state)) as trail:
        rows = list(trail.rows())
    if arguments.json:
        answer({"rows": [_row_json(row) for row in rows]})
        return 0
    for row in rows:
        details = " ".join(f"{name}={value}" for name, value in _details(row).items())
        what = words(f"event.{row.event}")
        at = new_york.local(row.time).isoformat()
        say(f"{row.seq:>6} {at} {row.actor} {what}: {details}".rstrip(": "))
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Write every row and checkpoint to one file."""
    target = Path(arguments.file).expanduser().absolute()
    state = bootstrap.state_directory(arguments.state)
    rows, head = bootstrap.export_trail(state, target, overwrite=arguments.overwrite)
    if arguments.json:
        answer({"export": str(target), "rows": rows, "head": head.hex()})
    else:
        say(words("cli.trail_exported", rows=rows, path=target, head=head.hex()))
    return 0


def verify(arguments: argparse.Namespace) -> int:
    """0 where the chain is whole and announces every card given, 1 with every fault otherwise."""
    state = bootstrap.state_directory(arguments.state)
    cards = [file for source in arguments.card for file in files_of(source)]
    against = Path(arguments.against) if arguments.against else None
    found = bootstrap.audit_trail(state, cards, against)
    faults = found.faults
    if arguments.json:
        answer(
            {
                "rows": found.rows,
                "head": found.head.hex(),
                "cards": found.cards,
                "void": found.void,
                "waived": found.waived,
                "checkpoints": found.checkpoints,
                "notes": found.notes,
                "pinned": found.pinned,
                "announced": [
                    {"file": one.source, "serial": one.serial, "seq": one.seq}
                    for one in found.announced
                ],
                "faults": [_fault_json(fault) for fault in faults],
            }
        )
    else:
        say(words("cli.trail_rows", rows=found.rows, cards=found.cards, void=found.void))
        if found.waived:
            say(words("cli.trail_waived", count=found.waived))
        say(words("cli.trail_head", head=found.head.hex()))
        say(words("cli.trail_pinned", pinned=found.pinned, rows=found.rows))
        for one in found.announced:
            say(words("cli.trail_announced", path=one.source, serial=one.serial, seq=one.seq))
        for fault in faults:
            say(_fault_line(fault))
        if not faults:
            say(words("cli.trail_whole"))
    return 1 if faults else 0


def _fault_json(fault: Fault) -> dict[str, object]:
    """A row's fault, or a card's with its file and, where one was read, its serial."""
    if not fault.source:
        return {"seq": fault.seq, "code": fault.code}
    return {"file": fault.source, "serial": fault.serial or None, "code": fault.code}


def _fault_line(fault: Fault) -> str:
    what = words(f"fault.{fault.code}", serial=fault.serial)
    if fault.source:
        return words("cli.trail_card_fault", path=fault.source, what=what)
    return words("cli.trail_fault", seq=fault.seq, what=what)


def _row_json(row: TrailRow) -> dict[str, object]:
    return {
        "seq": row.seq,
        "version": row.version,
        "time": new_york.in_json(row.time),
        "event": row.event.value,
        "actor": row.actor,
        "clerk": row.clerk,
        "details": _details(row),
        "hash": row.hash.hex(),
    }


def _details(row: TrailRow) -> dict[str, str | int]:
    return {
        name: value.hex() if isinstance(value, bytes) else value
        for name, value in row.details.items()
    }
