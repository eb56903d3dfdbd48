"""One object, one byte string: deterministic CBOR (RFC 8949 section 4.2.1).

The subset that our formats use: integers of 64 bits, byte strings, text strings, arrays, maps with
integer, text or byte keys, true, false, null. Map keys stand in the
bytewise order of their encodings (cbor2's own ``canonical`` sorts shorter keys first, which is
RFC 7049). No floats, no tags inside, no indefinite lengths, no duplicate keys, no longer integer
form than needed, nothing after the end.

Reading is in three steps, so that a hostile input costs no more than a walk over its bytes: the
heads are walked without building anything, with caps on bytes, depth and items; cbor2 decodes;
the result is encoded again and must give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping

import cbor2

MAX_DEPTH = 8
MAX_ITEMS = 10_000
_NULL = 22


class NotCanonical(ValueError):
    """The bytes are not the one encoding of an object that we read."""


class CutShort(NotCanonical):
    """The data ends before the object does."""

    def __init__(self) -> None:
        super().__init__("cut short")


def encode(value: object, *, tag: int | None = None) -> bytes:
    """The deterministic encoding; ``tag`` (0 to 23) goes before it.

    Raise TypeError for an object outside the subset, ValueError for an integer beyond 64 bits or
    text that is not Unicode.
    """
    try:
        body = cbor2.dumps(_ordered(value))
    except UnicodeEncodeError as error:
        raise ValueError("text with a lone surrogate") from error
    return body if tag is None else bytes([0xC0 | _small(tag)]) + body


def decode(
    data: bytes,
    *,
    max_bytes: int,
    max_depth: int = MAX_DEPTH,
    max_items: int = MAX_ITEMS,
    tag: int | None = None,
    booleans: bool = False,
) -> object:
    """The object whose deterministic encoding ``data`` is. Raise NotCanonical otherwise.

    With ``tag`` (0 to 23) the data must begin with that tag; no other tag is taken anywhere.
    True and false are taken with ``booleans`` alone: to Python they are the numbers 1 and 0, and
    a reader that compares would take ``true`` for a version 1.
    """
    if len(data) > max_bytes:
        raise NotCanonical("too long")
    body = data
    if tag is not None:
        if data[:1] != bytes([0xC0 | _small(tag)]):
            raise NotCanonical("not the expected tag")
        body = data[1:]
    _walk(body, max_depth, max_items, booleans)
    try:
        value: object = cbor2.loads(body, max_depth=max_depth + 1, allow_indefinite=False)
        again = encode(value)
    except (cbor2.CBORDecodeError, TypeError, ValueError) as error:
        raise NotCanonical("not CBOR of this subset") from error
    if again != body:
        raise NotCanonical("not the deterministic encoding")
    return value


def _small(tag: int) -> int:
    if not 0 <= tag < 24:
        raise ValueError("a tag from 0 to 23")
    return tag


def _ordered(value: object) -> object:
    """The same value with its maps in bytewise key order."""
    kind = type(value)
    if value is None or kind is bool or kind is bytes or kind is str:
        return value
    if isinstance(value, int):
        if not -(2**64) <= value < 2**64:
            raise ValueError("an integer beyond 64 bits")
        return int(value)
    if isinstance(value, str):
        return str(value)
    if kind is list or kind is tuple:
        return [_ordered(item) for item in value]  # type: ignore[attr-defined]
    if isinstance(value, Mapping):
        entries = [(_key(key), _ordered(item)) for key, item in value.items()]
        entries.sort(key=lambda entry: cbor2.dumps(entry[0]))
        return dict(entries)
    raise TypeError(f"no {kind.__name__} in deterministic CBOR")


def _key(key: object) -> int | str | bytes:
    if isinstance(key, bool) or not isinstance(key, int | str | bytes):
        raise TypeError("a map key that is neither integer, text nor bytes")
    if isinstance(key, int) and not -(2**64) <= key < 2**64:
        raise ValueError("an integer beyond 64 bits")
    return key


def _walk(data: bytes, max_depth: int, max_items: int, booleans: bool) -> None:
    """Walk the heads; raise NotCanonical for what the subset has not, or past a cap."""
    size, position, items = len(data), 0, 0
    open_items = [1]
    """How many items are still to come at each depth; the outermost is one item."""
    while open_items:
        if open_items[-1] == 0:
            open_items.pop()
            continue
        open_items[-1] -= 1
        items += 1
        if items > max_items:
            raise NotCanonical("too many items")
        major, argument, position = _head(data, position, size)
        if major == 7 and argument != _NULL and not booleans:
            raise NotCanonical("true or false")
        if major in (2, 3):
            position += argument
            if position > size:
                raise CutShort
        elif major in (4, 5):
            children = argument if major == 4 else 2 * argument
            if children > size - position:
                raise CutShort
            if len(open_items) > max_depth:
                raise NotCanonical("too deep")
            open_items.append(children)
    if position != size:
        raise NotCanonical("bytes after the end")


def _head(data: bytes, position: int, size: int) -> tuple[int, int, int]:
    """Major type, argument, and the position after the head."""
    if position >= size:
        raise CutShort
    initial = data[position]
    major, info = initial >> 5, initial & 31
    position += 1
    if major == 7:
        if info not in (20, 21, 22):
            raise NotCanonical("a float or an unassigned simple value")
        return major, info, position
    if major == 6:
        raise NotCanonical("a tag")
    if info < 24:
        return major, info, position
    if info > 27:
        raise NotCanonical("an indefinite length")
    width = 1 << (info - 24)
    argument = int.from_bytes(data[position : position + width], "big")
    position += width
    if position > size:
        raise CutShort
    if argument < (24, 1 << 8, 1 << 16, 1 << 32)[info - 24]:
        raise NotCanonical("a longer form than needed")
    return major, argument, position
