"""Bar-code profiles by name, through the entry-point group ``iies_tui.barcode_profiles``.

A licensed vendor adds DMV's own format as a package of its own with such an entry point; nothing
here changes. An entry is a class without constructor arguments that fills the port
``BarcodeProfile``.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.issuance.ports.barcode import BarcodeProfile

GROUP = "iies_tui.barcode_profiles"
DEFAULT = "open-1"


def names() -> tuple[str, ...]:
    """The names of the profiles that are installed, sorted."""
    return tuple(sorted({entry.name for entry in entry_points(group=GROUP)}))


def find(name: str = DEFAULT) -> BarcodeProfile:
    """The profile of that name.

    Refused ``profile_unknown`` where none or several are installed under it; MachineFailed
    ``profile_broken`` where it does not load.
    """
    found: tuple[EntryPoint, ...] = tuple(entry_points(group=GROUP, name=name))
    if len({entry.value for entry in found}) != 1:
        raise Refused("profile_unknown", profile=name, known=", ".join(names()))
    try:
        made: BarcodeProfile = found[0].load()()
    except (ImportError, AttributeError, TypeError) as error:
        raise MachineFailed("profile_broken", profile=name) from error
    return made
