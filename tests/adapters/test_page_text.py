"""The face is recovered from a PDF's text, and only from text that a reader would see."""

from __future__ import annotations

from dataclasses import astuple, fields, replace
from io import BytesIO

import pytest
from reportlab.pdfgen.canvas import Canvas

from iies_tui.adapters.page_text import faces_on
from iies_tui.adapters.paper import LetterPaper
from iies_tui.domain.card import Mode, Organization, Registrant, SealedCard
from iies_tui.domain.face import Face, show_check_code
from iies_tui.text import words
from tests import samples
from tests.pdf_facts import opened

PAPER = LetterPaper("1.0")
LONG = Organization(
    "THE ADIRONDACK AND CHAMPLAIN VALLEY REGIONAL COOPERATIVE HAULING & STORAGE " * 2
)


def faces_of(pdf: bytes) -> tuple[tuple[Face, str], ...]:
    with opened(pdf) as document:
        return faces_on(document[0])


def cards() -> list[SealedCard]:
    usual = samples.facts()
    return [
        samples.small(),
        samples.sealed(),
        samples.sealed(mode=Mode.SPECIMEN),
        samples.fleet(),
        samples.largest(),
        samples.largest(Mode.LIVE),
        samples.sealed(replace(usual, registrants=(), organization=LONG)),
        samples.sealed(replace(usual, registrants=(Registrant("MUÑOZ-GARCÍA", "JOSÉ"),))),
        samples.sealed(replace(usual, registrants=(Registrant("YEAR", ""), Registrant("AND", "")))),
        samples.sealed(replace(usual, policy="POLICY NUMBER")),
    ]


@pytest.mark.parametrize("number", range(10))
def test_what_was_bound_is_what_the_text_says(number: int) -> None:
    """The digest of the envelope is over canonical text, so that is what must agree."""
    card = cards()[number]
    bound = Face.of(card.facts, card.serial)
    for document in (PAPER.card_page([card]), PAPER.fax_sheet(card)):
        found = faces_of(document.pdf)
        assert len(found) == 1
        face, code = found[0]
        assert code == card.check_code
        assert [" ".join(value.split()) for value in astuple(face)] == [
            " ".join(value.split()) for value in astuple(bound)
        ]
        assert face.digest(code) == bound.digest(card.check_code)


def drawn(lines: list[str], **how: object) -> bytes:
    """A page of lines, one text object each."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(612, 792))
    canvas.setFillGray(float(str(how.get("gray", 0))))
    canvas.setFont("Helvetica", float(str(how.get("size", 9))))
    for place, line in enumerate(lines):
        text = canvas.beginText(float(str(how.get("x", 72))), 720 - 12 * place)
        text.setTextRenderMode(int(str(how.get("render", 0))))
        text.textOut(line)
        canvas.drawText(text)
    canvas.save()
    return buffer.getvalue()


def told(card: SealedCard) -> list[str]:
    """Labels and values as our paper tells them."""
    face = Face.of(card.facts, card.serial)
    lines = []
    for field in fields(Face):
        value = str(getattr(face, field.name))
        if field.name in ("effective", "expiration"):
            value = f"{value[5:7]}/{value[8:]}/{value[:4]}"
        lines += [words(f"face_label.{field.name}"), value]
    return [*lines, words("face_label.check_code"), show_check_code(card.check_code)]


def test_a_strangers_page_with_the_same_words_is_found_too() -> None:
    card = samples.sealed()
    bound = (Face.of(card.facts, card.serial), card.check_code)
    assert faces_of(drawn(told(card))) == (bound,)


@pytest.mark.parametrize(
    "how", [{"gray": 1}, {"gray": 0.7}, {"render": 3}, {"render": 1}, {"size": 3}, {"x": 700}]
)
def test_text_that_nobody_sees_is_not_taken(how: dict[str, object]) -> None:
    assert faces_of(drawn(told(samples.sealed()), **how)) == ()


def test_two_parts_that_differ_are_both_told() -> None:
    card = samples.sealed()
    other = replace(card, facts=replace(card.facts, registrants=(Registrant("ROE", "RICHARD"),)))
    found = faces_of(drawn(told(card)[:30] + told(other)))
    assert [face.name1 for face, _ in found] == ["DOE JOHN Q", "ROE RICHARD"]


def test_a_page_without_a_card_states_no_face() -> None:
    assert faces_of(drawn(["Dear customer,", words("face_label.form"), "FS-20"])) == ()
    assert faces_of(drawn([words("face_label.check_code"), "NOT A CODE"])) == ()


def test_a_date_of_another_form_compares_as_different() -> None:
    card = samples.sealed()
    lines = [line.replace("12/01/2026", "1 DEC 2026") for line in told(card)]
    ((face, _),) = faces_of(drawn(lines))
    assert face.effective == "1 DEC 2026"
    assert face.digest(card.check_code) != Face.of(card.facts, card.serial).digest(card.check_code)
