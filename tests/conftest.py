"""What every test may ask for: the full counts of the issues, and a place for measured figures."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says nothing here: the machine is shared. Counts do.
settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")

pytest_plugins = ["cups_fixture"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run every count that an issue names")
    parser.addoption(
        "--figures", default="", help="append measured figures to this JSON-lines file"
    )


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--full"))


@pytest.fixture
def record_figure(request: pytest.FixtureRequest) -> Callable[[str, dict[str, object]], None]:
    """Write a measured figure beside the test's name, for ``tests/full-results.json``."""
    target = request.config.getoption("--figures")
    test = request.node.nodeid

    def record(name: str, figure: dict[str, object]) -> None:
        if not target:
            return
        line = json.dumps({"name": name, "test": test, **figure}) + "\n"
        with Path(target).open("a") as file:
            file.write(line)

    return record


@pytest.fixture
def full_count(
    full: bool, record_figure: Callable[[str, dict[str, object]], None]
) -> Callable[..., int]:
    """``full_count("fax", sample=10, full=200)``: how often to run, and a record that it was."""

    def count(name: str, *, sample: int, full: int) -> int:
        chosen = full if full_run else sample
        record_figure(f"count:{name}", {"count": chosen, "full": full})
        return chosen

    full_run = full
    return count


@pytest.fixture(autouse=True)
def _private_directories(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No test reads or writes the machine's own state, settings or documents."""
    home = tmp_path_factory.mktemp("home")
    for name in (
        "XDG_STATE_HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_CACHE_HOME",
        "XDG_DOCUMENTS_DIR",
    ):
        directory = home / name.lower()
        directory.mkdir(mode=0o700)
        monkeypatch.setenv(name, os.fspath(directory))
    monkeypatch.setenv("HOME", os.fspath(home))
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
