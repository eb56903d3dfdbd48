"""Nothing is left behind: no key action that no key calls, no style that no widget has, no file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.places import PACKAGE

TUI = PACKAGE / "tui"


def strings(folder: Path) -> Iterator[str]:
    """Every text in the code below a folder, the parts of put-together ones too."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_every_action_has_a_key() -> None:
    actions = {
        node.name.removeprefix("action_")
        for path in TUI.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("action_")
    }
    called = {text.partition("(")[0] for text in strings(TUI)}
    assert len(actions) > 50
    assert actions - called == set()


def test_every_style_is_of_something() -> None:
    """Each id, class and widget that a style sheet names stands in the code of the screens."""
    words = {word for text in strings(TUI) for word in re.findall(r"[\w-]+", text)}
    code = {word for path in TUI.rglob("*.py") for word in re.findall(r"\w+", path.read_text())}
    ours, composed = set(), tuple(word for word in words if word.endswith("-"))
    for path in sorted((TUI / "styles").glob("*.tcss")):
        text = re.sub(r"/\*.*?\*/|\{.*?\}", " ", path.read_text("utf-8"), flags=re.DOTALL)
        ours |= set(re.findall(r"[#.][A-Za-z_][\w-]*|\b[A-Z]\w+", text))
    assert len(ours) > 50
    unused = {
        name
        for name in ours
        if not name.startswith(OF_TEXTUAL)
        and not (name[0] in "#." and name[1:] in words)
        and not (name[0] in "#." and name[1:].startswith(composed))
        and not (name[0].isupper() and name in code)
    }
    assert unused == set()


OF_TEXTUAL = (".input--", ".option-list--")
"""Parts of its widgets."""
