"""A box whose own time zone is another."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def box_in(zone: str) -> Iterator[None]:
    """The C library's zone is ``zone`` for a while; one that does not exist counts as UTC."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ")
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()
