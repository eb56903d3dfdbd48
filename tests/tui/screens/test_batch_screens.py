"""A batch by keys: the file, what was found, how it leaves, the bar with its stop, the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from iies_tui.domain.options import Options
from iies_tui.session import protocol
from iies_tui.tui.app import IiesApp
from iies_tui.tui.dialogs.help import HelpScreen
from iies_tui.tui.dialogs.idle_warning import IdleWarning
from iies_tui.tui.dialogs.question import Question
from iies_tui.tui.outcome import Next, Reason
from iies_tui.tui.screens.batch.check import BatchCheckScreen
from iies_tui.tui.screens.batch.choose import BatchScreen, csv_files
from iies_tui.tui.screens.batch.order import BatchOrderScreen
from iies_tui.tui.screens.batch.run import BatchRunScreen
from iies_tui.tui.screens.generator import GeneratorScreen
from iies_tui.tui.screens.register import RegisterScreen
from iies_tui.tui.widgets.choice import ChoiceField
from tests.support.clocks import Clocks
from tests.support.driving import at, outcome, press, shown, until
from tests.support.fake_batches import DIGEST, FakeBatches, problem
from tests.support.fake_session import PIN, TERMINAL, FakeSession

MakeApp = Callable[..., IiesApp]


def asked(session: FakeSession, kind: type[Any]) -> list[Any]:
    return [one for one in session.asked if isinstance(one, kind)]


async def to_batch(pilot: Pilot[Any]) -> None:
    await press(pilot, PIN, "<enter>")
    await at(pilot, GeneratorScreen)
    await press(pilot, "<f12>")
    await at(pilot, BatchScreen)


async def to_check(pilot: Pilot[Any]) -> None:
    await to_batch(pilot)
    await press(pilot, "/tmp/fleet.csv", "<enter>")
    await at(pilot, BatchCheckScreen)
    screen = pilot.app.screen
    assert isinstance(screen, BatchCheckScreen)
    await until(pilot, lambda: screen._checked is not None)
    await pilot.pause()


async def to_order(pilot: Pilot[Any]) -> None:
    await to_check(pilot)
    await press(pilot, "<enter>")
    await at(pilot, BatchOrderScreen)


async def to_end(pilot: Pilot[Any]) -> BatchRunScreen:
    await at(pilot, BatchRunScreen)
    screen = pilot.app.screen
    assert isinstance(screen, BatchRunScreen)
    await until(pilot, lambda: not screen._at_work and bool(screen._cards))
    await pilot.pause()
    return screen


async def test_from_the_file_to_the_last_card(make_app: MakeApp) -> None:
    batches = FakeBatches()
    session = batches.session()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_check(pilot)
        assert "5 rows have no errors." in shown(app)
        assert asked(session, protocol.ReadBatch)[-1].path == "/tmp/fleet.csv"
        assert not asked(session, protocol.BeginBatch)
        await press(pilot, "<enter>")
        await at(pilot, BatchOrderScreen)
        assert "How should the 5 cards be delivered?" in shown(app)
        await press(pilot, "<f9>")
        await to_end(pilot)
        text = shown(app)
        assert "Batch 3 is finished: 5 of 5 cards." in text
        assert "/home/clerk/IIES cards/batch-0003" in text
        assert "7K3M9QXD-000005-X" in text
        await press(pilot, "<escape>")
        await at(pilot, BatchScreen)
        await press(pilot, "<escape>")
        await at(pilot, GeneratorScreen)
    assert batches.order == protocol.BeginBatch(repeated="skip")


async def test_the_register_leads_there_too(make_app: MakeApp) -> None:
    app = make_app(FakeBatches().session())
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, PIN, "<enter>", "<f2>")
        await at(pilot, RegisterScreen)
        assert "F4 Batches" in shown(app)
        await press(pilot, "<f4>")
        await at(pilot, BatchScreen)


async def test_wrong_rows_are_listed_and_saved_and_nothing_is_begun(make_app: MakeApp) -> None:
    wrong = [
        problem(3, "vehicle_vin", "vin_check", positions="3, 4"),
        problem(3, "icc", "cell_zeros", value="42", width=3, proposal="042"),
        problem(1999, "registrant1_driver_license", "driver_license_form", count=8),
    ]
    session = FakeBatches(rows=2000, problems=wrong).session()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_check(pilot)
        text = shown(app)
        assert "3 errors in 2 rows. Nothing was issued." in text
        assert "Driver license, row 1999: This has 8 digits." in text
        assert "ICC, row 3: 42 needs 3 digits. Is it 042?" in text
        await press(pilot, "<enter>", "<f9>")
        assert isinstance(app.screen, BatchCheckScreen)
        await press(pilot, "<f4>")
        await until(pilot, lambda: "/media/stick/fleet-problems.csv" in shown(app))
        await press(pilot, "<escape>")
        await at(pilot, BatchScreen)
    assert asked(session, protocol.SaveProblems) == [protocol.SaveProblems()]
    assert not asked(session, protocol.BeginBatch)


async def test_the_same_fault_in_many_rows_is_one_line(make_app: MakeApp) -> None:
    wrong = [problem(row, "effective", "date_day_first") for row in range(2, 27)]
    wrong += [problem(row, "policy", "required") for row in (2, 3, 9)]
    wrong += [problem(row, "icc", "icc_form") for row in range(3, 27, 2)]
    app = make_app(FakeBatches(rows=25, problems=wrong).session())
    async with app.run_test(size=(80, 24)) as pilot:
        await to_check(pilot)
        text = shown(app)
        assert "3 errors in 25 rows. Nothing was issued." in text
        assert "Effective, rows 2 to 26: Month and day look swapped." in text
        assert "Policy, rows 2, 3 and 9: Required." in text
        await press(pilot, "<down>", "<down>")
        whole = "ICC, rows 3, 5, 7, 9, 11, 13 and 6 more: A company code has three digits, leading"
        await until(pilot, lambda: f"{whole} zeros included." in " ".join(shown(app).split()))


async def test_notes_are_told_with_how_many_rows_have_them(make_app: MakeApp) -> None:
    note = protocol.NoteInfo(problem(7, "expiration", "term_over_year", days=730), 4)
    app = make_app(FakeBatches(notes=[note]).session())
    async with app.run_test(size=(80, 24)) as pilot:
        await to_check(pilot)
        assert "Note, 4 rows (first: row 7): The term is 730 days" in shown(app)


async def test_esc_ends_the_check(make_app: MakeApp) -> None:
    session = FakeBatches(rows=1000, pause=0.2).session()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_batch(pilot)
        await press(pilot, "/tmp/fleet.csv", "<enter>")
        await at(pilot, BatchCheckScreen)
        await press(pilot, "<escape>")
        await at(pilot, BatchScreen)
    assert not asked(session, protocol.BeginBatch)


async def test_a_heading_that_is_wrong_is_told_at_the_path(make_app: MakeApp) -> None:
    failed = protocol.Failed(
        code="csv_header",
        problems=[problem(1, "code", "column_unknown", name="code")]
        + [problem(1, f"c{n}", "column_missing", name=f"c{n}") for n in range(9)],
    )
    app = make_app(FakeBatches(heading=failed).session())
    async with app.run_test(size=(80, 24)) as pilot:
        await to_batch(pilot)
        await press(pilot, "/tmp/fleet.csv", "<enter>")
        await until(pilot, lambda: "There is no column code." in shown(app))
        assert "and 2 more" in shown(app)


async def test_files_on_a_stick_are_offered(tmp_path: Path) -> None:
    (tmp_path / "stick" / "deep").mkdir(parents=True)
    for name in ("stick/fleet.csv", "stick/deep/other.csv", "stick/notes.txt"):
        (tmp_path / name).touch()
    found = csv_files([tmp_path, tmp_path / "nothing"])
    assert [path.name for path in found] == ["fleet.csv", "other.csv"]


async def test_every_way_to_leave(make_app: MakeApp) -> None:
    queue = protocol.QueueInfo(
        name="FRONT", description="Front", accepting=True, stopped=False, default=True, fax=False
    )
    fax = protocol.QueueInfo(
        name="FAX", description="Fax", accepting=True, stopped=False, default=False, fax=True
    )
    again = [problem(2, "vehicle_vin", "issued_already", serial="7K3M9QXD-000001-X")]
    batches = FakeBatches(repeated=again)
    session = batches.session(queues=[queue, fax])
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_check(pilot)
        assert "these dates: 1." in shown(app)
        await press(pilot, "<enter>")
        await at(pilot, BatchOrderScreen)
        field = app.screen.query_one("#queue", ChoiceField)
        await until(pilot, lambda: field.value == "FRONT")  # the printer of this machine
        await press(pilot, "<right>", "<left>", "<enter>", "/srv/cards", "<enter>")
        assert field.value == "FRONT"
        assert "FAX" not in shown(app)
        await press(pilot, "<right>", "<enter>", "<right>", "<enter>", "<right>", "<enter>")
        assert "F9 starts the batch." in shown(app)
        await press(pilot, "<f9>")
        await to_end(pilot)
    assert batches.order == protocol.BeginBatch(
        folder="/srv/cards", queue="FRONT", one_pdf=True, fax_sheet=True, repeated="issue"
    )


async def test_too_many_cards_for_one_pdf_are_not_offered_it(make_app: MakeApp) -> None:
    app = make_app(FakeBatches(rows=2001).session())
    async with app.run_test(size=(80, 24)) as pilot:
        await to_order(pilot)
        assert "one for all" not in shown(app)


@pytest.mark.parametrize("anyway", [True, False])
async def test_a_printer_that_is_not_ready_is_asked_about(make_app: MakeApp, anyway: bool) -> None:
    failed = protocol.Failed(
        code="printer_not_ready", params={"queue": "FRONT", "reasons": "media-empty"}
    )
    batches = FakeBatches(begin_fails=[failed])
    app = make_app(batches.session())
    async with app.run_test(size=(80, 24)) as pilot:
        await to_order(pilot)
        await press(pilot, "<f9>")
        await at(pilot, Question)
        await press(pilot, "<enter>" if anyway else "<escape>")
        if anyway:
            await to_end(pilot)
        else:
            await at(pilot, BatchOrderScreen)
            await press(pilot, "<f9>")
            await to_end(pilot)
    assert batches.order is not None
    assert batches.order.anyway is anyway


async def test_a_refusal_to_begin_is_told_and_may_be_mended(make_app: MakeApp) -> None:
    batches = FakeBatches(
        begin_fails=[protocol.Failed(code="not_allowed", params={"path": "/srv"})]
    )
    app = make_app(batches.session())
    async with app.run_test(size=(80, 24)) as pilot:
        await to_order(pilot)
        await press(pilot, "<f9>")
        await until(pilot, lambda: "permission to write to /srv" in shown(app))
        await press(pilot, "<f9>")
        await to_end(pilot)


async def test_esc_stops_between_two_cards_and_f9_goes_on(make_app: MakeApp) -> None:
    batches = FakeBatches(rows=40, pause=0.05)
    session = batches.session()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_order(pilot)
        await press(pilot, "<f9>")
        await at(pilot, BatchRunScreen)
        await until(pilot, lambda: len(batches.cards) > 2)
        assert "Esc Stop" in shown(app)
        await press(pilot, "<escape>")
        screen = await to_end(pilot)
        stood = len(batches.cards)
        assert 2 < stood < 40
        assert f"Batch 3 stopped at {stood} of 40. Issued cards stay valid." in shown(app)
        assert f"7K3M9QXD-{stood:06d}-X" in shown(app)
        batches.pause = 0
        await press(pilot, "<f9>")
        await until(pilot, lambda: not screen._at_work and screen._batch.state == "DONE")
        await pilot.pause()
        assert "Batch 3 is finished: 40 of 40 cards." in shown(app)
    assert asked(session, protocol.ReadBatch)[-1] == protocol.ReadBatch(digest=DIGEST)
    assert len({card.serial for card in batches.cards}) == 40


async def test_what_stops_it_is_told(make_app: MakeApp) -> None:
    """A row that is refused meanwhile, a disk that is full: by row and in words."""
    wrong = problem(4, "icc", "icc_inactive", icc="901", name="NORTH COUNTRY")
    full = protocol.ProblemInfo(field="", code="disk_full", params={"path": "/srv"})
    card = protocol.BatchStepped(phase="issuing", done=1, total=5, problems=[wrong, full])
    batches = FakeBatches(steps=[card])
    batches.cards.append(await _first_card())
    app = make_app(batches.session())
    async with app.run_test(size=(80, 24)) as pilot:
        await to_order(pilot)
        await press(pilot, "<f9>")
        await to_end(pilot)
        text = shown(app)
        assert "ICC, row 4: 901 NORTH COUNTRY is no longer authorized" in text
        assert "The disk is full at /srv" in text
        assert "F9 Continue" in text


async def _first_card() -> protocol.CardInfo:
    one = FakeBatches(rows=1)
    step = await one._step(None)
    assert step.card is not None
    return step.card


async def test_a_printer_that_waits_says_why(make_app: MakeApp) -> None:
    waits = protocol.BatchStepped(phase="paper", done=3, total=5, reasons=["media-empty"])
    batches = FakeBatches(steps=[waits] * 3)
    app = make_app(batches.session())
    async with app.run_test(size=(80, 24)) as pilot:
        await to_order(pilot)
        await press(pilot, "<f9>")
        await at(pilot, BatchRunScreen)
        await until(pilot, lambda: "Waiting for the printer" in shown(app))
        assert "paper" in shown(app).lower()
        await to_end(pilot)


async def test_printed_cards_are_in_hand_with_one_key(make_app: MakeApp) -> None:
    queue = protocol.QueueInfo(
        name="FRONT", description="Front", accepting=True, stopped=False, default=True, fax=False
    )
    batches = FakeBatches(rows=3)
    app = make_app(batches.session(queues=[queue], options=Options(queue="FRONT")))
    async with app.run_test(size=(80, 24)) as pilot:
        await to_order(pilot)
        field = app.screen.query_one("#queue", ChoiceField)
        await until(pilot, lambda: field.value == "FRONT")
        await press(pilot, "<f9>")
        screen = await to_end(pilot)
        assert "3 cards have printed. Press H" in shown(app)
        await press(pilot, "h")
        await until(pilot, lambda: screen._batch.printed == 0)
    assert {card.paper.state for card in batches.cards} == {"HANDED_OVER"}


async def test_what_is_open_from_before_stands_first_after_the_sign_on(make_app: MakeApp) -> None:
    batches = FakeBatches(rows=2000)
    for _ in range(4):
        await batches._step(None)
    batches.known = batches.info()
    session = batches.session(batches=[batches.info(done=812)])
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, PIN, "<enter>")
        await at(pilot, BatchScreen)
        assert "Unfinished batches" in shown(app)
        await until(pilot, lambda: "Batch 3  11/22/2026  not finished  at 4 of 2000" in shown(app))
        await press(pilot, "<enter>")
        await at(pilot, BatchCheckScreen)
        assert "Continuing batch 3: 4 rows were already done." in shown(app)
    assert asked(session, protocol.ReadBatch) == [protocol.ReadBatch(digest=DIGEST)]


async def test_given_up_after_a_question(make_app: MakeApp) -> None:
    batches = FakeBatches(rows=10)
    for _ in range(4):
        await batches._step(None)
    batches.known = batches.info()
    session = batches.session()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_batch(pilot)
        await until(pilot, lambda: "at 4 of 10" in shown(app))
        await press(pilot, "<f8>")
        await at(pilot, Question)
        await press(pilot, "<escape>", "<f8>")
        await at(pilot, Question)
        assert "4 cards were issued" in shown(app)
        await press(pilot, "<enter>")
        await to_end(pilot)
        assert "Batch 3 was given up at 4 of 10." in shown(app)
        assert "F9 Continue" not in shown(app)
    assert len(batches.cards) == 4


async def test_a_finished_file_shows_its_cards_and_begins_nothing(make_app: MakeApp) -> None:
    batches = FakeBatches(rows=2)
    for _ in range(2):
        await batches._step(None)
    batches.known = batches.info()
    session = batches.session()
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_batch(pilot)
        await press(pilot, "/tmp/fleet.csv", "<enter>")
        await to_end(pilot)
        assert "Batch 3 is finished: 2 of 2 cards." in shown(app)
    assert not asked(session, protocol.BeginBatch)


async def test_the_idle_sign_off_comes_on_time_and_between_two_cards(make_app: MakeApp) -> None:
    """Near the deadline no card is begun; the deadline itself waits for nothing."""
    clocks = Clocks()
    terminal = replace(TERMINAL, sign_off_seconds=60, warn_seconds=30)
    batches = FakeBatches(rows=10_000, pause=0.01)
    session = batches.session(terminal=terminal)
    app = make_app(session, boot=lambda: clocks.boot, running=lambda: clocks.running)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_order(pilot)
        await press(pilot, "<f9>")
        await at(pilot, BatchRunScreen)
        await until(pilot, lambda: len(batches.cards) > 2)
        clocks.go(58)
        await at(pilot, IdleWarning)
        await pilot.pause(0.8)
        stood = len(batches.cards)
        await pilot.pause(0.5)
        assert len(batches.cards) == stood
        clocks.go(3)
        await until(pilot, lambda: app.return_value is not None)
    assert outcome(app).next is Next.SIGN_OFF
    assert outcome(app).reason is Reason.IDLE
    assert session.killed


async def test_f10_lets_the_card_in_hand_be_made(make_app: MakeApp) -> None:
    batches = FakeBatches(rows=1000, pause=0.4)
    session = batches.session()
    began: list[int] = []
    ended: list[int] = []
    session.on_kill = lambda: ended.append(len(batches.cards))
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_order(pilot)
        await press(pilot, "<f9>")
        await at(pilot, BatchRunScreen)
        await until(pilot, lambda: len(batches.cards) > 0)
        await until(pilot, lambda: len(asked(session, protocol.StepBatch)) > len(batches.cards))
        began.append(len(asked(session, protocol.StepBatch)))
        await press(pilot, "<f10>")
        await until(pilot, lambda: app.return_value is not None)
    assert outcome(app).reason is Reason.KEY
    assert ended == began


async def test_f10_does_not_wait_for_a_card_that_hangs(make_app: MakeApp) -> None:
    batches = FakeBatches(rows=5, pause=0)
    app = make_app(batches.session())
    async with app.run_test(size=(80, 24)) as pilot:
        await to_order(pilot)
        batches.pause = 600
        await press(pilot, "<f9>")
        await at(pilot, BatchRunScreen)
        await press(pilot, "<f10>")
        await until(pilot, lambda: app.return_value is not None)
    assert outcome(app).reason is Reason.KEY


async def test_help_has_a_page_of_its_own(make_app: MakeApp) -> None:
    app = make_app(FakeBatches().session())
    async with app.run_test(size=(80, 24)) as pilot:
        await to_batch(pilot)
        await press(pilot, "<f1>")
        await at(pilot, HelpScreen)
        assert "CSV UTF-8" in shown(app)
