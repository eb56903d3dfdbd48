"""A page is drawn from its input and its symbol alone, and whatever it shows is in the digest."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from iies_tui.adapters.encoding import cbor
from iies_tui.adapters.paper import LetterPaper, pages
from iies_tui.adapters.paper.inputs import KINDS, Content, PageInput, canonical_input, digest
from iies_tui.domain.card import (
    Agency,
    Form,
    Layout,
    Mode,
    Organization,
    Registrant,
    SealedCard,
    Vehicle,
)
from iies_tui.domain.drawing import DIGEST_BYTES, LAYOUT
from iies_tui.domain.face import normalize_check_code
from tests.support import samples
from tests.support.pdf_facts import opened
from tests.support.places import ROOT

PAPER = LetterPaper("test")
DRAWING = ("canvas", "card_page", "window_page", "fax_page", "information", "face", "pen", "fit")
NO_SOURCE = {
    "iies_tui.text",
    "iies_tui.domain.card",
    "iies_tui.domain.face_labels",
    "iies_tui.adapters.paper.pages",
    "iies_tui.adapters.paper.cells",
}
"""Where words and values come from. ``canvas`` alone takes one, a file's subject: no mark."""


def informed(card: SealedCard) -> SealedCard:
    return replace(card, information="YOUR CARDS\n\nKeep one of them in the vehicle.")


def inputs_of(card: SealedCard) -> list[PageInput]:
    information = pages.information_page(informed(card))
    assert information is not None
    window = pages.window_page(card if card.facts.address else samples.sealed())
    return [pages.plain_page(card), window, pages.fax_sheet(card), information]


@pytest.mark.parametrize("module", DRAWING)
def test_the_drawing_has_no_other_source(module: str) -> None:
    """No module that draws a card's pages imports what words or a card's values come from."""
    path = ROOT / "iies_tui" / "adapters" / "paper" / f"{module}.py"
    imported = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            imported.add(node.module)
        elif isinstance(node, ast.Import):
            imported |= {one.name for one in node.names}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("open", "__import__", "eval", "exec")
    allowed = {"iies_tui.text"} if module == "canvas" else set()
    assert imported & NO_SOURCE <= allowed


def variants(value: Any) -> Iterator[Any]:
    """The value with one member of it changed, once for each: other texts, one less, one more."""
    if isinstance(value, str):
        yield value + "X"
    elif isinstance(value, tuple):
        yield (*value, *(value[-1:] or ("X",)))
        for place, one in enumerate(value):
            yield value[:place] + value[place + 1 :]
            yield from ((*value[:place], other, *value[place + 1 :]) for other in variants(one))
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield {other: member for other, member in value.items() if other != name}
            yield from ({**value, name: other} for other in variants(one))
    else:
        for field in dataclasses.fields(value):
            if field.compare:
                member = getattr(value, field.name)
                yield from (replace(value, **{field.name: other}) for other in variants(member))


@pytest.mark.parametrize("card", [samples.sealed(), samples.fleet(), samples.small()])
def test_whatever_is_changed_changes_the_digest(card: SealedCard) -> None:
    for page in inputs_of(card):
        found = [canonical_input(one) for one in (page, *variants(page))]
        assert len(found) > 4
        assert found.count(found[0]) == 1, "a member is not in the canonical form"


def test_what_is_no_mark_is_not_in_it() -> None:
    """The request's path of a value, which only a refusal tells."""
    page = pages.plain_page(samples.sealed())
    cells = {
        name: tuple(Content(one.label, one.paragraphs, "elsewhere") for one in contents)
        for name, contents in page.face.cells.items()
    }
    other = replace(page, face=replace(page.face, cells=cells))
    assert other == page and canonical_input(other) == canonical_input(page)


def test_the_canonical_form_is_what_the_documents_say() -> None:
    for page in inputs_of(samples.sealed()):
        whole = cbor.decode(canonical_input(page), max_bytes=9999)
        assert isinstance(whole, list)
        version, kind, members = whole
        assert (version, kind) == (LAYOUT, KINDS[type(page)])
        assert len(members) == len(dataclasses.fields(page))
    first, second = (digest(code, page) for code in ("7K3M9QXDW2", "7K3M9QXDW3"))
    assert first != second and len(first) == len(second) == DIGEST_BYTES


# -- what a page shows, and its digest ---------------------------------------------------------

WORD = st.text(st.sampled_from("ABCDÉ -"), min_size=1, max_size=9)
LINE = WORD.filter(str.strip)
NUMBER = st.sampled_from(["", "123456789"])
CHANGES = st.one_of(
    st.fixed_dictionaries({"form": st.sampled_from(Form)}),
    st.fixed_dictionaries({"insurer_name": LINE}),
    st.fixed_dictionaries({"icc": st.sampled_from(["007", "901"])}),
    st.fixed_dictionaries({"policy": LINE}),
    st.fixed_dictionaries({"license": LINE}),
    st.fixed_dictionaries({"current": st.dates(date(2026, 1, 1), date(2027, 1, 1))}),
    st.fixed_dictionaries({"effective": st.dates(date(2026, 1, 1), date(2027, 1, 1))}),
    st.fixed_dictionaries({"expiration": st.dates(date(2026, 1, 1), date(2027, 1, 1))}),
    st.fixed_dictionaries(
        {
            "registrants": st.lists(
                st.builds(Registrant, LINE, LINE, WORD, st.just(""), NUMBER), min_size=1, max_size=2
            ).map(tuple)
        }
    ),
    st.fixed_dictionaries(
        {"registrants": st.just(()), "organization": st.builds(Organization, LINE, NUMBER)}
    ),
    st.fixed_dictionaries({"address": st.lists(LINE, min_size=1, max_size=4).map(tuple)}),
    st.fixed_dictionaries(
        {"vehicle": st.none() | st.builds(Vehicle, st.integers(1930, 2027), LINE, LINE)}
    ),
    st.fixed_dictionaries({"waived": st.sampled_from([(), ("vin_check",)])}),
)
AGENCIES = st.builds(Agency, WORD, st.lists(WORD, max_size=2).map(tuple), WORD, WORD)
OF_THE_CARD = st.one_of(
    st.fixed_dictionaries({"mode": st.sampled_from(Mode)}),
    st.fixed_dictionaries({"mode_reason": LINE}),
    st.fixed_dictionaries({"issued_at": st.just(samples.sealed().issued_at + timedelta(days=1))}),
    st.fixed_dictionaries({"authority": LINE}),
    st.fixed_dictionaries({"root_words": LINE}),
    st.fixed_dictionaries({"agency": AGENCIES}),
    st.fixed_dictionaries({"layout": st.sampled_from(Layout)}),
    st.fixed_dictionaries({"information": st.sampled_from(["", "A\n\nB", "A\n\nB\n\nC", "AB"])}),
)


def marks(pdf: bytes) -> list[list[tuple[str, tuple[float, ...]]]]:
    """Of each page: every text with its place, and how many other things stand there."""
    found = []
    with opened(pdf) as document:
        for page in document:
            layer, texts = page.get_textpage(), []
            for item in page.get_objects(textpage=layer):
                if hasattr(item, "extract"):
                    texts.append((item.extract(), tuple(map(float, item.get_bounds()))))
                else:
                    texts.append(("", tuple(map(float, item.get_bounds()))))
            layer.close()
            page.close()
            found.append(texts)
    return found


@settings(max_examples=30, deadline=None)
@given(CHANGES, OF_THE_CARD)
def test_pages_that_differ_have_other_digests_and_pages_that_do_not_the_same(
    of_facts: dict[str, Any], of_card: dict[str, Any]
) -> None:
    """The same digits throughout: what differs is what the drawing took."""
    one = samples.sealed()
    for other in (
        replace(one, facts=replace(one.facts, **of_facts)),
        replace(one, **of_card),
    ):
        ours, theirs = PAPER.drawn(one), PAPER.drawn(other)
        (card, *more), (card_too, *more_too) = (
            marks(PAPER.card_page([card]).pdf) for card in (one, other)
        )
        assert (card == card_too) is (ours.card == theirs.card)
        assert (more == more_too) is (ours.information == theirs.information)
        fax, fax_too = (marks(PAPER.fax_sheet(card).pdf) for card in (one, other))
        assert (fax == fax_too) is (ours.fax == theirs.fax)


def test_each_page_has_its_own_digest_and_no_page_has_none() -> None:
    card = informed(samples.sealed())
    drawn = PAPER.drawn(card)
    assert drawn.layout == LAYOUT
    assert len({drawn.card, drawn.fax, drawn.information}) == 3
    assert drawn.information == digest(
        normalize_check_code(card.check_code), pages.information_page(card) or pages.fax_sheet(card)
    )
    without = PAPER.drawn(samples.sealed())
    assert without.information == bytes(DIGEST_BYTES)
    assert (without.card, without.fax) == (drawn.card, drawn.fax)


def test_the_digits_are_no_part_of_it() -> None:
    """An envelope holds the digests, so they are made before there are digits."""
    card = samples.sealed()
    assert PAPER.drawn(replace(card, digits="")) == PAPER.drawn(card)


def test_blanks_that_paper_does_not_show_make_no_difference() -> None:
    spaced = replace(samples.AGENCY, message=" Ask  us about\u00a0your renewal. ")
    card = samples.sealed(agency=spaced)
    assert PAPER.drawn(card) == PAPER.drawn(samples.sealed())
    assert marks(PAPER.card_page([card]).pdf) == marks(PAPER.card_page([samples.sealed()]).pdf)
