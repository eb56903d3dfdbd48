"""Deterministic CBOR: one object, one byte string, and nothing else taken."""

from __future__ import annotations

import cbor2
import pytest
from hypothesis import given, settings, strategies as st

from iies_tui.adapters.encoding.cbor import CutShort, NotCanonical, decode, encode

KEYS = st.integers(-(2**64), 2**64 - 1) | st.text(max_size=9) | st.binary(max_size=9)
VALUES = st.recursive(
    st.none() | st.booleans() | KEYS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def _decode(data: bytes) -> object:
    return decode(data, max_bytes=10_000, booleans=True)


@given(VALUES)
def test_what_is_encoded_is_decoded(value: object) -> None:
    assert _decode(encode(value)) == value


@given(VALUES)
def test_cbor2_reads_the_same(value: object) -> None:
    assert cbor2.loads(encode(value)) == value


@settings(max_examples=500)
@given(st.binary(max_size=40))
def test_random_bytes_are_refused_or_the_one_encoding(data: bytes) -> None:
    try:
        value = _decode(data)
    except NotCanonical:
        return
    assert encode(value) == data


@settings(max_examples=300)
@given(VALUES, st.data())
def test_a_flipped_bit_never_decodes_to_the_same(value: object, data: st.DataObject) -> None:
    encoded = bytearray(encode(value))
    bit = data.draw(st.integers(0, len(encoded) * 8 - 1))
    encoded[bit // 8] ^= 1 << bit % 8
    try:
        other = _decode(bytes(encoded))
    except NotCanonical:
        return
    assert encode(other) == bytes(encoded) != encode(value)


def test_keys_stand_in_bytewise_order() -> None:
    """RFC 8949 section 4.2.1's example order, not the length-first one of RFC 7049."""
    keys = [10, 100, -1, "z", "aa"]
    mixed = dict.fromkeys(reversed(keys), 0)
    assert encode(mixed).hex() == "a5" + "0a00" + "186400" + "2000" + "617a00" + "62616100"
    assert encode({256: 0, -1: 0}).hex() == "a21901000020" + "00"


def test_order_does_not_matter_to_the_encoder() -> None:
    assert encode({1: {"b": 1, "a": 2}, 0: 3}) == encode({0: 3, 1: {"a": 2, "b": 1}})


REFUSED = {
    "nothing": "",
    "trailing byte": "0000",
    "long integer": "1817",
    "long integer, two bytes": "1900ff",
    "long integer, eight bytes": "1b00000000ffffffff",
    "long negative": "3817",
    "long text length": "780161",
    "long array length": "980100",
    "long map length": "b8010000",
    "reserved length": "1c",
    "indefinite bytes": "5f4100ff",
    "indefinite text": "7f6161ff",
    "indefinite array": "9f00ff",
    "indefinite map": "bf0000ff",
    "break": "ff",
    "half float": "f93c00",
    "single float": "fa3f800000",
    "double float": "fb3ff0000000000000",
    "undefined": "f7",
    "simple value": "f0",
    "long simple value": "f8ff",
    "long false": "f814",
    "tag": "c100",
    "long tag": "d81e820102",
    "bignum": "c24101",
    "duplicate keys": "a201000101",
    "keys out of order": "a202000100",
    "keys length first": "a2" + "2000" + "190100" + "00",
    "array as key": "a1800000"[:6],
    "map as key": "a1a000",
    "null as key": "a1f600",
    "true as key": "a1f500",
    "bad UTF-8": "61ff",
    "surrogate": "63eda080",
    "overlong UTF-8": "62c080",
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED.keys())
def test_refused(data: str) -> None:
    with pytest.raises(NotCanonical):
        _decode(bytes.fromhex(data))


@pytest.mark.parametrize(
    "data", ["18", "19ff", "42aa", "6261", "8200", "a101", "9b7fffffffffffffff"]
)
def test_cut_short(data: str) -> None:
    with pytest.raises(CutShort):
        _decode(bytes.fromhex(data))


@given(VALUES)
def test_every_truncation_is_refused(value: object) -> None:
    encoded = encode(value)
    for length in range(len(encoded)):
        with pytest.raises(NotCanonical):
            _decode(encoded[:length])


def test_caps() -> None:
    nested = b"\x81" * 8 + b"\x00"
    assert decode(nested, max_bytes=9, max_depth=8)
    with pytest.raises(NotCanonical, match="deep"):
        decode(nested, max_bytes=9, max_depth=7)
    with pytest.raises(NotCanonical, match="long"):
        decode(nested, max_bytes=8)
    with pytest.raises(NotCanonical, match="items"):
        decode(encode([0] * 10), max_bytes=99, max_items=10)
    assert decode(encode([0] * 9), max_bytes=99, max_items=10) == [0] * 9


def test_a_deep_or_huge_claim_costs_nothing() -> None:
    for data in (b"\x81" * 1_000_000, b"\x9b" + b"\xff" * 8, b"\xbb\x7f" + b"\xff" * 7):
        with pytest.raises(NotCanonical):
            decode(data, max_bytes=2_000_000)


def test_the_outer_tag_and_no_other() -> None:
    assert encode([1], tag=18).hex() == "d28101"
    assert decode(bytes.fromhex("d28101"), max_bytes=9, tag=18) == [1]
    for data in ("8101", "d18101", "d2d28101", "d8128101", "d9d9f7d28101"):
        with pytest.raises(NotCanonical):
            decode(bytes.fromhex(data), max_bytes=9, tag=18)
    with pytest.raises(ValueError, match="tag"):
        encode([1], tag=24)


@pytest.mark.parametrize("value", [1.5, {1.5: 0}, {None: 0}, {True: 0}, {1, 2}, object(), 1j])
def test_what_is_outside_the_subset_is_not_encoded(value: object) -> None:
    with pytest.raises(TypeError):
        encode(value)


@pytest.mark.parametrize("value", [2**64, -(2**64) - 1, {2**64: 0}, "\ud800", {"\ud800": 0}])
def test_what_has_no_encoding_is_not_encoded(value: object) -> None:
    with pytest.raises(ValueError, match=r"64 bits|surrogate"):
        encode(value)


@pytest.mark.parametrize("data", ["f4", "f5", "81f5", "a101f5", "a2010102f4"])
def test_true_and_false_are_no_numbers(data: str) -> None:
    """``True == 1`` in Python: a file whose version is ``true`` was read, and written back as 1."""
    with pytest.raises(NotCanonical):
        decode(bytes.fromhex(data), max_bytes=99)
    assert decode(bytes.fromhex(data), max_bytes=99, booleans=True) is not None
