"""Reads a decoded JSON object field by field, and goes on after each thing that is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from iies_tui.domain import names
from iies_tui.domain.findings import Collector

MAX_TEXT = 200
"""Characters of any one value; the rules of each field allow far fewer."""
MAX_UNKNOWN = 20
"""Unknown fields that are named; a file that is no request at all needs no more."""

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_LOOSE = re.compile(r"[\s.-]")
_UNPRINTABLE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))


class Reader(Collector):
    """Findings, and the means to read one value after another. None: reported already."""

    def fields(
        self, path: str, value: object, required: Sequence[str], optional: Sequence[str]
    ) -> dict[str, object] | None:
        """An object with all required fields and no unknown ones."""
        if not isinstance(value, dict):
            self.problem(path, "not_object")
            return None
        known = {*required, *optional}
        for name in [name for name in value if name not in known][:MAX_UNKNOWN]:
            shown = ascii(name)[1:-1][:40]
            self.problem(_join(path, shown), "unknown_field", name=shown)
        for name in required:
            if name not in value:
                self.problem(_join(path, name), "missing", name=name)
        return {name: item for name, item in value.items() if name in known}

    def items(
        self, path: str, fields: dict[str, object], name: str, limit: int
    ) -> list[object] | None:
        """A list of at most ``limit`` values."""
        value = fields.get(name)
        if not isinstance(value, list):
            self.problem(_join(path, name), "not_list")
            return None
        if len(value) > limit:
            self.problem(_join(path, name), "too_many", limit=limit, count=len(value))
            return None
        return value

    def text(self, path: str, fields: dict[str, object], name: str) -> str | None:
        """A text, normalized. An absent optional one is empty."""
        if name not in fields:
            return None if self.has_problem(_join(path, name)) else ""
        return self.value(_join(path, name), fields[name])

    def value(self, field: str, value: object) -> str | None:
        """One text: printable, NFC, upper case, blanks folded to one (and that told)."""
        if not isinstance(value, str):
            self.problem(field, "not_text")
            return None
        if len(value) > MAX_TEXT:
            self.problem(field, "text_long", limit=MAX_TEXT, count=len(value))
            return None
        folded = " ".join(value.split())
        if any(unicodedata.category(sign) in _UNPRINTABLE for sign in folded):
            self.problem(field, "unprintable")
            return None
        if folded != value:
            self.note(field, "blanks_removed")
        return names.normalize(folded)

    def compact(
        self, path: str, fields: dict[str, object], name: str, tell: bool = True
    ) -> str | None:
        """A number or VIN: blanks, hyphens and points inside are left out (and that told)."""
        raw = fields.get(name)
        if not isinstance(raw, str):
            return self.text(path, fields, name)
        bare = _LOOSE.sub("", raw)
        if tell and bare != raw:
            self.note(_join(path, name), "signs_removed", value=bare[:MAX_TEXT].upper())
        return self.value(_join(path, name), bare)

    def initial(self, path: str, fields: dict[str, object], name: str) -> str | None:
        """A middle initial; its point is left out (and that told)."""
        text = self.text(path, fields, name)
        if text is not None and len(text) == 2 and text.endswith("."):
            self.note(_join(path, name), "signs_removed", value=text[0])
            return text[0]
        return text

    def suffix(self, path: str, fields: dict[str, object], name: str) -> str | None:
        """JR, SR or a Roman numeral; another spelling is turned into it (and that told)."""
        text = self.text(path, fields, name)
        if not text:
            return text
        known = names.suffix(text)
        if known and known != text:
            self.note(_join(path, name), "suffix_written", typed=text, value=known)
        return known or text

    def number(self, path: str, fields: dict[str, object], name: str) -> int | None:
        """A whole number."""
        value = fields.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if name in fields:
            empty = value is None or value == ""
            self.problem(_join(path, name), "required" if empty else "not_number")
        return None

    def truth(self, path: str, fields: dict[str, object], name: str) -> bool | None:
        """True or false."""
        value = fields.get(name)
        if isinstance(value, bool):
            return value
        if name in fields:
            self.problem(_join(path, name), "not_true_false")
        return None

    def day(self, path: str, fields: dict[str, object], name: str) -> date | None:
        """A day as ``YYYY-MM-DD``."""
        if name not in fields:
            return None
        value, field = fields[name], _join(path, name)
        if not isinstance(value, str):
            self.problem(field, "not_text")
        elif not value.strip():
            self.problem(field, "required")
        elif not _ISO.match(value):
            self.problem(field, "date_not_iso")
        else:
            try:
                return date.fromisoformat(value)
            except ValueError:
                self.problem(field, "date_impossible")
        return None


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
