"""Every link, cited file and cited heading of the repository leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from iies_tui.domain.delivery import ALLOWED, State
from tests.support.places import DOCS, PACKAGE, ROOT, tracked

DECISIONS = sorted((DOCS / "adr").glob("[0-9]*.md"))
PAGES = sorted(path for path in tracked() if path.suffix == ".md")
CODE = sorted(path for path in tracked() if path.suffix in (".py", ".sh", ".toml", ".txt"))

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CITED = re.compile(r"(?<![\w/.-])((?:docs|kiosk|tests)/[\w./-]+\.(?:md|py|sh|json))")
_HEADING_CITED = re.compile(r'(docs/[\w/-]+\.md)(?:``|`)?(?:,|\s*\()\s*"([^"]+)"')
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def headings(page: Path) -> list[str]:
    text = _FENCE.sub("", page.read_text("utf-8"))
    return re.findall(r"^#+ (.+?)\s*$", text, re.MULTILINE)


def anchor(heading: str) -> str:
    """As the hosting sites make them: lower case, signs dropped, spaces to hyphens."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def broken_links(page: Path) -> Iterator[str]:
    text = _FENCE.sub("", page.read_text("utf-8"))
    for target in _LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, place = target.partition("#")
        to = (page.parent / path).resolve() if path else page
        if not to.exists():
            yield f"{target}: no such file"
        elif place and place not in [anchor(one) for one in headings(to)]:
            yield f"{target}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page: Path) -> None:
    assert list(broken_links(page)) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One thing\n[a](#one-thing) [b](#other) [c](none.md) [d](page.md#one-thing)")
    assert list(broken_links(page)) == ["#other: no such heading", "none.md: no such file"]


def cited(path: Path) -> Iterator[tuple[str, str]]:
    """(file, heading) of each citation; the heading is empty where none is named."""
    text = re.sub(r"\s*\n\s*(?:# )?", " ", path.read_text("utf-8"))  # a citation may wrap
    yield from ((name, "") for name in _CITED.findall(text))
    yield from _HEADING_CITED.findall(text)


def test_cited_files_and_headings_exist() -> None:
    found, wrong = 0, []
    for path in (*CODE, *PAGES):
        for name, heading in cited(path):
            found += 1
            to = ROOT / name
            if not to.is_file():
                wrong.append(f"{path.relative_to(ROOT)}: {name}")
            elif heading and heading not in headings(to):
                wrong.append(f"{path.relative_to(ROOT)}: {name} has no heading {heading!r}")
    assert found > 80
    assert wrong == []


def test_a_wrapped_citation_is_found(tmp_path: Path) -> None:
    name = "docs/" + "no-such.md"  # in two halves: this file is looked through as well
    path = tmp_path / "module.py"
    path.write_text(f'"""A card (``{name}``,\n    "Some place")."""\n')
    assert list(cited(path)) == [(name, ""), (name, "Some place")]


def test_the_index_names_every_page() -> None:
    text = (DOCS / "README.md").read_text("utf-8")
    listed = {(DOCS / target).resolve() for target in _LINK.findall(text)}
    pages = {path for path in PAGES if path.parent == DOCS and path.name != "README.md"}
    assert pages - listed == set()


def test_each_page_begins_with_whom_it_is_for() -> None:
    pages = [*DOCS.glob("*.md"), ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]
    openings = {page.name: page.read_text("utf-8").split("\n\n")[1] for page in pages}
    assert {name for name, text in openings.items() if not text.startswith("For ")} == set()


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_the_shape(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert re.match(rf"# {int(path.stem[:4])}\. \S", lines[0])
    assert re.match(r"- Status: (proposed|accepted|superseded by \d+)$", lines[2])
    assert re.match(r"- Date: \d{4}-\d\d-\d\d$", lines[3])
    parts = [line[3:] for line in lines if line.startswith("## ")]
    assert parts == ["Context", "Decision", "Consequences"]


def test_the_list_of_decisions_is_whole() -> None:
    """What is missing is printed as the line to add."""
    listed = (DOCS / "adr" / "README.md").read_text("utf-8").splitlines()
    rows = []
    for path in DECISIONS:
        title, _, status, date = path.read_text("utf-8").splitlines()[:4]
        number, _, sentence = title.removeprefix("# ").partition(". ")
        _, _, state = status.partition(": ")
        rows.append(
            f"| [{number}]({path.name}) | {sentence} | {state} | {date.partition(': ')[2]} |"
        )
    assert [row for row in rows if row not in listed] == []
    assert [row for row in listed if row.startswith("| [") and row not in rows] == []


# -- docs/architecture.md ----------------------------------------------------------------------

ARCHITECTURE = (DOCS / "architecture.md").read_text("utf-8")
WORDS = (
    *("KEY", "PIN", "pepper", "trail", "register", "intent", "seal", "face", "check code"),
    *("trust bundle", "serial", "epoch", "fax sheet", "training terminal", "ICC"),
)


def test_the_drawn_delivery_states_are_the_program_s() -> None:
    drawn = set(re.findall(r"^    (\w+) --> (\w+)$", ARCHITECTURE, re.MULTILINE))
    steps = {(one.value, to.value) for one, after in ALLOWED.items() for to in after}
    to_void = {step for step in steps if step[1] == State.VOID}
    assert drawn == steps - to_void
    assert {one for one, _ in to_void} == {one.value for one in State} - {"VOID"}
    explained = re.findall(
        r"^\| ([A-Z_]+) \|", ARCHITECTURE.partition("## Glossary")[0], re.MULTILINE
    )
    assert set(explained) == {one.value for one in State}


def test_the_modules_that_it_names_exist() -> None:
    named = re.findall(r"`(?:iies_tui/)?([a-z_]+(?:/[a-z_]+)+(?:\.py)?)`", ARCHITECTURE)
    named = [one for one in named if one.partition("/")[0] in {p.name for p in PACKAGE.iterdir()}]
    assert len(named) > 30
    assert [one for one in named if not (PACKAGE / one).exists()] == []


def test_the_glossary_is_sorted_and_has_the_words_of_the_field() -> None:
    rows = ARCHITECTURE.partition("## Glossary")[2]
    words = re.findall(r"^\| (?!word \||---)(.+?) \| ", rows, re.MULTILINE)
    assert words == sorted(words, key=str.lower)
    assert {*WORDS} <= set(words)
