"""Every vector of ``tests/vectors``: one scenario a file, its own verdict each."""

from __future__ import annotations

import hashlib
import json
import runpy
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from iies_tui.adapters.barcode.profile_open import OpenProfile
from iies_tui.adapters.trust import bundle_reader
from iies_tui.adapters.trust.installed import InstalledTrust
from iies_tui.domain.envelope import Envelope, FaceMatch
from iies_tui.domain.errors import Refused
from iies_tui.domain.face import Face
from iies_tui.issuance.checking.verify import Verify
from iies_tui.text import has
from tests.support.authority_helpers import SetClock
from tests.support.places import VECTORS
from tests.support.trust_samples import install

CARDS = sorted((VECTORS / "cards").glob("*.json"))
CARDS_1 = sorted((VECTORS / "cards-1").glob("*.json"))
VERSION_1 = "04a2f3faf586a16365b692ba4e9176febe40fdcb541b072dd3731a087d4a615e"
BUNDLES = sorted((VECTORS / "bundles").glob("*.json"))


def _load(path: Path) -> dict[str, Any]:
    vector: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return vector


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_card(path: Path) -> None:
    vector = _load(path)
    _judge(vector, accepted=path.stem.startswith("good-"))


@pytest.mark.parametrize("path", CARDS_1, ids=lambda path: path.stem)
def test_card_of_version_1(path: Path) -> None:
    """Read and judged as ever, but never a MATCH: it says nothing of how its page was drawn.

    The files are as they were written, before a MATCH took that and before rules were waived.
    """
    vector = _load(path)
    expect = vector["expect"]
    if expect["face"] == "MATCH":
        expect |= {"face": "NOT CHECKED", "face_reason": "not_drawn"}
    if expect["claims"]:
        expect["claims"]["waived"] = []
    _judge(vector, accepted=path.stem.startswith("good-"))


def test_the_vectors_of_version_1_are_as_they_were_written() -> None:
    whole = hashlib.sha256()
    for path in CARDS_1:
        whole.update(path.name.encode() + b"\0" + path.read_bytes())
    assert whole.hexdigest() == VERSION_1


def _judge(vector: dict[str, Any], *, accepted: bool) -> None:
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
    assert {name: told[name] for name in vector["expect"]} == vector["expect"]
    assert has(f"verdict.{report.verdict}")
    assert has(f"verify_reason.{report.reason}")
    assert has(f"face.{report.face}")
    assert has(f"face_reason.{report.face_reason}") or report.face is not FaceMatch.NOT_CHECKED
    assert report.good is accepted


@pytest.mark.parametrize("path", BUNDLES, ids=lambda path: path.stem)
def test_bundle(path: Path, tmp_path: Path) -> None:
    vector = _load(path)
    trust = InstalledTrust(tmp_path / "trust")
    if vector["installed"]:
        data = bytes.fromhex(vector["installed"])
        install(trust, data, bundle_reader.read(data).bundle.root)
    before = trust.path.read_bytes() if trust.path.exists() else None
    offered = bytes.fromhex(vector["offered"])
    root = bytes.fromhex(vector["confirmed_root"] or "")
    if vector["expect"] == "installed":
        install(trust, offered, root)
        assert trust.path.read_bytes() == offered
        return
    with pytest.raises(Refused) as refused:
        install(trust, offered, root)
    assert refused.value.code == vector["expect"]
    assert (trust.path.read_bytes() if trust.path.exists() else None) == before


def test_there_are_enough() -> None:
    good = sum(path.stem.startswith("good-") for path in CARDS)
    assert good >= 20
    assert len(CARDS_1) == 104
    assert len(CARDS) - good >= 60
    assert len(BUNDLES) >= 12


def test_the_files_are_what_the_script_writes() -> None:
    script = runpy.run_path(str(VECTORS / "make_vectors.py"))
    for directory, made in (("cards", script["cards"]()), ("bundles", script["bundles"]())):
        files = {
            path.stem: path.read_text("utf-8") for path in (VECTORS / directory).glob("*.json")
        }
        assert files == {name: script["text_of"](vector) for name, vector in made.items()}
