"""Whole trails, good and faulty, by the audit that ``trail verify`` runs."""

from __future__ import annotations

import hashlib
import json
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from iies_tui.adapters.records.trail_row import decode
from iies_tui.adapters.trust import bundle_reader
from iies_tui.bootstrap.records import judges
from iies_tui.domain.note import parse
from iies_tui.domain.trail import Checkpoint, Note, TrailRow
from iies_tui.issuance.checking.audit import Records, audit
from iies_tui.issuance.checking.audit_tree import SignedTree
from iies_tui.text import has
from tests.support.places import ROOT

VECTORS = ROOT / "tests" / "vectors"
TRAILS = sorted((VECTORS / "trail").glob("*.json"))


def rows_of(export: dict[str, Any]) -> Iterator[tuple[TrailRow, bytes]]:
    for data in map(bytes.fromhex, export["rows"]):
        yield decode(data, hashlib.sha256(data).digest()), data


def columns_of(export: dict[str, Any]) -> Iterator[tuple[int, str, str]]:
    for row, _ in rows_of(export):
        yield row.seq, row.event.value, str(row.details.get("serial", ""))


@pytest.mark.parametrize("path", TRAILS, ids=lambda path: path.stem)
def test_trail(path: Path) -> None:
    vector = json.loads(path.read_text("utf-8"))
    export = vector["export"]
    records = Records(
        rows_of(export),
        columns_of(export),
        [Checkpoint(seq, bytes.fromhex(kid), bytes.fromhex(signed))
         for seq, kid, signed in export["checkpoints"]],
        SignedTree(
            notes=[Note(seq, bytes.fromhex(kid), text.encode())
                   for seq, kid, text in export.get("notes", [])],
            kept=[parse(vector["kept"].encode())] if vector["kept"] else [],
        ),
    )  # fmt: skip
    bundle = bundle_reader.read(bytes.fromhex(vector["bundle"])).bundle
    found = audit(records, bundle, judges())
    assert sorted([fault.seq, fault.code] for fault in found.faults) == vector["expect"]
    assert all(has(f"fault.{fault.code}") for fault in found.faults)
    assert bool(vector["expect"]) is path.stem.startswith("bad-")


def test_most_of_them_are_failures() -> None:
    good = [path for path in TRAILS if path.stem.startswith("good-")]
    assert len(good) >= 10 and len(TRAILS) - len(good) >= 80


def test_the_files_are_what_the_script_writes() -> None:
    script = runpy.run_path(str(VECTORS / "make_trail_vectors.py"))
    files = {path.stem: path.read_text("utf-8") for path in TRAILS}
    assert files == {name: script["text_of"](vector) for name, vector in script["trails"]().items()}
