"""Frames and dataclasses, strictly: what goes in comes out, and nothing else is taken."""

from __future__ import annotations

import builtins
import dataclasses
import json
import types
import typing
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from iies_tui.domain.card import Layout
from iies_tui.domain.options import Options
from iies_tui.domain.pages import FaxFile
from iies_tui.session import codec, protocol
from iies_tui.session.codec import Message, ProtocolError

KINDS = [
    kind
    for kind in vars(protocol).values()
    if isinstance(kind, type) and dataclasses.is_dataclass(kind)
]


def there_and_back(message: Message) -> Message:
    frame = codec.pack(message)
    length, kind = codec.read_head(frame[:5])
    assert kind == codec.KIND_JSON and length == len(frame) - 5
    return codec.unpack(frame[5:])


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
PLAIN = {str: TEXT, int: st.integers(), bool: st.booleans(), type(None): st.none(), object: JSON}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field, by its annotation alone: what the codec itself goes by."""
    if hint in PLAIN:
        return PLAIN[hint]
    arguments = typing.get_args(hint)
    match typing.get_origin(hint):
        case types.UnionType:
            return st.one_of(*map(values, arguments))
        case builtins.list:
            return st.lists(values(arguments[0]), max_size=3)
        case builtins.dict:
            return st.dictionaries(TEXT, values(arguments[1]), max_size=3)
    if issubclass(hint, StrEnum):
        return st.sampled_from(hint)
    return messages(hint)


def messages(kind: type) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{name: values(hint) for name, hint in hints.items()})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_every_message_there_and_back(kind: type, data: st.DataObject) -> None:
    body = data.draw(messages(kind))
    assert there_and_back(Message(7, body)) == Message(7, body)


def raw(**changes: Any) -> bytes:
    whole = {"v": 1, "id": 1, "type": "SignOn", "body": {"license": "PC-1"}}
    return json.dumps({**whole, **changes}).encode()


def test_defaults_need_not_be_said() -> None:
    assert codec.unpack(raw()).body == protocol.SignOn("PC-1", "")


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b"1", b"\xff", b"{}", b'{"v": NaN}', b"[" * 50_000, b"{}{}",
    raw(v=2), raw(v=True), raw(v=1.0), raw(id="1"), raw(id=True), raw(type="Unknown"),
    raw(type="dataclass"), raw(type=None), raw(type="VERSION"), raw(more=1), raw(body=None),
    raw(body={}), raw(body={"license": 1}), raw(body={"license": None}),
    raw(body={"license": "x", "extra": 1}),
    raw(type="Failed", body={"code": "x", "exit_code": "1"}),
    raw(type="Failed", body={"code": "x", "params": {"n": 1.5}}),
    raw(type="Failed", body={"code": "x", "params": {"n": True}}),
    raw(type="Failed", body={"code": "x", "problems": [1]}),
    raw(type="Insurers", body={"found": {}}),
    b'{"v": 1, "v": 1, "id": 1, "type": "Hello", "body": {}}',
])  # fmt: skip
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        codec.unpack(body)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_a_message(body: bytes) -> None:
    try:
        message = codec.unpack(body)
    except ProtocolError:
        return
    assert there_and_back(message) == message


@pytest.mark.parametrize("head", [
    b"\0\0\0\0J", b"\xff\xff\xff\xffJ", b"\0\0\0\x01X",
    (protocol.MAX_FRAME + 2).to_bytes(4, "big") + b"J",
])  # fmt: skip
def test_a_head_out_of_range_is_refused(head: bytes) -> None:
    with pytest.raises(ProtocolError):
        codec.read_head(head)


@given(st.integers(0, protocol.MAX_FRAME), st.sampled_from([codec.KIND_JSON, codec.KIND_SECRET]))
def test_heads_there_and_back(length: int, kind: int) -> None:
    assert codec.read_head(codec.frame_head(length, kind)) == (length, kind)


def test_a_choice_is_one_of_its_kind_or_no_message() -> None:
    chosen = Options(page_layout=Layout.WINDOW, fax_file=FaxFile.G4_FINE)
    data = codec.pack(Message(3, protocol.Options(chosen)))[5:]
    told = codec.unpack(data).body.chosen
    assert told == chosen
    assert (type(told.page_layout), type(told.fax_file)) == (Layout, FaxFile)
    with pytest.raises(ProtocolError):
        codec.unpack(data.replace(b'"window"', b'"porthole"'))
    with pytest.raises(ProtocolError):
        codec.unpack(data.replace(b'"window"', b"7"))
