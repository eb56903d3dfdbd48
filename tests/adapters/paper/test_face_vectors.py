"""The vectors of pages: what each states, what it was drawn from, and that it looks so today."""

from __future__ import annotations

import hashlib
import json
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iies_tui.adapters.barcode.profile_open import OpenProfile
from iies_tui.adapters.reading.symbol_reader import ZxingReader
from iies_tui.adapters.trust import bundle_reader
from iies_tui.domain.drawing import DIGEST_BYTES, LAYOUT
from iies_tui.domain.envelope import FaceMatch, Verdict
from iies_tui.domain.face import Face
from iies_tui.issuance.checking.verify import Verify
from tests.support.authority_helpers import SetClock
from tests.support.pdf_facts import gray, opened, text_of
from tests.support.places import VECTORS
from tests.support.trust_samples import ISSUED

FILES = sorted((VECTORS / "faces").glob("*.pdf"))
MADE = runpy.run_path(str(VECTORS / "make_faces.py"))
OTHER_LOOKS = f"""
This page does not look as layout {LAYOUT} looked when its vectors were written. If that is meant,
it is another layout: raise domain.drawing.LAYOUT and add vectors (docs/face.md).
"""
DPI = 150


def vector_of(path: Path) -> dict[str, Any]:
    vector: dict[str, Any] = json.loads(path.with_suffix(".json").read_text("utf-8"))
    return vector


@pytest.fixture(scope="module")
def documents() -> dict[str, Any]:
    made: dict[str, Any] = MADE["documents"]()
    return made


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_page_states_what_was_signed(path: Path) -> None:
    """Read as a verifier reads it: every symbol, every face, and the two belong together."""
    vector = vector_of(path)
    cards = {n: page for n, page in enumerate(vector["pages"], 1) if page and page["face"]}
    profile = OpenProfile()
    trust = bundle_reader.read(bytes.fromhex(vector["bundle"])).bundle
    verify = Verify(profile, trust, SetClock(ISSUED))
    found = {page.page: page for page in ZxingReader(verify.reads).pages(path.read_bytes())}
    assert found.keys() == cards.keys()
    for number, expected in cards.items():
        page = found[number]
        assert set(page.symbols) == {expected["symbol"]}
        fields = dict(expected["face"])
        assert page.faces == ((Face(**_without_code(fields)), fields["check_code"]),)
        for report in verify.page("vector", page):
            live = expected["mode"] == "live"
            assert report.verdict is (Verdict.GENUINE if live else Verdict.SPECIMEN)
            assert report.face is FaceMatch.MATCH
            assert report.serial == expected["serial"]


def _without_code(fields: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if name != "check_code"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_envelope_binds_the_page(path: Path) -> None:
    """SHA-256(check code ‖ 0x0A ‖ input), from the bytes in the file, is in the symbol's header."""
    vector = vector_of(path)
    bound = [page for page in vector["pages"] if page]
    envelopes = {
        page["serial"]: OpenProfile().read(page["symbol"]) for page in bound if page["symbol"]
    }
    for page in bound:
        drawn = envelopes[page["serial"]].stamp.drawn
        assert drawn is not None and drawn.layout == vector["layout"] == LAYOUT
        parts = {"fax": drawn.fax, "information": drawn.information}
        whole = page["check_code"].encode() + b"\n" + bytes.fromhex(page["input"])
        digest = hashlib.sha256(whole).digest()[:DIGEST_BYTES]
        assert digest == parts.get(page["kind"], drawn.card) == bytes.fromhex(page["drawn"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_todays_drawing_is_the_one_of_the_vectors(
    path: Path, documents: dict[str, tuple[str, Any, Any]]
) -> None:
    """Every page's picture and words, dot for dot."""
    about, cards, document = documents[path.stem]
    assert MADE["expected"](path.stem, about, cards) == vector_of(path), OTHER_LOOKS
    kept = path.read_bytes()
    with opened(kept) as old, opened(document.pdf) as new:
        count = len(old)
        assert len(new) == count == len(vector_of(path)["pages"])
    for number in range(count):
        assert text_of(kept, number) == text_of(document.pdf, number), OTHER_LOOKS
        same = np.array_equal(gray(kept, DPI, number), gray(document.pdf, DPI, number))
        assert same, OTHER_LOOKS


def test_every_kind_of_page_and_the_smallest_and_largest_claims_are_there() -> None:
    pages = [page for path in FILES for page in vector_of(path)["pages"]]
    assert {page["kind"] for page in pages if page} == {"plain", "window", "fax", "information"}
    assert {page["mode"] for page in pages if page} == {"live", "specimen", "training"}
    lengths = [len(page["symbol"]) for page in pages if page and page["symbol"]]
    assert min(lengths) < 850 and max(lengths) == 1595
    assert sum(path.stat().st_size for path in FILES) < 600_000
