"""Symbols are read from the bytes that leave, from pictures of them, and never with a crash."""

from __future__ import annotations

import inspect
import json
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from iies_tui.adapters.barcode.symbol import codeword_count, strongest_level
from iies_tui.adapters.paper import LetterPaper
from iies_tui.adapters.paper.geometry import CARD_SYMBOL
from iies_tui.adapters.reading import (
    letterforms,
    page_text,
    pictures,
    plain_page,
    raster,
    symbol_reader,
)
from iies_tui.adapters.reading.raster import one_bit
from iies_tui.adapters.reading.symbol_reader import ZxingReader
from iies_tui.domain.card import Mode, SealedCard
from iies_tui.domain.errors import Refused
from iies_tui.domain.face import Face
from iies_tui.issuance.ports.barcode import FoundPage
from iies_tui.issuance.ports.paper import Box, Document
from tests.support import samples
from tests.support.pdf_facts import gray

PAPER = LetterPaper("1.0")
CARDS: dict[str, Callable[[], SealedCard]] = {
    "small": samples.small,
    "usual": samples.sealed,
    "specimen": lambda: samples.sealed(mode=Mode.SPECIMEN),
    "largest": samples.largest,
}
MEGABYTE = 2**20


def picture_of(document: Document, dpi: int, page: int = 0) -> Image.Image:
    return Image.fromarray(gray(document.pdf, dpi, page))


def file_of(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def read(data: bytes) -> list[FoundPage]:
    return list(ZxingReader().pages(data))


@pytest.mark.parametrize(
    "module", [symbol_reader, raster, page_text, plain_page, letterforms, pictures]
)
def test_the_reading_shares_nothing_with_the_drawing(module: object) -> None:
    source = inspect.getsource(module)  # type: ignore[arg-type]
    for name in ("adapters.paper", "adapters.symbol import", "pdf417gen", "reportlab"):
        assert name not in source


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("name", CARDS)
def test_every_symbol_is_read_back_in_one_bit(name: str, dpi: int) -> None:
    card = CARDS[name]()
    reader = ZxingReader()
    assert reader.read_back(PAPER.card_page([card]), dpi) == (card.digits, card.digits)
    assert reader.read_back(PAPER.fax_sheet(card), dpi) == (card.digits,)


@pytest.mark.parametrize("dpi", [203, 300])
def test_the_whole_page_in_one_bit_gives_both_symbols(dpi: int) -> None:
    card = samples.largest()
    page = one_bit(picture_of(PAPER.card_page([card]), dpi))
    assert read(file_of(page, "PNG")) == [FoundPage(1, (card.digits, card.digits))]


def painted(document: Document, box: Box) -> Document:
    """The document with white painted over a box, as something between us and the printer could."""
    from pypdfium2 import PdfDocument, raw

    pdf = PdfDocument(document.pdf)
    page = pdf[box.page]
    rectangle = raw.FPDFPageObj_CreateNewRect(
        box.left, box.bottom, (box.right - box.left) * 0.8, box.top - box.bottom
    )
    raw.FPDFPageObj_SetFillColor(rectangle, 255, 255, 255, 255)
    raw.FPDFPath_SetDrawMode(rectangle, raw.FPDF_FILLMODE_WINDING, 0)
    raw.FPDFPage_InsertObject(page, rectangle)
    page.gen_content()
    buffer = BytesIO()
    pdf.save(buffer)
    pdf.close()
    return replace(document, pdf=buffer.getvalue())


def test_a_symbol_painted_over_is_not_read_back() -> None:
    card = samples.sealed()
    document = PAPER.card_page([card])
    assert ZxingReader().read_back(painted(document, document.symbols[0]), 203) == (
        "",
        card.digits,
    )
    sheet = PAPER.fax_sheet(card)
    assert ZxingReader().read_back(painted(sheet, sheet.symbols[0]), 300) == ("",)


def test_a_damaged_pdf_is_refused_by_the_read_back() -> None:
    document = PAPER.card_page([samples.sealed()])
    with pytest.raises(Refused, match="not_a_picture"):
        ZxingReader().read_back(replace(document, pdf=document.pdf[:200]), 203)


def test_every_page_of_a_pdf_with_its_faces() -> None:
    cards = [samples.sealed(seed=seed) for seed in (1, 2)]
    found = read(PAPER.card_page(cards).pdf)
    assert [page.page for page in found] == [1, 2]
    for page, card in zip(found, cards, strict=True):
        assert page.symbols == (card.digits, card.digits)
        assert page.faces == ((Face.of(card.facts, card.serial), card.check_code),)


KINDS = {"PNG": ("1", "L", "RGB", "RGBA", "P"), "TIFF": ("1", "L", "RGBA"), "JPEG": ("L", "RGB")}


@pytest.mark.parametrize(
    ("kind", "mode"), [(kind, mode) for kind, modes in KINDS.items() for mode in modes]
)
def test_pictures_of_every_kind(kind: str, mode: str) -> None:
    card = samples.sealed()
    picture = picture_of(PAPER.card_page([card]), 200).convert(mode)
    assert read(file_of(picture, kind)) == [FoundPage(1, (card.digits, card.digits))]


def test_a_tiff_of_several_pages_one_of_them_blank() -> None:
    cards = [samples.sealed(seed=seed) for seed in (1, 2)]
    sheets = [picture_of(PAPER.fax_sheet(card), 200) for card in cards]
    blank = Image.new("L", sheets[0].size, 255)
    data = file_of(sheets[0], "TIFF", save_all=True, append_images=[blank, sheets[1]])
    assert read(data) == [
        FoundPage(1, (cards[0].digits,)),
        FoundPage(2, ()),
        FoundPage(3, (cards[1].digits,)),
    ]


@pytest.mark.parametrize(
    ("kind", "skew"), [("card", -11), ("card", 1.5), ("fax", -4), ("fax", 6), ("card", 6)]
)
def test_a_page_may_lie_askew(kind: str, skew: float) -> None:
    card = samples.largest()
    document = PAPER.card_page([card]) if kind == "card" else PAPER.fax_sheet(card)
    page = picture_of(document, 203).rotate(
        skew, Image.Resampling.BILINEAR, expand=True, fillcolor=255
    )
    assert set(read(file_of(page, "PNG"))[0].symbols) == {card.digits}


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_may_lie_on_any_side(turn: int) -> None:
    card = samples.sealed()
    page = picture_of(PAPER.card_page([card]), 200).rotate(turn, expand=True)
    assert set(read(file_of(page, "PNG"))[0].symbols) == {card.digits}


def test_the_ladder_reads_what_one_look_does_not() -> None:
    """Salt and pepper that hides every symbol from a single reading."""
    card = samples.sealed()
    chance = np.random.default_rng(3)
    dots = gray(PAPER.card_page([card]).pdf, 203)
    hit = chance.random(dots.shape) < 0.3
    dots[hit] = chance.choice((0, 255), hit.sum())
    page = Image.fromarray(dots)
    data = file_of(page, "PNG")
    assert symbol_reader._digits_in(page) == ()
    assert set(read(data)[0].symbols) == {card.digits}


def test_what_is_not_accepted_does_not_end_the_climb_but_is_told() -> None:
    card = samples.small()
    page = picture_of(PAPER.card_page([card]), 150)
    data = file_of(page.crop((0, 0, page.width, page.height // 2)), "PNG")
    asked: list[str] = []

    def never(text: str) -> bool:
        asked.append(text)
        return False

    assert next(ZxingReader(never).pages(data)).symbols == (card.digits,)
    assert len(asked) > 2


def test_a_symbol_of_letters_is_none_of_ours() -> None:
    import zxingcpp

    code = zxingcpp.create_barcode("ANSI 636001 NOT DIGITS", zxingcpp.BarcodeFormat.PDF417)
    picture = Image.fromarray(code.to_image(scale=3))
    page = Image.new("L", (1200, 800), 255)
    page.paste(picture, (100, 100))
    assert read(file_of(page, "PNG")) == [FoundPage(1, ())]


# -- 10 % of the codewords destroyed ---------------------------------------------------------

MOST_ROWS = 53
"""Rows that a specimen's card has room for, three modules high; a live card's has 58."""


def scratched(page: Image.Image, box: Box, card: SealedCard, chance: random.Random) -> None:
    """Destroy every tenth data or correction codeword, of all that are there, in one symbol.

    White, black or scribble in equal parts, each over the whole codeword.
    """
    pen = ImageDraw.Draw(page)
    columns, scale = CARD_SYMBOL.columns, 203 / 72
    quiet = 2 * CARD_SYMBOL.module
    level = strongest_level(card.digits, columns, MOST_ROWS)
    rows = codeword_count(card.digits, columns, level) // columns
    row_height = (box.top - box.bottom - 2 * quiet) / rows
    spots = [(row, column) for row in range(rows) for column in range(columns)]
    for row, column in chance.sample(spots, round(len(spots) / 10)):
        left = (box.left + quiet + (34 + 17 * column) * CARD_SYMBOL.module) * scale
        top = (792 - box.top + quiet + row * row_height) * scale
        right, bottom = left + 17 * CARD_SYMBOL.module * scale, top + row_height * scale
        how = chance.choice(("white", "black", "scribble"))
        if how != "scribble":
            pen.rectangle((left, top, right - 1, bottom - 1), fill=how)
            continue
        pen.rectangle((left, top, right - 1, bottom - 1), fill="white")
        for module in range(17):
            if chance.random() < 0.5:
                x = left + module * CARD_SYMBOL.module * scale
                pen.rectangle((x, top, x + 2, bottom - 1), fill="black")


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["usual", "largest"])
def test_a_tenth_of_the_codewords_destroyed_at_203_dpi(
    name: str,
    full_count: Callable[..., int],
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    """200 of 200 are read, both symbols of the printed page scratched."""
    count = full_count("destroyed", sample=4, full=200)
    chance = random.Random(41)
    both = 0
    for seed in range(count):
        card = replace(CARDS[name](), digits=samples.random_digits(len(CARDS[name]().digits), seed))
        document = PAPER.card_page([card])
        page = one_bit(picture_of(document, 203)).convert("L")
        for box in document.symbols:
            scratched(page, box, card, chance)
        (found,) = read(file_of(one_bit(page), "PNG"))
        assert set(found.symbols) <= {card.digits}
        both += found.symbols == (card.digits, card.digits)
    record_figure("destroyed", {"card": name, "pages": count, "both_read": both})
    assert both == count


# -- hostile and damaged files ---------------------------------------------------------------


def huge_picture_pdf() -> bytes:
    """A minimal PDF of a few bytes whose one picture claims to take 900 MB."""
    width = height = 30_000
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /XObject << /I 5 0 R >> >> >>",
        b"<< /Length 30 >> stream\nq 612 0 0 792 0 0 cm /I Do Q  \nendstream",
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray"
        b" /BitsPerComponent 8 /Length 4 >> stream\nabcd\nendstream" % (width, height),
    ]
    out = bytearray(b"%PDF-1.4\n")
    for number, part in enumerate(parts, 1):
        out += b"%d 0 obj %s endobj\n" % (number, part)
    return bytes(out + b"trailer << /Root 1 0 R /Size 6 >>\n%%EOF")


def large_page_pdf() -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(14_000, 14_000))
    canvas.drawString(100, 100, "large")
    canvas.save()
    return buffer.getvalue()


def many_pages_tiff() -> bytes:
    tiny = Image.new("1", (8, 8))
    return file_of(tiny, "TIFF", save_all=True, append_images=[tiny] * pictures.MAX_PAGES)


def lost_page_pdf() -> bytes:
    """A document whose tree of pages counts one that is not there."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Nothing >>",
    ]
    objects = b"".join(b"%d 0 obj %s endobj\n" % one for one in enumerate(parts, 1))
    return b"%PDF-1.4\n" + objects + b"trailer << /Root 1 0 R /Size 4 >>\n%%EOF"


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "not_a_picture"),
    "text": (lambda: b"hello, this is no picture\n" * 50, "not_a_picture"),
    "digits": (lambda: b"1234567890" * 100, "not_a_picture"),
    "gif": (lambda: file_of(Image.new("L", (50, 50)), "GIF"), "not_a_picture"),
    "half a pdf": (lambda: PAPER.card_page([samples.sealed()]).pdf[:3000], "not_a_picture"),
    "a pdf's head": (lambda: b"%PDF-1.4\n", "not_a_picture"),
    "a pdf's lost page": (lost_page_pdf, "not_a_picture"),
    "half a png": (
        lambda: file_of(picture_of(PAPER.card_page([samples.sealed()]), 100), "PNG")[:4000],
        "not_a_picture",
    ),
    "half a tiff": (
        lambda: file_of(picture_of(PAPER.fax_sheet(samples.sealed()), 100), "TIFF")[:4000],
        "not_a_picture",
    ),
    "bomb png": (
        lambda: file_of(Image.new("1", (25_000, 25_000)), "PNG", compress_level=1),
        "picture_too_large",
    ),
    "bomb tiff": (
        lambda: file_of(Image.new("1", (20_000, 20_000)), "TIFF", compression="group4"),
        "picture_too_large",
    ),
    "color bomb": (
        lambda: file_of(Image.new("RGBA", (7000, 7000)), "PNG", compress_level=1),
        "picture_too_large",
    ),
    "many pages": (many_pages_tiff, "picture_too_large"),
    "picture in a pdf": (huge_picture_pdf, "picture_too_large"),
    "too many bytes": (lambda: b"%PDF-" + bytes(symbol_reader.MAX_FILE), "picture_too_large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_picture_is_refused_with_a_word(name: str) -> None:
    make, code = HOSTILE[name]
    with pytest.raises(Refused) as refused:
        read(make())
    assert refused.value.code == code


MEASURE = """
import json, sys
from pathlib import Path
from iies_tui.adapters.reading.symbol_reader import ZxingReader
from iies_tui.domain.errors import Refused
said = []
for name in sys.argv[1:]:
    try:
        said.append([len(page.symbols) for page in ZxingReader().pages(Path(name).read_bytes())])
    except Refused as error:
        said.append(error.code)
status = Path("/proc/self/status").read_text()
peak = int(status.split("VmHWM:")[1].split()[0]) // 1024
print(json.dumps({"said": said, "peak": peak}))
"""


def measured(*files: Path) -> dict[str, object]:
    """What a fresh process says of the files, and its peak memory in MB."""
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, *map(str, files)], capture_output=True, check=True
    )
    said: dict[str, object] = json.loads(run.stdout)
    return said


@pytest.mark.heavy
def test_the_largest_that_is_taken_stays_under_256_mb(
    tmp_path: Path, full: bool, record_figure: Callable[[str, dict[str, object]], None]
) -> None:
    """Blank ones, so that the whole ladder is climbed."""
    files = {
        "phone.jpg": lambda: file_of(Image.new("RGB", (8000, 6000), "white"), "JPEG"),
        "scan.png": lambda: file_of(Image.new("L", (6400, 7800), 255), "PNG"),
        "color.png": lambda: file_of(Image.new("RGBA", (4000, 6200), "white"), "PNG"),
        "wide.tif": lambda: file_of(Image.new("1", (6400, 7800), 1), "TIFF", compression="group4"),
        "plan.pdf": large_page_pdf,
        "bomb.png": HOSTILE["bomb png"][0],
        "bomb.pdf": HOSTILE["picture in a pdf"][0],
    }
    worst = ("color.png", "bomb.pdf")
    for name, make in files.items():
        if not full and name not in worst:
            continue
        path = tmp_path / name
        path.write_bytes(make())
        told = measured(path)
        record_figure("reader_memory", {"file": name, **told})
        assert int(str(told["peak"])) < 256, name


FUZZ = """
import random, sys
from pathlib import Path
from iies_tui.adapters.reading import symbol_reader
from iies_tui.domain.errors import Refused
chance = random.Random(7)
symbol_reader._TURNS = ()
data = Path(sys.argv[1]).read_bytes()
for _ in range(int(sys.argv[2])):
    hurt = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        spot = chance.randrange(min(len(hurt), chance.choice((400, len(hurt)))))
        hurt[spot] = chance.randrange(256)
    if chance.random() < 0.3:
        hurt = hurt[: chance.randrange(len(hurt))]
    try:
        list(symbol_reader.ZxingReader().pages(bytes(hurt)))
    except Refused as error:
        assert error.code in ("not_a_picture", "picture_too_large")
"""


@pytest.mark.heavy
@pytest.mark.parametrize("kind", ["PDF", "PNG", "JPEG", "TIFF"])
def test_damaged_files_never_crash(
    kind: str, tmp_path: Path, full_count: Callable[..., int]
) -> None:
    count = full_count("damaged", sample=4, full=1000)
    document = PAPER.card_page([samples.small()])
    data = document.pdf if kind == "PDF" else file_of(picture_of(document, 60), kind)
    (tmp_path / "file").write_bytes(data)
    run = subprocess.run(
        [sys.executable, "-c", FUZZ, tmp_path / "file", str(count)],
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()[-2000:]
