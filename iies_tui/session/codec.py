"""Frames and dataclasses to bytes and back, strictly.

A body is decoded by its dataclass's own annotations: an unknown key, a missing one or a value of
another type is a ``ProtocolError``, and the side that sees one ends the session.
"""

from __future__ import annotations

import json
import types
import typing
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from iies_tui.domain import strict_json
from iies_tui.session import protocol

KIND_JSON = 0x4A
KIND_SECRET = 0x53
_BOUNDS = strict_json.Bounds(protocol.MAX_FRAME, depth=64, digits=4_300)
"""Wider than a request file's, so that a message carries whatever a request holds."""


class ProtocolError(Exception):
    """The other side said something that is not of the protocol."""


@dataclass(frozen=True, slots=True)
class Message:
    """One J frame: ``body`` is a dataclass of ``protocol``."""

    id: int
    body: Any


@cache
def _kinds() -> dict[str, type]:
    return {
        name: kind
        for name, kind in vars(protocol).items()
        if isinstance(kind, type) and is_dataclass(kind)
    }


def pack(message: Message) -> bytes:
    """A message as one complete J frame."""
    body = json.dumps(
        {
            "v": protocol.VERSION,
            "id": message.id,
            "type": type(message.body).__name__,
            "body": asdict(message.body),
        },
        separators=(",", ":"),
    ).encode()
    return frame_head(len(body), KIND_JSON) + body


def frame_head(length: int, kind: int) -> bytes:
    """The five bytes before a body of ``length`` bytes."""
    return (length + 1).to_bytes(4, "big") + bytes((kind,))


def read_head(head: bytes | bytearray | memoryview) -> tuple[int, int]:
    """(body length, kind) of five bytes. Raise ProtocolError where they are out of range."""
    length, kind = int.from_bytes(head[:4], "big") - 1, head[4]
    if not 0 <= length <= protocol.MAX_FRAME or kind not in (KIND_JSON, KIND_SECRET):
        raise ProtocolError("bad frame")
    return length, kind


def unpack(body: bytes | bytearray) -> Message:
    """A J frame's body. Raise ProtocolError for anything that is not exactly one message."""
    try:
        data = strict_json.load(body, _BOUNDS)
    except strict_json.NotStrict as error:
        raise ProtocolError("not JSON") from error
    if not isinstance(data, dict) or set(data) != {"v", "id", "type", "body"}:
        raise ProtocolError("not a message")
    kind = _kinds().get(data["type"]) if isinstance(data["type"], str) else None
    numbers = (data["v"], data["id"])
    if (
        kind is None
        or any(type(one) is not int for one in numbers)
        or (data["v"] != protocol.VERSION)
    ):
        raise ProtocolError("not a message of this version")
    return Message(data["id"], _build(kind, data["body"]))


def _build(kind: type, data: object) -> object:
    if not isinstance(data, dict):
        raise ProtocolError(kind.__name__)
    hints = _hints(kind)
    if not set(data) <= set(hints):
        raise ProtocolError(f"{kind.__name__}: unknown field")
    values = {}
    for entry in fields(kind):
        if entry.name in data:
            values[entry.name] = _value(hints[entry.name], data[entry.name])
        elif entry.default is MISSING and entry.default_factory is MISSING:
            raise ProtocolError(f"{kind.__name__}.{entry.name} is missing")
    return kind(**values)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _value(hint: Any, value: object) -> object:
    if hint is object:
        return value
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _union(arguments, value)
    if origin is list and isinstance(value, list):
        return [_value(arguments[0], item) for item in value]
    if origin is dict and isinstance(value, dict):
        return {str(key): _value(arguments[1], item) for key, item in value.items()}
    if isinstance(hint, type) and is_dataclass(hint):
        return _build(hint, value)
    if isinstance(hint, type) and issubclass(hint, StrEnum) and isinstance(value, str):
        return _member(hint, value)
    if isinstance(hint, type) and type(value) is hint:
        return value
    raise ProtocolError("a value of another type")


def _member(kind: type[StrEnum], value: str) -> StrEnum:
    try:
        return kind(value)
    except ValueError as error:
        raise ProtocolError("a value of another type") from error


def _union(hints: tuple[Any, ...], value: object) -> object:
    for hint in hints:
        if hint is type(None):
            if value is None:
                return None
            continue
        try:
            return _value(hint, value)
        except ProtocolError:
            continue
    raise ProtocolError("a value of another type")
