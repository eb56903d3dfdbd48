"""``iies-tui trail``: the record of who issued what, shown and proven; needs no PIN and no lock."""

from __future__ import annotations

import argparse
from pathlib import Path

from iies_tui import bootstrap
from iies_tui.cli.speech import answer, say
from iies_tui.domain.trail import TrailRow
from iies_tui.text import words


def show(arguments: argparse.Namespace) -> int:
    """Every row, oldest first."""
    with bootstrap.read_trail(bootstrap.state_directory(arguments.state)) as trail:
        rows = list(trail.rows())
    if arguments.json:
        answer({"rows": [_row_json(row) for row in rows]})
        return 0
    for row in rows:
        details = " ".join(f"{name}={value}" for name, value in _details(row).items())
        say(f"{row.seq:>6} {row.time.isoformat()} {row.event:<16} {row.actor} {details}".rstrip())
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Every row and checkpoint into one file."""
    target = Path(arguments.file).expanduser().absolute()
    rows, head = bootstrap.export_trail(bootstrap.state_directory(arguments.state), target)
    if arguments.json:
        answer({"export": str(target), "rows": rows, "head": head.hex()})
    else:
        say(words("cli.trail_exported", rows=rows, path=target, head=head.hex()))
    return 0


def verify(arguments: argparse.Namespace) -> int:
    """0 where the chain is whole, 1 with every fault otherwise."""
    state = bootstrap.state_directory(arguments.state)
    found = bootstrap.audit_trail(state, getattr(arguments, "card", None) or [])
    faults = [(fault.seq, fault.code) for fault in found.faults]
    if (export := getattr(arguments, "against", None)) and (
        other := bootstrap.goes_on_from(state, Path(export))
    ):
        faults.append((other, "not_of_export"))
    if arguments.json:
        answer(
            {
                "rows": found.rows,
                "head": found.head.hex(),
                "cards": found.cards,
                "void": found.void,
                "checkpoints": found.checkpoints,
                "pinned": found.pinned,
                "faults": [{"seq": seq, "code": code} for seq, code in faults],
            }
        )
    else:
        say(words("cli.trail_rows", rows=found.rows, cards=found.cards, void=found.void))
        say(words("cli.trail_head", head=found.head.hex()))
        say(words("cli.trail_pinned", pinned=found.pinned, rows=found.rows))
        for seq, code in faults:
            say(words("cli.trail_fault", seq=seq, what=words(f"fault.{code}")))
        if not faults:
            say(words("cli.trail_whole"))
    return 1 if faults else 0


def _row_json(row: TrailRow) -> dict[str, object]:
    return {
        "seq": row.seq,
        "time": row.time.isoformat(),
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
