"""A queue's own settings never change a page: the job says otherwise, or nothing is printed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st
from reportlab.lib.pagesizes import LETTER as LETTER_SIZE
from reportlab.pdfgen.canvas import Canvas

from iies_tui.adapters.cups import page_settings
from iies_tui.adapters.cups.jobs import CupsPrinter
from iies_tui.adapters.cups.page_settings import AS_IT_IS, LETTER, DriverOption, of_queue
from iies_tui.adapters.paper import LetterPaper
from iies_tui.adapters.reading.symbol_reader import ZxingReader
from iies_tui.domain.delivery import JobState
from iies_tui.domain.errors import Refused
from iies_tui.issuance.ports.barcode import FoundPage
from tests.support import samples
from tests.support.cups_fixture import PrivateCups
from tests.support.pdf_facts import gray, opened

HOSTILE = {
    "booklet": "on",
    "crop-to-fit": "true",
    "fill": "true",
    "finishings": "4",
    "fit-to-page": "true",
    "fitplot": "true",
    "job-sheets": "standard,none",
    "landscape": "true",
    "media": "iso_a4_210x297mm",
    "mirror": "true",
    "multiple-document-handling": "separate-documents-uncollated-copies",
    "number-up": "2",
    "number-up-layout": "tbrl",
    "orientation-requested": "4",
    "output-order": "reverse",
    "page-border": "double-thick",
    "page-delivery": "reverse-order",
    "page-ranges": "2-2",
    "page-set": "even",
    "pdftopdfAutoRotate": "true",
    "position": "top-left",
    "print-scaling": "fit",
    "sides": "two-sided-long-edge",
    "copies": "3",
}
"""A default of a queue for each attribute that a job says, and of ``copies``."""
SEEN = (
    *("booklet", "fill", "fit-to-page", "fitplot", "landscape", "media", "mirror", "number-up"),
    *("output-order", "page-border", "page-delivery", "page-ranges", "page-set", "print-scaling"),
)
"""Those that visibly change a page that a plain job prints here: the pictures can tell."""


def two_pages() -> bytes:
    """Nothing on them is where it would be after a turn, a mirror or a scaling."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=LETTER_SIZE, pageCompression=0)
    for page in (1, 2):
        canvas.setFont("Helvetica", 60)
        canvas.drawString(80, 640, f"PAGE {page}")
        canvas.rect(20, 20, 572, 752)
        canvas.rect(60, 100, 100 * page, 50, fill=1)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def same_pages(printed: bytes, ours: bytes) -> bool:
    """The very pictures, page for page, and no page more."""
    with opened(printed) as one, opened(ours) as other:
        if len(one) != (count := len(other)):
            return False
    pictures = [(gray(printed, 50, at), gray(ours, 50, at)) for at in range(count)]
    return all(
        one.shape == other.shape and np.abs(one.astype(int) - other).mean() < 0.5
        for one, other in pictures
    )


def print_and_wait(cups: PrivateCups, queue: str, pdf: bytes) -> bytes:
    printer = CupsPrinter()
    assert printer.forced(queue) == ()
    job = printer.submit_held(queue, "7K3M9QXD-000001-X", pdf, 1)
    printer.release(job)
    done = lambda: printer.status(queue, job).state is JobState.COMPLETED  # noqa: E731
    cups.wait_for(done, f"{queue} printed")
    return next(one.data for one in cups.printed() if one.job == job)


def _more_than(cups: PrivateCups, count: int) -> bool:
    return len(cups.printed()) > count


def defaults(names: Iterable[str]) -> list[str]:
    """What lpadmin takes; a queue's default size of paper is its driver's."""
    told = {name: f"{name}-default={HOSTILE[name]}" for name in names}
    if "media" in told:
        told["media"] = "PageSize=A4"
    return [part for one in told.values() for part in ("-o", one)]


def test_every_attribute_that_a_job_says_has_a_hostile_default_here() -> None:
    assert set(HOSTILE) == {*AS_IT_IS, "copies"}


def test_each_hostile_default_and_all_together_leave_our_pages_as_they_are(
    private_cups: PrivateCups, tmp_path: Path
) -> None:
    """And most of them change a plain job's, so that these pictures can tell."""
    pdf = two_pages()
    file = tmp_path / "two.pdf"
    file.write_bytes(pdf)
    changed = []
    for name in HOSTILE:
        queue = private_cups.add_queue(
            f"Q-{name}".replace("-", ""), *defaults([name]), kind="filtered"
        )
        assert same_pages(print_and_wait(private_cups, queue, pdf), pdf), name
        if name in SEEN:
            before = len(private_cups.printed())
            private_cups.run("lp", "-d", queue, str(file))
            out = partial(_more_than, private_cups, before)
            private_cups.wait_for(out, f"{name} printed plainly")
            if not same_pages(private_cups.printed()[-1].data, pdf):
                changed.append(name)
    assert tuple(changed) == SEEN
    worst = private_cups.add_queue("WORST", *defaults(HOSTILE), kind="filtered")
    assert same_pages(print_and_wait(private_cups, worst, pdf), pdf)
    card = samples.sealed()
    page = LetterPaper("1.0").card_page([card])
    printed = print_and_wait(private_cups, worst, page.pdf)
    assert same_pages(printed, page.pdf)
    assert list(ZxingReader().pages(printed)) == [FoundPage(1, (card.digits, card.digits))]


def test_a_drivers_own_options_are_set_too(private_cups: PrivateCups) -> None:
    pdf = two_pages()
    private_cups.add_queue("OFFICE", kind="office")
    assert same_pages(print_and_wait(private_cups, "OFFICE", pdf), pdf)
    (asked,) = private_cups.options().values()
    words = asked.split()
    for said in (
        "Duplex=None",
        "noMirrorPrint",
        "ABWatermark=NoWatermark",
        "StapleLocation=None",
    ):
        assert said in words
    assert not [word for word in words if word.startswith(("OptionDuplexer", "PrintGrayscale"))]


@pytest.mark.parametrize(
    ("options", "kind", "setting"),
    [
        (("-o", "page-label-default=DRAFT"), "filtered", "page-label=DRAFT"),
        (("-o", "page-top-default=144"), "filtered", "page-top=144"),
        ((), "stubborn", "Overlay=Letterhead"),
        ((), "a4", f"media-supported without {LETTER}"),
    ],
)
def test_what_no_job_can_set_is_named(
    private_cups: PrivateCups, options: tuple[str, ...], kind: str, setting: str
) -> None:
    queue = private_cups.add_queue("FRONT", *options, kind=kind)
    assert CupsPrinter().forced(queue) == (setting,)


def test_a_classified_server_prints_banners_and_so_gets_no_card(private_cups: PrivateCups) -> None:
    private_cups.add_queue("FRONT")
    with (private_cups.root / "etc" / "cupsd.conf").open("a") as settings:
        settings.write("Classification confidential\n")
    private_cups.stop_server()
    private_cups.start()
    printer = CupsPrinter()
    with pytest.raises(Refused) as refused:
        printer.submit_held("FRONT", "7K3M9QXD-000001-X", two_pages(), 1)
    assert refused.value.params == {"queue": "FRONT", "setting": "job-sheets=confidential"}
    (job,) = printer.jobs_named("7K3M9QXD-000001-X")
    assert job.state is JobState.CANCELED
    assert private_cups.printed() == []


def test_a_raw_queue_has_nothing_to_set(private_cups: PrivateCups) -> None:
    uri = f"iies-test:{private_cups.root}?RAW"
    private_cups.run("lpadmin", "-p", "RAW", "-E", "-v", uri, "-m", "raw")
    assert CupsPrinter().forced("RAW") == ()


NAMES = st.from_regex(r"[a-z][a-z-]{0,20}", fullmatch=True)


@given(st.dictionaries(NAMES, st.one_of(st.text(max_size=5), st.booleans(), st.integers())))
def test_a_default_that_nobody_knows_is_never_passed_over(values: dict[str, object]) -> None:
    found = of_queue({f"{name}-default": value for name, value in values.items()}, [])
    told = {one.partition("=")[0] for one in found.forced}
    for name in values:
        known = name in AS_IT_IS or name.startswith(("job-", "notify-"))
        assert (name in told) is not (known or name in page_settings._HARMLESS)
    assert found.said == AS_IT_IS


@given(
    st.sampled_from(("ABWatermark", "MirrorPrint", "PagesPerSheet", "FitToPage", "NUp", "Scaling")),
    st.lists(st.sampled_from(("On", "Two", "NorthWest", "Confidential")), min_size=1, unique=True),
    st.sampled_from(("None", "Off", "False", "NoWatermark", "1", "100%", "")),
)
def test_a_drivers_page_option_is_neutral_or_told(
    keyword: str, hostile: list[str], neutral: str
) -> None:
    choices = (*hostile, neutral) if neutral else tuple(hostile)
    found = of_queue({}, [DriverOption("Finishing", keyword, hostile[0], choices)])
    if neutral:
        assert (found.said[keyword], found.forced) == (neutral, ())
    else:
        assert found.forced == (f"{keyword}={hostile[0]}",)
