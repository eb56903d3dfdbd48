"""The main job, end to end: from Start to a printed card that verifies, by keys alone.

The shipped program on an 80×24 Linux console, a private cupsd, and the printed bytes judged by the
shipped ``verify``.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from iies_tui.domain import new_york
from iies_tui.domain.dates import parse_quick, show
from tests.support.console import Console
from tests.support.cups_fixture import PrivateCups

EFFECTIVE = new_york.day_of(datetime.now(UTC)) + timedelta(days=9)
EXPIRATION = parse_quick("+1y", EFFECTIVE, EFFECTIVE)
CUSTOMER = ("DOE", "JOHN", "1HGCM82633A004352")


def run(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-m", "iies_tui", *words],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=240,
    )


@pytest.fixture
def trained(tmp_path: Path) -> dict[str, str]:
    """A training terminal made by the shipped command."""
    state = tmp_path / "state"
    done = run("--state", str(state), "train", "--json")
    assert done.returncode == 0, done.stderr
    return {**json.loads(done.stdout), "state": str(state)}


def sign_on(console: Console, pin: str) -> None:
    console.wait("License number")
    console.type(pin)
    console.press("enter")
    if "Recovery code" in console.wait_any("Company code", "Recovery code"):
        console.press("esc")  # the first sign-on: one key leaves it for later
        console.wait("Company code")
    console.wait("sign-off")


def fill_in(console: Console) -> None:
    console.type("901")
    console.wait("NORTH COUNTRY MUTUAL INS CO")
    console.press("enter")
    console.type("PA-1234567-01")
    console.press("enter")
    console.type("+9d")
    console.press("enter")
    console.type("+1y")
    console.press("enter", "f6")
    console.wait("Registrant 1")
    for value in ("DOE", "JOHN", "Q"):
        console.type(value)
        console.press("enter")
    console.press("f7")
    console.wait("Year")
    for value in ("2003", "HONDA", "1HGCM82633A004352"):
        console.type(value)
        console.press("enter")


def test_from_start_to_a_printed_card_that_verifies(
    trained: dict[str, str], private_cups: PrivateCups, tmp_path: Path
) -> None:
    private_cups.add_queue("FRONT", "-o", "printer-is-shared=false")
    private_cups.run("lpadmin", "-d", "FRONT")
    with Console(Path(trained["state"])) as console:
        sign_on(console, trained["pin"])
        fill_in(console)
        console.press("f8")
        console.wait("Print on")
        choose_printer(console, "FRONT")
        console.press("f9")
        for shown in ("D O E   J O H N", "NORTH COUNTRY", show(EXPIRATION), "PROOF OF INSURANCE"):
            console.wait(shown)
        console.press("enter")
        console.wait("Serial")
        private_cups.wait_for(lambda: len(private_cups.printed()) == 1, "the card is printed")
        result = console.wait("Printed. Not yet in the customer's hand")
        console.type("H")
        console.wait_gone("Printed. Not yet")
        console.press("f10")
        console.wait("License number")
        for private in (*CUSTOMER, trained["pin"], "PA-1234567-01"):
            assert private not in console.text
    serial = next(word for word in result.split() if word.count("-") == 2 and len(word) == 17)

    (printed,) = private_cups.printed()
    assert printed.title == serial
    paper = tmp_path / "printed.pdf"
    paper.write_bytes(printed.data)
    judged = run("--state", trained["state"], "verify", str(paper), "--json",
                 "--authority", trained["authority"])  # fmt: skip
    symbols = json.loads(judged.stdout)["symbols"]
    assert judged.returncode == 1  # a training card is never GENUINE
    assert {one["verdict"] for one in symbols} == {"SPECIMEN"}
    assert {one["face"] for one in symbols} == {"MATCH"}
    assert {one["serial"] for one in symbols} == {serial}
    assert symbols[0]["claims"]["vehicle"]["vin"] == "1HGCM82633A004352"

    rows = json.loads(run("--state", trained["state"], "trail", "show", "--json").stdout)["rows"]
    story = [row["event"] for row in rows if row["details"].get("serial") == serial]
    assert story[:2] == ["intent", "sealed"]
    assert story[-1] == "handed_over"
    states = [row["details"]["state"] for row in rows if row["event"] == "delivery"]
    assert states == ["SAVED", "SUBMITTING", "HELD", "RELEASED", "COMPLETED"]
    assert run("--state", trained["state"], "trail", "verify", str(paper)).returncode == 0


def choose_printer(console: Console, queue: str) -> None:
    """The destination is a choice: arrows until the queue is the chosen one."""
    for _ in range(40):
        if any(queue in line and "Print on" in line for line in console.text.splitlines()):
            return
        console.press("right")
        console.read(0.2)
    raise AssertionError(console.text)


def test_left_alone_it_signs_off_and_shows_nothing(trained: dict[str, str]) -> None:
    state = Path(trained["state"])
    (state / "config.toml").write_text("[sign_off]\nidle_seconds = 15\n")
    (state / "config.toml").chmod(0o600)
    with Console(state) as console:
        sign_on(console, trained["pin"])
        console.type("901")
        console.wait("NORTH COUNTRY")
        console.press("enter")
        console.type("PA-77")
        pressed = time.monotonic()
        first = console.pid
        console.wait("no one typed")  # how soon: tests/system/test_left_alone.py
        assert time.monotonic() - pressed >= 13.0
        assert "NORTH COUNTRY" not in console.text
        assert "PA-77" not in console.text
        assert Path(f"/proc/{first}").exists()  # the same process id: it re-executed itself
        sign_on(console, trained["pin"])
        console.wait("PA-77")  # the half-filled form is given back


def test_a_page_is_readable_as_a_picture_and_as_keystrokes(
    trained: dict[str, str], tmp_path: Path
) -> None:
    request = tmp_path / "request.json"
    request.write_text(json.dumps(REQUEST))
    pin = tmp_path / "pin"
    pin.write_text(trained["pin"] + "\n")
    out = tmp_path / "out"
    done = run("--state", trained["state"], "issue", str(request), "--license",
               trained["license"], "--pin-file", str(pin), "--out", str(out), "--fax-sheet",
               "--tiff", "--issue-again", "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    (card,) = json.loads(done.stdout)["cards"]
    for name in ("pdf", "fax_pdf", "fax_tiff"):
        assert Path(card[name]).is_file()
    for resolution in (203, 300):
        subprocess.run(
            ["pdftoppm", "-r", str(resolution), "-mono", "-png", "-singlefile", card["pdf"],
             str(tmp_path / f"page-{resolution}")],
            check=True,
        )  # fmt: skip
        subprocess.run(
            ["pdftoppm", "-r", str(resolution), "-mono", "-png", "-singlefile", card["fax_pdf"],
             str(tmp_path / f"fax-{resolution}")],
            check=True,
        )  # fmt: skip
    for path in [*tmp_path.glob("*.png"), Path(card["fax_tiff"])]:
        judged = run("--state", trained["state"], "verify", str(path), "--json")
        symbols = json.loads(judged.stdout)["symbols"]
        assert [(one["verdict"], one["serial"]) for one in symbols] in (
            [("SPECIMEN", card["serial"])],
            [("SPECIMEN", card["serial"])] * 2,
        ), path
    digits = digits_of(Path(card["pdf"]))
    typed = run("--state", trained["state"], "verify", "-", "--json", stdin=f"]L2{digits}\r\n")
    (symbol,) = json.loads(typed.stdout)["symbols"]
    assert (symbol["verdict"], symbol["face"]) == ("SPECIMEN", "NOT CHECKED")


def digits_of(path: Path) -> str:
    from iies_tui.adapters.reading.symbol_reader import ZxingReader

    (page,) = ZxingReader().pages(path.read_bytes())
    return page.symbols[0]


REQUEST = {
    "form": "FS-20",
    "icc": "901",
    "policy": "PA-1234567-01",
    "effective": EFFECTIVE.isoformat(),
    "expiration": EXPIRATION.isoformat(),
    "registrants": [
        {"last": "DOE", "first": "JOHN", "middle": "Q", "suffix": "", "driver_license": "123456789"}
    ],
    "organization": None,
    "address": ["1 MAIN ST", "ALBANY NY 12207"],
    "vehicles": [{"year": 2003, "make": "HONDA", "vin": "1HGCM82633A004352"}],
}


def test_a_kiosk_cannot_be_left_while_it_starts_anew(trained: dict[str, str]) -> None:
    """Between two runs of the screens the terminal itself makes signals of Ctrl-C and its like."""
    with Console(Path(trained["state"]), words=["--kiosk"]) as console:
        console.wait("License number")
        console.type("2468")
        console.press("f10")
        end = time.monotonic() + 120
        while not (started_anew(console) and "License number" in console.text):
            assert time.monotonic() < end, console.text
            os.write(console._master, b"\x03\x1c\x1a")
            console.read(0.05)
        assert os.waitpid(console.pid, os.WNOHANG | os.WUNTRACED) == (0, 0)  # runs, not stopped


def started_anew(console: Console) -> bool:
    """The program replaced itself at the sign-off. Our own child: there until it is waited for."""
    return b"--arrived" in Path(f"/proc/{console.pid}/cmdline").read_bytes().split(b"\0")


def test_killed_outright_it_leaves_nothing_on_the_screen(trained: dict[str, str]) -> None:
    """SIGKILL to the UI process: the session process, which ends with it, clears the terminal."""
    with Console(Path(trained["state"])) as console:
        sign_on(console, trained["pin"])
        console.press("f6")
        console.wait("Registrant 1")
        console.type("DOE")
        console.wait("DOE")
        os.kill(console.pid, signal.SIGKILL)
        console.wait_gone("DOE")
        console.read(0.5)
        assert console.text.strip() == ""
