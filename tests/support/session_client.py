"""A session's client that says which process it speaks to, so that a test can kill it."""

from __future__ import annotations

from iies_tui.session.client import SessionClient


class WatchedClient(SessionClient):
    """``pid``: of the session process, None before ``start`` and after ``kill``."""

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None
