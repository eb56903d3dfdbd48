"""The trail's verifier in ``docs/``, which shares no code with ours, over the same vectors."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.places import ROOT

VERIFIER = ROOT / "docs" / "trail_verifier.py"
TRAILS = sorted((ROOT / "tests" / "vectors" / "trail").glob("*.json"))
OURS = runpy.run_path(str(VERIFIER))


def test_it_shares_no_code() -> None:
    assert "iies_tui" not in VERIFIER.read_text("utf-8")


@pytest.mark.parametrize("path", TRAILS, ids=lambda path: path.stem)
def test_it_finds_the_same_faults(path: Path) -> None:
    vector = json.loads(path.read_text("utf-8"))
    bundle = OURS["open_bundle"](bytes.fromhex(vector["bundle"]))
    found = OURS["audit"](vector["export"], bundle, vector["kept"] or "")
    assert [list(fault) for fault in found] == vector["expect"]


@pytest.mark.parametrize(("name", "code", "told"), [
    ("good-kept-note", 0, "no fault"), ("bad-kept-rewritten", 1, "row 4: kept_note"),
])  # fmt: skip
def test_it_runs_from_a_shell(tmp_path: Path, name: str, code: int, told: str) -> None:
    vector = json.loads(next(path for path in TRAILS if path.stem == name).read_text("utf-8"))
    files = [tmp_path / "trail.json", tmp_path / "b.iies", tmp_path / "note.txt"]
    files[0].write_text(json.dumps(vector["export"]), "utf-8")
    files[1].write_bytes(bytes.fromhex(vector["bundle"]))
    files[2].write_text(vector["kept"], "utf-8", newline="")
    ran = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), *map(str, files)], capture_output=True, text=True
    )
    assert (ran.returncode, ran.stdout.strip()) == (code, told), ran.stderr


@pytest.mark.parametrize("version", [True, 2.0, "2", 3, 12, None])
def test_an_export_of_no_known_version_is_not_judged(tmp_path: Path, version: object) -> None:
    vector = json.loads(TRAILS[0].read_text("utf-8"))
    files = [tmp_path / "trail.json", tmp_path / "b.iies"]
    files[0].write_text(json.dumps(vector["export"] | {"version": version}), "utf-8")
    files[1].write_bytes(bytes.fromhex(vector["bundle"]))
    ran = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), *map(str, files)], capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr.strip()) == (1, "not an export of version 1 or 2")


def test_without_an_export_it_says_how_it_is_called() -> None:
    ran = subprocess.run([sys.executable, VERIFIER], capture_output=True, text=True)
    assert ran.returncode == 1 and "trail_verifier.py EXPORT BUNDLE" in ran.stderr
    assert "Traceback" not in ran.stderr
