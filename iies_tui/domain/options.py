"""An issuer's Options: what a new form begins with, and the agency's own words on the card.

They are texts by name, kept in the issuer's register; an empty one is as good as none. What is not
right is refused with its place and its words, so that a slip is found here and not on a card.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from datetime import date

from iies_tui.domain import dates, names
from iies_tui.domain.card import Form
from iies_tui.domain.findings import Collector, Findings
from iies_tui.domain.insurer import Insurer, is_icc
from iies_tui.domain.pages import CHOICES

AGENCY = {
    "agency_name": 36,
    "agency_address1": 36,
    "agency_address2": 36,
    "agency_telephone": 20,
    "agency_message": 60,
}
"""The texts on the card, and the characters that its agency block holds."""

NAMES = (
    *AGENCY,
    "default_icc",
    "default_form",
    "default_term",
    "queue",
    "folder",
    "parts",
    "sign_off_minutes",
    *CHOICES,
)

LEAST_PARTS, MOST_PARTS = 2, 8
"""A card has at least two identical parts (15 NYCRR 32.9), and our page carries two. The most is
our choice: four pages."""

LEAST_MINUTES, MOST_MINUTES = 1, 15
"""Of sign-off without a key press; DFS asks to sign off what is unattended (``docs/domain.md``)."""

_SIGNS = names.TEXT_SIGNS | frozenset(string.ascii_lowercase)
_QUEUE = re.compile(r"[!-~]{1,127}\Z")
_NOT_IN_QUEUE = frozenset("/#?'\"\\")
_MAX_FOLDER = 200


def check(
    values: Mapping[str, str], *, insurer: Callable[[str], Insurer | None], today: date
) -> Findings:
    """What is wrong with Options, by their names. ``insurer`` looks an ICC up."""
    found = Collector()
    for name in sorted(set(values) - set(NAMES)):
        found.problem(name, "option_name", name=name[:40])
    for name, limit in AGENCY.items():
        text = values.get(name, "")
        names.check_text(found, name, text, limit, _SIGNS, required=False)
    telephone = values.get("agency_telephone", "")
    if telephone and not any(map(str.isdigit, telephone)):
        found.problem("agency_telephone", "option_telephone")
    _check_defaults(found, values, insurer, today)
    _check_places(found, values)
    for name, choices in CHOICES.items():
        if values.get(name, "") not in ("", *choices):
            found.problem(name, "option_unknown", choices=", ".join(choices))
    parts = values.get("parts", "")
    if parts and sheets(values) is None:
        found.problem("parts", "option_parts", least=LEAST_PARTS, most=MOST_PARTS)
    minutes = values.get("sign_off_minutes", "")
    if minutes and sign_off_seconds(values) is None:
        found.problem("sign_off_minutes", "option_minutes", least=LEAST_MINUTES, most=MOST_MINUTES)
    return found.findings()


def _check_defaults(
    found: Collector,
    values: Mapping[str, str],
    insurer: Callable[[str], Insurer | None],
    today: date,
) -> None:
    """Company, card and term that a new form begins with."""
    icc = values.get("default_icc", "")
    known = insurer(icc) if is_icc(icc) else None
    if icc and not is_icc(icc):
        found.problem("default_icc", "icc_form")
    elif icc and known is None:
        found.problem("default_icc", "icc_unknown", icc=icc)
    elif known is not None and not known.active:
        found.problem("default_icc", "icc_inactive", icc=icc, name=known.name)
    form = values.get("default_form", "")
    if form and form not in {one.value for one in Form}:
        found.problem("default_form", "form_fs75" if "75" in form else "form_unknown")
    term = values.get("default_term", "")
    if term and not is_term(term, today):
        found.problem("default_term", "option_term")


def is_term(text: str, today: date) -> bool:
    """True for a step ahead that the expiration date may be offered by: ``+1y``, ``+6m``."""
    try:
        return text.startswith("+") and dates.parse_quick(text, today, today) > today
    except ValueError:
        return False


def _check_places(found: Collector, values: Mapping[str, str]) -> None:
    """A CUPS queue by its name, a folder by its whole path."""
    queue, folder = values.get("queue", ""), values.get("folder", "")
    if queue and (not _QUEUE.match(queue) or _NOT_IN_QUEUE & set(queue)):
        found.problem("queue", "option_queue")
    if folder and (not folder.startswith("/") or len(folder) > _MAX_FOLDER or "\0" in folder):
        found.problem("folder", "option_folder")


def sheets(values: Mapping[str, str]) -> int | None:
    """How many pages of two identical parts a card is printed on; None where ``parts`` is wrong.

    Never under two parts (15 NYCRR 32.9).
    """
    parts = _number(values.get("parts") or str(LEAST_PARTS))
    if parts is None or parts % 2 or not LEAST_PARTS <= parts <= MOST_PARTS:
        return None
    return parts // 2


def sign_off_seconds(values: Mapping[str, str]) -> int | None:
    """Seconds without a key until sign-off; None where the issuer has not chosen, or wrongly."""
    minutes = _number(values.get("sign_off_minutes", ""))
    if minutes is None or not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        return None
    return minutes * 60


def warn_before(idle: int) -> int:
    """Seconds before the sign-off at which the clerk is warned, of so many without a key."""
    return min(30, max(1, idle // 3))


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,3}", text) else None
