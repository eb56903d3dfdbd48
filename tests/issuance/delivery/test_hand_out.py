"""A card by each way, right after it was sealed and later: what is done, in which order, and what a
failure leaves (``docs/adr/0010-held-jobs.md``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iies_tui.adapters.machine.folder import FileFolder
from iies_tui.domain.delivery import State
from iies_tui.domain.errors import MachineFailed, Refused
from iies_tui.domain.mail import MailState
from iies_tui.domain.pages import FaxFile
from iies_tui.domain.trail import Event
from iies_tui.issuance.cards.issue import IssuedCard
from iies_tui.issuance.delivery.hand_out import Order, ToFolder, ToMail, ToPrinter
from tests.support.fakes import FakePrinter
from tests.support.hand_out import FakeMailer, hand_out
from tests.support.office import Recording, ready
from tests.support.terminal import REQUEST

TO = "jane.doe@customer.example"


class Counter:
    """A terminal with one card that was sealed just now, with its fax sheet."""

    def __init__(self, home: Path) -> None:
        self.office, self.issuer = ready(home)
        self.done = self.office.done
        self.printer = FakePrinter()
        self.mailer = FakeMailer()
        self.folder: Any = Recording(FileFolder(), "folder", self.done)
        printer: Any = Recording(self.printer, "printer", self.done)
        self.hand_out = hand_out(self.office, printer, self.mailer, self.folder)
        (self.card,) = self.office.issue(self.issuer, REQUEST, lambda *_: None)
        self.serial = self.card.card.serial
        self.out = home / "out"
        self.proofs = 0
        self.done.clear()

    def prove(self) -> None:
        self.proofs += 1

    @property
    def state(self) -> State:
        return self.hand_out.deliver.entry(self.issuer, self.serial).state

    def acts(self, *names: str) -> list[str]:
        """What was done, by the names that matter here."""
        return [one for one in self.done if one.split()[0] in names]

    def rows(self) -> list[str]:
        rows = self.office.trail.rows()
        wanted = (Event.DELIVERY, Event.REPRINT)
        return [str(row.details.get("state", row.event)) for row in rows if row.event in wanted]


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    made = Counter(tmp_path)
    yield made
    made.issuer.register.close()


WAYS = ("trail.append", "folder.save", "printer.submit_held", "printer.release")


def test_the_folder_comes_before_the_paper_and_each_step_before_its_act(counter: Counter) -> None:
    order = Order(ToFolder(counter.out, fax_sheet=True), ToPrinter("FRONT", copies=2))
    counter.hand_out.check(order)
    out = counter.hand_out.issued(counter.issuer, counter.card, order)
    assert not out.failures and out.entry.state is State.RELEASED
    assert [one.split()[0] for one in counter.acts(*WAYS)] == [
        "trail.append",
        *["folder.save"] * 2,
        "trail.append",
        "printer.submit_held",
        "trail.append",
        "trail.append",
        "printer.release",
    ]
    assert counter.rows() == ["SAVED", "SUBMITTING", "HELD", "RELEASED"]
    assert {ending: path.name for ending, path in out.saved.items()} == {
        ".pdf": f"{counter.serial}.pdf",
        "-fax.pdf": f"{counter.serial}-fax.pdf",
    }
    assert out.entry.copies == 2


def test_a_sealed_card_is_told_with_all_that_failed(counter: Counter) -> None:
    order = Order(ToFolder(counter.out), ToPrinter("FRONT"))
    counter.folder.fails["save"] = MachineFailed("disk_full")
    counter.printer.failure = MachineFailed("cups_down")
    out = counter.hand_out.issued(counter.issuer, counter.card, order)
    assert [one.code for one in out.failures] == ["disk_full", "cups_down"]
    assert (out.entry.state, out.saved) == (State.SEALED, {})


@pytest.mark.parametrize("whole", [False, True])
def test_what_is_done_again_as_a_whole_is_not_printed_before_it_is_saved(
    counter: Counter, whole: bool
) -> None:
    order = Order(ToFolder(counter.out), ToPrinter("FRONT"), whole=whole)
    counter.folder.fails["save"] = MachineFailed("disk_full")
    out = counter.hand_out.issued(counter.issuer, counter.card, order)
    assert [one.code for one in out.failures] == ["disk_full"]
    assert (out.entry.state is State.SEALED) == whole
    assert bool(counter.printer.printed) != whole


def test_a_card_that_goes_to_paper_as_well_is_not_done_with_when_it_is_saved(
    counter: Counter,
) -> None:
    order = Order(ToFolder(counter.out), paper_follows=True)
    out = counter.hand_out.issued(counter.issuer, counter.card, order)
    assert out.entry.state is State.SEALED and out.saved
    out = counter.hand_out.issued(counter.issuer, counter.card, replace(order, paper_follows=False))
    assert out.entry.state is State.SAVED


def test_the_sheet_goes_to_a_fax_queue_and_the_cover_page_before_it(counter: Counter) -> None:
    order = Order(printer=ToPrinter("FRONT", fax_to="5185550100", cover=True))
    out = counter.hand_out.issued(counter.issuer, counter.card, order)
    assert not out.failures
    assert counter.card.fax is not None
    ((_, sent),) = counter.printer.printed
    assert sent not in (counter.card.page.pdf, counter.card.fax.pdf), "behind its cover page"


def test_once_more_is_the_same_bytes_in_one_copy_after_the_pin(counter: Counter) -> None:
    first = Order(printer=ToPrinter("FRONT", copies=3))
    counter.hand_out.issued(counter.issuer, counter.card, first)
    counter.hand_out.deliver.watch(counter.issuer, counter.serial)
    assert counter.state is State.COMPLETED

    def refuse() -> None:
        raise Refused("pin_needed")

    with pytest.raises(Refused, match="pin_needed"):
        counter.hand_out.once_more(counter.issuer, counter.serial, first, refuse)
    assert len(counter.printer.printed) == 1 and counter.state is State.COMPLETED

    out = counter.hand_out.once_more(counter.issuer, counter.serial, first, counter.prove)
    assert (out.entry.reprints, out.entry.copies, counter.proofs) == (1, 1, 1)
    assert {data for _, data in counter.printer.printed} == {counter.card.page.pdf}
    assert "reprint" in counter.rows()


def test_nothing_is_taken_back_before_all_is_drawn(counter: Counter) -> None:
    """A card held at the printer stays there where it cannot be drawn anew."""
    job = counter.printer.submit_held("FRONT", counter.serial, counter.card.page.pdf, 1)
    entry = counter.hand_out.deliver.entry(counter.issuer, counter.serial)
    held = replace(entry, state=State.HELD, queue="FRONT", job=job)
    counter.issuer.register.update(held)
    counter.office.paper.fails["card_page"] = MachineFailed("unexpected", kind="x", place="y")
    with pytest.raises(MachineFailed, match="unexpected"):
        counter.hand_out.once_more(
            counter.issuer, counter.serial, Order(ToFolder(counter.out)), counter.prove
        )
    assert counter.state is State.HELD and not counter.acts("printer.cancel")
    counter.office.paper.fails.clear()
    saved = counter.hand_out.once_more(
        counter.issuer,
        counter.serial,
        Order(ToFolder(counter.out, fax_sheet=True, fax_file=FaxFile.G3_FINE)),
        counter.prove,
    )
    assert set(saved.saved) == {".pdf", "-fax.pdf", "-fax.tiff"}
    assert counter.acts("printer.cancel") and counter.proofs == 0


def test_by_e_mail_the_pin_is_asked_for_the_second_time(counter: Counter) -> None:
    order = Order(mail=ToMail(TO, fax_sheet=True))
    out = counter.hand_out.once_more(counter.issuer, counter.serial, order, counter.prove)
    assert out.mail is not None and out.mail.state is MailState.QUEUED
    assert (out.mail_file, counter.proofs) == (None, 0)
    order = Order(mail=ToMail(TO, file=counter.out))
    out = counter.hand_out.once_more(counter.issuer, counter.serial, order, counter.prove)
    assert out.mail_file == counter.out / f"{counter.serial}.eml"
    assert out.entry.state is State.SAVED
    counter.hand_out.once_more(counter.issuer, counter.serial, order, counter.prove)
    assert counter.proofs == 1


def test_a_card_that_is_void_or_not_there_goes_no_way(counter: Counter) -> None:
    hand_out, issuer = counter.hand_out, counter.issuer
    ways = (Order(ToFolder(counter.out)), Order(printer=ToPrinter("FRONT")), Order(mail=ToMail(TO)))
    for order in ways:
        with pytest.raises(Refused, match="no_such_card"):
            hand_out.once_more(issuer, "7K3M9QXD-000009-X", order, counter.prove)
    hand_out.deliver.void(issuer, counter.serial, "lost")
    for order in ways:
        with pytest.raises(Refused, match="is_void"):
            hand_out.once_more(issuer, counter.serial, order, counter.prove)
    assert not counter.printer.printed and not counter.mailer.letters


def test_nothing_is_sealed_for_a_way_that_is_closed(counter: Counter) -> None:
    with pytest.raises(MachineFailed):
        counter.hand_out.check(Order(ToFolder(Path("/proc/nowhere"))))
    with pytest.raises(Refused, match="no_such_queue"):
        counter.hand_out.check(Order(printer=ToPrinter("BACK")))
    counter.printer.stopped = True
    with pytest.raises(Refused, match="printer_not_ready"):
        counter.hand_out.check(Order(printer=ToPrinter("FRONT")))
    counter.hand_out.check(Order(printer=ToPrinter("FRONT", anyway=True)))


def test_the_card_that_is_told_is_the_one_that_was_sealed(counter: Counter) -> None:
    card: IssuedCard = counter.card
    out = counter.hand_out.issued(counter.issuer, card, Order(ToFolder(counter.out)))
    assert out.entry.card == card.card
    assert out.saved[".pdf"].read_bytes() == card.page.pdf
