"""The house's rules that no single room can see: layers, imports, words, what the tree names."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from iies_tui.text import has
from tests.support.places import DOCS, PACKAGE, ROOT, tracked

TEXTS = PACKAGE / "text" / "en"

HEAVY = (
    "PIL",
    "apsw",
    "cbor2",
    "cryptography",
    "cups",
    "pdf417gen",
    "pypdfium2",
    "reportlab",
    "ultravin",
    "zxingcpp",
)

_IMPORT = """
import importlib, json, pkgutil, sys
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    if hasattr(module, "__path__"):
        for found in pkgutil.walk_packages(module.__path__, name + "."):
            importlib.import_module(found.name)
print(json.dumps(sorted(sys.modules)))
"""


def modules_after(*names: str) -> set[str]:
    """Every module that a fresh interpreter has once ``names`` (and all in them) are imported."""
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT, *names], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_the_screens_pull_in_nothing_heavy_and_nothing_of_the_use_cases() -> None:
    loaded = modules_after("iies_tui.tui")
    assert "iies_tui.tui.app" in loaded and "textual" in loaded
    tops = {name.partition(".")[0] for name in loaded}
    assert not tops & set(HEAVY)
    for layer in ("issuance", "authority", "adapters", "session.worker"):
        assert f"iies_tui.{layer}" not in loaded


def test_the_commands_import_nothing_heavy() -> None:
    """A command's own imports come when it runs."""
    tops = {name.partition(".")[0] for name in modules_after("iies_tui.cli")}
    assert not tops & {*HEAVY, "textual"}


def test_domain_and_use_cases_are_standard_library_only() -> None:
    loaded = modules_after("iies_tui.domain", "iies_tui.issuance", "iies_tui.authority")
    # What an empty program has: the environment's own start-up files.
    third_party = {name.partition(".")[0] for name in loaded - modules_after()}
    assert third_party - sys.stdlib_module_names == {"iies_tui"}


def test_layers() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_tests_import_no_tests_and_name_whole_paths() -> None:
    """What two tests share is in ``tests/support``; no import is relative."""
    wrong = []
    for folder in (PACKAGE, ROOT / "tests", ROOT / "kiosk"):
        for path in sorted(folder.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom):
                    names = [f"{node.module}.{alias.name}" for alias in node.names]
                    relative = node.level > 0
                elif isinstance(node, ast.Import):
                    names, relative = [alias.name for alias in node.names], False
                else:
                    continue
                tested = any(".test_" in name and name.startswith("tests.") for name in names)
                if relative or tested:
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: {names}")
    assert wrong == []


# -- what the tree names -----------------------------------------------------------------------


# Hosts in two halves, so that this file does not name them.
_HOSTS = re.compile(
    "|".join(
        re.escape(first + last)
        for first, last in [
            ("pypi", ".org"),
            ("python", "hosted.org"),
            ("deb.debian", ".org"),
            ("security.debian", ".org"),
            ("registry.np", "mjs.org"),
            ("download.pytorch", ".org"),
        ]
    )
)
_OPTIONS = re.compile(r"--(extra-)?index-url|--find-links|--trusted-host|--index=|-i https?:")


def test_no_file_names_a_package_index() -> None:
    found = []
    for path in tracked():
        if path == Path(__file__).resolve():
            continue
        data = path.read_bytes()
        if b"\0" in data:
            continue
        text = data.decode("utf-8", "replace")
        where = path.relative_to(ROOT)
        found += [f"{where}: {match.group()}" for match in _HOSTS.finditer(text)]
        if path.suffix in (".lock", ".in", ".txt", ".toml", ".cfg"):
            found += [f"{where}: {match.group()}" for match in _OPTIONS.finditer(text)]
    assert not found


# In two halves for the same reason. Sections of RFCs and statutes are no plan of ours.
_ELSEWHERE = re.compile(
    "|".join(
        ("design" + r"\s+sections?\b", r"(?<![/\w])" + r"design\.md", r"\b[Ii]ssue" + r"s? \d+\b")
    )
)
_BARE = re.compile(r"(?<!docs/)(?<![/\w])domain" + r"\.md")


def test_nothing_cites_what_is_not_in_the_repository() -> None:
    """Plans and tickets stay behind; docstrings say the thing or cite a document of ``docs/``."""
    found = []
    for path in tracked():
        data = path.read_bytes()
        if b"\0" in data or path == Path(__file__).resolve():
            continue
        text = data.decode("utf-8", "replace")
        where = path.relative_to(ROOT)
        found += [f"{where}: {match.group()}" for match in _ELSEWHERE.finditer(text)]
        if DOCS not in path.parents:
            found += [f"{where}: bare {match.group()}" for match in _BARE.finditer(text)]
    assert not found


def requirements(path: Path) -> Iterator[tuple[str, str]]:
    """(name, version) of each pinned line."""
    for line in path.read_text().splitlines():
        if match := re.match(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", line):
            yield match[1].lower().replace("_", "-").replace(".", "-"), match[2]


@pytest.mark.parametrize("name", ["requirements", "requirements-test", "requirements-build"])
def test_locks_hold_every_pin_with_hashes(name: str) -> None:
    lock = ROOT / f"{name}.lock"
    locked = dict(requirements(lock))
    wanted = dict(requirements(ROOT / f"{name}.in"))
    assert wanted.items() <= locked.items(), "renew with: sh kiosk/lock.sh"
    blocks = re.split(r"\n(?=[A-Za-z0-9])", lock.read_text().split("\n", 2)[2])
    assert len(blocks) == len(locked)
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_tests_run_on_the_shipped_versions() -> None:
    shipped = dict(requirements(ROOT / "requirements.lock"))
    tested = dict(requirements(ROOT / "requirements-test.lock"))
    assert shipped.items() <= tested.items()


def test_every_dependency_of_the_package_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = dict(requirements(ROOT / "requirements.in"))
    assert {name.lower() for name in project["dependencies"]} == set(pinned)


# -- words --------------------------------------------------------------------------------------


def keys_in_code() -> Iterator[tuple[str, str]]:
    """(place, key) of each ``words("...")`` and ``has("...")`` whose key is written out."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else None
            name = node.func.id if isinstance(node.func, ast.Name) else name
            first = node.args[0]
            if name == "words" and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", first.value


def error_codes_in_code() -> Iterator[tuple[str, str]]:
    """(place, code) of each error of ours that is raised with its code written out."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("Refused", "WrongUsage", "MachineFailed")
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", str(node.args[0].value)


def test_every_key_in_the_code_has_words() -> None:
    keys = list(keys_in_code())
    assert keys
    assert [f"{place}: {key}" for place, key in keys if not has(key)] == []


def test_every_error_in_the_code_has_words() -> None:
    codes = list(error_codes_in_code())
    assert codes
    assert [f"{place}: {code}" for place, code in codes if not has(f"error.{code}")] == []


def test_no_key_has_two_wordings() -> None:
    """Tables of all files are merged: the later file would win in silence."""
    counted = Counter(
        f"{table}.{name}"
        for path in sorted(TEXTS.glob("*.toml"))
        for table, messages in tomllib.loads(path.read_text("utf-8")).items()
        for name in messages
    )
    assert [key for key, times in counted.items() if times > 1] == []
