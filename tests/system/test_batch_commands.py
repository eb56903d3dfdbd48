"""A fleet by the shipped command: every fault named, none issued; then each row one card, whatever
is killed in the middle."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import batch_samples as fleets, terminal as terminals
from tests.support.terminal import Terminal

PATIENCE = 120.0
"""Seconds to wait for a thing that takes one."""


@pytest.fixture
def terminal(trained: Terminal, tmp_path: Path) -> Terminal:
    return terminals.copy(trained, tmp_path / "home")


def command(terminal: Terminal, file: Path, out: Path, *more: str) -> list[str]:
    return terminal.command("issue", file, *terminal.signed(), "--out", out, "--json", *more)


def start(terminal: Terminal, file: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(terminal, file, out, *more),
        env=terminal.environment,
        cwd=terminal.home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end(process: subprocess.Popen[str], seconds: float) -> tuple[int, Any, str]:
    out, err = process.communicate(timeout=seconds)
    return process.returncode, json.loads(out) if out else None, err


def session_of(terminal: Terminal) -> int:
    """The process that holds the records: its number stands in the lock."""
    return int((terminal.state / "lock").read_text().split()[0])


def peak_memory(pid: int) -> int:
    """MiB that a process has had at most; 0 where it ended before it could be asked."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        status = Path(f"/proc/{pid}/status").read_text()
        if "VmHWM:" in status:  # a process that is ending has no memory any more
            return int(status.partition("VmHWM:")[2].split()[0]) // 1024
    return 0


def kill_in_the_middle(
    terminal: Terminal, process: subprocess.Popen[str], out: Path, cards: int, *, command_too: bool
) -> int:
    """SIGKILL at a random moment of a card once so many are out; the session's peak memory."""
    end_at = time.monotonic() + PATIENCE + 20 * cards
    while sum(1 for _ in out.glob("*.pdf")) < cards:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end_at
        time.sleep(0.1)
    time.sleep(random.Random(cards).uniform(0, 1.5))
    session = session_of(terminal)
    memory = peak_memory(session)
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid if command_too else session, signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    while Path(f"/proc/{session}").exists():
        assert time.monotonic() < end_at
        time.sleep(0.05)
    return memory


@pytest.mark.heavy
def test_a_fleet_is_named_corrected_and_issued_once(
    terminal: Terminal,
    tmp_path: Path,
    full: bool,
    full_count: Callable[..., int],
    record_figure: Callable[[str, dict[str, object]], None],
) -> None:
    count = full_count("batch-rows", sample=6, full=2000)
    faults = full_count("batch-faults", sample=4, full=37)
    kills = full_count("batch-kills", sample=2, full=4)
    chance = random.Random(20261126)
    right = fleets.fleet(count)
    places = sorted(chance.sample(range(count), faults))
    wrong, named = fleets.plant(right, places)
    file = terminal.file("fleet.csv", fleets.to_csv(wrong))
    out = tmp_path / "out"

    # Every fault is named by row and column, and nothing is issued.
    began = time.monotonic()
    code, told, _ = end(start(terminal, file, out), 3600)
    checking = time.monotonic() - began
    assert code == 1
    found = {(one["row"], one["field"]) for one in told["errors"]}
    assert set(named) <= found
    assert {row for row, _ in found} == {row for row, _ in named}
    assert all(one["message"] for one in told["errors"])
    assert "intent" not in terminal.events()

    # The file of problems is corrected as a spreadsheet would, and fed back as it is.
    returned = Path(told["problems_file"])
    rows = fleets.from_csv(returned.read_bytes())
    assert [number for number, row in enumerate(rows) if row["problems"]] == places
    for place in places:
        rows[place].update(right[place])
    file = terminal.file("corrected.csv", fleets.to_csv(rows, ";"))

    # Killed again and again in the middle of a card; the same file goes on.
    began, memory, void = time.monotonic(), 0, 0
    for turn in range(kills):
        process = start(terminal, file, out)
        cards = 1 + turn * max(1, (count - 2) // kills)
        peak = kill_in_the_middle(terminal, process, out, cards, command_too=turn % 2 == 1)
        memory = max(memory, peak)
    process = start(terminal, file, out)
    code, told, err = end(process, 4 * 3600)
    issuing = time.monotonic() - began
    assert code == 0, (told, err)
    assert told["batch"]["state"] == "DONE"
    assert 0 < told["batch"]["issued_before"] < count
    assert "Continuing batch" in err

    # Each row exactly one serial, each serial one row.
    cards_by_row = {card["row"]: card["serial"] for card in told["cards"]}
    assert sorted(card["row"] for card in told["cards"]) == list(range(2, count + 2))
    assert len(set(cards_by_row.values())) == count
    # Nothing else is there, not even what a kill in the middle of a file left.
    assert {path.name for path in out.iterdir()} == {f"{s}.pdf" for s in cards_by_row.values()}
    trail = terminal.trail()
    sealed = [row["details"]["serial"] for row in trail if row["event"] == "sealed"]
    intents = Counter(row["details"]["serial"] for row in trail if row["event"] == "intent")
    void = sum(1 for row in trail if row["event"] == "void")
    assert sorted(sealed) == sorted(cards_by_row.values())
    assert max(intents.values()) == 1
    assert len(intents) == count + void
    whole = terminal.run("trail", "verify")
    assert whole.code == 0, whole.out

    # The card of a row is the card of that row's vehicle.
    for row in chance.sample(sorted(cards_by_row), min(count, 20 if full else 2)):
        ran = terminal.run(
            *("verify", out / f"{cards_by_row[row]}.pdf", "--json"),
            *("--authority", terminal.made["authority"]),
        )
        for symbol in ran.json["symbols"]:
            assert right[row - 2]["vehicle_vin"] in json.dumps(symbol["claims"])
            assert symbol["face"] == "MATCH"

    # Given once more, nothing is issued.
    code, again, err = end(start(terminal, file, out), 3600)
    assert code == 0 and "nothing new was written" in err and str(out) in err
    assert [card["serial"] for card in again["cards"]] == [card["serial"] for card in told["cards"]]
    record_figure(
        "batch",
        {
            "rows": count,
            "faults": faults,
            "kills": kills,
            "void": void,
            "check_seconds": round(checking, 1),
            "issue_seconds": round(issuing, 1),
            "cards_per_second": round(count / issuing, 2),
            "session_peak_mib": memory,
        },
    )


def test_a_changed_file_asks_about_the_rows_that_have_a_card(
    terminal: Terminal, tmp_path: Path
) -> None:
    """One cell was corrected after the cards were out: a batch of its own, and nobody gets a second
    card unasked."""
    rows = fleets.fleet(2)
    out = tmp_path / "out"
    first = end(start(terminal, terminal.file("one.csv", fleets.to_csv(rows)), out), PATIENCE)
    assert first[0] == 0
    rows[1]["address1"] = "78 ELSEWHERE ST"
    rows.append(fleets.fleet(3)[2])
    changed = terminal.file("two.csv", fleets.to_csv(rows))
    code, told, _ = end(start(terminal, changed, out), PATIENCE)
    assert code == 1
    assert {(one["row"], one["field"], one["code"]) for one in told["errors"]} == {
        (2, "vehicle_vin", "issued_already"),
        (3, "vehicle_vin", "issued_already"),
    }
    code, told, _ = end(start(terminal, changed, out, "--skip-issued"), PATIENCE)
    assert (code, told["batch"]["number"], told["batch"]["skipped"]) == (0, 2, 2)
    assert [card["row"] for card in told["cards"]] == [4]


def test_one_pdf_with_fax_sheets(terminal: Terminal, tmp_path: Path) -> None:
    """One file of all cards and one of all fax sheets; every page is its card."""
    out = tmp_path / "out"
    file = terminal.file("one.csv", fleets.to_csv(fleets.fleet(2)))
    code, told, err = end(start(terminal, file, out, "--one-pdf", "--fax-sheet"), PATIENCE)
    assert code == 0, err
    pages, sheets = (Path(path) for path in told["batch"]["files"])
    assert sorted(path.name for path in out.iterdir()) == ["batch-0001-fax.pdf", "batch-0001.pdf"]
    serials = [card["serial"] for card in told["cards"]]
    for path, symbols in ((pages, 2), (sheets, 1)):
        found = terminal.run("verify", path, "--json").json["symbols"]
        assert [one["serial"] for one in found] == [s for s in serials for _ in range(symbols)]
        assert {one["face"] for one in found} == {"MATCH"}
    assert [row["details"]["act"] for row in terminal.trail() if row["event"] == "batch"] == [
        *("begun", "saved", "saved", "done"),
    ]
