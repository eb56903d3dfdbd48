"""A text has one reading or none; what is refused is the same on every interpreter."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, strategies as st

from iies_tui.domain.strict_json import Bounds, Fault, NotStrict, load

SIZE = 1024 * 1024
BOUNDS = Bounds(SIZE)
MAX_DEPTH = BOUNDS.depth
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.floats(-1e9, 1e9) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(PLAIN, st.booleans())
def test_what_is_json_is_read(value: object, ascii: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii)
    assert load(text, BOUNDS) == value
    assert load(bytearray(text.encode()), BOUNDS) == value


@pytest.mark.parametrize("depth", [1, MAX_DEPTH, MAX_DEPTH + 1, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"[[": ', "}")])
def test_the_depth_is_ours_and_no_interpreter_s(opening: str, closing: str, depth: int) -> None:
    text = opening * depth + "1" + closing * depth
    if depth <= MAX_DEPTH:
        load(text, BOUNDS)
        return
    with pytest.raises(NotStrict) as caught:
        load("\n" + text, BOUNDS)
    assert caught.value.fault is Fault.NOT_JSON
    assert caught.value.params == {"line": 2, "column": MAX_DEPTH * len(opening) + 1}


@pytest.mark.parametrize("unit", ['\\"', '"\\', '"', "[", "]", '["'])
def test_no_text_takes_long(unit: str) -> None:
    began = time.process_time()
    with pytest.raises(NotStrict):
        load('"' + unit * (SIZE // 4) + "[" * 40, BOUNDS)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"a": 1, "b": {"a": 1, "a": 2}}', Fault.KEY_TWICE),
        ("[NaN]", Fault.NUMBER),
        ("-Infinity", Fault.NUMBER),
        ("1" * 19, Fault.NUMBER),
        (b'"\xff"', Fault.NOT_UTF8),
        ('"a"'.encode("utf-16"), Fault.NOT_UTF8),
        ("1 2", Fault.NOT_JSON),
        ("[1,]", Fault.NOT_JSON),
        ("", Fault.NOT_JSON),
        (" " * (SIZE + 1), Fault.TOO_BIG),
    ],
)
def test_what_is_refused(text: str | bytes, fault: Fault) -> None:
    with pytest.raises(NotStrict) as caught:
        load(text, BOUNDS)
    assert caught.value.fault is fault
