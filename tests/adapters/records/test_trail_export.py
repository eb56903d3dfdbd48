"""An export is read strictly, for it comes from outside: its version is a number and no other."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from iies_tui.adapters.records import trail_export
from iies_tui.domain.errors import Refused

WHERE = Path("kept.json")
GOOD = {
    "format": trail_export.FORMAT,
    "version": 2,
    "rows": ["00ff"],
    "checkpoints": [],
    "notes": [],
}
SCALARS = st.none() | st.booleans() | st.integers(-3, 5) | st.floats() | st.text(max_size=3)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=3), SCALARS)


def read(record: object) -> trail_export.Kept:
    return trail_export.read(json.dumps(record).encode(), WHERE)


@pytest.mark.parametrize("version", [1, 2])
def test_both_versions_are_read(version: int) -> None:
    assert read(GOOD | {"version": version}).hashes == (sha256(b"\x00\xff").digest(),)


@given(VALUES)
def test_no_other_version_is_read(version: object) -> None:
    if type(version) is int and version in (1, 2):
        return
    with pytest.raises(Refused, match="not_an_export"):
        read(GOOD | {"version": version})


@pytest.mark.parametrize("version", [True, 1.0, 2.0, "2", [2]])
def test_what_python_or_a_reader_might_take_for_a_version(version: object) -> None:
    with pytest.raises(Refused, match="not_an_export"):
        read(GOOD | {"version": version})


@given(st.sampled_from(["format", "rows", "notes"]), VALUES)
def test_any_other_entry_is_taken_or_refused_by_name(name: str, value: object) -> None:
    try:
        made = read(GOOD | {name: value})
    except Refused as error:
        assert error.code == "not_an_export"
    else:
        assert len(made.hashes) >= 1


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(GOOD).replace('"version": 2', '"version": 1, "version": 2'),
        json.dumps(GOOD).replace('"notes": []', '"notes": ' + "[" * 40 + "]" * 40),
        json.dumps(GOOD).replace('"notes": []', '"notes": [[1, NaN, "x"]]'),
        json.dumps([GOOD]),
        "[" * 5000,
        "",
    ],
)
def test_what_is_no_strict_json(text: str) -> None:
    with pytest.raises(Refused, match="not_an_export"):
        trail_export.read(text.encode(), WHERE)
