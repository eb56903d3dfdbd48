"""``config.toml`` as the *Terminal* page reads and writes it: by name, as texts, comments kept.

The one table of the settings is ``adapters.config.SETTINGS``; what is written is judged by the
reader of the next start before it replaces the file.
"""

from __future__ import annotations

import copy
import os
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from iies_tui.adapters import config
from iies_tui.adapters.config import SETTINGS, Flag, Iccs, Number
from iies_tui.adapters.machine.files import write_atomically
from iies_tui.domain.errors import MachineFailed, Problem, WrongUsage

_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'  # a string may end with two quotes of its own
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|(?P<comment>#[^\r\n]*)",
    re.DOTALL,
)


class SettingsFile:
    """Port ``SettingsStore``."""

    def __init__(self, state: Path) -> None:
        self._path = config.file_of(state)

    def texts(self) -> dict[str, str]:
        """Every setting by name, empty where the file has none and the default holds.

        Raise WrongUsage ``config_*``, MachineFailed.
        """
        tables, _ = config.tables_of(self._path)
        config.read(tables, os.fspath(self._path))
        return {name: _text(_entry(tables, name)) for name in SETTINGS}

    def problems(self, values: Mapping[str, str]) -> tuple[Problem, ...]:
        """What would be wrong with the file if these were written, each by its setting's name."""
        tables, _ = config.tables_of(self._path)
        changed = _changed(tables, values)
        found = []
        for name in values:
            value = _entry(changed, name)
            try:
                if value is not None:
                    config.take(name, value, "")
            except WrongUsage as error:
                found.append(Problem(name, error.code, error.params))
        if not found:
            try:
                config.read(changed, "")
            except WrongUsage as error:
                found.append(Problem(str(error.params.get("name", "")), error.code, error.params))
        return tuple(found)

    def write(self, values: Mapping[str, str]) -> None:
        """Set these, wholly or not at all; the file's comments and everything else in it stay.

        Raise WrongUsage ``config_*``, MachineFailed.
        """
        tables, text = config.tables_of(self._path)
        wanted = _changed(tables, values)
        config.read(wanted, os.fspath(self._path))
        made = keep_comments(text, edited(text, tables, wanted))
        if _filled(tomllib.loads(made)) != _filled(wanted):
            raise MachineFailed("config_not_written", path=os.fspath(self._path))
        write_atomically(self._path, made.encode())


def comments(text: str) -> list[str]:
    """The comments of a TOML file, from the sign to the end of the line."""
    return [one["comment"].rstrip() for one in _TOKEN.finditer(text) if one["comment"]]


def keep_comments(before: str, after: str) -> str:
    """``after`` with every comment of ``before``: one whose entry went stands at the end."""
    lost = Counter(comments(before)) - Counter(comments(after))
    if not lost:
        return after
    end = "" if after.endswith("\n") or not after else "\n"
    return after + end + "".join(f"{comment}\n" for comment in lost.elements())


def edited(text: str, tables: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """The file's text with what differs between ``tables`` and ``wanted`` changed."""
    import tomlkit

    document = tomlkit.parse(text)
    for table, entries in wanted.items():
        before = tables.get(table, {})
        if table not in document and entries:
            document.add(table, tomlkit.table())
        for name in before.keys() | entries.keys():
            place: Any = document[table]
            if name not in entries:
                del place[name]
            elif before.get(name) != entries[name] or name not in before:
                place[name] = entries[name]
    return tomlkit.dumps(document)


def _changed(tables: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """The tables with these settings. An emptied number goes, an emptied text or list is empty;
    one that was never there stays away."""
    made: dict[str, Any] = copy.deepcopy(dict(tables))
    for name, text in values.items():
        table, _, key = name.partition(".")
        value = _value(name, text.strip())
        entries = made.get(table, {})
        if value is None or (value in ("", []) and key not in entries):
            entries.pop(key, None)
        else:
            made.setdefault(table, entries)[key] = value
    return made


def _value(name: str, text: str) -> object:
    """What stands in the file for this text; None for nothing. What is wrong stays as it is."""
    kind = SETTINGS[name][1] if name in SETTINGS else None
    if isinstance(kind, Number):
        if not text:
            return None
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else text
    if isinstance(kind, Flag):
        return {"true": True, "false": False, "": None}.get(text, text)
    if isinstance(kind, Iccs):
        return [part for part in re.split(r"[\s,;]+", text) if part]
    return text


def _filled(tables: Mapping[str, Any]) -> dict[str, Any]:
    """Without empty tables: where names are written with dots, one is not there at all."""
    return {table: entries for table, entries in tables.items() if entries}


def _entry(tables: Mapping[str, Any], name: str) -> Any:
    table, _, key = name.partition(".")
    return tables.get(table, {}).get(key)


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
