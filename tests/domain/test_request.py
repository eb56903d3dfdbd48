"""Requests as they come in: any JSON value is read or refused, and what is read stays."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from iies_tui.domain.card import ALL_OWNED_VEHICLES
from iies_tui.domain.dates import Limits
from iies_tui.domain.errors import Refused
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.request import (
    MAX_BYTES,
    MAX_VEHICLES,
    examine,
    load_json,
    read,
    to_json,
)

TEXT = st.text(alphabet=st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=20)
DAY = st.dates(date(2000, 1, 1), date(2100, 1, 1))
PERSON = st.fixed_dictionaries(
    {"last": TEXT, "first": TEXT},
    optional={
        "middle": TEXT,
        "suffix": st.sampled_from(["", "jr.", "2nd", "III", "ESQ"]),
        "driver_license": TEXT,
    },
)
VEHICLE = st.fixed_dictionaries({"year": st.integers(1900, 2030), "make": TEXT, "vin": TEXT})


@st.composite
def requests(draw: st.DrawFn) -> dict[str, object]:
    start = draw(DAY)
    made: dict[str, object] = {
        "form": draw(st.sampled_from(["FS-20", "fs-21"])),
        "icc": draw(TEXT),
        "policy": draw(TEXT),
        "effective": start.isoformat(),
        "expiration": (start + timedelta(days=draw(st.integers(-9, 900)))).isoformat(),
        "address": draw(st.lists(TEXT, max_size=5)),
    }
    if draw(st.booleans()):
        made["registrants"] = draw(st.lists(PERSON, max_size=3))
    else:
        made["organization"] = {"name": draw(TEXT), "fein": draw(TEXT)}
    if draw(st.booleans()):
        made["vehicles"] = draw(st.lists(VEHICLE, max_size=3))
    else:
        made["vehicles"] = ALL_OWNED_VEHICLES
        made["fleet"] = {"vehicles": draw(st.integers(-5, 50)), "for_hire": draw(st.booleans())}
    return made


@given(requests())
def test_what_is_read_is_written_and_read_again(data: dict[str, object]) -> None:
    request = read(data).request
    assert request is not None
    assert read(load_json(json.dumps(to_json(request)))).request == request
    assert read(to_json(request)).findings.notes == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = ["form", "icc", "policy", "effective", "expiration", "registrants", "organization"]
FIELDS += ["address", "vehicles", "fleet", "other"]


@given(JSON | st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_any_json_is_read_or_refused_with_reasons(data: object) -> None:
    examined = examine(
        data,
        insurer=lambda icc: None,
        license="BR-1",
        today=date(2026, 11, 22),
        limits=Limits(),
    )
    assert examined.findings.problems
    reading = read(data)
    assert (reading.request is None) == bool(reading.findings.problems)


@given(st.data())
def test_any_part_may_be_anything(data: st.DataObject) -> None:
    request = data.draw(requests())
    field = data.draw(st.sampled_from(FIELDS))
    request[field] = data.draw(JSON)
    reading = read(request)
    if reading.request is None:
        assert reading.findings.problems
        assert all(problem.field for problem in reading.findings.problems)
    else:
        assert read(to_json(reading.request)).request == reading.request


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_json_or_refused(data: bytes) -> None:
    try:
        load_json(data)
    except Refused as refused:
        assert refused.code.startswith("request_")


@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        (b'{"form": "FS-20",\n "icc" 9}', "request_not_json", {"line": 2, "column": 8}),
        (b"\xff\xfe{}", "request_not_utf8", {}),
        (b" " * (MAX_BYTES + 1), "request_too_big", {"limit": MAX_BYTES}),
        (b'{"a": Infinity}', "request_number", {"number": "Infinity"}),
        (b'{"a": {"b": 1, "b": 1}}', "request_key_twice", {"name": "'b'"}),
        (b"[" * 500_000, "request_not_json", {"line": 1, "column": 33}),
    ],
)
def test_files_that_are_no_json(text: bytes, code: str, params: dict[str, object]) -> None:
    with pytest.raises(Refused) as refused:
        load_json(text)
    assert (refused.value.code, refused.value.params) == (code, params)


def test_a_byte_order_mark_is_no_fault() -> None:
    assert load_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_refusals_are_short_however_long_the_file() -> None:
    reading = read({f"field {number}": number for number in range(5000)})
    assert 0 < len(reading.findings.problems) < 40
    reading = read({"vehicles": [{}] * (MAX_VEHICLES + 1)})
    assert "too_many" in [problem.code for problem in reading.findings.problems]


def test_the_insurer_is_looked_up_once_and_given_back() -> None:
    asked = []

    def by_icc(icc: str) -> Insurer | None:
        asked.append(icc)
        return Insurer(icc, "NORTH COUNTRY MUTUAL INS CO")

    examined = examine(
        {"icc": "901"}, insurer=by_icc, license="BR-1", today=date(2026, 11, 22), limits=Limits()
    )
    assert asked == ["901"]
    assert examined.insurer == Insurer("901", "NORTH COUNTRY MUTUAL INS CO")
    assert examined.request is None
