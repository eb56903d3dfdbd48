"""Draw the pictures of the pages that README shows, each from the PDF that the program writes.

    .venv/bin/python docs/pictures/pages.py [DIRECTORY]

A training terminal is made in a scratch directory and issues the cards, so serials and bar codes
are others each time; the bar codes are real ones, which ``iies-tui verify`` calls SPECIMEN.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
from PIL import Image

from iies_tui import __version__
from iies_tui.adapters.paper import LetterPaper
from iies_tui.adapters.paper.printer_test import test_page
from iies_tui.domain import new_york
from iies_tui.domain.card import CardFacts, Form, Mode, Registrant, SealedCard, Vehicle

DPI, FINER = 78, 4
"""Dots an inch of a picture, and how much finer it is drawn before it is made smaller."""
GRAYS = 16
EDGE = 1
"""Pixels of gray around the paper, which is white on a white page else."""

COUPLE = {
    "registrants": [
        {"last": "DOE", "first": "JOHN", "middle": "Q"},
        {"last": "DOE", "first": "JANE", "middle": "R"},
    ],
    "address": ["1 MAIN ST", "ALBANY NY 12207"],
    "vehicles": [{"year": 2003, "make": "HONDA", "vin": "1HGCM82633A004352"}],
}
FLEET = {
    "organization": {"name": "ADIRONDACK HAULING LLC", "fein": "123456789"},
    "address": ["99 QUARRY RD", "SARANAC LAKE NY 12983"],
    "vehicles": "ALL OWNED VEHICLES",
    "fleet": {"vehicles": 7, "for_hire": False},
}


WINDOW = ("--layout", "window", "--information", "yes", "--issue-again")


class Scratch:
    """A training terminal below ``home``."""

    def __init__(self, home: Path) -> None:
        self._home, self._state = home, home / "state"
        home.chmod(0o700)
        self._made = json.loads(self._run("train", "--json"))
        self._pin = home / "pin"
        self._pin.write_text(self._made["pin"] + "\n")

    def _run(self, *words: str | Path) -> str:
        command = [sys.executable, "-m", "iies_tui", "--state", self._state, *words]
        environment = {"HOME": str(self._home), "PATH": "/usr/bin:/bin"}
        done = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
        return done.stdout

    def issue(self, what: dict[str, object], *more: str) -> dict[str, str]:
        """One card; the paths of its files."""
        begin = new_york.day_of(datetime.now(UTC)) + timedelta(days=5)
        request = self._home / "request.json"
        request.write_text(
            json.dumps(
                {
                    "form": "FS-20",
                    "icc": "901",
                    "policy": "PA-1234567-01",
                    "effective": begin.isoformat(),
                    "expiration": (begin + timedelta(days=365)).isoformat(),
                    **what,
                }
            )
        )
        signed = ("--license", self._made["license"], "--pin-file", self._pin)
        out = self._home / "out"
        told = self._run("issue", request, *signed, "--out", out, "--fax-sheet", "--json", *more)
        (card,) = json.loads(told)["cards"]
        return dict(card)


def pages(home: Path) -> Iterator[tuple[str, bytes, int]]:
    """(picture's name, PDF, page from 0)."""
    scratch = Scratch(home)
    usual = scratch.issue(COUPLE)
    yield "card-page", Path(usual["pdf"]).read_bytes(), 0
    yield "fax-sheet", Path(usual["fax_pdf"]).read_bytes(), 0
    yield "fleet-page", Path(scratch.issue(FLEET)["pdf"]).read_bytes(), 0
    letter = Path(scratch.issue(COUPLE, *WINDOW)["pdf"])
    yield "window-page", letter.read_bytes(), 0
    yield "policyholder-page", letter.read_bytes(), 1
    yield "fax-cover", LetterPaper(__version__).fax_sheet(stand_in(), "518-555-0100").pdf, 0
    yield "test-page", test_page(__version__), 0


def stand_in() -> SealedCard:
    """Of which a fax's cover shows no more than the serial and the day."""
    today = new_york.day_of(datetime.now(UTC))
    return SealedCard(
        facts=CardFacts(
            form=Form.FS_20,
            license="PC-000001",
            icc="901",
            insurer_name="",
            policy="",
            current=today,
            effective=today,
            expiration=today,
            registrants=(Registrant("DOE", "JOHN"),),
            organization=None,
            address=(),
            vehicle=Vehicle(2003, "HONDA", "1HGCM82633A004352"),
        ),
        serial="7K3M9QXD-000123-X",
        check_code="7K3M9QXDW2",
        mode=Mode.TRAINING,
        mode_reason="",
        issued_at=datetime.now(UTC),
        digits="1234567890" * 100,
        authority="TRAINING AUTHORITY",
        root_words="",
    )


def picture(pdf: bytes, page: int) -> Image.Image:
    """The page in a few grays with a thin edge, small enough for a repository."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        fine = document[page].render(scale=FINER * DPI / 72, grayscale=True).to_pil().convert("L")
    finally:
        document.close()
    drawn = fine.resize((fine.width // FINER, fine.height // FINER), Image.Resampling.LANCZOS)
    framed = Image.new("L", (drawn.width + 2 * EDGE, drawn.height + 2 * EDGE), 160)
    framed.paste(drawn, (EDGE, EDGE))
    return framed.quantize(GRAYS)


def main() -> None:
    """Write every picture."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    with tempfile.TemporaryDirectory() as scratch:
        for name, pdf, page in pages(Path(scratch)):
            path = out / f"{name}.png"
            picture(pdf, page).save(path, optimize=True)
            print(f"{path} {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
