"""What a queue would do to a page by itself, and what a job says against it.

A queue's defaults reach the printer unless the job names them: those of CUPS' filters
(``number-up-default``), and those of the driver's file (PPD): a watermark, a booklet. Every one
that changes the page is set by the job; what a job cannot set is told, so that nothing is sealed
for such a queue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LETTER = "na_letter_8.5x11in"

AS_IT_IS = {
    "booklet": "off",
    "crop-to-fit": "false",
    "fill": "false",
    "finishings": "3",
    "fit-to-page": "false",
    "fitplot": "false",
    "job-sheets": "none",
    "landscape": "false",
    "media": LETTER,
    "mirror": "false",
    "multiple-document-handling": "separate-documents-collated-copies",
    "number-up": "1",
    "number-up-layout": "lrtb",
    "orientation-requested": "3",
    "output-order": "normal",
    "page-border": "none",
    "page-delivery": "same-order",
    "page-ranges": "1-65535",
    "page-set": "all",
    "pdftopdfAutoRotate": "false",
    "position": "center",
    "print-scaling": "none",
    "sides": "one-sided",
}
"""What every job says: one sheet a page, all pages, as they are, on US Letter, nothing added.

``finishings`` 3 is none and ``orientation-requested`` 3 is portrait (RFC 8011 5.2.6, 5.2.10). A
banner page would tell who prints for whom.
"""

_HARMLESS = frozenset(
    (
        *("copies", "document-format", "media-col", "media-source", "media-type", "output-bin"),
        *("presentation-direction-number-up", "print-color-mode", "print-content-optimize"),
        *("print-quality", "print-rendering-intent", "printer-resolution"),
    )
)
"""Defaults that leave the page as it is. So do those of ``job-`` and ``notify-``, banners aside."""

_PAGE_OPTION = re.compile(
    r"water.?mark|overlay|stamp|booklet|mirror|negative|n.?up\b|nup|number.?up|poster|multi.?page"
    r"|pages?.?per.?(sheet|side)|(?<!gr[ae]y)scal|zoom|resiz|fit.?(to|page|paper)|enlarg|rotat"
    r"|orientation|border|margin|shift|staple|punch|fold|bind|banner|separator|cover|header|footer"
    r"|duplex|blank.?page",
    re.IGNORECASE,
)
"""Names of drivers' options that change a page or add to it; drivers name them as they like."""
_NEUTRAL = re.compile(
    r"(?:(?i:none|off|false|no|normal|standard|simplex|oneup|1-?up|1|100%?|0|disabled?)"
    r"|(?:No|Not|NO|no)(?=[A-Z_-]).*)\Z"
)
"""Choices that leave the page as it is: the option's own word, or a word that denies it."""
_INSTALLED = "InstallableOptions"
"""Group of a PPD that says what is built in (a duplexer), not what is done."""


@dataclass(frozen=True, slots=True)
class DriverOption:
    """One option of a queue's PPD: its ``default`` and its other ``choices``."""

    group: str
    keyword: str
    default: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageSettings:
    """``said``: what a job says to this queue. ``forced``: ``page-label=DRAFT``, the queue's
    settings that change the page and that no job can set otherwise."""

    said: Mapping[str, str]
    forced: tuple[str, ...]


def of_queue(attributes: Mapping[str, object], options: Iterable[DriverOption]) -> PageSettings:
    """From a printer's IPP attributes (all of them) and its PPD's options, none for a raw queue."""
    forced = [
        f"{name}={_shown(value)}"
        for attribute, value in sorted(attributes.items())
        if (name := attribute.removesuffix("-default")) != attribute and _is_foreign(name)
    ]
    if not _takes_letter(attributes.get("media-supported")):
        forced.append(f"media-supported without {LETTER}")
    said = dict(AS_IT_IS)
    for option in options:
        if option.group == _INSTALLED or not _PAGE_OPTION.search(option.keyword):
            continue
        neutral = next((one for one in option.choices if _NEUTRAL.match(one)), "")
        if _NEUTRAL.match(option.default):
            said[option.keyword] = option.default
        elif neutral:
            said[option.keyword] = neutral
        else:
            forced.append(f"{option.keyword}={option.default}")
    return PageSettings(said, tuple(forced))


def banners(job: Mapping[str, object]) -> str:
    """``job-sheets=confidential,none`` where a job got banner pages all the same, else empty."""
    sheets = _shown(job.get("job-sheets", "none"))
    return "" if set(sheets.split(",")) <= {"none"} else f"job-sheets={sheets}"


def _is_foreign(name: str) -> bool:
    if name in AS_IT_IS or name in _HARMLESS:
        return False
    return not name.startswith(("job-", "notify-"))


def _takes_letter(supported: object) -> bool:
    """Custom sizes count; so does a queue that names none (a raw one passes all on)."""
    names = [supported] if isinstance(supported, str) else supported
    if not isinstance(names, list | tuple) or not names:
        return True
    return any(str(name).startswith(("na_letter", "na-letter", "custom_max")) for name in names)


def _shown(value: object) -> str:
    values = value if isinstance(value, list | tuple) else (value,)
    return ",".join(str(one).lower() if isinstance(one, bool) else str(one) for one in values)
