"""The commands that the documents show do what is said of them.

``docs/verification.md``: each command on a training terminal is run here, with its exit code. The
pytest commands are collected here, every one must find tests, and all that they find lies below
``tests``, where the suite that runs this file runs them too. README's commands for a first card are
run as they stand.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from iies_tui.domain import new_york
from tests.support.places import DOCS, ROOT

PAGE = (DOCS / "verification.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")

_ROW = re.compile(r"^\| (\w+) \| (.+?) \| `(.+)` \|(?: (\d) \|)?$", re.MULTILINE)
ROWS = _ROW.findall(PAGE)
OURS = [(command, int(code)) for _, _, command, code in ROWS if command.startswith("iies-tui ")]
PYTEST = [command for _, _, command, _ in ROWS if command.startswith("python -m pytest ")]


def blocks(text: str, kind: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def shell(script: str, folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run with the ``iies-tui`` and ``python`` of this interpreter's environment."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-e", "-c", script],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"PATH": path, "HOME": str(home), "XDG_CONFIG_HOME": f"{home}/config"},
    )


def test_every_row_is_a_command_that_this_file_runs() -> None:
    rows = [line for line in PAGE.splitlines() if re.match(r"\| (?!for \||---)", line)]
    assert len(rows) == len(ROWS) == len(OURS) + len(PYTEST)
    assert len(OURS) >= 10 and len(PYTEST) >= 10


def test_the_commands_on_a_training_terminal(tmp_path: Path) -> None:
    """The page's own lines make the terminal; then each command in turn."""
    (script,) = (block for block in blocks(PAGE, "sh") if "train --json" in block)
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parents[1])
    made = shell(script, tmp_path, tmp_path)
    assert made.returncode == 0, made.stdout + made.stderr
    wrong = []
    for command, code in OURS:
        done = shell(command, tmp_path / "proof", tmp_path)
        if done.returncode != code or "Traceback" in done.stderr:
            wrong.append(f"{command}: {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
    assert not wrong, "\n".join(wrong)


def collected(words: list[str]) -> set[str]:
    """The files in which pytest finds tests when it is given these words."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, "--collect-only", "-p", "no:cacheprovider"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return set(re.findall(r"^(tests/\S+?)::", done.stdout, re.MULTILINE))


def test_the_pytest_commands_find_tests_in_each_file_that_they_name() -> None:
    """Those without an option are collected together: an interpreter each would take a minute."""
    plain: set[str] = set()
    for command in PYTEST:
        words = shlex.split(command)[3:]
        files = {one for one in words if re.fullmatch(r"tests/[\w/]+\.py", one)}
        if len(files) == len(words):
            plain |= files
        else:
            assert "-k" in words
            assert collected(words) == files
    assert collected(sorted(plain)) == plain


def test_readme_s_first_card_with_commands(tmp_path: Path) -> None:
    """Save the request, run the lines; the card's dates are the only thing that grows old."""
    (request,) = blocks(README, "json")
    day = new_york.day_of(datetime.now(UTC))
    for written, days in (("2026-12-01", 0), ("2027-12-01", 365)):
        assert written in request
        request = request.replace(written, str(day + timedelta(days=days)))
    (tmp_path / "request.json").write_text(request)
    (script,) = (block for block in blocks(README, "sh") if "train --json" in block)
    done = shell(script, tmp_path, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "as expected: it is a specimen" in done.stdout
    assert list((tmp_path / "cards").glob("*.pdf"))


def test_commands_md_lists_every_command(tmp_path: Path) -> None:
    done = shell("iies-tui --help", tmp_path, tmp_path)
    known = re.findall(r"^    ([a-z]+)(?:  |$)", done.stdout, re.MULTILINE)
    listed = (DOCS / "commands.md").read_text("utf-8")
    assert len(known) >= 14
    assert [
        name for name in known if not re.search(rf"^\| .*`{name}\b", listed, re.MULTILINE)
    ] == []
