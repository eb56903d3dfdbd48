"""The whole import graph of the package: no module reaches itself.

An edge is an import anywhere in a module, inside functions and under ``TYPE_CHECKING`` too, and
the one that Python itself adds: importing ``a.b.c`` runs ``a/__init__.py`` and ``a/b/__init__.py``
first. A package's ``__init__`` may hand on names of its own modules; that alone is no circle.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.places import PACKAGE, ROOT

Graph = Mapping[str, set[str]]


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST, package: str, modules: set[str]) -> Iterator[str]:
    """Every module that the text names in an import, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield full if full in modules else base


def import_graph(files: Mapping[str, Path]) -> dict[str, set[str]]:
    """Module to the modules that it runs, of ``files`` alone."""
    graph: dict[str, set[str]] = {name: set() for name in files}
    for name, path in files.items():
        is_package = path.name == "__init__.py"
        package = name if is_package else name.rpartition(".")[0]
        for target in imported(ast.parse(path.read_text("utf-8")), package, set(files)):
            parts = target.split(".")
            above = {".".join(parts[:count]) for count in range(1, len(parts))}
            # A module's own packages have begun before it; only an import by name is its doing.
            run = {one for one in above if not f"{name}.".startswith(f"{one}.")} | {target}
            graph[name] |= (run & set(files)) - {name}
    return graph


def circles(graph: Graph) -> list[tuple[str, ...]]:
    """Each largest set of modules that all reach each other, sorted."""
    reach: dict[str, set[str]] = {}
    for start in graph:
        seen: set[str] = set()
        todo = [start]
        while todo:
            new = graph[todo.pop()] - seen
            seen |= new
            todo += new
        reach[start] = seen
    return sorted(
        {
            tuple(sorted(other for other in reach[one] if one in reach[other]))
            for one in graph
            if one in reach[one]
        }
    )


def test_no_module_reaches_itself(
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    files = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}
    graph = import_graph(files)
    edges = sum(map(len, graph.values()))
    record_figure("import graph", {"modules": len(graph), "edges": edges})
    assert len(graph) == len(files) > 250 and edges > 1000
    assert circles(graph) == [], f"of {len(graph)} modules and {edges} edges"


@pytest.mark.parametrize(
    ("texts", "circle"),
    [
        ({"a": "import p.b", "b": "import p.c", "c": ""}, ()),
        ({"a": "import p.b", "b": "def f():\n    from p import a"}, ("p.a", "p.b")),
        ({"a": "if TYPE_CHECKING:\n    from .b import X", "b": "from . import a"}, ("p.a", "p.b")),
        ({"q/__init__": "from p.q.a import X", "q/a": "from p.q.b import X", "q/b": ""}, ()),
        ({"q/__init__": "from p.q.a import X", "q/a": "from p.q import Y"}, ("p.q", "p.q.a")),
        ({"q/__init__": "import p.a", "q/b": "", "a": "import p.q.b"}, ("p.a", "p.q")),
    ],
)
def test_a_circle_is_seen_wherever_it_closes(
    tmp_path: Path, texts: dict[str, str], circle: tuple[str, ...]
) -> None:
    files = {"p": tmp_path / "__init__.py"}
    for place, text in {"__init__": "", **texts}.items():
        path = tmp_path / f"{place}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        files[f"p.{place}".replace("/", ".").removesuffix(".__init__")] = path
    assert circles(import_graph(files)) == ([circle] if circle else [])
