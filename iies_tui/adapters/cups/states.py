"""IPP states and reasons in our words (RFC 8011 sections 5.3.7, 5.3.8, 5.4.11, 5.4.12)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from iies_tui.domain.delivery import JobState, JobStatus, Queue

JOB_STATES = {
    3: JobState.PENDING,
    4: JobState.HELD,
    5: JobState.PRINTING,
    6: JobState.STOPPED,
    7: JobState.CANCELED,
    8: JobState.ABORTED,
    9: JobState.COMPLETED,
}
PRINTER_STOPPED = 5
FAX_TYPE = 0x40000
REJECTING_TYPE = 0x80000
"""CUPS_PRINTER_FAX and CUPS_PRINTER_REJECTING in ``printer-type``."""

_NEUTRAL = frozenset(
    {
        "none",
        "job-completed-successfully",
        "job-data-insufficient",
        "job-hold-until-specified",
        "job-incoming",
        "job-outgoing",
        "job-printing",
        "job-queued",
        "job-queued-for-marker",
        "job-spooling",
        "job-streaming",
        "job-transforming",
        "job-interpreting",
        "processing-to-stop-point",
        "printing",
    }
)
"""Keywords that only repeat the state."""

_REGISTERED = {"canceled-at-device": "job-canceled-at-device"}
"""What CUPS 2.4.10 calls a job that its back end cancelled, by its name in the IPP registry."""

_SEVERITY = re.compile(r"-(report|warning|error)\Z")
_KEYWORD = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}\Z")


def keywords(*groups: object) -> tuple[str, ...]:
    """Reasons without severity, repetition, neutral ones, or what is no keyword (it may hold

    anything, and goes to the trail). pycups gives one string or a list of them.
    """
    found: dict[str, None] = {}
    for group in groups:
        for text in _strings(group):
            keyword = _SEVERITY.sub("", text)
            keyword = _REGISTERED.get(keyword, keyword)
            if keyword not in _NEUTRAL and _KEYWORD.match(keyword):
                found[keyword] = None
    return tuple(found)


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, (list, tuple)):
        return (text for text in value if isinstance(text, str))
    return ()


def number(value: object) -> int:
    """An IPP integer, 0 where it is absent or no-value."""
    return value if isinstance(value, int) else 0


def job_status(
    job: int, of_job: Mapping[str, object], of_printer: Mapping[str, object]
) -> JobStatus:
    """A job and its printer together; an unknown job state is taken for a stopped one."""
    state = JOB_STATES.get(number(of_job.get("job-state")), JobState.STOPPED)
    title = of_job.get("job-name")
    began = number(of_job.get("time-at-processing"))
    return JobStatus(
        job=job,
        state=state,
        reasons=keywords(of_printer.get("printer-state-reasons"), of_job.get("job-state-reasons")),
        printer_stopped=number(of_printer.get("printer-state")) == PRINTER_STOPPED,
        title=title if isinstance(title, str) else "",
        started=began > 0 or state in (JobState.PRINTING, JobState.COMPLETED),
        began=began,
    )


def queue(name: str, attributes: Mapping[str, object], default: str | None) -> Queue:
    """A queue of ``cups.Connection.getPrinters``."""
    description = attributes.get("printer-info")
    kind = number(attributes.get("printer-type"))
    return Queue(
        name=name,
        description=description if isinstance(description, str) and description else name,
        accepting=not kind & REJECTING_TYPE,
        stopped=number(attributes.get("printer-state")) == PRINTER_STOPPED,
        default=name == default,
        fax=bool(kind & FAX_TYPE),
        reasons=keywords(attributes.get("printer-state-reasons")),
    )
