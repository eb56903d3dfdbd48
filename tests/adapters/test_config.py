"""config.toml: every entry, its range, and what is told of a wrong one (docs/settings.md)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from iies_tui.adapters import config
from iies_tui.adapters.config import Config
from iies_tui.domain.errors import IiesError, MachineFailed, WrongUsage
from tests.support.places import DOCS

SETTINGS = DOCS / "settings.md"


def written(tmp_path: Path, text: str | bytes) -> Path:
    (tmp_path / "config.toml").write_bytes(text.encode() if isinstance(text, str) else text)
    return tmp_path


def test_without_a_file_every_default_holds(tmp_path: Path) -> None:
    assert config.load(tmp_path) == Config(folder=config.default_folder())
    assert config.load(written(tmp_path, "")) == Config(folder=config.default_folder())


def test_every_entry(tmp_path: Path) -> None:
    found = config.load(written(tmp_path, """
        [sign_off]
        idle_seconds = 60
        absolute_seconds = 3600
        [printer]
        queue = "FRONT"
        [folder]
        path = "/media/stick"
        [card]
        acceptance_days = 30
        max_term_days = 400
        max_back_days = 7
    """))  # fmt: skip
    assert found == Config(60, 3600, "FRONT", Path("/media/stick"), 30, 400, 7)
    assert found.warn_seconds == 20


def test_the_example_in_the_docs_is_right(tmp_path: Path) -> None:
    example = SETTINGS.read_text().split("```toml\n")[1].split("```")[0]
    found = config.load(written(tmp_path, example))
    assert found != Config(folder=config.default_folder())


def test_the_docs_name_every_entry_with_its_range() -> None:
    lines = SETTINGS.read_text().splitlines()
    for (table, name), (_, low, high) in config._NUMBERS.items():
        (line,) = [one for one in lines if one.startswith(f"| `{table}.{name}` ")]
        assert f" {low} to {high:,} " in line
    for table, name in config._TEXTS:
        assert [one for one in lines if one.startswith(f"| `{table}.{name}` ")]


@pytest.mark.parametrize(("text", "code"), [
    ("[sign_off", "config_not_toml"),
    (b"\xff\xfe", "config_not_toml"),
    ("x = " + "[" * 5000, "config_not_toml"),
    ("idle = 3", "config_unknown"),
    ("[sign_off]\nidle = 3", "config_unknown"),
    ("[sign_of]\nidle_seconds = 3", "config_unknown"),
    ("[sign_off]\nidle_seconds = 2", "config_range"),
    ("[sign_off]\nidle_seconds = 901", "config_range"),
    ("[sign_off]\nidle_seconds = 30.0", "config_range"),
    ("[sign_off]\nidle_seconds = true", "config_range"),
    ('[sign_off]\nidle_seconds = "30"', "config_range"),
    ("[card]\nacceptance_days = 0", "config_range"),
    ("[printer]\nqueue = 1", "config_text"),
    ('[folder]\npath = "cards"', "config_relative"),
])  # fmt: skip
def test_what_is_wrong_is_named(tmp_path: Path, text: str | bytes, code: str) -> None:
    with pytest.raises(WrongUsage, match=code):
        config.load(written(tmp_path, text))


def test_a_file_too_large_is_not_read_in_part(tmp_path: Path) -> None:
    with pytest.raises(MachineFailed, match="file_too_large"):
        config.load(written(tmp_path, "#" * 70_000))


def test_a_directory_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(IiesError):
        config.load(tmp_path)


def test_the_state_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    assert config.default_state() == Path(os.environ["XDG_STATE_HOME"]) / "iies-tui"
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/iies-tui:/var/lib/other")
    assert config.default_state() == Path("/var/lib/iies-tui")


def test_a_relative_documents_directory_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", "documents")
    assert config.default_folder().is_absolute()
