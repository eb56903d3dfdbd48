"""The face is recovered from a PDF's text, and only from text that a reader would see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, fields, replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pypdfium2 import raw
from reportlab.lib.colors import black, white
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from iies_tui.adapters.paper import LetterPaper
from iies_tui.adapters.paper.fonts import SANS, register_fonts
from iies_tui.adapters.reading.page_text import text_on
from iies_tui.adapters.reading.plain_page import plain_texts
from iies_tui.domain.card import Mode, Organization, Registrant, SealedCard
from iies_tui.domain.face import Face, show_check_code
from iies_tui.domain.face_labels import LABELS
from tests.support import samples
from tests.support.pdf_facts import opened

PAPER = LetterPaper("1.0")
LONG = Organization(
    "THE ADIRONDACK AND CHAMPLAIN VALLEY REGIONAL COOPERATIVE HAULING & STORAGE " * 2
)


def faces_of(pdf: bytes) -> tuple[tuple[Face, str], ...]:
    with opened(pdf) as document:
        return text_on(document[0]).faces


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


def drawn(lines: list[str], **how: Any) -> bytes:
    """A stranger's page of lines in our fonts, one text object each; ``how`` tells a trick.

    ``before`` and ``after`` draw on the canvas beside the text, inside its state of graphics.
    """
    register_fonts()
    buffer = BytesIO()
    canvas = Canvas(
        buffer,
        pagesize=how.get("page", (612, 792)),
        pageCompression=0,
        initialFontName=SANS,  # type: ignore[arg-type]  # the stub takes it for a number
    )
    canvas.setFillGray(how.get("gray", 0))
    canvas.setFont(how.get("font", SANS), how.get("size", 9))
    canvas.saveState()
    how.get("before", lambda canvas: None)(canvas)
    for place, line in enumerate(lines):
        text = canvas.beginText(how.get("x", 72), 720 - 12 * place)
        text.setTextRenderMode(how.get("render", 0))
        text.setCharSpace(how.get("space", 0))
        text.textOut(line)
        canvas.drawText(text)
    how.get("after", lambda canvas: None)(canvas)
    canvas.restoreState()
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
        lines += [LABELS[field.name], value]
    return [*lines, LABELS["check_code"], show_check_code(card.check_code)]


def swap_codes(pdf: bytes, one: str, other: str) -> bytes:
    """The map from codes to characters with two characters exchanged, wherever it stands."""
    first, second = b"<%04X>" % ord(one), b"<%04X>" % ord(other)
    start = pdf.index(b"beginbfrange") if b"beginbfrange" in pdf else pdf.index(b"beginbfchar")
    end = pdf.index(b"endcmap", start)
    table = pdf[start:end]
    assert first in table
    assert second in table
    table = table.replace(first, b"\0").replace(second, first).replace(b"\0", second)
    return pdf[:start] + table + pdf[end:]


def test_a_strangers_page_with_the_same_words_is_found_too() -> None:
    card = samples.sealed()
    bound = (Face.of(card.facts, card.serial), card.check_code)
    assert faces_of(drawn(told(card))) == (bound,)


@pytest.mark.parametrize(
    "how", [{"gray": 1}, {"gray": 0.7}, {"render": 3}, {"render": 1}, {"size": 3}, {"x": 700}]
)
def test_text_that_nobody_sees_is_not_taken(how: dict[str, Any]) -> None:
    assert faces_of(drawn(told(samples.sealed()), **how)) == ()


def clip(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.rect(0, 0, 0.1, 0.1)
    canvas.clipPath(path, stroke=0, fill=0)


def picture(canvas: Canvas, x: float = 400) -> None:
    canvas.drawImage(ImageReader(Image.new("RGB", (20, 20), "white")), x, 300, 20, 20)


def form(canvas: Canvas) -> None:
    canvas.beginForm("other")
    canvas.drawString(400, 300, "ROE RICHARD")
    canvas.endForm()
    canvas.doForm("other")


def raw_code(code: str) -> Callable[[Canvas], None]:
    return lambda canvas: canvas._code.append(code)  # type: ignore[attr-defined]


def filled(x: float, gray: float = 1) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(gray)
        canvas.rect(x, 60, 200, 700, stroke=0, fill=1)

    return draw


def thick(canvas: Canvas) -> None:
    canvas.setStrokeGray(1)
    canvas.setLineWidth(100)
    canvas.line(100, 60, 100, 740)


def outlines(canvas: Canvas) -> None:
    """A filled shape that is no symbol: letters drawn as curves."""
    path = canvas.beginPath()
    path.circle(450, 300, 20)
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)


def many_lines(canvas: Canvas) -> None:
    for number in range(60):
        canvas.line(400, 300 + number, 410, 300 + number)


TRICKS: dict[str, dict[str, Any]] = {
    "tiny through the matrix": {"before": lambda canvas: canvas.scale(0.01, 0.01)},
    "flattened": {"before": lambda canvas: canvas.scale(1, 0.1)},
    "mirrored": {"before": lambda canvas: canvas.transform(-1, 0, 0, 1, 500, 0)},
    "slanted": {"before": lambda canvas: canvas.rotate(5)},
    "characters on one heap": {"space": -4.5},
    "clipped away": {"before": clip},
    "under a picture": {"after": lambda canvas: picture(canvas, 72)},
    "a picture beside": {"before": picture},
    "a form beside": {"after": form},
    "a shading": {"before": lambda c: c.linearGradient(0, 0, 9, 9, (black, white), extend=False)},
    "under a filled path": {"after": filled(60)},
    "a filled path beside": {"before": filled(400, 0)},
    "under a thick line": {"after": thick},
    "letters as curves": {"before": outlines},
    "letters as many lines": {"before": many_lines},
    "under other words": {"after": lambda canvas: canvas.drawString(74, 721, "ROE RICHARD")},
    "other stated words": {
        "before": raw_code("/Span <</ActualText (FS-20)>> BDC"),
        "after": raw_code("EMC"),
    },
    "nearly transparent": {"before": lambda canvas: canvas.setFillAlpha(0.02)},
    "blended away": {"before": lambda canvas: canvas.setBlendMode("Screen")},
    "a link": {"after": lambda canvas: canvas.linkURL("http://localhost/", (1, 1, 90, 90))},
    "a form's field": {"after": lambda c: c.acroForm.textfield(value="ROE", x=300, y=300)},
    "turned": {"after": lambda canvas: canvas.setPageRotation(180)},
    "another size of page": {"page": (612, 1008)},
    "cropped": {"after": lambda canvas: canvas.setCropBox((300, 0, 612, 792))},
    "another font": {"font": "Helvetica"},
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_page_that_may_show_something_else_states_no_face(trick: str) -> None:
    lines = told(samples.sealed())
    assert len(faces_of(drawn(lines))) == 1
    assert faces_of(drawn(lines, **TRICKS[trick])) == ()


@pytest.mark.parametrize("trick", ["a picture beside", "under a filled path", "a form beside"])
def test_our_own_page_drawn_over_states_no_face(trick: str) -> None:
    """pdfium's own editing puts an object over what we drew."""
    with opened(PAPER.card_page([samples.sealed()]).pdf) as document:
        page = document[0]
        assert len(text_on(page).faces) == 1
        over = raw.FPDFPageObj_CreateNewRect(40, 500, 300, 100)
        if trick == "a picture beside":
            over = raw.FPDFPageObj_NewImageObj(document)
        elif trick == "a form beside":
            with opened(drawn(["ROE RICHARD"])) as other:
                xobject = raw.FPDF_NewXObjectFromPage(document, other, 0)
                over = raw.FPDF_NewFormObjectFromXObject(xobject)
                raw.FPDF_CloseXObject(xobject)
        else:
            raw.FPDFPageObj_SetFillColor(over, 255, 255, 255, 255)
            raw.FPDFPath_SetDrawMode(over, raw.FPDF_FILLMODE_WINDING, 0)
        raw.FPDFPage_InsertObject(page, over)
        assert text_on(page).faces == ()


@pytest.mark.parametrize(
    "boxes",
    [
        b"/MediaBox [ -612 0 0 792 ]",
        b"/MediaBox [ 0 0 612 792 ] /CropBox [ 300 0 612 792 ]",
        b"/MediaBox [ 0 0 612 792 ] /CropBox [ 0 9 612 792 ]",
        b"/NoBox [ 0 0 612 792 ]",
    ],
)
def test_a_page_with_odd_boxes_states_no_face(boxes: bytes) -> None:
    ours = PAPER.fax_sheet(samples.sealed()).pdf
    box = b"/MediaBox [ 0 0 612 792 ]"
    assert ours.count(box) == 1
    assert len(faces_of(ours)) == 1
    assert faces_of(ours.replace(box, boxes)) == ()


def test_a_box_that_the_tree_of_pages_hands_down_counts_too() -> None:
    ours = PAPER.fax_sheet(samples.sealed()).pdf
    forged = ours.replace(b"/Type /Pages", b"/Type /Pages /CropBox [ 300 0 612 792 ]")
    assert forged != ours
    assert faces_of(forged) == ()


@pytest.mark.parametrize("words_hidden", [True, False])
def test_a_hidden_layer_states_no_face(words_hidden: bool) -> None:
    """The words, or a mere line beside them, belong to a layer that is switched off."""
    start, end = raw_code("/OC /MC0 BDC"), raw_code("EMC")

    def line(canvas: Canvas) -> None:
        start(canvas)
        canvas.line(400, 300, 410, 300)
        end(canvas)

    how = {"before": start, "after": end} if words_hidden else {"after": line}
    plain = drawn(told(samples.sealed()), **how)
    layer = b"/Resources << /Properties << /MC0 << /Type /OCG /Name (x) >> >>"
    forged = plain.replace(b"/Resources <<", layer, 1)
    assert forged != plain
    assert faces_of(forged) == ()


def test_letters_that_are_not_what_their_codes_say_state_no_face() -> None:
    """The codes are mapped to other characters: the layer says DOE JOHN where JOE DOHN is drawn."""
    card = samples.sealed()
    roe = replace(card, facts=replace(card.facts, registrants=(Registrant("JOE", "DOHN"),)))
    pdf = drawn(told(roe))
    assert len(faces_of(pdf)) == 1
    swapped = swap_codes(pdf, "J", "D")
    with opened(swapped) as document:
        said = [text.words for text in plain_texts(document[0]) or ()]
    assert "DOE JOHN" in " ".join(said)
    assert faces_of(swapped) == ()


def test_a_font_that_only_bears_the_name_states_no_face() -> None:
    """Another file under our family's name draws other letters, or is none at all."""
    pdf = drawn(told(samples.sealed()), font="Helvetica")
    assert faces_of(pdf.replace(b"/BaseFont /Helvetica", b"/BaseFont /DejaVuSansCondensed")) == ()
    typed = pdf.replace(b"/Subtype /Type1", b"/Subtype /Type3")
    assert typed != pdf
    assert faces_of(typed) == ()


def test_two_parts_that_differ_are_both_told() -> None:
    card = samples.sealed()
    other = replace(card, facts=replace(card.facts, registrants=(Registrant("ROE", "RICHARD"),)))
    found = faces_of(drawn(told(card)[:30] + told(other)))
    assert [face.name1 for face, _ in found] == ["DOE JOHN Q", "ROE RICHARD"]


def test_a_page_without_a_card_states_no_face() -> None:
    assert faces_of(drawn(["Dear customer,", LABELS["form"], "FS-20"])) == ()
    assert faces_of(drawn([LABELS["check_code"], "NOT A CODE"])) == ()


def test_a_date_of_another_form_compares_as_different() -> None:
    card = samples.sealed()
    lines = [line.replace("12/01/2026", "1 DEC 2026") for line in told(card)]
    ((face, _),) = faces_of(drawn(lines))
    assert face.effective == "1 DEC 2026"
    assert face.digest(card.check_code) != Face.of(card.facts, card.serial).digest(card.check_code)
