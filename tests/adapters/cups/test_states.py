"""IPP's words in ours."""

from __future__ import annotations

import pytest

from iies_tui.adapters.cups import states
from iies_tui.domain.delivery import JobState
from iies_tui.issuance.delivery.job_states import (
    ABORTED,
    BLOCKING,
    CANCELED,
    HELD,
    NOT_FOUND,
    RETRIED,
    STALLED,
    STOPPED,
)
from iies_tui.issuance.delivery.recover import OLD_EPOCH
from iies_tui.text import has, words


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("none", ()),
        (["none"], ()),
        ("media-empty-error", ("media-empty",)),
        (["media-empty-report", "media-empty"], ("media-empty",)),
        (["toner-low-warning", "job-printing"], ("toner-low",)),
        (["canceled-at-device"], ("job-canceled-at-device",)),  # CUPS 2.4.10's name for it
        (["DOE JOHN", "x" * 65, "a\nb", ""], ()),
        (None, ()),
        (7, ()),
    ],
)
def test_keywords(given: object, kept: tuple[str, ...]) -> None:
    assert states.keywords(given) == kept


def test_every_job_state_and_an_unknown_one() -> None:
    found = {number: states.job_status(1, {"job-state": number}, {}).state for number in range(11)}
    assert found[3] is JobState.PENDING
    assert found[9] is JobState.COMPLETED
    assert found[0] is found[10] is JobState.STOPPED
    assert set(found.values()) == set(JobState) - {JobState.NOT_FOUND}


def test_begun_is_told_by_time_at_processing() -> None:
    canceled = {"job-state": 7, "job-name": "S"}
    assert not states.job_status(1, canceled, {}).started
    assert not states.job_status(1, {**canceled, "time-at-processing": None}, {}).started
    assert states.job_status(1, {**canceled, "time-at-processing": 1795359600}, {}).started


def test_fax_queue_and_default() -> None:
    queue = states.queue("FAX", {"printer-type": 0x40000, "printer-state": 5}, "FAX")
    assert (queue.fax, queue.default, queue.stopped, queue.description) == (True, True, True, "FAX")


def test_every_reason_that_blocks_has_words_that_say_what_to_do() -> None:
    for keyword in BLOCKING | {
        NOT_FOUND,
        HELD,
        CANCELED,
        ABORTED,
        STOPPED,
        STALLED,
        RETRIED,
        OLD_EPOCH,
    }:
        assert has(f"printer_reason.{keyword}"), keyword
        assert words(f"printer_reason.{keyword}").endswith((".", "?"))
