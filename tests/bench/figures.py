"""What things cost, each beside a peer measured in the same run: ``sh kiosk/bench.sh``.

This machine is noisy, so every figure is a median of several runs, ours and the peer's taken in
turn, and what compares is their ratio. A peer does the part of the work that cannot be avoided:
the bare library, the empty program.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from iies_tui.domain import new_york
from tests.support import batch_samples
from tests.support.console import Console

RUNS = 7
BATCH_RUNS, BATCH_ROWS = 3, 20


@dataclass(frozen=True)
class Figure:
    """Medians in milliseconds."""

    name: str
    ours: float
    peer_name: str
    peer: float

    def line(self) -> str:
        ratio = self.ours / self.peer if self.peer else float("inf")
        ours, peer = f"{self.ours:>9.1f}", f"{self.peer:>9.1f}"
        return f"{self.name:<44} {ours}  {self.peer_name:<44} {peer}  {ratio:>6.2f}"


def timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000


def beside(
    name: str,
    ours: Callable[[], object],
    peer_name: str,
    peer: Callable[[], object],
    runs: int = RUNS,
) -> Figure:
    """Taken in turn, so that a slow minute hits both."""
    pairs = [(timed(ours), timed(peer)) for _ in range(runs)]
    return Figure(
        name,
        statistics.median(one for one, _ in pairs),
        peer_name,
        statistics.median(other for _, other in pairs),
    )


def program(*words: str) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run([sys.executable, "-I", "-m", "iies_tui", *words], capture_output=True)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.decode())
    return done


BARE_APP = """
from textual.app import App
from textual.widgets import Label
class Bare(App):
    def compose(self):
        yield Label("License number")
Bare().run(mouse=False)
"""


class BareConsole(Console):
    """The smallest Textual program on the same terminal."""

    def command(self, state: Path, words: object) -> list[str]:
        return [sys.executable, "-I", "-c", BARE_APP]


def first_paint(kind: type[Console], state: Path) -> None:
    console = kind(state)
    try:
        console.wait("License number")
    finally:
        os.kill(console.pid, 9)
        console.close()


class Terminal:
    """A training terminal, and a clerk's request."""

    def __init__(self, root: Path) -> None:
        self.state = root / "state"
        made = json.loads(program("--state", str(self.state), "train", "--json").stdout)
        self.pin, self.license = made["pin"], made["license"]
        self.pin_file = root / "pin"
        self.pin_file.write_text(self.pin + "\n")
        self.request = root / "request.json"
        day = new_york.day_of(datetime.now(UTC))
        self.request.write_text(
            json.dumps(
                {
                    "form": "FS-20",
                    "icc": "901",
                    "policy": "PA-1234567-01",
                    "effective": day.isoformat(),
                    "expiration": (day + timedelta(days=365)).isoformat(),
                    "registrants": [{"last": "DOE", "first": "JOHN", "middle": "Q"}],
                    "address": ["1 MAIN ST", "ALBANY NY 12207"],
                    "vehicles": [{"year": 2003, "make": "HONDA", "vin": "1HGCM82633A004352"}],
                }
            )
        )
        self.out = root / "out"
        self.batches = 0

    def batch(self, rows: int) -> None:
        """A fleet that was never issued before."""
        self.batches += 1
        cells = [{**row, "policy": f"FL-{self.batches}"} for row in batch_samples.fleet(rows)]
        file = self.request.with_name(f"fleet-{self.batches}.csv")
        file.write_bytes(batch_samples.to_csv(cells))
        program(
            "--state", str(self.state), "issue", str(file), "--license", self.license,
            "--pin-file", str(self.pin_file), "--out", str(self.out), "--json",
        )  # fmt: skip

    def issue(self) -> dict[str, str]:
        done = program(
            "--state", str(self.state), "issue", str(self.request), "--license", self.license,
            "--pin-file", str(self.pin_file), "--out", str(self.out), "--fax-sheet",
            "--issue-again", "--json",
        )  # fmt: skip
        card: dict[str, str] = json.loads(done.stdout)["cards"][0]
        return card


def figures(root: Path) -> list[Figure]:
    terminal = Terminal(root)
    found = [
        beside(
            "first paint of Start",
            lambda: first_paint(Console, terminal.state),
            "bare Textual app, one label",
            lambda: first_paint(BareConsole, terminal.state),
        ),
        beside(
            "iies-tui --version",
            lambda: program("--version"),
            "python -I -c pass",
            lambda: subprocess.run([sys.executable, "-I", "-c", "pass"], check=True),
        ),
    ]
    found += inside(terminal)
    card = terminal.issue()
    found += [
        batch(terminal),
        beside(
            "issue from a file, whole program",
            terminal.issue,
            "sign-on alone, whole program",
            lambda: program(
                "--state",
                str(terminal.state),
                "register",
                "search",
                "DOE",
                "--license",
                terminal.license,
                "--pin-file",
                str(terminal.pin_file),
            ),
        ),
        beside(
            "verify the card page, whole program",
            lambda: program("--state", str(terminal.state), "verify", card["pdf"]),
            "verify the fax sheet, whole program",
            lambda: program("--state", str(terminal.state), "verify", card["fax_pdf"]),
        ),
    ]
    return found


def batch(terminal: Terminal) -> Figure:
    """A card of a fleet, sign-on and start left out, beside one that is issued alone."""
    pairs = []
    for _ in range(BATCH_RUNS):
        few, many = (timed(partial(terminal.batch, rows)) for rows in (2, 2 + BATCH_ROWS))
        pairs.append(((many - few) / BATCH_ROWS, timed(terminal.issue)))
    return Figure(
        f"a card of a batch (of {BATCH_ROWS})",
        statistics.median(one for one, _ in pairs),
        "issue from a file, whole program",
        statistics.median(other for _, other in pairs),
    )


def inside(terminal: Terminal) -> list[Figure]:
    """The parts of an issue, in this process, on real adapters."""
    import zxingcpp
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    from iies_tui import __version__
    from iies_tui.adapters.keys.derivation import Argon2Derivation
    from iies_tui.adapters.paper import LetterPaper
    from iies_tui.adapters.reading.symbol_reader import ZxingReader
    from tests.support.samples import sealed

    card = sealed()
    paper, reader = LetterPaper(__version__), ZxingReader()
    page, fax = paper.card_page([card]), paper.fax_sheet(card)
    derivation = Argon2Derivation()
    return [
        beside(
            "KEY and PIN to keys",
            lambda: derivation.derive("PC-000001", b"K" * 36, b"12345678"),
            "Argon2id alone, 64 MiB, t = 3",
            lambda: Argon2id(
                salt=bytes(16), length=32, iterations=3, lanes=1, memory_cost=65536
            ).derive(b"12345678"),
        ),
        beside(
            "draw the card page",
            lambda: paper.card_page([card]),
            "zxing-cpp writes the bar code alone",
            lambda: zxingcpp.create_barcode(card.digits, zxingcpp.BarcodeFormat.PDF417),
        ),
        beside(
            "read back the card page, 203 and 300 dpi",
            lambda: [reader.read_back(page, dpi) for dpi in (203, 300)],
            "read back the fax sheet, 203 and 300 dpi",
            lambda: [reader.read_back(fax, dpi) for dpi in (203, 300)],
        ),
    ]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="iies-bench-") as scratch:
        root = Path(scratch)
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DOCUMENTS_DIR"):
            os.environ[name] = str(root / name.lower())
            Path(os.environ[name]).mkdir()
        found = figures(root)
    print(f"{'':<44} {'ms':>9}  {'beside':<44} {'ms':>9}  {'ratio':>6}")
    for figure in found:
        print(figure.line())


if __name__ == "__main__":
    main()
