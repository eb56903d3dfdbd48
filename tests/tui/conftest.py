"""The application on a fake session, with a fixed day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from iies_tui.tui.app import IiesApp
from tests.support.fake_session import NOW, FakeSession


@pytest.fixture
def make_app() -> Callable[..., IiesApp]:
    def make(session: FakeSession, **more: Any) -> IiesApp:
        return IiesApp(session, now=lambda: NOW, **more)

    return make
