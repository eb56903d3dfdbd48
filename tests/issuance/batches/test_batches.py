"""A batch's use cases on real records: no row twice, whatever fails or dies, and no paper ahead of
the printer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iies_tui.domain.batch import BatchOrder, BatchState, Repeated, row_of
from iies_tui.domain.batch_file import load
from iies_tui.domain.delivery import JobState, State
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.trail import Event
from iies_tui.issuance.batches.batches import Batches
from iies_tui.issuance.batches.one_pdf import OnePdf
from iies_tui.issuance.batches.run import WINDOW, BatchPorts, BatchRun, Step
from iies_tui.issuance.cards.interrupted import void_open_intents, void_unsealed
from iies_tui.issuance.delivery.deliver import Deliver
from tests.support import batch_samples as fleets
from tests.support.fakes import FakePrinter, Killed
from tests.support.hand_out import hand_out
from tests.support.office import ready


class Shop:
    """An office with a printer and a folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.office, self.issuer = ready(home)
        self.printer = FakePrinter()
        self.out = home / "out"

    @property
    def batches(self) -> Batches:
        office: Any = self.office
        out = hand_out(office, self.printer)
        one_pdf = OnePdf(office.paper, office.reader, out.save, office.trail)
        return Batches(
            BatchPorts(office.issue, out, out.deliver, one_pdf, office.trail, office.clock)
        )

    def order(self, **changes: Any) -> BatchOrder:
        return replace(BatchOrder(str(self.out)), **changes)

    def look(self, rows: list[fleets.Cells]) -> Any:
        check = self.batches.look(self.issuer, load(fleets.to_csv(rows)))
        while not check.whole:
            check.step(self.office.clock, 0)
        return check

    def begin(self, rows: list[fleets.Cells], **changes: Any) -> BatchRun:
        return self.batches.begin(self.issuer, self.look(rows), self.order(**changes))

    def sign_on_again(self) -> None:
        """After the process ended, however it did."""
        self.issuer.register.close()
        self.office.trail._inner.close()
        self.office.open()
        void_open_intents(self.office.trail)
        self.issuer = self.office.signed_on()
        void_unsealed(self.issuer, self.office.trail)

    def rows_issued(self, digest: str) -> list[int]:
        """Rows of the batch's cards that are sealed in the trail."""
        found = [
            entry
            for entry in self.issuer.register.of_batch(digest)
            if self.office.trail.find_serial(Event.SEALED, entry.card.serial) is not None
        ]
        return sorted(row_of(entry.batch) for entry in found)

    def acts(self) -> list[str]:
        rows = self.office.trail.rows()
        return [str(row.details["act"]) for row in rows if row.event is Event.BATCH]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.issuer.register.close()


def steps(run: BatchRun, limit: int = 1000) -> list[Step]:
    """Until it is done, or stops."""
    found = [run.step()]
    while found[-1].phase != "done" and not found[-1].problems and len(found) < limit:
        found.append(run.step())
    return found


def test_a_batch_from_its_begin_to_its_end(shop: Shop) -> None:
    run = shop.begin(fleets.fleet(2))
    found = steps(run)
    assert [step.phase for step in found] == ["issuing", "issuing", "done"]
    assert [(step.done, step.total) for step in found] == [(1, 2), (2, 2), (2, 2)]
    entries = shop.issuer.register.of_batch(run.kept.digest)
    assert [row_of(entry.batch) for entry in entries] == [2, 3]
    assert {entry.state for entry in entries} == {State.SAVED}
    assert sorted(path.name for path in shop.out.iterdir()) == [
        f"{entry.card.serial}.pdf" for entry in entries
    ]
    kept = shop.issuer.register.batch(run.kept.digest)
    assert kept is not None
    assert (kept.number, kept.state) == (1, BatchState.DONE)
    assert shop.acts() == ["begun", "done"]


def test_nothing_is_issued_of_a_file_with_one_wrong_row(shop: Shop) -> None:
    rows, named = fleets.plant(fleets.fleet(3), [1])
    with pytest.raises(Refused, match="batch_refused") as refused:
        shop.begin(rows)
    assert [problem.row for problem in refused.value.problems] == [named[0][0]]
    assert shop.issuer.register.batches(tuple(BatchState), 9) == ()
    assert Event.INTENT.value not in shop.office.events()


def test_what_was_not_checked_whole_is_not_begun(shop: Shop) -> None:
    check = shop.batches.look(shop.issuer, load(fleets.to_csv(fleets.fleet(2))))
    check.step(shop.office.clock, 0)
    with pytest.raises(Refused, match="batch_not_checked"):
        shop.batches.begin(shop.issuer, check, shop.order())


@pytest.mark.parametrize(
    ("port", "call"),
    [
        ("profile", "seal"),
        ("paper", "stack"),
        ("register", "add"),
        ("trail", "append_checkpointed"),
        ("register", "update_all"),
    ],
)
def test_whatever_dies_each_row_gets_one_card(shop: Shop, port: str, call: str) -> None:
    """Killed in the second of three cards, before the call takes effect."""
    rows = fleets.fleet(3)
    run = shop.begin(rows)
    digest = run.kept.digest
    run.step()
    target: Any = shop.issuer.register if port == "register" else getattr(shop.office, port)
    if call == "update_all":
        call = "update"
    if call == "stack":
        call = "card_page"
    target.fails[call] = Killed()
    with pytest.raises(Killed):
        run.step()
    shop.sign_on_again()
    (kept,) = shop.issuer.register.batches((BatchState.OPEN,), 9)
    assert kept.digest == digest
    check = shop.batches.look_kept(shop.issuer, digest)
    assert check.before in (1, 2)
    while not check.whole:
        check.step(shop.office.clock, 0)
    again = shop.batches.begin(shop.issuer, check, shop.order())
    assert steps(again)[-1].phase == "done"
    assert shop.rows_issued(digest) == [2, 3, 4]
    serials = [entry.card.serial for entry in shop.issuer.register.of_batch(digest)]
    assert sorted(path.stem for path in shop.out.iterdir()) == sorted(serials)
    assert shop.acts() == ["begun", "resumed", "done"]


def test_the_register_takes_no_second_card_of_a_row(shop: Shop) -> None:
    """Though a program should think that the row is still to do."""
    run = shop.begin(fleets.fleet(1))
    row = run._pending[0]
    run.step()
    run._pending.append(row)
    step = run.step()
    assert [problem.code for problem in step.problems] == ["database_failed"]
    assert shop.rows_issued(run.kept.digest) == [2]
    assert shop.office.events()[-2:] == ["intent", "void"]


def test_a_full_disk_stops_it_and_the_card_is_saved_first_next_time(shop: Shop) -> None:
    rows = fleets.fleet(2)
    run = shop.begin(rows)
    shop.office.trail.fails["append"] = MachineFailed("disk_full", path="")

    # The intent is written; what fails is the row before saving.
    inner = shop.office.trail._inner.append
    count = iter(range(9))

    def append(*arguments: Any, **named: Any) -> Any:
        if arguments[0] is Event.DELIVERY and next(count) == 0:
            raise MachineFailed("disk_full", path="")
        return inner(*arguments, **named)

    shop.office.trail.fails.clear()
    shop.office.trail._inner.append = append
    step = run.step()
    assert [problem.code for problem in step.problems] == ["disk_full"]
    assert step.entry is not None
    assert step.entry.state is State.SEALED
    found = steps(run)
    assert [step.phase for step in found] == ["issuing", "issuing", "done"]
    assert found[0].entry is not None
    assert found[0].entry.card.serial == step.entry.card.serial
    assert len(list(shop.out.iterdir())) == 2


def test_a_row_that_is_refused_meanwhile_is_named(shop: Shop) -> None:
    """The list of insurers was replaced between two sittings."""
    run = shop.begin(fleets.fleet(1))
    run.batch = replace(run.batch)
    bundle = shop.office.trust.bundle
    assert bundle is not None
    shop.office.trust.bundle = replace(bundle, insurers=())
    office = shop.office
    run.ports = replace(run.ports, issue=office.issue)
    step = run.step()
    assert [(one.row, one.field, one.code) for one in step.problems] == [(2, "icc", "icc_unknown")]
    assert "intent" not in office.events()


def test_the_printer_is_not_flooded(shop: Shop) -> None:
    """At most WINDOW jobs at a time; nothing more is sealed until one is out."""
    shop.printer.prints = False
    run = shop.begin(fleets.fleet(WINDOW + 1), queue="FRONT")
    for _ in range(WINDOW):
        assert run.step().phase == "issuing"
    for _ in range(3):
        step = run.step()
        assert (step.phase, step.done) == ("paper", WINDOW)
    assert len(shop.printer.jobs) == WINDOW
    shop.printer.print_pending()
    assert run.step().phase == "issuing"
    assert run.step().phase == "paper"
    shop.printer.print_pending()
    assert run.step().phase == "done"
    assert [title for title, _ in shop.printer.printed] == [
        entry.card.serial for entry in shop.issuer.register.of_batch(run.kept.digest)
    ]


def test_a_printer_that_stopped_is_told_while_it_waits(shop: Shop) -> None:
    shop.printer.prints = False
    run = shop.begin(fleets.fleet(WINDOW + 1), queue="FRONT")
    for _ in range(WINDOW):
        run.step()
    shop.printer.stopped, shop.printer.reasons = True, ("media-empty",)
    assert "media-empty" in run.step().reasons


def test_a_doubtful_sheet_stops_it_and_is_not_printed_again(shop: Shop) -> None:
    shop.printer.prints = False
    run = shop.begin(fleets.fleet(2), queue="FRONT")
    first = run.step().entry
    assert first is not None
    shop.printer.set_state(1, JobState.ABORTED, started=True)
    step = run.step()
    assert [(one.code, one.params["serial"]) for one in step.problems] == [
        ("paper_unknown", first.card.serial)
    ]
    shop.printer.prints = True
    shop.sign_on_again()
    again = shop.begin(fleets.fleet(2), queue="FRONT")
    assert steps(again)[-1].phase == "done"
    assert [title for title, _ in shop.printer.printed].count(first.card.serial) == 0
    assert shop.rows_issued(again.kept.digest) == [2, 3]


@pytest.mark.parametrize(
    ("edge", "call"),
    [("kill_before", 1), ("kill_after", 1), ("kill_before", 2), ("kill_after", 2)],
)
def test_a_held_job_is_let_go_when_the_batch_goes_on(shop: Shop, edge: str, call: int) -> None:
    """Killed before or after submitting, before releasing: going on is the clerk's say."""
    run = shop.begin(fleets.fleet(1), queue="FRONT")
    setattr(shop.printer.edges, edge, shop.printer.edges.count + call)
    with pytest.raises(Killed):
        run.step()
    setattr(shop.printer.edges, edge, 0)
    shop.sign_on_again()
    again = shop.begin(fleets.fleet(1), queue="FRONT")
    assert steps(again)[-1].phase == "done"
    assert len(shop.printer.printed) == 1


def test_a_fax_is_no_destination_of_a_batch(shop: Shop) -> None:
    queues = shop.printer.queues()
    shop.printer.queues = lambda: tuple(replace(one, fax=True) for one in queues)  # type: ignore[method-assign]
    with pytest.raises(Refused, match="batch_fax_queue"):
        shop.begin(fleets.fleet(1), queue="FRONT")


def test_one_pdf_is_there_whole_or_not_at_all(shop: Shop) -> None:
    run = shop.begin(fleets.fleet(2), one_pdf=True)
    assert run.step().phase == run.step().phase == "issuing"
    assert list(shop.out.iterdir()) == []
    read = shop.office.reader._inner.read_back
    shop.office.reader._inner.read_back = lambda document, dpi: ("1",) * len(document.symbols)
    assert [one.code for one in steps(run)[-1].problems] == ["read_back_failed"]
    assert list(shop.out.iterdir()) == []
    shop.office.reader._inner.read_back = read
    found = steps(run)
    assert found[-1].phase == "done"
    assert [step.part.path for step in found if step.part and step.part.path] == [
        shop.out / "batch-0001.pdf"
    ]
    data = (shop.out / "batch-0001.pdf").read_bytes()
    pages = list(shop.office.reader._inner.pages(data))
    cards = [entry.card for entry in shop.issuer.register.of_batch(run.kept.digest)]
    assert [set(page.symbols) for page in pages] == [{card.digits} for card in cards]
    entries = shop.issuer.register.of_batch(run.kept.digest)
    assert {entry.state for entry in entries} == {State.SAVED}
    assert shop.acts() == ["begun", "saved", "done"]


def test_fax_sheets_only_on_request(shop: Shop) -> None:
    steps(shop.begin(fleets.fleet(1)))
    assert not list(shop.out.glob("*-fax*"))
    rows = fleets.fleet(1)
    rows[0]["policy"] = "FL-2"
    steps(shop.begin(rows, fax_sheet=True, tiff=True))
    assert len(list(shop.out.glob("*-fax.pdf"))) == len(list(shop.out.glob("*-fax.tiff"))) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"one_pdf": True, "tiff": True}, "batch_tiff"), ({"queue": "REAR"}, "no_such_queue")],
)
def test_orders_that_cannot_be(shop: Shop, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code):
        shop.begin(fleets.fleet(1), **changes)
    assert shop.issuer.register.batches(tuple(BatchState), 9) == ()


def test_a_changed_file_is_another_batch_and_asks_about_cards_that_are_out(shop: Shop) -> None:
    rows = fleets.fleet(2)
    steps(shop.begin(rows))
    rows[0]["address1"] = "78 ELSEWHERE ST"
    with pytest.raises(Refused, match="batch_refused") as refused:
        shop.begin(rows)
    assert {(one.row, one.code) for one in refused.value.problems} == {
        (2, "issued_already"),
        (3, "issued_already"),
    }
    skipping = shop.begin(rows, repeated=Repeated.SKIP)
    assert [step.phase for step in steps(skipping)] == ["done"]
    rows[0]["address1"] = "79 ELSEWHERE ST"
    another = shop.begin(rows, repeated=Repeated.ISSUE)
    assert steps(another)[-1].done == 2
    assert [one.number for one in shop.issuer.register.batches(tuple(BatchState), 9)] == [3, 2, 1]


def test_given_up_the_rest_is_left_and_the_same_file_takes_it_up_again(shop: Shop) -> None:
    rows = fleets.fleet(3)
    run = shop.begin(rows, one_pdf=True)
    digest = run.kept.digest
    run.step()
    closing = shop.batches.give_up(shop.issuer, digest)
    found = steps(closing)
    assert (found[-1].phase, found[-1].done, found[-1].total) == ("done", 1, 3)
    assert (shop.out / "batch-0001.pdf").exists()
    kept = shop.issuer.register.batch(digest)
    assert kept is not None
    assert kept.state is BatchState.GIVEN_UP
    again = shop.begin(rows)
    assert steps(again)[-1].done == 3
    assert shop.rows_issued(digest) == [2, 3, 4]


def test_a_card_made_void_by_the_clerk_keeps_its_row(shop: Shop) -> None:
    """It was issued: what it takes now is a correction, not the batch once more."""
    rows = fleets.fleet(2)
    run = shop.begin(rows)
    entry = run.step().entry
    assert entry is not None
    Deliver(shop.office.trail, shop.printer, shop.office.clock).void(
        shop.issuer, entry.card.serial, "correction"
    )
    shop.sign_on_again()
    assert steps(shop.begin(rows))[-1].phase == "done"
    assert shop.rows_issued(run.kept.digest) == [2, 3]


def test_all_of_a_batch_is_handed_over_with_one_word(shop: Shop) -> None:
    run = shop.begin(fleets.fleet(2), queue="FRONT")
    steps(run)
    digest = run.kept.digest
    assert dict(shop.issuer.register.batch_states(digest)) == {State.COMPLETED: 2}
    assert shop.batches.hand_over(shop.issuer, digest, 0) == 1
    assert shop.batches.hand_over(shop.issuer, digest, 9) == 0
    assert dict(shop.issuer.register.batch_states(digest)) == {State.HANDED_OVER: 2}


def test_a_batch_that_is_not_there(shop: Shop) -> None:
    for call in (shop.batches.look_kept, shop.batches.give_up):
        with pytest.raises(Refused, match="no_such_batch"):
            call(shop.issuer, "0" * 64)
