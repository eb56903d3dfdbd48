"""An issuer's Options: what a new form begins with, how its pages are made, and the agency's own
words on the card.

They are typed on the screen and kept in the register as texts by name, and parsed here, once; an
empty text is as good as none. What is not right is refused with its place and its words, so that a
slip is found here and not on a card.
"""

from __future__ import annotations

import dataclasses
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from iies_tui.domain import dates, names
from iies_tui.domain.card import Agency, Form, Layout
from iies_tui.domain.findings import Collector, Findings
from iies_tui.domain.insurer import Insurer, is_icc
from iies_tui.domain.pages import CHOICES, NO, YES, FaxFile, PageChoice, chosen

AGENCY = {
    "agency_name": 36,
    "agency_address1": 36,
    "agency_address2": 36,
    "agency_telephone": 20,
    "agency_message": 60,
}
"""The texts on the card, and the characters that its agency block holds."""

LEAST_PARTS, MOST_PARTS = 2, 8
"""A card has at least two identical parts (15 NYCRR 32.9), and our page carries two. The most is
our choice: four pages."""

LEAST_MINUTES, MOST_MINUTES = 1, 15
"""Of sign-off without a key press; DFS asks to sign off what is unattended (``docs/domain.md``)."""

_SIGNS = names.TEXT_SIGNS | frozenset(string.ascii_lowercase)
_QUEUE = re.compile(r"[!-~]{1,127}\Z")
_NOT_IN_QUEUE = frozenset("/#?'\"\\")
_MAX_FOLDER = 200


@dataclass(frozen=True, slots=True)
class Options:
    """What one issuer chose, each field by the name of its text.

    ``queue`` is None where nobody chose, empty where the folder was chosen. ``default_term`` is a
    step ahead as it is typed (``+1y``); ``folder`` an absolute path, or empty for the terminal's
    own; ``parts`` how many identical parts a card has; ``sign_off_minutes`` None where the
    terminal's own time holds.
    """

    agency_name: str = ""
    agency_address1: str = ""
    agency_address2: str = ""
    agency_telephone: str = ""
    agency_message: str = ""
    default_icc: str = ""
    default_form: Form = Form.FS_20
    default_term: str = ""
    queue: str | None = None
    folder: str = ""
    parts: int = LEAST_PARTS
    sign_off_minutes: int | None = None
    page_layout: Layout = Layout.PLAIN
    page_information: bool = False
    fax_cover: bool = False
    fax_file: FaxFile | None = None

    @property
    def agency(self) -> Agency:
        """The agency's block on the card."""
        return Agency(
            name=self.agency_name,
            address=tuple(filter(None, (self.agency_address1, self.agency_address2))),
            telephone=self.agency_telephone,
            message=self.agency_message,
        )

    @property
    def sheets(self) -> int:
        """How many pages of two identical parts a card is printed on."""
        return self.parts // 2

    @property
    def sign_off_seconds(self) -> int | None:
        """Seconds without a key until sign-off; None where the issuer has not chosen."""
        return self.sign_off_minutes * 60 if self.sign_off_minutes else None

    def pages(self, layout: str = "", information: str = "") -> PageChoice:
        """How the pages are made, unless something else is asked for just now.

        Raise Refused ``option_unknown``.
        """
        return PageChoice(
            Layout(chosen("page_layout", layout)) if layout else self.page_layout,
            _said("page_information", information, self.page_information),
        )

    def cover(self, asked: str = "") -> bool:
        """Whether a cover page goes before a fax. Refused ``option_unknown``."""
        return _said("fax_cover", asked, self.fax_cover)

    def fax_kind(self, asked: str = "", *, wanted: bool = False) -> FaxFile | None:
        """The fax file to save, if one is; ``wanted`` without a kind is G3 fine, which every modem
        takes. Refused ``option_unknown``.
        """
        kind = _fax_file(chosen("fax_file", asked)) if asked else self.fax_file
        return kind or (FaxFile.G3_FINE if wanted else None)

    def texts(self) -> dict[str, str]:
        """The Options as texts by name, which ``parse`` reads back as they are."""
        made = {field.name: _text(getattr(self, field.name)) for field in dataclasses.fields(self)}
        made["fax_file"] = made["fax_file"] or NO
        if self.queue is None:
            del made["queue"]
        return made


NAMES = tuple(field.name for field in dataclasses.fields(Options))


def read(values: Mapping[str, str]) -> Options:
    """Options of texts that were found right; one that is wrong all the same counts as none."""

    def pick(name: str) -> str:
        value = values.get(name, "")
        return value if value in CHOICES[name] else CHOICES[name][0]

    form = values.get("default_form", "")
    return Options(
        **{name: values.get(name, "") for name in (*AGENCY, "default_icc", "default_term")},
        default_form=Form(form) if form in {one.value for one in Form} else Form.FS_20,
        queue=values.get("queue"),
        folder=values.get("folder", ""),
        parts=_parts(values) or LEAST_PARTS,
        sign_off_minutes=_minutes(values),
        page_layout=Layout(pick("page_layout")),
        page_information=pick("page_information") == YES,
        fax_cover=pick("fax_cover") == YES,
        fax_file=_fax_file(pick("fax_file")),
    )


def parse(
    values: Mapping[str, str], *, insurer: Callable[[str], Insurer | None], today: date
) -> tuple[Options, Findings]:
    """Options of texts, and what is wrong with these, by their names.

    ``insurer`` looks an ICC up.
    """
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
    if parts and _parts(values) is None:
        found.problem("parts", "option_parts", least=LEAST_PARTS, most=MOST_PARTS)
    minutes = values.get("sign_off_minutes", "")
    if minutes and _minutes(values) is None:
        found.problem("sign_off_minutes", "option_minutes", least=LEAST_MINUTES, most=MOST_MINUTES)
    return read(values), found.findings()


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


def _parts(values: Mapping[str, str]) -> int | None:
    """None where ``parts`` is wrong: a page has two, and no card has fewer (15 NYCRR 32.9)."""
    parts = _number(values.get("parts") or str(LEAST_PARTS))
    if parts is None or parts % 2 or not LEAST_PARTS <= parts <= MOST_PARTS:
        return None
    return parts


def _minutes(values: Mapping[str, str]) -> int | None:
    minutes = _number(values.get("sign_off_minutes", ""))
    if minutes is None or not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        return None
    return minutes


def _said(name: str, asked: str, otherwise: bool) -> bool:
    return chosen(name, asked) == YES if asked else otherwise


def _fax_file(value: str) -> FaxFile | None:
    return None if value == NO else FaxFile(value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    return "" if value is None else str(value)


def warn_before(idle: int) -> int:
    """Seconds before the sign-off at which the clerk is warned, of so many without a key."""
    return min(30, max(1, idle // 3))


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,3}", text) else None
