"""What every test may ask for: the full counts of the issues, and a place for measured figures."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says nothing here: the machine is shared. Counts do.
settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("ours"), max_examples=20)  # kiosk/check.sh
settings.load_profile("ours")

pytest_plugins = ["tests.support.cups_fixture"]

_PASSED = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run every count that an issue names")
    parser.addoption(
        "--figures", default="", help="append measured figures to this JSON-lines file"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first in every worker's share: no worker ends with one that began late.

    Those of a sample, then those of the whole program.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    heavy = [item for item in items if item.get_closest_marker("heavy")]
    rest = [item for item in items if not item.get_closest_marker("heavy")]
    long = heavy + [item for item in rest if "tests/system/" in item.nodeid]
    short = [item for item in rest if "tests/system/" not in item.nodeid]
    items.clear()
    for worker in range(workers):  # ``worksteal`` deals out equal parts, in this order
        ours = long[worker::workers]
        end = (len(long) + len(short)) * (worker + 1) // workers - len(items) - len(ours)
        items += ours + short[: max(0, end)]
        del short[: max(0, end)]
    items += short


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--full"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Whether the test itself passed, for the figures it leaves."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.when == "call":
        item.stash[_PASSED] = report.passed


@pytest.fixture
def record_figure(
    request: pytest.FixtureRequest,
) -> Iterator[Callable[[str, dict[str, object]], None]]:
    """Keep a measured figure with the test's name and outcome (``tests/full-results.json``)."""
    target = request.config.getoption("--figures")
    test = request.node.nodeid
    measured: list[tuple[str, dict[str, object]]] = []
    yield lambda name, figure: measured.append((name, figure))
    if not target:
        return
    run = {
        **_checkout(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "passed": request.node.stash.get(_PASSED, False),
    }
    with Path(target).open("a") as file:
        for name, figure in measured:
            file.write(json.dumps({"name": name, "test": test, **figure, **run}) + "\n")


@cache
def _checkout() -> dict[str, object]:
    """The commit that is measured, and how many tracked files differ from it."""
    changed = _git("status", "--porcelain", "--untracked-files=no").splitlines()
    return {"commit": _git("rev-parse", "HEAD"), "changed_files": len(changed)}


def _git(*arguments: str) -> str:
    command = ["git", "-C", os.fspath(Path(__file__).parent), *arguments]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


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
