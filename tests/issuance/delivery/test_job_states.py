"""Every state met with every answer of CUPS."""

from __future__ import annotations

import itertools

import pytest

from iies_tui.domain.delivery import ALLOWED, JobState, JobStatus, State
from iies_tui.issuance.delivery import job_states
from iies_tui.issuance.ports.records import RegisterEntry
from tests.support.samples import sealed

CARD = sealed()


def entry(state: State, job: int = 7) -> RegisterEntry:
    return RegisterEntry(CARD, state, queue="FRONT", job=job)


def status(state: JobState, **changes: object) -> JobStatus:
    values: dict[str, object] = {"job": 7, "state": state, "title": CARD.serial, **changes}
    return JobStatus(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "stalled", "state", "reasons"),
    [
        (status(JobState.COMPLETED), False, State.COMPLETED, ()),
        (status(JobState.COMPLETED, printer_stopped=True), False, State.COMPLETED, ()),
        (
            status(JobState.COMPLETED, title="ANOTHER"),
            False,
            State.UNKNOWN,
            (job_states.NOT_FOUND,),
        ),
        (status(JobState.COMPLETED, job=8), False, State.UNKNOWN, (job_states.NOT_FOUND,)),
        (status(JobState.NOT_FOUND), False, State.UNKNOWN, (job_states.NOT_FOUND,)),
        (status(JobState.CANCELED), False, State.UNKNOWN, (job_states.CANCELED,)),
        (status(JobState.ABORTED), False, State.UNKNOWN, (job_states.ABORTED,)),
        (status(JobState.HELD), False, State.BLOCKED, (job_states.HELD,)),
        (status(JobState.STOPPED), False, State.BLOCKED, (job_states.STOPPED,)),
        (status(JobState.PENDING), False, State.RELEASED, ()),
        (
            status(JobState.PENDING, printer_stopped=True),
            False,
            State.BLOCKED,
            (job_states.STOPPED,),
        ),
        (status(JobState.PENDING), True, State.BLOCKED, (job_states.STALLED,)),
        (status(JobState.PRINTING), False, State.RELEASED, ()),
        (status(JobState.PRINTING), True, State.BLOCKED, (job_states.STALLED,)),
        (status(JobState.COMPLETED), True, State.COMPLETED, ()),
        (
            status(JobState.PRINTING, reasons=("media-empty",)),
            False,
            State.BLOCKED,
            ("media-empty",),
        ),
        (status(JobState.PRINTING, reasons=("toner-low",)), False, State.RELEASED, ("toner-low",)),
        (
            status(JobState.PENDING, reasons=("media-jam",), printer_stopped=True),
            False,
            State.BLOCKED,
            ("media-jam", job_states.STOPPED),
        ),
    ],
)
def test_after_release(
    answer: JobStatus, stalled: bool, state: State, reasons: tuple[str, ...]
) -> None:
    assert job_states.after_release(entry(State.RELEASED), answer, stalled) == job_states.Judgment(
        state, reasons
    )


def test_completed_only_from_a_matched_completed_job() -> None:
    for job_state, title, job, stopped, started in itertools.product(
        JobState, (CARD.serial, "", "ANOTHER"), (7, 8), (True, False), (True, False)
    ):
        answer = JobStatus(job, job_state, printer_stopped=stopped, title=title, started=started)
        judged = job_states.after_release(entry(State.RELEASED), answer)
        complete = job_state is JobState.COMPLETED and title == CARD.serial and job == 7
        assert (judged.state is State.COMPLETED) == complete
        assert judged.state in (State.RELEASED, *ALLOWED[State.RELEASED])


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (status(JobState.NOT_FOUND), State.SEALED),
        (status(JobState.HELD), State.HELD),
        (status(JobState.HELD, title="ANOTHER"), State.SEALED),
        (status(JobState.HELD, started=True), State.RELEASED),
        (status(JobState.CANCELED), State.SEALED),
        (status(JobState.ABORTED), State.SEALED),
        (status(JobState.CANCELED, started=True), State.RELEASED),
        (status(JobState.ABORTED, started=True), State.RELEASED),
        (status(JobState.PENDING), State.RELEASED),
        (status(JobState.PRINTING), State.RELEASED),
        (status(JobState.STOPPED), State.RELEASED),
        (status(JobState.COMPLETED), State.RELEASED),
    ],
)
def test_before_release(answer: JobStatus, state: State) -> None:
    assert job_states.before_release(entry(State.HELD), answer).state is state


def test_a_reprints_name_is_the_first_prints() -> None:
    jobs = (
        status(JobState.COMPLETED, job=3),
        status(JobState.COMPLETED, job=7),
        status(JobState.HELD, job=2),
        status(JobState.HELD, job=9),
        status(JobState.CANCELED, job=10),
        status(JobState.HELD, job=11, title="ANOTHER"),
    )
    assert [job.job for job in job_states.submitted(entry(State.SUBMITTING), jobs)] == [2, 9, 10]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (status(JobState.COMPLETED), State.COMPLETED),
        (status(JobState.PENDING), State.RELEASED),
        (status(JobState.PRINTING, reasons=("toner-low",)), State.RELEASED),
        (status(JobState.PRINTING, reasons=("media-empty",)), State.BLOCKED),
        (status(JobState.PENDING, printer_stopped=True), State.BLOCKED),
        (status(JobState.ABORTED), State.BLOCKED),
        (status(JobState.HELD), State.BLOCKED),
    ],
)
def test_a_test_page_came_out_may_still_come_or_wants_somebody_to_look(
    answer: JobStatus, state: State
) -> None:
    assert job_states.of_test_page(answer) is state
