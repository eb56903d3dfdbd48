"""Port ``Printer`` on the local CUPS: held jobs, their release, and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from iies_tui.adapters.cups import page_settings, states
from iies_tui.adapters.cups.connection import CupsConnection
from iies_tui.adapters.cups.page_settings import DriverOption, PageSettings
from iies_tui.domain.delivery import JobState, JobStatus, Queue
from iies_tui.domain.errors import IiesError, MachineFailed, Refused

Answer = TypeVar("Answer")

PDF = "application/pdf"
JOB_ATTRIBUTES = [
    "job-id",
    "job-name",
    "job-state",
    "job-state-reasons",
    "job-printer-uri",
    "time-at-processing",
]
PRINTER_ATTRIBUTES = ["printer-state", "printer-state-reasons"]

# IPP status codes (RFC 8011 appendix B) that mean something to the clerk.
_NOT_FOUND = 0x0406
_NOT_POSSIBLE = 0x0404
_NOT_AUTHORIZED = (0x0401, 0x0402, 0x0403)
_NOT_ACCEPTING = 0x0506
_SERVER_GONE = (0x0502, 0x0503)
_HTTP_CONTINUE = 100
_HTTP_OK = 200


class CupsPrinter:
    """Jobs carry our user, the serial as their name, and nothing else of the card."""

    def __init__(self, connection: CupsConnection | None = None) -> None:
        self._connection = connection or CupsConnection()

    def worn_out(self) -> bool:
        """True once too many calls hung: this process is to be replaced."""
        return self._connection.lost

    def queues(self) -> tuple[Queue, ...]:
        """Every local queue, by name."""

        def ask(cups: Any) -> tuple[Queue, ...]:
            default = cups.getDefault()
            printers = cups.getPrinters()
            return tuple(states.queue(name, printers[name], default) for name in sorted(printers))

        return self._call(ask)

    def forced(self, queue: str) -> tuple[str, ...]:
        """The queue's settings that change the page whatever a job says, as ``name=value``."""
        return self._call(lambda cups: _settings(cups, queue).forced, queue=queue)

    def submit_held(self, queue: str, title: str, pdf: bytes, copies: int, fax_to: str = "") -> int:
        """Create the job held, then send the bytes; the job's number.

        Two calls, so that what hangs while the job is made sends nothing later. Raise Refused
        ``no_such_queue``, ``queue_closed``, ``queue_setting``; MachineFailed where it is in doubt
        whether a job is there, and then it is held.
        """
        ours = {"job-hold-until": "indefinite", "copies": str(copies)}
        if fax_to:
            ours["phone"] = "".join(sign for sign in fax_to if sign.isdigit() or sign == "+")

        def create(cups: Any) -> int:
            # libcups tells an unknown queue as an internal error of its own.
            if queue not in cups.getPrinters():
                raise Refused("no_such_queue", queue=queue)
            said = _settings(cups, queue).said
            made = int(cups.createJob(queue, title, {**said, **ours}))
            added = page_settings.banners(cups.getJobAttributes(made, ["job-sheets"]))
            if added:  # a classified server prints them whatever a job or a queue says
                cups.cancelJob(made)
                raise Refused("queue_setting", queue=queue, setting=added)
            return made

        job = self._call(create, queue=queue)

        def send(cups: Any) -> None:
            status = cups.startDocument(queue, job, title, PDF, 1)
            if status == _HTTP_CONTINUE:
                status = cups.writeRequestData(pdf, len(pdf))
            if status not in (_HTTP_CONTINUE, _HTTP_OK):
                raise MachineFailed("cups_down")
            cups.finishDocument(queue)

        self._call(send, queue=queue)
        return job

    def release(self, job: int) -> None:
        """Let the held job print. Refused ``no_such_job`` where it cannot be any more."""
        self._call(lambda cups: cups.setJobHoldUntil(job, "no-hold"), job=job)

    def cancel(self, job: int) -> None:
        """Cancel the job. Refused ``no_such_job`` where it is gone or over already."""
        self._call(lambda cups: cups.cancelJob(job), job=job)

    def status(self, queue: str, job: int) -> JobStatus:
        """The job and its printer; ``NOT_FOUND`` where CUPS does not know the job."""

        def ask(cups: Any) -> JobStatus:
            of_job = _unless_missing(lambda: cups.getJobAttributes(job, JOB_ATTRIBUTES))
            if not of_job:
                return JobStatus(job, JobState.NOT_FOUND)
            of_printer = _unless_missing(
                lambda: cups.getPrinterAttributes(queue, requested_attributes=PRINTER_ATTRIBUTES)
            )
            return states.job_status(job, of_job, of_printer)

        return self._call(ask)

    def jobs_named(self, title: str) -> tuple[JobStatus, ...]:
        """Our user's jobs of exactly that name, finished ones included, oldest first."""

        def ask(cups: Any) -> tuple[JobStatus, ...]:
            jobs = cups.getJobs(which_jobs="all", my_jobs=True, requested_attributes=JOB_ATTRIBUTES)
            return tuple(
                states.job_status(number, attributes, {})
                for number, attributes in sorted(jobs.items())
                if attributes.get("job-name") == title
            )

        return self._call(ask)

    def _call(self, call: Callable[[Any], Answer], queue: str = "", job: int = 0) -> Answer:
        """``call`` with pycups' errors as ours."""
        try:
            import cups
        except ImportError as error:  # libcups.so.2 is a package of the system's
            raise MachineFailed("cups_missing") from error
        try:
            return self._connection.call(call)
        except IiesError:
            raise
        except cups.IPPError as error:
            raise _of_ipp(int(error.args[0]), queue, job) from error
        except cups.HTTPError as error:
            raise MachineFailed("cups_refused", status=int(error.args[0])) from error
        except RuntimeError as error:  # pycups: "failed to connect to server"
            raise MachineFailed("cups_down") from error


def _settings(connection: Any, queue: str) -> PageSettings:
    attributes = connection.getPrinterAttributes(queue)
    return page_settings.of_queue(attributes, _driver_options(connection, queue))


def _driver_options(connection: Any, queue: str) -> list[DriverOption]:
    """What the queue's PPD offers; nothing for a raw queue, which has none."""
    import cups

    try:
        path = connection.getPPD(queue)
    except cups.IPPError as error:
        if error.args[0] in (_NOT_FOUND, _NOT_POSSIBLE):
            return []
        raise
    try:
        driver = cups.PPD(path)
    finally:
        Path(path).unlink()  # a copy, or a link to cupsd's own file
    return [
        DriverOption(
            group.name,
            option.keyword,
            option.defchoice,
            tuple(choice["choice"] for choice in option.choices),
        )
        for group in driver.optionGroups
        for option in group.options
    ]


def _unless_missing(ask: Callable[[], dict[str, object]]) -> dict[str, object]:
    """The attributes, none where CUPS does not know the job or queue."""
    import cups

    try:
        return ask()
    except cups.IPPError as error:
        if error.args[0] == _NOT_FOUND:
            return {}
        raise


def _of_ipp(status: int, queue: str, job: int) -> IiesError:
    if status == _NOT_FOUND and queue:
        return Refused("no_such_queue", queue=queue)
    if status in (_NOT_FOUND, _NOT_POSSIBLE) and job:
        return Refused("no_such_job", job=job)
    if status == _NOT_ACCEPTING and queue:
        return Refused("queue_closed", queue=queue)
    if status in _NOT_AUTHORIZED:
        return MachineFailed("cups_refused", status=status)
    if status in _SERVER_GONE:
        return MachineFailed("cups_down")
    return MachineFailed("cups_failed", status=status)
