"""Insurers and their Insurance Company Codes (15 NYCRR 34.8).

The list itself is imported (trust bundle or CSV), never built in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from iies_tui.domain.findings import Collector

_ICC = re.compile(r"[0-9]{3}\Z")


def is_icc(text: str) -> bool:
    """True for three ASCII digits; leading zeros matter (15 NYCRR 34.8)."""
    return _ICC.match(text) is not None


@dataclass(frozen=True, slots=True)
class Insurer:
    """One insurer of the installed list.

    ``active`` False: no longer authorized (DFS's asterisk); shown, not selectable for a new
    card. ``naic`` is five digits or empty. ``signed`` False: from an unsigned CSV list.
    """

    icc: str
    name: str
    naic: str = ""
    active: bool = True
    signed: bool = True


def check_insurer(found: Collector, icc: str | None, insurer: Insurer | None) -> None:
    """Three digits, on the list, still authorized; code and name are printed (15 NYCRR 34.8)."""
    if icc is None:
        return
    if not icc:
        found.problem("icc", "required")
    elif not is_icc(icc):
        found.problem("icc", "icc_form")
    elif insurer is None or insurer.icc != icc:
        found.problem("icc", "icc_unknown", icc=icc)
    elif not insurer.active:
        found.problem("icc", "icc_inactive", icc=icc, name=insurer.name)
    elif not insurer.signed:
        found.note("icc", "icc_unsigned", icc=icc)


@dataclass(frozen=True, slots=True)
class InsurerChanges:
    """What a new list changes, each insurer once a tuple, by code.

    An insurer is withdrawn where it is gone or no longer active, added where it is new or active
    again.
    """

    added: tuple[Insurer, ...]
    renamed: tuple[Insurer, ...]
    withdrawn: tuple[Insurer, ...]


def compare(before: Iterable[Insurer], after: Iterable[Insurer]) -> InsurerChanges:
    """What ``after`` changes in ``before``."""
    then, now = {one.icc: one for one in before}, {one.icc: one for one in after}
    kept = [(then[icc], one) for icc, one in now.items() if icc in then]
    added = [one for icc, one in now.items() if icc not in then]
    added += [new for old, new in kept if new.active and not old.active]
    gone = [one for icc, one in then.items() if icc not in now]
    gone += [new for old, new in kept if old.active and not new.active]
    return InsurerChanges(
        _by_code(added),
        _by_code([new for old, new in kept if old.name != new.name]),
        _by_code(gone),
    )


def combine(signed: Iterable[Insurer], unsigned: Iterable[Insurer]) -> tuple[Insurer, ...]:
    """The bundle's list and what an unsigned one adds: the bundle's entry wins for its codes.

    So an unsigned list can neither rename nor revive an insurer that an authority vouches for.
    """
    found = {one.icc: one for one in unsigned} | {one.icc: one for one in signed}
    return _by_code(found.values())


def _by_code(insurers: Iterable[Insurer]) -> tuple[Insurer, ...]:
    return tuple(sorted(insurers, key=lambda one: one.icc))
