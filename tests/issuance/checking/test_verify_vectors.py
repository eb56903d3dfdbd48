"""Every vector of ``tests/vectors``: one scenario a file, its own verdict each."""

from __future__ import annotations

import json
import runpy
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from iies_tui.adapters.barcode.profile_open import OpenProfile
from iies_tui.adapters.trust import bundle_reader
from iies_tui.adapters.trust.installed import InstalledTrust
from iies_tui.domain.envelope import Envelope
from iies_tui.domain.errors import Refused
from iies_tui.domain.face import Face
from iies_tui.issuance.checking.verify import Verify
from iies_tui.text import has
from tests.support.authority_helpers import SetClock
from tests.support.places import VECTORS

CARDS = sorted((VECTORS / "cards").glob("*.json"))
BUNDLES = sorted((VECTORS / "bundles").glob("*.json"))


def _load(path: Path) -> dict[str, Any]:
    vector: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return vector


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_card(path: Path) -> None:
    vector = _load(path)
    profile = OpenProfile()
    private = vector["recipient_private"]

    def opener(envelope: Envelope) -> Any:
        return profile.open(envelope, bytes.fromhex(private))

    trust = vector["bundle"]
    verify = Verify(
        profile,
        bundle_reader.read(bytes.fromhex(trust)).bundle if trust else None,
        SetClock(datetime.fromisoformat(vector["now"])),
        opener if private else None,
    )
    faces = [
        (
            Face(**{name: text for name, text in face.items() if name != "check_code"}),
            face["check_code"],
        )
        for face in vector["faces"]
    ]
    (report,) = verify.keystrokes("vector", vector["symbol"], faces)
    told = report.as_json()
    if vector["expect"]["claims"]:  # written before claims told what was waived
        vector["expect"]["claims"].setdefault("waived", [])
    assert {name: told[name] for name in vector["expect"]} == vector["expect"]
    assert has(f"verdict.{report.verdict}")
    assert has(f"verify_reason.{report.reason}")
    assert has(f"face.{report.face}")
    accepted = path.stem.startswith("good-")
    assert report.good is accepted


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_bundle(path: Path, tmp_path: Path) -> None:
    vector = _load(path)
    trust = InstalledTrust(tmp_path / "trust")
    if vector["installed"]:
        data = bytes.fromhex(vector["installed"])
        trust.install(data, trust.read(data).root)
    before = trust.path.read_bytes() if trust.path.exists() else None
    offered = bytes.fromhex(vector["offered"])
    root = bytes.fromhex(vector["confirmed_root"] or "")
    if vector["expect"] == "installed":
        trust.install(offered, root)
        assert trust.path.read_bytes() == offered
        return
    with pytest.raises(Refused) as refused:
        trust.install(offered, root)
    assert refused.value.code == vector["expect"]
    assert (trust.path.read_bytes() if trust.path.exists() else None) == before


def test_there_are_enough() -> None:
    good = sum(path.stem.startswith("good-") for path in CARDS)
    assert good >= 20
    assert len(CARDS) - good >= 60
    assert len(BUNDLES) >= 12


def test_the_files_are_what_the_script_writes() -> None:
    script = runpy.run_path(str(VECTORS / "make_vectors.py"))
    for directory, made in (("cards", script["cards"]()), ("bundles", script["bundles"]())):
        files = {
            path.stem: path.read_text("utf-8") for path in (VECTORS / directory).glob("*.json")
        }
        assert files == {name: script["text_of"](vector) for name, vector in made.items()}
