"""Names, addresses and numbers of the customer (15 NYCRR 32.13, 32.4, 32.10(b)(8) to (14)).

Registrant and insured must coincide, and a name already registered is taken from the registration
unmodified. DMV's on-line form takes upper-case letters, a hyphen if on record, and suffixes in
Roman numerals; nothing else is published of DMV's alphabet. So what is outside it is pointed out
with the plain spelling proposed, and never changed.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from iies_tui.domain.findings import Collector
from iies_tui.domain.registered import UNSAID, Registered

PERSON_SIGNS = frozenset(string.ascii_uppercase + " -")
"""DMV's alphabet for a person's name, as its on-line form has it (and the blank of VAN DYKE)."""

TEXT_SIGNS = frozenset(string.ascii_uppercase + string.digits + " &-'.,/#()+@!:;*$%")
"""What an organization's name, an address line or a policy number may hold. Our choice: what a
card shows and a clerk can type again from paper; DMV's own list is not published."""

MAX_LAST, MAX_FIRST, MAX_ORGANIZATION, MAX_POLICY, MAX_LINE, MAX_LINES = 40, 40, 60, 25, 40, 4
"""Characters (and lines) that fit the card's face and leave room in the bar code. Our choice."""
MAX_LINE_OF_FOUR = 34
"""Characters of a line where there are four: measured on the card's part."""
MAX_TOGETHER = 100
"""Last and first names of two registrants: with all else at its longest, the claims of the bar
code stay under their 400 bytes (each name stands in them twice: in its parts and as printed)."""

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
SUFFIXES = frozenset({"JR", "SR", *ROMAN})

APOSTROPHE = frozenset("'")
"""In a person's name only where the office allows it and the registration shows it."""

_SPELLED = {"JUNIOR": "JR", "JNR": "JR", "SENIOR": "SR", "SNR": "SR"} | {
    f"{number}{ending}": roman
    for number, (ending, roman) in enumerate(
        zip(("ST", "ND", "RD", *["TH"] * 7), ROMAN, strict=True), start=1
    )
}
_PLAIN = str.maketrans(
    {"Æ": "AE", "Œ": "OE", "Ø": "O", "Đ": "D", "Ð": "D", "Ł": "L", "Þ": "TH", "ß": "SS", "ẞ": "SS"}
    | {"ı": "I", "ſ": "S", "‘": "'", "’": "'", "ʼ": "'", "`": "'", "´": "'"}
    | dict.fromkeys("‐‑‒–—―−", "-")
    | {"⁄": "/"}
)
_LEFT_OUT = frozenset("'.\"“”„«»")
"""Signs that a plain spelling may be without."""
_SPELLED_OUT = frozenset("№℅")
"""The symbols that stand for letters alone."""
_ORGANIZATION_WORDS = frozenset(
    ("LLC", "INC", "CORP", "CO", "LTD", "LLP", "LP", "PC", "PLLC", "DBA", "TRUST", "COMPANY")
)
_DBA = re.compile(r"(?:\A| )(?:DBA|D/B/A|D\.B\.A\.|T/A|C/O)(?: |\Z)")
_NINE_DIGITS = re.compile(r"[0-9]{9}\Z")


def normalize(text: str) -> str:
    """NFC and upper case, letter by letter, and nothing else.

    A letter whose capital would be another spelling (``ß`` to ``SS``, ``ı`` to ``I``) stays as
    it is, so that the alphabet's rule sees it.
    """
    return unicodedata.normalize("NFC", "".join(map(_upper, unicodedata.normalize("NFC", text))))


def _upper(letter: str) -> str:
    capital = letter.upper()
    if letter.isascii() or (len(capital) == 1 and not capital.isascii()):
        return capital
    return letter


def plain(text: str, allowed: frozenset[str] = PERSON_SIGNS) -> str:
    """The spelling to propose, or "" where there is none that keeps every letter and digit.

    Accents go off (PEÑA as PENA), ½ is 1/2; points, apostrophes and quotation marks may be left
    out. A letter of another script, or a digit that ``allowed`` lacks, leaves nothing to propose.
    """
    spread = [_spread(sign, allowed) for sign in normalize(text).translate(_PLAIN)]
    return "" if None in spread else " ".join("".join(filter(None, spread)).split())


def _spread(sign: str, allowed: frozenset[str]) -> str | None:
    """One sign in ``allowed``'s; None where it would be lost or mean something else."""
    if sign in allowed:
        return sign
    if sign.isspace() or sign == ",":
        return " "
    kind = unicodedata.category(sign)
    if sign in _LEFT_OUT or kind == "Mn":
        return ""
    if (kind[0] == "S" and sign not in _SPELLED_OUT) or sign in "ªº":
        return None
    apart = unicodedata.normalize("NFKD", sign).replace("⁄", "/").upper()
    kept = "".join(one for one in apart if unicodedata.category(one) != "Mn")
    if kind == "No":  # ½ beside a number is a number of its own; ² is none that can be written
        return f" {kept} " if "/" in kept and set(kept) <= allowed else None
    return kept if kept and set(kept) <= allowed else None


def suffix(text: str) -> str | None:
    """``JR.``, ``JUNIOR``, ``2ND`` as JR, SR or a Roman numeral; None where it is none of them."""
    bare = normalize(text).replace(".", "").replace(",", "").strip()
    bare = _SPELLED.get(bare, bare)
    return bare if bare in SUFFIXES or not bare else None


def check_text(
    found: Collector,
    field: str,
    text: str | None,
    limit: int,
    allowed: frozenset[str] = TEXT_SIGNS,
    required: bool = True,
    offer: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """A text of the card: there, not too long, in the alphabet. None was reported already.

    ``offer``: how a sign outside the alphabet may stand all the same.
    """
    if text is None:
        return
    if not text:
        if required:
            found.problem(field, "required", **offer)
        return
    if len(text) > limit:
        found.problem(field, "text_long", limit=limit, count=len(text))
    strange = [sign for sign in text if sign not in allowed]
    if strange:
        proposal = plain(text, allowed)
        code = "text_signs" if allowed >= TEXT_SIGNS else "name_signs"
        if proposal:
            found.problem(field, code, sign=strange[0], proposal=proposal, **offer)
        else:
            found.problem(field, f"{code}_none", sign=strange[0])


def waivers(last: str | None, first: str | None, middle: str | None) -> tuple[str, ...]:
    """The rules of ours that a person's name breaks and New York's do not have, sorted.

    ``name_one``: one name, which stands as the last. DMV's form has two fields; nothing was found
    that asks for both.
    """
    quoted = APOSTROPHE & set((last or "") + (first or ""))
    one = last and first == "" and not middle
    return (*(("name_apostrophe",) if quoted else ()), *(("name_one",) if one else ()))


def check_registrant(
    found: Collector,
    path: str,
    last: str | None,
    first: str | None,
    middle: str | None,
    suffix_: str | None,
    driver_license: str | None,
    registered: Registered = UNSAID,
    apostrophe: bool = False,
) -> None:
    """One person: last, first, middle initial, suffix, license (15 NYCRR 32.10(b)(8) to (12)).

    ``apostrophe``: the office allows it in a name that is ``registered`` so.
    """
    one = "name_one" in waivers(last, first, middle)
    for key, part, limit in (("last", last, MAX_LAST), ("first", first, MAX_FIRST)):
        field = f"{path}.{key}"
        if key == "first" and one and registered.said:
            found.note(field, "waived_name_one")
            continue
        quoted = apostrophe and set(part or "") - PERSON_SIGNS == APOSTROPHE and _joins(part or "")
        signs = PERSON_SIGNS | APOSTROPHE if quoted and registered.said else PERSON_SIGNS
        offer = registered.offer if quoted or (key == "first" and one) else {}
        if not _is_suffix_told(found, field, part or "", signs):
            check_text(found, field, part, limit, signs, offer=offer)
        if part and not found.has_problem(field):
            _check_person_part(found, field, part)
            if quoted:
                found.note(field, "waived_name_apostrophe")
    if middle and not re.fullmatch("[A-Z]", middle):
        initial = plain(middle)[:1]
        if initial:
            found.problem(f"{path}.middle", "middle_initial", proposal=initial)
        else:
            found.problem(f"{path}.middle", "middle_letter")
    if suffix_:
        _check_suffix(found, f"{path}.suffix", suffix_)
    check_number(found, f"{path}.driver_license", driver_license, "driver_license")


def check_together(found: Collector, people: Sequence[tuple[str | None, str | None]]) -> None:
    """Two long names fit the bar code only so far; the longest part is the one to shorten."""
    parts = {
        f"registrants[{number}].{key}": len(part or "")
        for number, person in enumerate(people)
        for key, part in zip(("last", "first"), person, strict=True)
    }
    over = sum(parts.values()) - MAX_TOGETHER
    if len(people) == 2 and over > 0:
        found.problem(max(parts, key=lambda field: parts[field]), "names_long", over=over)


def _joins(part: str) -> bool:
    """Hyphens stand between letters only."""
    return part.strip("-") == part and "--" not in part and any(map(str.isalpha, part))


def _is_suffix_told(found: Collector, field: str, part: str, allowed: frozenset[str]) -> bool:
    """``SMITH 3RD``: its last word is no plain name but a suffix, which has a field of its own."""
    words = part.split()
    known = suffix(words[-1]) if len(words) > 1 and len(words[-1].strip(".,")) > 1 else None
    if not known or set(words[-1]) <= allowed:
        return False
    found.problem(field, "name_suffix", typed=words[-1], suffix=known)
    return True


def _check_person_part(found: Collector, field: str, part: str) -> None:
    if not _joins(part):
        found.problem(field, "name_hyphen")
    words = part.split()
    if field.endswith(".last") and set(words) & _ORGANIZATION_WORDS:
        found.note(field, "looks_like_organization")
    elif len(words) > 1 and suffix(words[-1]) in SUFFIXES - {"I", "V", "X"}:
        found.note(field, "suffix_in_name", suffix=words[-1])


def _check_suffix(found: Collector, field: str, value: str) -> None:
    """DMV's on-line form takes Roman numerals; JR and SR stand where the registration has them."""
    if value not in SUFFIXES:
        found.problem(field, "suffix_unknown")
    elif value not in ROMAN:
        found.note(field, "suffix_not_roman", suffix=value)


def check_number(found: Collector, field: str, number: str | None, code: str) -> None:
    """Nine digits or empty: driver license (client ID) and FEIN (15 NYCRR 32.10(b)(10), (14))."""
    if number and not _NINE_DIGITS.match(number):
        digits = sum(sign in string.digits for sign in number)
        found.problem(field, f"{code}_form", count=digits)
    elif number and len(set(number)) == 1:
        found.problem(field, f"{code}_same")


def check_organization(found: Collector, path: str, name: str | None, fein: str | None) -> None:
    """The one organization; a DBA is explained (15 NYCRR 32.13, 32.10(b)(13), (14))."""
    check_text(found, f"{path}.name", name, MAX_ORGANIZATION)
    if name and _DBA.search(name):
        found.note(f"{path}.name", "dba")
    check_number(found, f"{path}.fein", fein, "fein")


def check_address(found: Collector, lines: tuple[str | None, ...] | None) -> None:
    """At most three lines of forty characters, or four of thirty-four: what the face holds."""
    if lines is None:
        return
    used = sum(line != "" for line in lines)
    if not used:
        found.note("address", "address_missing")
    if used > MAX_LINES:
        found.problem("address", "address_lines", limit=MAX_LINES)
    longest = MAX_LINE if used < MAX_LINES else MAX_LINE_OF_FOUR
    for number, line in enumerate(lines):
        check_text(found, f"address[{number}]", line, longest, required=False)
