"""Help is found by its words, on whichever page they stand."""

from __future__ import annotations

import ast
import re
import textwrap
import tomllib
from importlib import resources
from pathlib import Path

import pytest

import iies_tui.tui
from iies_tui.text import words
from iies_tui.tui.words.help_pages import TOPICS, content, pages, search


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("compromised", "setup"),
        ("45 days", "insurance"),
        ("check digit", "vehicles"),
        ("suffix", "registrant"),
        ("fax sheet", "issue"),
        ("NYAIP", "insurance"),
        ("recovery", "setup"),
    ],
)
def test_words_are_found_with_the_text_around_them(typed: str, topic: str) -> None:
    hits = [hit for hit in search(typed) if pages()[hit.page].topic == topic]
    assert hits
    first = typed.lower().split()[0]
    assert any(first in hit.line.lower() for hit in hits)


def test_every_word_typed_must_be_there_and_case_is_none_of_it() -> None:
    assert search("FAX SHEET") == search("fax sheet")
    assert len(search("fax sheet both")) < len(search("fax"))
    assert search("xyzzy") == [] == search("   ")


def test_a_page_shows_its_hits_and_loses_its_marks() -> None:
    page = pages()[TOPICS.index("vehicles")]
    drawn, hits = content(page, "check digit")
    assert hits and "**" not in "".join(str(text) for text in drawn)
    marked = drawn[hits[0]]
    assert any("reverse" in str(span.style) for span in marked.spans)


def test_field_help_fits_its_line_and_problems_at_length_fit_three() -> None:
    texts = resources.files("iies_tui.text") / "en"
    helps = tomllib.loads((texts / "fields.toml").read_text("utf-8"))["field_help"]
    assert {name: text for name, text in helps.items() if len(text) > 78} == {}
    usual = {"name": "NORTH COUNTRY MUTUAL INS CO", "positions": "3, 4, 10-11, 16-17"}
    long = tomllib.loads((texts / "problems.toml").read_text("utf-8"))["problem_long"]
    for code in long:
        text = words(f"problem_long.{code}", **usual)
        assert len(textwrap.wrap(text, 78)) <= 3, code


SHOWING = {"Line", "Static", "update", "say_hint", "say_error", "say", "_say", "_says", "Row"}
"""Calls whose texts a clerk reads."""


def test_every_word_that_a_screen_shows_is_in_the_text_files() -> None:
    """No call that shows something has words of its own: they could not be translated."""
    own = []
    for path in sorted(Path(iies_tui.tui.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name not in SHOWING or (name == "say" and not node.args):
                continue
            shown = node.args[1:] if name in ("Row", "say") else node.args
            for part in (piece for argument in shown for piece in ast.walk(argument)):
                if not isinstance(part, ast.Constant) or not isinstance(part.value, str):
                    continue
                if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", part.value):
                    own.append(f"{path.name}:{part.lineno}: {part.value}")
    assert own == []
