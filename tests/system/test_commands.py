"""The commands of the installed program: answers, exit codes, what they leave behind."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import time
from pathlib import Path

from tests.support import terminal as terminals
from tests.support.terminal import PRIVATE, REQUEST, Terminal


def test_a_first_card_and_what_stands_where(terminal: Terminal, tmp_path: Path) -> None:
    ran = terminal.issue(None, "--fax-sheet", "--tiff", "--out", tmp_path / "out")
    assert (ran.code, ran.err) == (0, "")
    assert set(ran.json) == {"cards", "errors"} and ran.json["errors"] == []
    (card,) = ran.json["cards"]
    assert set(card) == {"serial", "mode", "pdf", "fax_pdf", "fax_tiff", "trail_seq"}
    assert card["mode"] == "training"
    for path in (card["pdf"], card["fax_pdf"], card["fax_tiff"]):
        assert Path(path).is_absolute() and Path(path).stat().st_mode & 0o777 == 0o600
    assert sorted(Path(path).name for path in (tmp_path / "out").iterdir()) == [
        f"{card['serial']}{ending}" for ending in ("-fax.pdf", "-fax.tiff", ".pdf")
    ]
    rows = terminal.trail()
    of_it = [row for row in rows if row["details"].get("serial") == card["serial"]]
    assert [row["event"] for row in of_it] == ["intent", "sealed", "delivery"]
    assert of_it[1]["seq"] == card["trail_seq"]
    shown = terminal.run("trail", "verify", tmp_path / "out")
    assert shown.code == 0, shown.out
    for path in (card["pdf"], card["fax_pdf"], card["fax_tiff"]):
        seq = of_it[0]["seq"]
        assert f"{path}: serial {card['serial']} is recorded in row {seq}." in shown.out

    verified = terminal.run("verify", card["pdf"], "--json")
    assert verified.code == 1  # never GENUINE: it is a training card
    (symbol,) = {json.dumps(one, sort_keys=True) for one in verified.json["symbols"]}
    assert json.loads(symbol)["verdict"] == "SPECIMEN"
    assert json.loads(symbol)["claims"] is None


def test_nothing_personal_and_no_secret_stays_in_clear(terminal: Terminal, tmp_path: Path) -> None:
    ran = terminal.issue(None, "--out", tmp_path / "out")
    assert ran.code == 0
    assert not [word for word in PRIVATE if word in ran.out + ran.err]
    for directory in ("state", "config_home", "state_home", "cache_home", "data_home"):
        data = terminals.bytes_below(terminal.home / directory).upper()
        found = [
            word
            for word in (*PRIVATE, terminal.made["key"], terminal.made["pin"])
            if word.upper().encode() in data
        ]
        assert found == [], directory
    assert not [
        path
        for path in terminal.home.rglob("*")
        if path.suffix in (".log", ".new", ".tmp") or path.name.endswith("-journal")
    ]


def test_the_answer_of_a_refusal_has_the_shape_of_the_others(terminal: Terminal) -> None:
    ran = terminal.issue(terminal.request(icc="999", policy=""))
    assert ran.code == 1
    assert ran.json["cards"] == []
    errors = {(one["field"], one["code"]) for one in ran.json["errors"]}
    assert {field for field, _ in errors} == {"icc", "policy"}
    assert all(set(one) == {"row", "field", "code", "message"} for one in ran.json["errors"])
    assert "intent" not in terminal.events()


def test_a_batch_is_checked_whole_before_its_first_card(terminal: Terminal) -> None:
    csv = terminal.file(
        "batch.csv",
        "form,icc,policy,effective,expiration,registrant1_last,registrant1_first,"
        "vehicle_year,vehicle_make,vehicle_vin\n"
        "FS-20,901,A-1,2026-12-01,2027-12-01,DOE,JOHN,2003,HONDA,1HGCM82633A004352\n"
        "FS-20,901,A-2,2026-12-01,2026-12-01,DOE,JANE,2003,HONDA,1HGCM82633A004352\n",
    )
    ran = terminal.issue(csv)
    assert ran.code == 1
    assert {one["row"] for one in ran.json["errors"]} != {None}
    assert "intent" not in terminal.events()


def test_the_register_finds_what_was_issued(terminal: Terminal) -> None:
    serial = terminal.issue().json["cards"][0]["serial"]
    found = terminal.run("register", "search", "quent", *terminal.signed(), "--json")
    assert [one["serial"] for one in found.json["cards"]] == [serial]
    none = terminal.run("register", "search", "nobody", *terminal.signed(), "--json")
    assert (none.code, none.json) == (0, {"cards": []})


def test_setup_lists_without_a_secret(terminal: Terminal) -> None:
    ran = terminal.run("setup", "list", "--json")
    (issuer,) = ran.json["issuers"]
    assert issuer["key_tail"] == terminal.made["key"][-5:]
    assert terminal.made["key"][:-5] not in ran.out


def test_a_second_writer_is_told_who_is_first(terminal: Terminal) -> None:
    with (terminal.state / "lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        ran = terminal.run("setup", "list", "--json")
        assert ran.code == 3
        assert str(os.getpid()) in ran.err
        assert ran.json["errors"][0]["code"] == "state_locked"
        for readers in (["trail", "verify"], ["trail", "show"], ["bundle", "show"]):
            assert terminal.run(*readers).code == 0  # reading needs no lock
    assert terminal.run("setup", "list").code == 0


def test_an_answer_that_cannot_be_told(terminal: Terminal) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            terminal.command("bundle", "show", "--json"),
            env=terminal.environment, stdout=full, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    assert done.returncode == 3
    assert "could not be written" in done.stderr and "Traceback" not in done.stderr


def test_a_reader_who_leaves_early(terminal: Terminal) -> None:
    told, tell = os.pipe()
    os.close(told)
    done = subprocess.run(
        terminal.command("bundle", "show", "--json"),
        env=terminal.environment, stdout=tell, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.close(tell)
    assert (done.returncode, done.stderr) == (3, "")


def test_standard_files_that_come_closed_do_no_harm(terminal: Terminal, tmp_path: Path) -> None:
    """The numbers 0 to 2 must not go to a database or to the session's socket."""
    words = terminal.command("issue", terminal.request(), *terminal.signed(), "--out", tmp_path)
    shell = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *words]
    assert subprocess.run(shell, env=terminal.environment).returncode == 0
    assert len(list(tmp_path.glob("*.pdf"))) == 1
    assert terminal.run("trail", "verify").code == 0


def test_interrupted_by_the_keyboard(terminal: Terminal) -> None:
    running = subprocess.Popen(
        terminal.command("issue", terminal.request(), *terminal.signed()),
        env=terminal.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    time.sleep(0.8)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=120)
    assert running.returncode in (3, 0, -signal.SIGINT)  # the last where Python was still starting
    assert "Traceback" not in err
    assert terminal.run("setup", "list").code == 0  # nobody holds the lock any more
    assert terminal.run("trail", "verify").code == 0


def test_the_serials_go_on_and_none_comes_twice(terminal: Terminal) -> None:
    vehicles = [REQUEST["vehicles"][0], {"year": 1989, "make": "MCIND", "vin": "1M8GDM9AXKP042788"}]
    serials = []
    for request in (REQUEST, {**REQUEST, "vehicles": vehicles}):
        ran = terminal.issue(terminal.file("request.json", json.dumps(request)))
        serials += [card["serial"] for card in ran.json["cards"]]
    assert [serial[9:15] for serial in serials] == ["000001", "000002", "000003"]
    assert len({serial[:8] for serial in serials}) == 1
