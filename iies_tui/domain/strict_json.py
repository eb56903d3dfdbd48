"""Strict JSON (RFC 8259), so that a text has one reading: what comes from outside is read here.

No name twice in one object, no ``NaN`` or ``Infinity``, UTF-8 alone (a byte order mark is taken),
and nothing beyond the reader's ``Bounds``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

_NESTING = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{\]}]', re.DOTALL)
"""A string, also one that nobody closes (each character is looked at once), or a bracket."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """``size`` in bytes, or characters of what is text already; ``depth``: lists and objects inside
    each other; ``digits`` of a whole number."""

    size: int
    depth: int = 32
    digits: int = 18


class Fault(StrEnum):
    """What is wrong with a text; its parameters in ``NotStrict``."""

    TOO_BIG = "too_big"
    """``limit`` in characters or bytes."""
    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    """``line`` and ``column``, from 1."""
    KEY_TWICE = "key_twice"
    """``name`` as ASCII, shortened."""
    NUMBER = "number"
    """``number``, shortened."""


class NotStrict(ValueError):
    """The text is no strict JSON."""

    def __init__(self, fault: Fault, **params: str | int) -> None:
        super().__init__(fault.value)
        self.fault, self.params = fault, params


def load(text: bytes | bytearray | str, bounds: Bounds) -> object:
    """The value that the text stands for. Raise NotStrict."""
    if len(text) > bounds.size:
        raise NotStrict(Fault.TOO_BIG, limit=bounds.size)
    if not isinstance(text, str):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise NotStrict(Fault.NOT_UTF8) from None
    _check_depth(text, bounds.depth)
    try:
        value: object = json.loads(
            text,
            object_pairs_hook=_once,
            parse_constant=_no_constant,
            parse_int=partial(_small, bounds.digits),
        )
    except json.JSONDecodeError as error:
        raise NotStrict(Fault.NOT_JSON, line=error.lineno, column=error.colno) from None
    return value


def _check_depth(text: str, most: int) -> None:
    """Before the parser, whose own limit depends on the interpreter."""
    if text.count("[") + text.count("{") <= most:
        return
    depth = 0
    for found in _NESTING.finditer(text):
        if found.group() in "[{":
            depth += 1
        elif found.group() in "]}":
            depth -= 1
        if depth > most:
            at = found.start()
            line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
            raise NotStrict(Fault.NOT_JSON, line=line, column=column)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotStrict(Fault.KEY_TWICE, name=ascii(twice[:40]))
    return fields


def _no_constant(name: str) -> object:
    raise NotStrict(Fault.NUMBER, number=name)


def _small(most: int, digits: str) -> int:
    if len(digits.lstrip("-")) > most:
        raise NotStrict(Fault.NUMBER, number=f"{digits[:most]}...")
    return int(digits)
