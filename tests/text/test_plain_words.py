"""The habits of the texts that a machine can check, over every text of ``iies_tui/text/en``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from iies_tui.text import words
from tests.support.places import DOCS, ROOT, tracked

EN = resources.files("iies_tui.text") / "en"
ON_PAPER = {"paper.toml", "statements.txt", "policyholder.txt"}
"""Printed words: a page of a card is bound to them, and paper has every glyph."""

BANNED = (
    r"\bsticks?\b",
    r"\bblanks?\b",
    r"belongs? to nobody",
    r"\b(no|any|some)body\b",
    r"put right",
    r"goes on\b",
    r"parted",
    r"\bcancelled\b",
    r"the queue's word",
)

CONSOLE_GLYPHS = set(map(chr, range(32, 127))) | {"\n"}
BESIDE_THE_CONSOLE = {("trust.toml", "sheet.key"), ("keys.toml", "cli.replaced")}
"""Texts with other signs: the KEY's printed sheet and the output of a command."""

OF_FILES_THAT_ONLY_COMMANDS_TAKE = {
    "error.target_exists",
    "error.not_a_backup",
    "error.restore_not_empty",
    "error.not_an_export",
}


def _texts() -> Iterator[tuple[str, str, str]]:
    """(file, key, text) of every text: one for each message, and one for each help page."""
    for entry in sorted(EN.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".toml"):
            for table, messages in tomllib.loads(entry.read_text("utf-8")).items():
                for name, text in messages.items():
                    yield entry.name, f"{table}.{name}", text
    for page in sorted((EN / "help").iterdir(), key=lambda one: one.name):
        yield f"help/{page.name}", "", page.read_text("utf-8")


TEXTS = [one for one in _texts() if one[0] not in ON_PAPER]


def test_there_are_texts_to_check() -> None:
    assert len(TEXTS) > 1000


@pytest.mark.parametrize("banned", BANNED)
def test_a_banned_word_is_nowhere(banned: str) -> None:
    plain = [(file, key, re.sub(r"\{[^}|]*\}", "", text)) for file, key, text in TEXTS]
    found = [(file, key) for file, key, text in plain if re.search(banned, text, re.I)]
    assert found == []


def test_a_sentence_ends_with_one_period_and_one_space_follows() -> None:
    twice = [key or file for file, key, text in TEXTS if re.search(r"(?<!\.)\.\.(?!\.)", text)]
    spaces = [key or file for file, key, text in TEXTS if re.search(r"[.?!]  +[A-Z]", text)]
    assert (twice, spaces) == ([], [])


def test_a_screen_has_only_signs_that_the_console_font_has() -> None:
    strange = {
        (file, key): sorted(set(text) - CONSOLE_GLYPHS)
        for file, key, text in TEXTS
        if not set(text) <= CONSOLE_GLYPHS
        and not key.startswith(("cli.", "cli_"))
        and (file, key) not in BESIDE_THE_CONSOLE
    }
    assert strange == {}


def test_no_error_of_a_screen_tells_to_run_a_command() -> None:
    """What only a command raises may name its options; all else is on screens too."""
    package = Path(str(resources.files("iies_tui")))
    elsewhere = "".join(
        path.read_text("utf-8")
        for path in package.rglob("*.py")
        if not path.is_relative_to(package / "cli")
    )
    commands = re.compile(r"(^|\s|\()(--[a-z]|iies-tui |chmod |chown )|\bsetup [a-z]+-?[a-z]*[:)]")
    told = {
        key
        for _, key, text in TEXTS
        if key.startswith("error.")
        and commands.search(text)
        and f'"{key.removeprefix("error.")}"' in elsewhere
    }
    assert told == OF_FILES_THAT_ONLY_COMMANDS_TAKE


def test_a_count_is_never_followed_by_a_fixed_plural() -> None:
    """``{count} cards`` would be "1 cards": the word is chosen by ``{count:card|cards}``."""
    fixed = re.compile(
        r"\{(count|rows|cards|files|days|done|left|before)\} "
        r"(cards|rows|days|files|errors|vehicles|things)\b"
    )
    always_many = {"register", "note.registration_late", "note_long.registration_late"}
    always_many |= {"note.term_over_year", "batch.speed", "review.fleet_of", "review.fleet_hire"}
    always_many |= {"result.title_many", "mail_dialog.title_many", "error.csv_rows"}
    always_many |= {"error.batch_one_pdf", "problem.fleet_small", "import.changes"}
    always_many |= {"notice.compromised", "cli.batch_note", "doctor.clock_ahead"}
    always_many |= {"error.clock_ahead", "notice.clock_ahead", "clock_question.text"}
    found = [key for _, key, text in TEXTS if fixed.search(text) and key not in always_many]
    assert found == []


@pytest.mark.parametrize(
    ("key", "count", "told"),
    [
        ("generator.wrong", 0, "0 errors."),
        ("generator.wrong", 1, "1 error."),
        ("generator.wrong", 2, "2 errors."),
        ("notice.interrupted", 1, "1 card was interrupted last time and is VOID."),
        ("notice.interrupted", 2, "2 cards were interrupted last time and are VOID."),
    ],
)
def test_plurals_are_right(key: str, count: int, told: str) -> None:
    assert words(key, count=count).startswith(told)


def test_a_reason_that_ends_its_own_sentence_gives_no_second_period() -> None:
    told = words("error.disk_failed", path="/a/..", reason="It is full.")
    assert told.startswith("The disk failed at /a/..: It is full.")
    told = words("error.cannot_read", path="x", reason="Not a file.")
    assert told.startswith("x cannot be read: Not a file. Check")


def test_each_help_page_begins_with_whom_it_is_for() -> None:
    for page in (EN / "help").iterdir():
        first = page.read_text("utf-8").split("\n\n")[1]
        assert first.startswith("For "), page.name


BRITISH = re.compile(
    r"colour|(?<!draw)centred|catalogue|behaviour|\blicence|favour|neighbour|labelled|judgement|honour"
    r"|\bgrey\b|\b\w+(organis|recognis|initialis|serialis|authoris|minimis)e",
    re.I,
)


def test_code_and_documents_are_spelled_the_american_way() -> None:
    """Decisions keep their first wording; this test must name the words."""
    told = {
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in tracked()
        if path.suffix in {".py", ".md", ".sh", ".toml", ".tcss", ".txt"}
        and not path.is_relative_to(DOCS / "adr")
        and path != Path(__file__)
        for found in BRITISH.finditer(path.read_text("utf-8"))
    }
    assert told == set()
