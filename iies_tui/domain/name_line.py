"""A whole name pasted into one field, in its parts: last, first, middle initial, suffix.

Registrations and cards write ``SMITH JOHN A`` (15 NYCRR 32.13), mail and agency systems
``Smith, John A., Jr.``. What can be read in more than one way is not guessed: it stays whole in the
field it was pasted into, for the clerk to part.
"""

from __future__ import annotations

from dataclasses import dataclass

from iies_tui.domain.names import SUFFIXES, normalize, suffix

PARTICLES = frozenset(
    (
        *("AL", "BEN", "DA", "DE", "DEL", "DELA", "DELLA", "DEN", "DER", "DES", "DI", "DOS", "DU"),
        *("EL", "LA", "LE", "LO", "MAC", "MC", "SAINT", "SAN", "SANTA", "ST", "TEN", "TER"),
        *("VAN", "VANDE", "VANDER", "VOM", "VON", "ZU"),
    )
)
"""Words that begin a last name of several words and never end one. Our list, no rule."""

_NOT_INITIALS = frozenset("IVX")
"""A last letter that may be a Roman numeral is a suffix only behind a middle initial."""


@dataclass(frozen=True, slots=True)
class NameLine:
    """The parts of a line, in capital letters and not yet checked."""

    last: str
    first: str
    middle: str = ""
    suffix: str = ""


def split(text: str) -> NameLine | None:
    """``DOE JOHN Q JR`` or ``Doe, John Q., Jr.`` in its parts; None where it is not plain.

    Plain is: a last name (with its particles, VAN DER BERG), one first name, and at the end an
    initial, a suffix, or both. Before a comma everything is the last name. A full middle name stays
    whole: the check then proposes its initial.
    """
    line = normalize(" ".join(text.split()))
    if "&" in line or "/" in line:
        return None
    before, comma, after = line.partition(",")
    if comma:
        last, rest = before.split(), after.replace(",", " ").split()
        if last and suffix(last[-1]) in SUFFIXES - _NOT_INITIALS and len(last) > 1:
            rest.append(last.pop())  # SMITH JR, JOHN A
    else:
        last, rest = _last_of(line.split())
    if not last or not rest:
        return None
    ending = ""
    ends = len(rest) > 1 and suffix(rest[-1]) in SUFFIXES
    if ends and (rest[-1] not in _NOT_INITIALS or len(rest) > 2):
        ending = suffix(rest.pop()) or ""
    if len(rest) > 2:
        return None
    middle = rest[1].rstrip(".") if len(rest) == 2 else ""
    return NameLine(" ".join(last), rest[0].rstrip("."), middle, ending)


def _last_of(parts: list[str]) -> tuple[list[str], list[str]]:
    """The last name of a line without a comma: its particles and one word."""
    count = 1
    while count < len(parts) and parts[count - 1] in PARTICLES:
        count += 1
    return parts[:count], parts[count:]
