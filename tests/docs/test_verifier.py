"""The verifier in ``docs/``, which shares no code with ours, over the same vectors."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from tests.support.places import ROOT

VERIFIER = ROOT / "docs" / "verifier.py"
CARDS = sorted((ROOT / "tests" / "vectors").glob("cards*/*.json"))
OURS = runpy.run_path(str(VERIFIER))


def test_it_is_short_and_shares_no_code() -> None:
    text = VERIFIER.read_text("utf-8")
    assert len(text.splitlines()) <= 150
    assert "iies_tui" not in text


def test_without_a_bundle_it_says_how_it_is_called() -> None:
    ran = subprocess.run([sys.executable, VERIFIER], capture_output=True, text=True)
    assert ran.returncode == 1 and "verifier.py BUNDLE < scan.txt" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("path", CARDS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_it_comes_to_the_same_verdict(path: Path) -> None:
    vector = json.loads(path.read_text("utf-8"))
    expect = vector["expect"]
    verdict = expect["verdict"]
    if expect["reason"].startswith("claims"):
        verdict = "GENUINE"  # it has no authority's key, so it cannot know
    bundle = OURS["open_bundle"](bytes.fromhex(vector["bundle"])) if vector["bundle"] else None
    now = datetime.fromisoformat(vector["now"]).timestamp()
    assert OURS["verify"](bundle, vector["symbol"], now) == verdict
    faces = [list(face.values()) for face in vector["faces"]]
    if faces:
        match = all(OURS["face_matches"](vector["symbol"], code, lines) for *lines, code in faces)
        told = "NOT CHECKED" if path.parent.name == "cards-1" else expect["face"]
        assert match is (told == "MATCH")


def test_it_runs_from_a_shell(tmp_path: Path) -> None:
    vector = json.loads(next(path for path in CARDS if path.stem == "good-usual").read_text())
    bundle = tmp_path / "b.iies"
    bundle.write_bytes(bytes.fromhex(vector["bundle"]))
    told = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(bundle)],
        input=vector["symbol"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() in ("GENUINE", "INVALID ISSUER STATUS")
