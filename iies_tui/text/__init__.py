"""Every word people read, by key, from ``text/en``. Ready for a second language beside it.

``words("error.cups_down", queue="FRONT")`` gives the message of ``[error] cups_down`` in
``messages.toml`` with its ``{queue}`` filled in. A missing key raises KeyError (a test checks that
every key the code uses exists); a missing parameter is shown as ``?``, since a message half told
beats a crash at the counter.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from string import Formatter

LANGUAGE = "en"

_TWO_PERIODS = re.compile(r"(?<=[^\W_])\.\.(?=\s|$)")
"""A parameter that ends its own sentence, at the end of one. ``...`` and paths stay."""


class _Lenient(Formatter):
    def get_value(self, key: int | str, args: object, kwargs: object) -> object:
        return kwargs.get(key, "?") if isinstance(kwargs, dict) and isinstance(key, str) else "?"

    def format_field(self, value: object, format_spec: str) -> str:
        """``{count:card|cards}`` is the word that goes with the number, which is not repeated."""
        if "|" not in format_spec:
            return str(super().format_field(value, format_spec))
        one, _, many = format_spec.partition("|")
        return one if str(value) == "1" else many


@cache
def _messages() -> dict[str, dict[str, str]]:
    """Every table of every ``*.toml`` beside this file, merged: one file a room."""
    merged: dict[str, dict[str, str]] = {}
    for entry in sorted((resources.files(__package__) / LANGUAGE).iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            for table, messages in tomllib.loads(entry.read_text("utf-8")).items():
                merged.setdefault(table, {}).update(messages)
    return merged


def words(key: str, /, **params: object) -> str:
    """The message for ``table.name`` with its parameters."""
    table, _, name = key.partition(".")
    return _TWO_PERIODS.sub(".", _Lenient().format(_messages()[table][name], **params))


def has(key: str) -> bool:
    """True where there are words for the key."""
    table, _, name = key.partition(".")
    return name in _messages().get(table, {})


def read(name: str) -> str:
    """A whole text: ``statements.txt``, ``help/start.md``."""
    return (resources.files(__package__) / LANGUAGE / name).read_text("utf-8")
