"""New York's days and times: every day in this program is one of these, wherever the box stands.

Moments are aware UTC everywhere else; here they become a day, a text for people, or a text in JSON.
The zone is read from the ``tzdata`` package that the lock names (``docs/adr/0140-one-clock.md``): a
minimal box has no zone table, and an old box an old one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

NAME = "America/New_York"


@cache
def _zone() -> ZoneInfo:
    from zoneinfo import ZoneInfo  # loads half of sysconfig, which no start has to wait for

    with (resources.files("tzdata") / "zoneinfo" / NAME).open("rb") as file:
        return ZoneInfo.from_file(file, key=NAME)


def local(moment: datetime) -> datetime:
    """An aware moment on New York's clocks."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment.astimezone(_zone())


def day_of(moment: datetime) -> date:
    """The day it is in New York at that aware moment."""
    return local(moment).date()


def from_clock(text: str) -> datetime:
    """An ISO date, or date and time, aware UTC; New York's where it names no offset.

    Raise ValueError. An hour that a change of the clocks gives twice is the first.
    """
    moment = datetime.fromisoformat(text)
    return (moment.replace(tzinfo=_zone()) if moment.tzinfo is None else moment).astimezone(UTC)


def shown(moment: datetime) -> str:
    """``MM/DD/YYYY HH:MM``, as screens show it."""
    return f"{local(moment):%m/%d/%Y %H:%M}"


def written(moment: datetime) -> str:
    """``YYYY-MM-DD HH:MM``, as commands and letters write it."""
    return f"{local(moment):%Y-%m-%d %H:%M}"


def in_json(moment: datetime) -> str:
    """``YYYY-MM-DDTHH:MM:SSZ``: the moment itself, which is no day of New York's."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
