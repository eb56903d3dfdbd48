"""The Options of whoever is signed on, in that issuer's register."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from iies_tui.domain import options
from iies_tui.domain.errors import Refused
from iies_tui.domain.insurer import Insurer
from iies_tui.domain.options import Options
from iies_tui.issuance.ports.records import Register

SETTING = "options"
"""The register's setting that holds them, a JSON object of texts."""


def options_of(register: Register) -> Options:
    """The Options of the issuer, as stored now."""
    return options.read(_texts(register))


def change_options(
    register: Register,
    values: Mapping[str, str],
    *,
    insurer: Callable[[str], Insurer | None],
    today: date,
) -> Options:
    """Replace those that ``values`` names. ``insurer`` looks an ICC up.

    Raise Refused ``options_refused`` with a problem at each that is wrong; none is kept then.
    """
    made, findings = options.parse({**_texts(register), **values}, insurer=insurer, today=today)
    if findings.problems:
        raise Refused("options_refused", findings.problems)
    register.set_setting(SETTING, made.texts())
    return made


def _texts(register: Register) -> dict[str, str]:
    kept = register.setting(SETTING)
    kept = kept if isinstance(kept, dict) else {}
    return {name: text for name, text in kept.items() if isinstance(text, str)}
