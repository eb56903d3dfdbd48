"""The printer's port against a real cupsd with a faulty back end."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from iies_tui.adapters.cups.connection import CupsConnection
from iies_tui.adapters.cups.jobs import CupsPrinter
from iies_tui.domain.delivery import JobState, State
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.serial import Serial
from iies_tui.issuance.delivery.deliver import Deliver
from iies_tui.issuance.delivery.recover import Recover
from iies_tui.issuance.ports.records import RegisterEntry
from iies_tui.text import has
from tests.support.cups_fixture import PrivateCups
from tests.support.fakes import FakeClock, FakeIssuer, FakeTrail
from tests.support.samples import sealed

CARD = sealed()
SERIAL = CARD.serial
PDF = b"%PDF-1.4\n" + bytes(range(256)) * 300 + b"\n%%EOF\n"


@pytest.fixture
def printer() -> CupsPrinter:
    return CupsPrinter()


def state_is(printer: CupsPrinter, job: int, state: JobState) -> Callable[[], bool]:
    return lambda: printer.status("FRONT", job).state is state


def test_held_then_released_prints_the_very_bytes(
    private_cups: PrivateCups, printer: CupsPrinter
) -> None:
    private_cups.add_queue("FRONT")
    job = printer.submit_held("FRONT", SERIAL, PDF, 1)
    time.sleep(0.5)
    assert printer.status("FRONT", job).state is JobState.HELD
    assert private_cups.printed() == []
    printer.release(job)
    private_cups.wait_for(state_is(printer, job, JobState.COMPLETED), "completed")
    (printed,) = private_cups.printed()
    assert (printed.job, printed.title, printed.data) == (job, SERIAL, PDF)
    status = printer.status("FRONT", job)
    assert (status.title, status.started, status.reasons) == (SERIAL, True, ())


def test_queues(private_cups: PrivateCups, printer: CupsPrinter) -> None:
    assert printer.queues() == ()
    private_cups.add_queue("FRONT", "-D", "Front desk")
    private_cups.add_queue("BACK")
    private_cups.run("lpadmin", "-d", "FRONT")
    private_cups.run("cupsreject", "BACK")
    private_cups.run("cupsdisable", "BACK")
    back, front = printer.queues()
    assert (front.name, front.description, front.default) == ("FRONT", "Front desk", True)
    assert front.accepting and not front.stopped and not front.fax
    assert (back.name, back.accepting, back.stopped, back.default) == ("BACK", False, True, False)
    assert "paused" in back.reasons
    with pytest.raises(Refused) as refused:
        printer.submit_held("BACK", SERIAL, PDF, 1)
    assert (refused.value.code, refused.value.params) == ("queue_closed", {"queue": "BACK"})


def test_unknown_queue_and_job(private_cups: PrivateCups, printer: CupsPrinter) -> None:
    private_cups.add_queue("FRONT")
    with pytest.raises(Refused) as refused:
        printer.submit_held("NOWHERE", SERIAL, PDF, 1)
    assert (refused.value.code, refused.value.params) == ("no_such_queue", {"queue": "NOWHERE"})
    for act in (printer.release, printer.cancel):
        with pytest.raises(Refused, match="no_such_job"):
            act(4711)
    assert printer.status("FRONT", 4711).state is JobState.NOT_FOUND


def test_cancelled_before_it_began(private_cups: PrivateCups, printer: CupsPrinter) -> None:
    private_cups.add_queue("FRONT")
    job = printer.submit_held("FRONT", SERIAL, PDF, 1)
    printer.cancel(job)
    status = printer.status("FRONT", job)
    assert (status.state, status.started) == (JobState.CANCELED, False)
    with pytest.raises(Refused, match="no_such_job"):
        printer.cancel(job)
    with pytest.raises(Refused, match="no_such_job"):
        printer.release(job)
    assert private_cups.printed() == []


def test_cancelled_after_it_began(private_cups: PrivateCups, printer: CupsPrinter) -> None:
    private_cups.add_queue("FRONT")
    private_cups.order("FRONT", "sleep 30")
    job = printer.submit_held("FRONT", SERIAL, PDF, 1)
    printer.release(job)
    private_cups.wait_for(state_is(printer, job, JobState.PRINTING), "printing")
    printer.cancel(job)
    private_cups.wait_for(state_is(printer, job, JobState.CANCELED), "canceled")
    assert printer.status("FRONT", job).started


def test_jobs_named_are_ours_and_of_exactly_that_name(
    private_cups: PrivateCups, printer: CupsPrinter
) -> None:
    private_cups.add_queue("FRONT")
    first = printer.submit_held("FRONT", SERIAL, PDF, 1)
    printer.submit_held("FRONT", f"{SERIAL}0", PDF, 1)
    printer.cancel(first)
    second = printer.submit_held("FRONT", SERIAL, PDF, 1)
    private_cups.run("lp", "-d", "FRONT", "-U", "another", "-t", SERIAL, "-H", "hold", __file__)
    assert [job.job for job in printer.jobs_named(SERIAL)] == [first, second]
    assert [job.state for job in printer.jobs_named(SERIAL)] == [JobState.CANCELED, JobState.HELD]


def test_the_job_says_nothing_of_the_card_but_its_serial(
    private_cups: PrivateCups, printer: CupsPrinter
) -> None:
    import cups

    private_cups.add_queue("FRONT")
    job = printer.submit_held("FRONT", SERIAL, PDF, 1)
    attributes = repr(cups.Connection().getJobAttributes(job)).upper()
    for personal in (*CARD.facts.names, CARD.facts.policy, CARD.facts.registrants[0].last):
        assert personal not in attributes
    assert SERIAL in attributes


@pytest.mark.parametrize("code", range(1, 8))
def test_every_exit_code_of_a_back_end_is_told_within_five_seconds(
    private_cups: PrivateCups, printer: CupsPrinter, code: int
) -> None:
    """What comes of each, with ``ErrorPolicy stop-printer``: never silence, never a second try."""
    private_cups.add_queue("FRONT")
    private_cups.order("FRONT", f"exit {code}")
    desk = Desk(printer)
    began = time.monotonic()
    desk.print()
    private_cups.wait_for(lambda: desk.watch() is not State.RELEASED, "told", 5)
    assert time.monotonic() - began < 5
    watched = desk.deliver.watch(desk.issuer, SERIAL)
    # 5 cancels the job; 7 tries again and again, which only the time of its beginning tells.
    assert watched.entry.state is (State.UNKNOWN if code == 5 else State.BLOCKED)
    assert has(f"printer_reason.{watched.reasons[0]}")
    assert private_cups.printed() == []


def test_out_of_paper_shows_on_the_printer(private_cups: PrivateCups, printer: CupsPrinter) -> None:
    private_cups.add_queue("FRONT")
    private_cups.order(
        "FRONT", "once", "state +media-empty-report", "sleep 2", "state -media-empty-report"
    )
    desk = Desk(printer)
    desk.print()
    private_cups.wait_for(lambda: desk.watch() is State.BLOCKED, "blocked", 5)
    assert "media-empty" in desk.deliver.watch(desk.issuer, SERIAL).reasons
    private_cups.wait_for(lambda: desk.watch() is State.COMPLETED, "completed")
    assert [printed.title for printed in private_cups.printed()] == [SERIAL]


# -- cupsd down, killed, hanging -------------------------------------------------------------


def test_cupsd_down(private_cups: PrivateCups, printer: CupsPrinter) -> None:
    private_cups.add_queue("FRONT")
    private_cups.kill()
    for act in (
        printer.queues,
        lambda: printer.submit_held("FRONT", SERIAL, PDF, 1),
        lambda: printer.release(1),
        lambda: printer.cancel(1),
        lambda: printer.status("FRONT", 1),
        lambda: printer.jobs_named(SERIAL),
    ):
        with pytest.raises(MachineFailed, match="cups_down"):
            act()


def test_a_held_job_survives_kill_and_prints_once(
    private_cups: PrivateCups, printer: CupsPrinter
) -> None:
    private_cups.add_queue("FRONT")
    job = printer.submit_held("FRONT", SERIAL, PDF, 1)
    private_cups.kill()
    private_cups.start()
    assert printer.status("FRONT", job).state is JobState.HELD
    printer.release(job)
    private_cups.wait_for(state_is(printer, job, JobState.COMPLETED), "completed")
    private_cups.kill()
    private_cups.start()
    assert printer.status("FRONT", job).state is JobState.COMPLETED
    time.sleep(1)
    assert [printed.data for printed in private_cups.printed()] == [PDF]


def test_a_silent_cupsd_is_told_at_once_and_costs_no_thread(private_cups: PrivateCups) -> None:
    private_cups.add_queue("FRONT")
    connection = CupsConnection(word_seconds=0.4)
    printer = CupsPrinter(connection)
    private_cups.pause()
    threads = threading.active_count()
    for _ in range(6):
        began = time.monotonic()
        with pytest.raises(MachineFailed, match="cups_hangs"):
            printer.queues()
        assert time.monotonic() - began < 5  # a call hangs for good otherwise
    assert threading.active_count() <= threads + 1
    private_cups.resume()
    assert [queue.name for queue in printer.queues()] == ["FRONT"]


def test_a_hanging_cupsd_is_given_up_and_after_three_lost(private_cups: PrivateCups) -> None:
    private_cups.add_queue("FRONT")
    printer = CupsPrinter(CupsConnection(hang_seconds=0.3, word_seconds=0))
    assert printer.queues()
    private_cups.pause()
    for _ in range(3):
        began = time.monotonic()
        with pytest.raises(MachineFailed, match="cups_hangs"):
            printer.queues()
        assert time.monotonic() - began < 5
    with pytest.raises(MachineFailed, match="cups_lost"):
        printer.queues()
    private_cups.resume()
    with pytest.raises(MachineFailed, match="cups_lost"):
        printer.queues()
    assert CupsPrinter().queues()


def test_a_submission_that_hung_is_found_again_and_prints_once(private_cups: PrivateCups) -> None:
    private_cups.add_queue("FRONT")
    desk = Desk(CupsPrinter(CupsConnection(hang_seconds=0.5, word_seconds=0)))
    desk.deliver.preflight("FRONT")
    queues = desk.deliver.printer.queues()
    desk.deliver.printer.queues = lambda: queues  # type: ignore[method-assign]
    desk.deliver.printer.forced = lambda queue: ()  # type: ignore[method-assign]
    private_cups.pause()
    with pytest.raises(MachineFailed, match="cups_hangs"):
        desk.print()
    assert desk.state is State.SUBMITTING
    private_cups.resume()
    time.sleep(0.5)
    desk.restart()
    (found,) = desk.recover(desk.issuer)
    assert found.entry.state is State.SEALED
    desk.print()
    private_cups.wait_for(lambda: desk.watch() is State.COMPLETED, "completed")
    assert [printed.title for printed in private_cups.printed()] == [SERIAL]
    live = [job for job in CupsPrinter().jobs_named(SERIAL) if job.state is JobState.HELD]
    assert live == []


def test_connection_never_serves_two_at_once() -> None:
    connection = CupsConnection()
    running, most = 0, 0
    guard = threading.Lock()

    def work(_cups: object) -> None:
        nonlocal running, most
        with guard:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with guard:
            running -= 1

    threads = [threading.Thread(target=lambda: connection.call(work)) for _ in range(8)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "cups", SimpleNamespace(Connection=lambda: None, getServer=str))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == 1


# -- the whole delivery over the real thing --------------------------------------------------


class Desk:
    """Register and trail in memory, CUPS for real."""

    def __init__(self, printer: CupsPrinter) -> None:
        self.clock = FakeClock()
        self.issuer = FakeIssuer()
        self.trail = FakeTrail(self.clock)
        self.trail.begin_epoch(Serial.parse(SERIAL).epoch)
        self.issuer.register.add(RegisterEntry(CARD, State.SEALED))
        self.deliver = Deliver(self.trail, printer, self.clock)
        self.recover = Recover(self.deliver, self.trail)

    def restart(self) -> None:
        self.deliver = Deliver(self.trail, CupsPrinter(), self.clock)
        self.recover = Recover(self.deliver, self.trail)

    def print(self) -> State:
        return self.deliver.print_card(self.issuer, SERIAL, PDF, "FRONT").entry.state

    def watch(self) -> State:
        return self.deliver.watch(self.issuer, SERIAL).entry.state

    @property
    def state(self) -> State:
        return self.issuer.register.entries[SERIAL].state


def test_delivery(private_cups: PrivateCups, printer: CupsPrinter) -> None:
    private_cups.add_queue("FRONT")
    desk = Desk(printer)
    assert desk.print() is State.RELEASED
    private_cups.wait_for(lambda: desk.watch() is State.COMPLETED, "completed")
    assert desk.deliver.hand_over(desk.issuer, SERIAL).entry.state is State.HANDED_OVER
    assert [printed.data for printed in private_cups.printed()] == [PDF]


def test_cupsd_killed_while_printing_is_asked_about(
    private_cups: PrivateCups, printer: CupsPrinter
) -> None:
    """Nothing is begun a second time (``kiosk/cups/before-start.sh``): the clerk is asked."""
    private_cups.add_queue("FRONT")
    private_cups.order("FRONT", "once", "after", "sleep 30")
    desk = Desk(printer)
    desk.print()
    private_cups.wait_for(lambda: len(private_cups.printed()) == 1, "the page is out")
    private_cups.crash()
    with pytest.raises(MachineFailed, match="cups_down"):
        desk.watch()
    assert desk.state is State.RELEASED
    private_cups.start()
    desk.restart()
    private_cups.wait_for(lambda: desk.watch() is State.UNKNOWN, "asked about")
    assert desk.deliver.answer(desk.issuer, SERIAL, printed=True).entry.state is State.HANDED_OVER
    time.sleep(0.5)
    assert len(private_cups.printed()) == 1


def test_a_job_that_cups_begins_again_is_told(
    private_cups: PrivateCups, printer: CupsPrinter
) -> None:
    """Where cupsd starts without that script it resumes by itself; who saw the first says so."""
    private_cups.add_queue("FRONT")
    private_cups.order("FRONT", "once", "after", "sleep 30")
    desk = Desk(printer)
    desk.print()
    private_cups.wait_for(lambda: len(private_cups.printed()) == 1, "the page is out")
    assert desk.watch() is State.RELEASED
    private_cups.crash()
    time.sleep(1.1)  # CUPS tells the time of a beginning to the second
    private_cups.start(as_unit=False)
    private_cups.wait_for(lambda: len(private_cups.printed()) == 2, "CUPS printed it again")
    private_cups.wait_for(lambda: desk.watch() is State.COMPLETED, "completed")
    row = next(row for row in reversed(desk.trail.chain) if row.details.get("state") == "COMPLETED")
    assert row.details["why"] == "job-retried"


def test_spool_lost_after_release_is_asked_about(
    private_cups: PrivateCups, printer: CupsPrinter
) -> None:
    private_cups.add_queue("FRONT")
    desk = Desk(printer)
    desk.print()
    private_cups.wait_for(lambda: desk.watch() is State.COMPLETED, "completed")
    entry = desk.issuer.register.entries[SERIAL]
    desk.issuer.register.entries[SERIAL] = RegisterEntry(
        CARD, State.RELEASED, queue="FRONT", job=entry.job
    )
    private_cups.run("cancel", "-x", "-a", "FRONT")
    assert desk.watch() is State.UNKNOWN


def test_queue_deleted_while_held(private_cups: PrivateCups, printer: CupsPrinter) -> None:
    private_cups.add_queue("FRONT")
    desk = Desk(printer)
    job = printer.submit_held("FRONT", SERIAL, PDF, 1)
    desk.issuer.register.entries[SERIAL] = RegisterEntry(CARD, State.HELD, queue="FRONT", job=job)
    private_cups.run("lpadmin", "-x", "FRONT")
    assert desk.watch() is State.SEALED
    assert private_cups.printed() == []


_STOPPED_PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from iies_tui.adapters.cups.jobs import CupsPrinter
printer = CupsPrinter()
job = printer.submit_held("FRONT", sys.argv[2], sys.stdin.buffer.read(), 1)
print(job, flush=True)
printer.release(job)
"""


def test_a_program_of_its_own_reads_the_server_from_its_environment(
    private_cups: PrivateCups, printer: CupsPrinter
) -> None:
    private_cups.add_queue("FRONT")
    done = subprocess.run(
        [sys.executable, "-c", _STOPPED_PROGRAM, Path.cwd(), SERIAL],
        input=PDF,
        capture_output=True,
        check=True,
    )
    job = int(done.stdout)
    private_cups.wait_for(state_is(printer, job, JobState.COMPLETED), "completed")
    assert [printed.job for printed in private_cups.printed()] == [job]
