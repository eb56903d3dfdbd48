"""One training terminal a test run; each test gets a copy of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import terminal as terminals
from tests.support.terminal import Terminal


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    return terminals.make(tmp_path_factory.mktemp("trained") / "home")


@pytest.fixture
def terminal(trained: Terminal, tmp_path: Path) -> Terminal:
    return terminals.copy(trained, tmp_path / "home")
